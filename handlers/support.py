"""/paysupport: forwards a customer's message to every operator, and their replies to the customer.

Texts and pictures are not stored. An update that fails is handled again, but not forwarded again to
a chat that has it.
"""

import time
from collections import deque
from typing import Final

from telegram import Message, Update
from telegram.error import Forbidden
from telegram.ext import ApplicationHandlerStop

from bot.domain.orders import Order
from bot.domain.payments import ReceiptKind
from bot.domain.records import Customer, Locale, SupportCase
from bot.errors import TooFast, UnknownCustomer
from bot.services.messaging.customers import find_customer
from bot.services.messaging.support import case_of, close_case, has_message, note_message, open_case
from handlers.account import END
from handlers.context import ShopContext, arguments, must_be_operator, press_of, typed
from handlers.payments import attachment_of
from handlers.richtext import cut
from handlers.screen import Screen
from handlers.screens import operator as operator_screens
from handlers.screens import support as screens
from locales import words

CASE: Final = "case"
# A customer may send so many messages within so many seconds.
_MAX_MESSAGES: Final = 12
_PERIOD_SECONDS: Final = 600.0
# UTF-16 units of a forwarded text below the heading; the rest follows in a message of its own.
_MAX_TEXT: Final = 3500
_MAX_CAPTION: Final = 800
_MAX_EXCERPT: Final = 200


async def paysupport(update: Update, context: ShopContext) -> int | str:
    """Ask what is wrong, or take the text after the command as the message."""
    if arguments(update) and not update.callback_query:
        return await take_question(update, context)
    screen = screens.ask_question(context.words, context.customer.id, context.bot_state.support)
    await context.show(update, screen, "case")
    return CASE


async def take_question(update: Update, context: ShopContext) -> int:
    """Forward a customer's message to every operator."""
    message = update.effective_message
    if message is None:
        return END
    text = arguments(update) if typed(update).startswith("/paysupport") else typed(update)
    _check_rate(context)
    case, order = await open_case(context.shop, context.customer.id)
    forwarded = 0
    for operator_id in sorted(context.shop.policy.admin_ids):
        forwarded += await _forward(update, context, case, order, operator_id, message, text)
    await context.send(
        update, screens.question_received(context.words, case, forwarded=forwarded > 0)
    )
    return END


def _check_rate(context: ShopContext) -> None:
    """Raises TooFast: every message notifies every operator."""
    now = time.monotonic()
    times = context.bot_state.support_times.setdefault(
        context.customer.id, deque(maxlen=_MAX_MESSAGES)
    )
    if len(times) == _MAX_MESSAGES and now - times[0] < _PERIOD_SECONDS:
        raise TooFast
    times.append(now)


async def _forward(
    update: Update,
    context: ShopContext,
    case: SupportCase,
    order: Order | None,
    operator_id: int,
    message: Message,
    text: str,
) -> bool:
    """Send a message to an operator, unless already sent. False if they cannot be reached."""
    if await has_message(context.shop, operator_id, update.update_id):
        return True
    operator = await _find(context, operator_id)
    if operator is None:
        return False
    attachment = attachment_of(message)
    shown, rest = cut(attachment.caption, _MAX_CAPTION) if attachment else cut(text, _MAX_TEXT)
    screen = screens.question(words(operator.locale), case, order, shown)
    try:
        sent = await _send(context, operator_id, screen, message)
        if rest:
            await context.bot.send_message(operator_id, rest)
    except Forbidden:
        return False
    await note_message(context.shop, case, operator_id, sent.message_id, update.update_id)
    return True


async def _find(context: ShopContext, user_id: int) -> Customer | None:
    try:
        async with context.shop.store.reading() as tx:
            return await find_customer(context.shop, tx, user_id)
    except UnknownCustomer:
        return None


async def _send(context: ShopContext, chat_id: int, screen: Screen, message: Message) -> Message:
    """Send a screen, as the caption of the picture or file of `message` if it has one."""
    attachment = attachment_of(message)
    if attachment is None:
        return await context.bot.send_message(
            chat_id, screen.text, entities=screen.entities, reply_markup=screen.keyboard()
        )
    send = (
        context.bot.send_photo
        if attachment.kind is ReceiptKind.PHOTO
        else context.bot.send_document
    )
    return await send(
        chat_id,
        attachment.file_id,
        caption=screen.text,
        caption_entities=screen.entities,
        reply_markup=screen.keyboard(),
    )


async def take_reply(update: Update, context: ShopContext) -> None:
    """Forward an operator's reply to a message of a case to the customer.

    A reply to any other message is left to the handlers that follow.
    """
    message = update.effective_message
    replied = message.reply_to_message if message else None
    if message is None or replied is None:
        return
    if context.customer.id not in context.shop.policy.admin_ids:
        return
    case = await case_of(context.shop, context.customer.id, replied.message_id)
    if case is None:
        return
    if not await has_message(context.shop, case.user_id, update.update_id):
        await _answer(update, context, case, message)
    raise ApplicationHandlerStop


async def _answer(
    update: Update, context: ShopContext, case: SupportCase, message: Message
) -> None:
    """Send an operator's reply to the customer of a case, and tell all operators."""
    customer = await _find(context, case.user_id) or Customer(case.user_id, Locale.EN)
    attachment = attachment_of(message)
    text = attachment.caption if attachment else typed(update)
    shown, rest = cut(text, _MAX_CAPTION if attachment else _MAX_TEXT)
    screen = screens.answer(words(customer.locale), case, shown)
    try:
        sent = await _send(context, customer.id, screen, message)
        if rest:
            await context.bot.send_message(customer.id, rest)
    except Forbidden:
        await context.send(update, operator_screens.note(context.words, "case-unreachable"))
        return
    await note_message(context.shop, case, customer.id, sent.message_id, update.update_id)
    await context.send(update, screens.answer_sent(context.words, case))
    await _tell_others(context, case, text)


async def _tell_others(context: ShopContext, case: SupportCase, text: str) -> None:
    """Tell the other operators who answered, and how the answer begins."""
    for operator_id in sorted(context.shop.policy.admin_ids - {context.customer.id}):
        operator = await _find(context, operator_id)
        if operator is None:
            continue
        screen = screens.answered_by_other(
            words(operator.locale), case, context.customer.id, cut(text, _MAX_EXCERPT)[0]
        )
        try:
            await context.bot.send_message(operator_id, screen.text, entities=screen.entities)
        except Forbidden:
            continue


async def press_close_case(update: Update, context: ShopContext) -> None:
    """Close a case; the answer to the press says whether it was closed before."""
    must_be_operator(context)
    case_id = press_of(update).number()
    key, operator_id = f"update:{update.update_id}", context.customer.id
    done = await close_case(context.shop, key=key, operator_id=operator_id, case_id=case_id)
    text = context.words.plain("case-closed" if done else "case-was-closed", number=f"#{case_id}")
    await context.answer(update, text)
