"""Values that are sold out: the offer to tell when they are back, and the list of what one waits for."""

from telegram import Update
from telegram.ext import ConversationHandler

from bot.domain.people import BackInStock
from bot.refusals import SoldOut
from bot.services.catalogue.browse import view_quantities
from bot.services.operations.watches import (
    MOST_WATCHES,
    Watching,
    my_watches,
    unwatch_value,
    watch_value,
)
from handlers.context import ShopContext, press_of
from handlers.screen import Screen
from handlers.screens import watches as screens

END = ConversationHandler.END


def sold_out_screen(context: ShopContext, denomination_id: int) -> Screen:
    """For a value that is sold out. Raises NotFound."""
    shelf = context.shop.shelf
    shown = shelf.shown(denomination_id)
    product = shelf.product(shown.product_id)
    can_watch = not shown.typed
    return screens.sold_out(context.words, product, shown.label, shown.id, can_watch=can_watch)


async def sold_out(update: Update, context: ShopContext) -> int:
    """A press on a value that the screen shows as sold out; it may be back by now."""
    number = press_of(update).number()
    try:
        screen = _available(context, number)
    except SoldOut:
        screen = sold_out_screen(context, number)
    await context.show(update, screen, "sold")
    return END


def _available(context: ShopContext, denomination_id: int) -> Screen:
    """Raises NotFound, SoldOut."""
    view = view_quantities(context.shop, denomination_id)
    offer = view.offer
    name = view.product.name_in(context.words.locale)
    value = BackInStock(offer.denomination_id, name, offer.label, offer.price_minor)
    return screens.back_in_stock(context.words, value)


async def watch(update: Update, context: ShopContext) -> int:
    """Have the customer told when a value is back. A second press shows the same."""
    number = press_of(update).number()
    watching = await watch_value(context.shop, context.customer.id, number)
    if watching is Watching.FULL:
        screen = screens.too_many(context.words, MOST_WATCHES)
    elif watching is Watching.AVAILABLE:
        screen = _available(context, number)
    else:
        shelf = context.shop.shelf
        shown = shelf.shown(number)
        product = shelf.product(shown.product_id)
        screen = screens.watching(context.words, product, shown.label, shown.id)
    await context.show(update, screen, "watch")
    return END


async def unwatch(update: Update, context: ShopContext) -> int:
    """Tell the customer no more of a value, and show what is left."""
    number = press_of(update).number()
    await unwatch_value(context.shop, context.customer.id, number)
    await _show_list(update, context, context.words.plain("toast-unwatched"))
    return END


async def watches(update: Update, context: ShopContext) -> int:
    await _show_list(update, context)
    return END


async def _show_list(update: Update, context: ShopContext, toast: str = "") -> None:
    watched = await my_watches(context.shop, context.customer.id, context.words.locale)
    screen = screens.watch_list(context.words, watched, MOST_WATCHES)
    await context.show(update, screen, "watches", toast)
