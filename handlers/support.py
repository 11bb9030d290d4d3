"""/paysupport: forwards a customer's message to every operator, and replies to either side.

An album is one message. Texts and pictures are not stored. An update that fails is handled again, but not forwarded again to
a chat that has it.
"""

import logging
import time
from collections import deque
from dataclasses import dataclass
from typing import Final

from telegram import Update
from telegram.error import RetryAfter, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.domain.orders import Order
from bot.domain.records import Customer, Locale, SupportCase
from bot.errors import TooFast, UnknownCustomer
from bot.services.messaging.customers import find_customer
from bot.services.messaging.support import (
    case_of,
    close_case,
    has_message,
    note_further_message,
    note_message,
    open_case,
)
from handlers.account import END
from handlers.attachments import Attachments, AttachmentSender, attachments_of
from handlers.context import ShopContext, arguments, must_be_operator, press_of, typed
from handlers.edge import Do, explain, read, wait_of
from handlers.middleware.albums import album_of
from handlers.middleware.retries import HandleLater
from handlers.middleware.threads import Threads
from handlers.richtext import cut
from handlers.screen import Screen
from handlers.screens import operator as operator_screens
from handlers.screens import support as screens
from handlers.update_keys import number_of
from locales import words

CASE: Final = "case"
_log = logging.getLogger(__name__)
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
    """Forward a customer's message, or album, to every operator."""
    message = _Incoming.of(update)
    if message is None:
        await context.send(update, screens.not_forwarded(context.words))
        return END
    _check_rate(update, context)
    case, order = await open_case(context.shop, context.customer.id)
    forwarded, waits = 0, []
    for operator_id in sorted(context.shop.policy.admin_ids):
        try:
            forwarded += await _forward(context, case, order, operator_id, message)
        except RetryAfter as error:  # the others are not kept waiting for this one
            waits.append(wait_of(error))
    if waits:
        raise HandleLater(max(waits))
    screen = screens.question_received(
        context.words, case, forwarded=forwarded > 0, is_partial=message.attached.is_partial
    )
    received = await context.send(update, screen)
    if received is not None:
        await note_further_message(context.shop, case, context.customer.id, received.message_id)
    return END


@dataclass(frozen=True, slots=True)
class _Incoming:
    """What is forwarded of a message or an album, by the id of the update that stands for it."""

    update_id: int  # as number_of gives it
    text: str
    attached: Attachments

    @classmethod
    def of(cls, update: Update) -> "_Incoming | None":
        """None for a message that holds neither words nor a picture or a file."""
        attached = attachments_of(update)
        text = arguments(update) if typed(update).startswith("/paysupport") else typed(update)
        text = attached.caption if attached.files else text
        return cls(number_of(update), text, attached) if text or attached.files else None

    @property
    def most_text(self) -> int:
        """UTF-16 units of text that the message with the heading has room for."""
        return _MAX_CAPTION if len(self.attached.files) == 1 else _MAX_TEXT


def _check_rate(update: Update, context: ShopContext) -> None:
    """Raises TooFast: every message notifies every operator. An album counts once."""
    if album_of(update).is_late:
        return
    now = time.monotonic()
    times = context.bot_state.support_times.setdefault(
        context.customer.id, deque(maxlen=_MAX_MESSAGES)
    )
    if len(times) == _MAX_MESSAGES and now - times[0] < _PERIOD_SECONDS:
        raise TooFast
    times.append(now)


async def _forward(
    context: ShopContext,
    case: SupportCase,
    order: Order | None,
    operator_id: int,
    message: _Incoming,
) -> bool:
    """Send a message to an operator, unless already sent. False if they cannot be reached."""
    if await has_message(context.shop, operator_id, message.update_id):
        return True
    operator = await _find(context, operator_id)
    if operator is None:
        return False
    shown, rest = cut(message.text, message.most_text)
    screen = screens.question(words(operator.locale), case, order, shown)
    return await _deliver(context, Threads(), case, operator_id, message, screen, rest)


async def _find(context: ShopContext, user_id: int) -> Customer | None:
    try:
        async with context.shop.store.reading() as tx:
            return await find_customer(context.shop, tx, user_id)
    except UnknownCustomer:
        return None


async def _deliver(
    context: ShopContext,
    threads: Threads,
    case: SupportCase,
    chat_id: int,
    message: _Incoming,
    screen: Screen,
    rest: str,
) -> bool:
    """Send a screen with the files of a message, then the rest of its text.

    Every message that this makes belongs to the case. False if the person blocked the bot.
    """
    files = [(file.kind, file.file_id) for file in message.attached.files]
    try:
        sent = await AttachmentSender(context.bot, threads).send(chat_id, files, screen)
        if rest:
            sent.append(await threads.send(chat_id, context.bot.send_message, rest))
    except TelegramError as error:
        if read(error).send is not Do.KEEP:
            raise
        return False
    message_ids = [one.message_id for one in sent]
    await note_message(context.shop, case, chat_id, message.update_id, message_ids)
    return True


async def take_reply(update: Update, context: ShopContext) -> None:
    """Forward an operator's reply to the customer of a case, and the customer's to the operators.

    A reply to a message that belongs to no case of theirs is left to the handlers that follow.
    """
    message = update.effective_message
    replied = message.reply_to_message if message else None
    if replied is None:
        return
    case = await case_of(context.shop, context.customer.id, replied.message_id)
    if case is None:
        return
    if context.customer.id in context.shop.policy.admin_ids:
        if not await has_message(context.shop, case.user_id, number_of(update)):
            await _answer(update, context, case)
    elif case.user_id == context.customer.id:
        await take_question(update, context)
    else:
        return  # they were an operator when the message came
    raise ApplicationHandlerStop


async def _answer(update: Update, context: ShopContext, case: SupportCase) -> None:
    """Send an operator's reply to the customer of a case, and tell all operators."""
    message = _Incoming.of(update)
    if message is None:
        await context.send(update, screens.not_forwarded(context.words))
        return
    customer = await _find(context, case.user_id) or Customer(case.user_id, Locale.EN)
    shown, rest = cut(message.text, message.most_text)
    screen = screens.answer(words(customer.locale), case, shown)
    threads = context.bot_state.threads
    try:
        delivered = await _deliver(context, threads, case, customer.id, message, screen, rest)
    except RetryAfter as error:
        raise HandleLater(wait_of(error)) from None
    if not delivered:
        await context.send(update, operator_screens.note(context.words, "case-unreachable"))
        return
    done = screens.answer_sent(context.words, case, is_partial=message.attached.is_partial)
    sent = await context.send(update, done)
    if sent is not None:
        await note_further_message(context.shop, case, context.customer.id, sent.message_id)
    await _tell_others(context, case, message.text)


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
            sent = await context.bot.send_message(
                operator_id, screen.text, entities=screen.entities
            )
        except TelegramError as error:  # the answer is delivered: this is news about it
            _log.warning("an operator could not be told of an answer: %s", explain(error))
            continue
        await note_further_message(context.shop, case, operator_id, sent.message_id)


async def press_close_case(update: Update, context: ShopContext) -> None:
    """Close a case; the answer to the press says whether it was closed before."""
    must_be_operator(context)
    case_id = press_of(update).number()
    key, operator_id = context.key_of(update), context.customer.id
    done = await close_case(context.shop, key=key, operator_id=operator_id, case_id=case_id)
    text = context.words.plain("case-closed" if done else "case-was-closed", number=f"#{case_id}")
    await context.answer(update, text)
