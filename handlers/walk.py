"""The walk: category → brand → product → value → quantity → confirm → buy. It may begin at every step.

A step with only one way on is skipped.
"""

from telegram import Message, Update
from telegram.ext import ConversationHandler

from bot.domain.amounts import read_count
from bot.domain.answers import read_amount_answer, read_count_answer
from bot.domain.orders import OrderState
from bot.refusals import (
    NotFound,
    QuantityOutOfRange,
    QuoteExpired,
    SoldOut,
    ValueOutOfRange,
    required,
)
from bot.services.catalogue import browse, shelves
from bot.services.catalogue.shelves import BrandPage
from bot.services.catalogue.values import choose_value
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from bot.services.selling.pauses import read_closed
from handlers import payments
from handlers.context import ShopContext, arguments, press_of, typed
from handlers.finding import home
from handlers.payments import show_changed
from handlers.products import show_product
from handlers.questions import WORDS
from handlers.screens import orders as order_screens
from handlers.screens import shelves as shelf_screens
from handlers.screens import shop as screens
from handlers.watches import sold_out_screen

QUANTITY = "quantity"
VALUE = "value"
END = ConversationHandler.END


async def start(update: Update, context: ShopContext) -> int | str:
    """/start, also with a link's `p_<product>`, `c_<category>` or `pay_<payment>` after it."""
    kind, _, number = arguments(update).partition("_")
    target = read_count(number) if number.isascii() else None
    if kind == "p" and target is not None and target in context.shop.shelf.goods:
        return await show_product(update, context, target)  # or it is told that it is not sold
    if kind == "c" and target is not None and browse.exists(context.shop, category_id=target):
        return await _show_category(update, context, target, 0)
    if kind != "pay" or target is None or not await payments.come_back(update, context, target):
        await home(update, context)
    return END


async def category(update: Update, context: ShopContext) -> int | str:
    """A supplier's category, which links and buttons of old messages name."""
    press = press_of(update)
    return await _show_category(update, context, press.number(0), press.number(1))


async def _show_category(
    update: Update, context: ShopContext, category_id: int, number: int
) -> int | str:
    """The brand to which all of the category belongs, else its products as its supplier lists them."""
    shop, closed = context.shop, await read_closed(context.shop)
    page = browse.list_products(shop, category_id, number, closed)
    only = shelves.only_brand(shop, shop.shelf.of_category(category_id))
    if only is not None:
        return await _show_brand(
            update, context, shelves.list_brand(shop, only.key, number, closed)
        )
    await context.show(update, screens.products(context.words, page), "cat")
    return END


async def shelf(update: Update, context: ShopContext) -> int | str:
    """The brands of a category; where it has only one left, that brand's products."""
    press = press_of(update)
    page = shelves.list_brands(context.shop, press.args[0], press.number(1))
    if len(page.brands) == 1 and page.pages == 1:
        return await _open_brand(update, context, page.brands[0].key, 0)
    await context.show(update, shelf_screens.brands(context.words, page), "shelf")
    return END


async def brand(update: Update, context: ShopContext) -> int | str:
    press = press_of(update)
    return await _open_brand(update, context, press.args[0], press.number(1))


async def _open_brand(update: Update, context: ShopContext, key: str, number: int) -> int | str:
    closed = await read_closed(context.shop)
    return await _show_brand(update, context, shelves.list_brand(context.shop, key, number, closed))


async def _show_brand(update: Update, context: ShopContext, page: BrandPage) -> int | str:
    """The products of a brand; the product itself where it is the only one."""
    if len(page.brand.products) == 1:
        return await show_product(update, context, page.brand.products[0])
    await context.show(update, shelf_screens.brand_products(context.words, page), "brand")
    return END


async def product(update: Update, context: ShopContext) -> int | str:
    return await show_product(update, context, press_of(update).number())


async def values(update: Update, context: ShopContext) -> int | str:
    """Another page of a product's values."""
    press = press_of(update)
    return await show_product(update, context, press.number(0), press.number(1))


async def denomination(update: Update, context: ShopContext) -> int | str:
    """Ask how many; for a product sold in a range, ask for the value first.

    Where the value is sold out since it was shown, offer to tell when it is back.
    """
    number = press_of(update).number()
    range_view = browse.view_range(context.shop, number)
    if range_view is not None:
        if context.user_data is not None:
            context.user_data["range"] = number
        await context.show(update, screens.ask_value(context.words, range_view), "den")
        return VALUE
    try:
        await _ask_quantity(update, context, number)
    except SoldOut:
        await context.show(update, sold_out_screen(context, number), "sold")
        return END
    return QUANTITY


async def typed_on_product(update: Update, context: ShopContext) -> int | str:
    """A value that is typed below a product with one range, without its button."""
    product_id = (context.user_data or {}).get("product")
    range_id = browse.only_range(context.shop, product_id) if isinstance(product_id, int) else None
    if range_id is None or context.user_data is None:
        return WORDS
    context.user_data["range"] = range_id
    return await typed_value(update, context)


async def typed_value(update: Update, context: ShopContext) -> int | str:
    """An answer to the question for a value, asked again for a number that is none."""
    range_id = (context.user_data or {}).get("range")
    if not isinstance(range_id, int):
        raise NotFound
    view = required(browse.view_range(context.shop, range_id))
    answer = read_amount_answer(typed(update), view.currency)
    if answer.is_words:
        return WORDS
    try:
        chosen = await choose_value(context.shop, range_id, answer.minor) if answer.minor else None
    except ValueOutOfRange:
        chosen = None
    if chosen is None:
        screen = screens.refuse_value(context.words, view, answer.other, answer.minor)
        await context.show(update, screen, "den")
        return VALUE
    await _ask_quantity(update, context, chosen)
    return QUANTITY


async def face(update: Update, context: ShopContext) -> str:
    """A value of a range that was named in a search: as if it had been typed."""
    press = press_of(update)
    try:
        chosen = await choose_value(context.shop, press.number(0), press.number(1))
    except ValueOutOfRange:
        raise NotFound from None
    await _ask_quantity(update, context, chosen)
    return QUANTITY


async def _ask_quantity(update: Update, context: ShopContext, denomination_id: int) -> None:
    closed = await read_closed(context.shop)
    view = browse.view_quantities(context.shop, denomination_id, closed)
    context.remember(denomination=view.offer.denomination_id)
    await context.show(update, screens.quantity(context.words, view), "den")


async def quantity(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    await _confirm(update, context, press.number(0), press.number(1))
    return END


async def typed_quantity(update: Update, context: ShopContext) -> int | str:
    """An answer to the question for a quantity, asked again for a number that is none."""
    answer = read_count_answer(typed(update))
    if answer.is_words:
        return WORDS
    denomination_id = (context.user_data or {}).get("denomination")
    if not isinstance(denomination_id, int):
        raise NotFound
    try:
        if answer.count is not None:
            await _confirm(update, context, denomination_id, answer.count)
            return END
    except QuantityOutOfRange:
        pass
    closed = await read_closed(context.shop)
    view = browse.view_quantities(context.shop, denomination_id, closed)
    await context.show(update, screens.refuse_quantity(context.words, view), "den")
    return QUANTITY


async def _confirm(update: Update, context: ShopContext, denomination_id: int, count: int) -> None:
    view = await make_quote(context.shop, context.customer.id, denomination_id, count)
    minutes = max(1, round(context.shop.policy.quote_lifetime.total_seconds() / 60))
    await context.show(
        update, screens.confirm(context.words, view, minutes), f"confirm:{view.quote.id}"
    )


async def press_buy(update: Update, context: ShopContext) -> int:
    """Buy by a quote. Further presses show the same order: a quote is used once.

    If the quote has expired, a new one is shown to be confirmed.
    """
    message = update.callback_query.message if update.callback_query else None
    message_id = message.message_id if isinstance(message, Message) else None
    try:
        order, is_new = await buy(
            context.shop, context.customer.id, press_of(update).number(), message_id
        )
    except QuoteExpired as expired:
        await context.answer(update, context.words.plain("refused-quote-expired"))
        await _confirm(update, context, expired.denomination_id, expired.quantity)
        return END
    key = "toast-bought" if is_new else "toast-already"
    if order.state is OrderState.AWAITING_PAYMENT:
        key = "toast-awaiting"
    toast = context.words.plain(key, number=order_screens.number(order))
    await show_changed(update, context, order.id, toast)
    return END
