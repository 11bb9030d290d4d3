"""Buying once more what was bought, and what Home and a product show for that."""

from telegram import Message, Update
from telegram.ext import ConversationHandler

from bot.services.catalogue.shelves import view_home
from bot.services.orders.again import NotAgain, find_last_bought, quote_again
from handlers.context import ShopContext, press_of
from handlers.screen import Screen
from handlers.screens import again as screens
from handlers.screens import shelves as shelf_screens
from handlers.screens import shop as shop_screens
from handlers.watches import sold_out_screen

_EDITED = ("home", "order")  # the screens of which a press makes the confirm screen


async def home_screen(context: ShopContext) -> Screen:
    """Home; a returning customer finds there what they bought last."""
    last = await find_last_bought(context.shop, context.customer.id)
    return shelf_screens.home(context.words, view_home(context.shop), last)


def link_to(context: ShopContext, product_id: int) -> str | None:
    """A link that opens a product in the chat with the bot; None where the bot's name is unknown."""
    try:
        name = context.bot.username
    except RuntimeError:  # Telegram has not told it yet
        return None
    return f"https://t.me/{name}?start=p_{product_id}" if name else None


async def rebuy(update: Update, context: ShopContext) -> int:
    """Show the confirm screen for what an order bought, with a fresh quote. Buys nothing."""
    found = await quote_again(context.shop, context.customer.id, press_of(update).number())
    if isinstance(found, NotAgain):
        await _show(update, context, _not_again(context, found), "again")
        return ConversationHandler.END
    minutes = max(1, round(context.shop.policy.quote_lifetime.total_seconds() / 60))
    screen = shop_screens.confirm(context.words, found.view, minutes, found)
    await _show(update, context, screen, f"confirm:{found.view.quote.id}")
    return ConversationHandler.END


def _not_again(context: ShopContext, found: NotAgain) -> Screen:
    if found.denomination_id is not None:
        return sold_out_screen(context, found.denomination_id)
    return screens.not_again(context.words, found)


async def _show(update: Update, context: ShopContext, screen: Screen, what: str) -> None:
    """Edit the pressed message only where it is known to show none of an order's codes."""
    message = update.callback_query.message if update.callback_query else None
    if isinstance(message, Message):
        shown = context.bot_state.shown.get((message.chat.id, message.message_id), "")
        if shown.partition(":")[0] not in _EDITED:
            await context.answer(update)
            await context.send(update, screen, what)
            return
    await context.show(update, screen, what)
