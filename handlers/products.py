"""A product's screen, and the prices it asks for: shown from lists, links and searches alike."""

import asyncio

from telegram import Message, Update
from telegram.ext import ConversationHandler

from bot.domain.pauses import Closed
from bot.errors import StorageFailure, SupplierFailure
from bot.refusals import NotFound
from bot.services.catalogue import browse
from bot.services.catalogue.browse import ProductView, State
from bot.services.catalogue.refresh import refresh_product
from bot.services.selling.pauses import read_closed
from handlers.again import link_to
from handlers.context import BotState, ShopContext
from handlers.screens import shop as screens

PRODUCT = "product"
END = ConversationHandler.END
_LOADING_AFTER_SECONDS = 0.4  # wait this long before showing the loading screen


async def show_product(
    update: Update, context: ShopContext, product_id: int, page: int = 0
) -> int | str:
    """Show the known prices at once; if they are old, ask the supplier and edit the message.

    `page`: of its values. Returns PRODUCT where a value can be typed, or may be as soon as the prices have come. Raises
    NotFound.
    """
    closed = await read_closed(context.shop)
    view = browse.view_product(context.shop, product_id, closed)
    if view.offers is None and view.state is not State.PAUSED:
        asking = asyncio.create_task(_ask_prices(context.bot_state, product_id))
        await asyncio.wait([asking], timeout=_LOADING_AFTER_SECONDS)
        view = browse.view_product(context.shop, product_id, closed)
    what = _what(product_id, page)
    link = link_to(context, product_id)
    screen = screens.product(context.words, view, context.bot_state.zone, page=page, link=link)
    pressed = update.callback_query.message if update.callback_query else None
    message = pressed if isinstance(pressed, Message) else None
    if message is None or message.photo:  # the photo of a news stays as it is, with its buttons
        await context.answer(update)
        message = await context.send(update, screen, what)
    else:
        await context.show(update, screen, what)
    if view.stale and message is not None and view.state is not State.PAUSED:
        context.application.create_task(
            _refresh(context, view, message.chat.id, message.message_id, closed, page)
        )
    if view.offers is not None and browse.only_range(context.shop, product_id) is None:
        return END
    context.remember(product=product_id)
    return PRODUCT


async def _refresh(
    context: ShopContext,
    shown: ProductView,
    chat_id: int,
    message_id: int,
    closed: Closed,
    page: int,
) -> None:
    """Ask for prices and edit the message, if it still shows this product with other prices.

    Prices may have arrived while `shown` was being sent, so the current ones are compared with what
    the customer sees, and not with those before the request.
    """
    product_id = shown.product.id
    what = _what(product_id, page)
    answered = _is_fresh(context, product_id) or await _ask_prices(context.bot_state, product_id)
    async with context.bot_state.chat_order.in_order(chat_id):
        if context.bot_state.shown.get((chat_id, message_id)) != what:
            return
        try:
            view = browse.view_product(context.shop, product_id, closed)
        except NotFound:
            return
        no_answer = not answered and view.offers is None
        if view.offers != shown.offers or no_answer:
            link = link_to(context, product_id)
            screen = screens.product(
                context.words,
                view,
                context.bot_state.zone,
                page=page,
                no_answer=no_answer,
                link=link,
            )
            await context.edit(chat_id, message_id, screen, what)


def _what(product_id: int, page: int) -> str:
    """What a message shows: a later page of the values is another screen."""
    return f"vals:{product_id}:{page}" if page else f"prod:{product_id}"


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
    except (SupplierFailure, StorageFailure, NotFound):
        return False
    return True


def _forget_request(bot_state: BotState, product_id: int, done: "asyncio.Task[None]") -> None:
    bot_state.asking.pop(product_id, None)
    if not done.cancelled():
        done.exception()  # read, or asyncio logs an error if nobody waited to the end
