"""The walk: category → product → value → quantity → confirm → buy. Every step is a way in."""

import asyncio

from telegram import Message, Update
from telegram.ext import ConversationHandler

from bot.domain.money import parse_amount, parse_count
from bot.domain.orders import OrderState
from bot.errors import NotANumber, NotFound, QuoteExpired, SoldOut, SupplierFailure
from bot.services import browse
from bot.services.browse import ProductView
from bot.services.catalogue import refresh_product
from bot.services.checkout import buy
from bot.services.quote import make_quote
from bot.services.values import choose_value
from handlers.paying import show_awaiting
from handlers.screens import orders as order_screens
from handlers.screens import shop as screens
from handlers.visit import Desk, Visit, arguments, press_of, typed

QUANTITY = "quantity"
VALUE = "value"
_FLICKER_SECONDS = 0.4
END = ConversationHandler.END


async def home(update: Update, visit: Visit) -> int:
    await visit.show(update, screens.home(visit.words, browse.list_categories(visit.shop)), "home")
    return END


async def start(update: Update, visit: Visit) -> int:
    """/start, also with `p_<product>` or `c_<category>` behind it."""
    kind, _, number = arguments(update).partition("_")
    target = parse_count(number) if number.isascii() else None
    if kind == "p" and target is not None and browse.exists(visit.shop, product_id=target):
        await _show_product(update, visit, target)
    elif kind == "c" and target is not None and browse.exists(visit.shop, category_id=target):
        await visit.show(
            update, screens.products(visit.words, browse.list_products(visit.shop, target))
        )
    else:
        await home(update, visit)
    return END


async def category(update: Update, visit: Visit) -> int:
    press = press_of(update)
    page = browse.list_products(visit.shop, press.number(0), press.number(1))
    await visit.show(update, screens.products(visit.words, page), "cat")
    return END


async def product(update: Update, visit: Visit) -> int:
    await _show_product(update, visit, press_of(update).number())
    return END


async def _show_product(update: Update, visit: Visit, product_id: int) -> None:
    """Show what is known at once; ask the supplier behind the customer's back where that is old."""
    view = browse.view_product(visit.shop, product_id)
    if view.offers is None:  # nothing to show yet: a quick answer spares a flicker
        asking = asyncio.create_task(_ask_prices(visit.desk, product_id))
        await asyncio.wait([asking], timeout=_FLICKER_SECONDS)
        view = browse.view_product(visit.shop, product_id)
    what = f"prod:{product_id}"
    if update.callback_query is None:
        message = await visit.send(update, screens.product(visit.words, view), what)
    else:
        await visit.show(update, screens.product(visit.words, view), what)
        pressed = update.callback_query.message
        message = pressed if isinstance(pressed, Message) else None
    if view.stale and message is not None:
        visit.application.create_task(_freshen(visit, view, message.chat.id, message.message_id))


async def _freshen(visit: Visit, shown: ProductView, chat_id: int, message_id: int) -> None:
    """Ask prices again and redraw, if that message still shows this product and no longer the truth.

    The truth may have come while `shown` was on its way to the customer: what counts is what they see.
    """
    product_id = shown.product.id
    answered = _is_fresh(visit, product_id) or await _ask_prices(visit.desk, product_id)
    async with visit.desk.lanes.lane(chat_id):
        if visit.desk.shown.get((chat_id, message_id)) != f"prod:{product_id}":
            return
        try:
            view = browse.view_product(visit.shop, product_id)
        except NotFound:
            return
        no_answer = not answered and view.offers is None
        if view.offers != shown.offers or no_answer:
            screen = screens.product(visit.words, view, no_answer=no_answer)
            await visit.edit(chat_id, message_id, screen, f"prod:{product_id}")


def _is_fresh(visit: Visit, product_id: int) -> bool:
    try:
        return not browse.view_product(visit.shop, product_id).stale
    except NotFound:
        return False


async def _ask_prices(desk: Desk, product_id: int) -> bool:
    """One question at a time for each product, however many look at it; False where none answers."""
    task = desk.asking.get(product_id)
    if task is None:
        task = asyncio.create_task(refresh_product(desk.shop, product_id))
        desk.asking[product_id] = task
        task.add_done_callback(lambda done: _forget_question(desk, product_id, done))
    try:
        await asyncio.shield(task)
    except (SupplierFailure, NotFound):
        return False
    return True


def _forget_question(desk: Desk, product_id: int, done: "asyncio.Task[None]") -> None:
    desk.asking.pop(product_id, None)
    if not done.cancelled():
        done.exception()  # whoever waited has seen it; nobody may have waited to the end


async def sold_out(_update: Update, _visit: Visit) -> int:
    raise SoldOut


async def denomination(update: Update, visit: Visit) -> str:
    number = press_of(update).number()
    span = browse.view_range(visit.shop, number)
    if span is not None:
        if visit.user_data is not None:
            visit.user_data["range"] = number
        await visit.show(update, screens.ask_value(visit.words, span), "den")
        return VALUE
    await _ask_quantity(update, visit, number)
    return QUANTITY


async def typed_value(update: Update, visit: Visit) -> str:
    """An answer to "which value?"; a wrong one is explained, and the question stays."""
    value, span = parse_amount(typed(update)), (visit.user_data or {}).get("range")
    if value is None or value <= 0:
        raise NotANumber
    if not isinstance(span, int):
        raise NotFound
    await _ask_quantity(update, visit, await choose_value(visit.shop, span, value))
    return QUANTITY


async def _ask_quantity(update: Update, visit: Visit, denomination_id: int) -> None:
    view = browse.view_quantities(visit.shop, denomination_id)
    if visit.user_data is not None:
        visit.user_data["denomination"] = view.offer.denomination_id
    await visit.show(update, screens.quantity(visit.words, view), "den")


async def quantity(update: Update, visit: Visit) -> int:
    press = press_of(update)
    await _confirm(update, visit, press.number(0), press.number(1))
    return END


async def typed_quantity(update: Update, visit: Visit) -> int:
    """An answer to "how many?"; a wrong one is explained, and the question stays."""
    count = parse_count(typed(update))
    wanted = (visit.user_data or {}).get("denomination")
    if count is None:
        raise NotANumber
    if not isinstance(wanted, int):
        raise NotFound
    await _confirm(update, visit, wanted, count)
    return END


async def _confirm(update: Update, visit: Visit, denomination_id: int, count: int) -> None:
    view = await make_quote(visit.shop, visit.customer.id, denomination_id, count)
    minutes = max(1, round(visit.shop.policy.quote_lifetime.total_seconds() / 60))
    await visit.show(update, screens.confirm(visit.words, view, minutes), "confirm")


async def press_buy(update: Update, visit: Visit) -> int:
    """Five presses on one confirm screen are one order: the quote is used once."""
    message = update.callback_query.message if update.callback_query else None
    message_id = message.message_id if isinstance(message, Message) else None
    try:
        order, is_new = await buy(
            visit.shop, visit.customer.id, press_of(update).number(), message_id
        )
    except QuoteExpired as expired:
        await visit.answer(update, visit.words.plain("refused-quote-expired"))
        await _confirm(update, visit, expired.denomination_id, expired.quantity)
        return END
    key = "toast-bought" if is_new else "toast-already"
    if order.state is OrderState.AWAITING_PAYMENT:
        key = "toast-awaiting"
    toast = visit.words.plain(key, number=order_screens.number(order))
    if await show_awaiting(update, visit, order.id, toast):
        return END
    await visit.show(update, order_screens.status(visit.words, order), "order", toast)
    return END


async def search_command(update: Update, visit: Visit) -> int:
    query = arguments(update)
    if not query:
        await visit.show(update, screens.ask_search(visit.words))
    else:
        await _search(update, visit, query)
    return END


async def typed_text(update: Update, visit: Visit) -> None:
    """Text outside a question looks for products."""
    await _search(update, visit, typed(update))


async def _search(update: Update, visit: Visit, query: str) -> None:
    hits = browse.search_products(visit.shop, query)
    await visit.show(update, screens.found(visit.words, " ".join(query.split()), hits))
