"""The walk: category → product → value → quantity → confirm → buy. It may begin at every step."""

import asyncio

from telegram import Message, Update
from telegram.ext import ConversationHandler

from bot.domain.amounts import read_answer, read_count
from bot.domain.orders import OrderState
from bot.errors import (
    NotFound,
    QuantityOutOfRange,
    QuoteExpired,
    SoldOut,
    SupplierFailure,
    ValueOutOfRange,
    required,
)
from bot.services.catalogue import browse
from bot.services.catalogue.browse import ProductView
from bot.services.catalogue.refresh import refresh_product
from bot.services.catalogue.values import choose_value
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from handlers.context import BotState, ShopContext, arguments, press_of, typed
from handlers.payments import show_unpaid_order
from handlers.screens import orders as order_screens
from handlers.screens import shop as screens

QUANTITY = "quantity"
VALUE = "value"
_LOADING_AFTER_SECONDS = 0.4  # wait this long before showing the loading screen
END = ConversationHandler.END


async def home(update: Update, context: ShopContext) -> int:
    await context.show(
        update, screens.home(context.words, browse.list_categories(context.shop)), "home"
    )
    return END


async def start(update: Update, context: ShopContext) -> int:
    """/start, also with a link's `p_<product>` or `c_<category>` after it."""
    kind, _, number = arguments(update).partition("_")
    target = read_count(number) if number.isascii() else None
    if kind == "p" and target is not None and browse.exists(context.shop, product_id=target):
        await _show_product(update, context, target)
    elif kind == "c" and target is not None and browse.exists(context.shop, category_id=target):
        await context.show(
            update, screens.products(context.words, browse.list_products(context.shop, target))
        )
    else:
        await home(update, context)
    return END


async def category(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    page = browse.list_products(context.shop, press.number(0), press.number(1))
    await context.show(update, screens.products(context.words, page), "cat")
    return END


async def product(update: Update, context: ShopContext) -> int:
    await _show_product(update, context, press_of(update).number())
    return END


async def _show_product(update: Update, context: ShopContext, product_id: int) -> None:
    """Show the known prices at once; if they are old, ask the supplier and edit the message."""
    view = browse.view_product(context.shop, product_id)
    if view.offers is None:
        asking = asyncio.create_task(_ask_prices(context.bot_state, product_id))
        await asyncio.wait([asking], timeout=_LOADING_AFTER_SECONDS)
        view = browse.view_product(context.shop, product_id)
    what = f"prod:{product_id}"
    if update.callback_query is None:
        message = await context.send(update, screens.product(context.words, view), what)
    else:
        await context.show(update, screens.product(context.words, view), what)
        pressed = update.callback_query.message
        message = pressed if isinstance(pressed, Message) else None
    if view.stale and message is not None:
        context.application.create_task(
            _refresh(context, view, message.chat.id, message.message_id)
        )


async def _refresh(context: ShopContext, shown: ProductView, chat_id: int, message_id: int) -> None:
    """Ask for prices and edit the message, if it still shows this product with other prices.

    Prices may have arrived while `shown` was being sent, so the current ones are compared with what
    the customer sees, and not with those before the request.
    """
    product_id = shown.product.id
    answered = _is_fresh(context, product_id) or await _ask_prices(context.bot_state, product_id)
    async with context.bot_state.chat_order.in_order(chat_id):
        if context.bot_state.shown.get((chat_id, message_id)) != f"prod:{product_id}":
            return
        try:
            view = browse.view_product(context.shop, product_id)
        except NotFound:
            return
        no_answer = not answered and view.offers is None
        if view.offers != shown.offers or no_answer:
            screen = screens.product(context.words, view, no_answer=no_answer)
            await context.edit(chat_id, message_id, screen, f"prod:{product_id}")


def _is_fresh(context: ShopContext, product_id: int) -> bool:
    """Whether the product exists and its prices are not old."""
    try:
        return not browse.view_product(context.shop, product_id).stale
    except NotFound:
        return False


async def _ask_prices(bot_state: BotState, product_id: int) -> bool:
    """Ask the supplier for a product's prices. False if it does not answer.

    Customers who look at the same product at the same time share one request.
    """
    task = bot_state.asking.get(product_id)
    if task is None:
        task = asyncio.create_task(refresh_product(bot_state.shop, product_id))
        bot_state.asking[product_id] = task
        task.add_done_callback(lambda done: _forget_request(bot_state, product_id, done))
    try:
        await asyncio.shield(task)
    except (SupplierFailure, NotFound):
        return False
    return True


def _forget_request(bot_state: BotState, product_id: int, done: "asyncio.Task[None]") -> None:
    bot_state.asking.pop(product_id, None)
    if not done.cancelled():
        done.exception()  # read, or asyncio logs an error if nobody waited to the end


async def sold_out(_update: Update, _context: ShopContext) -> int:
    """Raises SoldOut, for the button of a value that is sold out."""
    raise SoldOut


async def denomination(update: Update, context: ShopContext) -> str:
    """Ask how many; for a product sold in a range, ask for the value first."""
    number = press_of(update).number()
    range_view = browse.view_range(context.shop, number)
    if range_view is not None:
        if context.user_data is not None:
            context.user_data["range"] = number
        await context.show(update, screens.ask_value(context.words, range_view), "den")
        return VALUE
    await _ask_quantity(update, context, number)
    return QUANTITY


async def typed_value(update: Update, context: ShopContext) -> str:
    """An answer to the question for a value; on invalid input the state is unchanged."""
    range_id = (context.user_data or {}).get("range")
    if not isinstance(range_id, int):
        raise NotFound
    view = required(browse.view_range(context.shop, range_id))
    answer = read_answer(typed(update), view.currency)
    try:
        chosen = await choose_value(context.shop, range_id, answer.minor) if answer.minor else None
    except ValueOutOfRange:
        chosen = None
    if chosen is None:
        await context.show(update, screens.refuse_value(context.words, view, answer.other), "den")
        return VALUE
    await _ask_quantity(update, context, chosen)
    return QUANTITY


async def _ask_quantity(update: Update, context: ShopContext, denomination_id: int) -> None:
    view = browse.view_quantities(context.shop, denomination_id)
    if context.user_data is not None:
        context.user_data["denomination"] = view.offer.denomination_id
    await context.show(update, screens.quantity(context.words, view), "den")


async def quantity(update: Update, context: ShopContext) -> int:
    press = press_of(update)
    await _confirm(update, context, press.number(0), press.number(1))
    return END


async def typed_quantity(update: Update, context: ShopContext) -> int | str:
    """An answer to the question for a quantity; on invalid input the state is unchanged."""
    count = read_count(typed(update))
    denomination_id = (context.user_data or {}).get("denomination")
    if not isinstance(denomination_id, int):
        raise NotFound
    try:
        if count is not None:
            await _confirm(update, context, denomination_id, count)
            return END
    except QuantityOutOfRange:
        pass
    view = browse.view_quantities(context.shop, denomination_id)
    await context.show(update, screens.refuse_quantity(context.words, view), "den")
    return QUANTITY


async def _confirm(update: Update, context: ShopContext, denomination_id: int, count: int) -> None:
    view = await make_quote(context.shop, context.customer.id, denomination_id, count)
    minutes = max(1, round(context.shop.policy.quote_lifetime.total_seconds() / 60))
    await context.show(update, screens.confirm(context.words, view, minutes), "confirm")


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
    if await show_unpaid_order(update, context, order.id, toast):
        return END
    await context.show(update, order_screens.status(context.words, order), "order", toast)
    return END


async def search_command(update: Update, context: ShopContext) -> int:
    query = arguments(update)
    if not query:
        await context.show(update, screens.ask_search(context.words))
    else:
        await _search(update, context, query)
    return END


async def typed_text(update: Update, context: ShopContext) -> None:
    """Search for products by a text that answers no question."""
    await _search(update, context, typed(update))


async def _search(update: Update, context: ShopContext, query: str) -> None:
    hits = browse.search_products(context.shop, query)
    await context.show(update, screens.found(context.words, " ".join(query.split()), hits))
