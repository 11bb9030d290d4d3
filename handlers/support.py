"""/paysupport: takes a customer's message for every operator, and sends replies to either side.

An album is one message. Texts and pictures are not stored: what operators get is copied from chat to
chat by the outbox. An operator's answer is sent at once; where the customer's chat takes nothing, the
update is handled again later.
"""

import time
from collections import deque
from dataclasses import dataclass
from typing import Final

from telegram import Update
from telegram.error import RetryAfter, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.domain.records import Customer, Locale, SupportCase
from bot.errors import TooFast, UnknownCustomer
from bot.services.messaging.customers import find_customer
from bot.services.messaging.support import (
    case_of,
    close_case,
    has_message,
    note_further_message,
    note_message,
    take_question,
    tell_answered,
)
from handlers.account import END
from handlers.attachments import Attachments, AttachmentSender, attachments_of
from handlers.context import ShopContext, arguments, must_be_operator, press_of, typed
from handlers.edge import Do, read, wait_of
from handlers.middleware.albums import album_of
from handlers.middleware.retries import HandleLater
from handlers.priorities import Priority
from handlers.richtext import cut
from handlers.screen import Screen
from handlers.screens import operator as operator_screens
from handlers.screens import support as screens
from handlers.update_keys import number_of
from locales import words

CASE: Final = "case"
# A customer may send so many messages within so many seconds.
_MAX_MESSAGES: Final = 12
_PERIOD_SECONDS: Final = 600.0
# UTF-16 units of a forwarded text below the heading; the rest follows in a message of its own.
_MAX_TEXT: Final = 3500
_MAX_CAPTION: Final = 800


async def paysupport(update: Update, context: ShopContext) -> int | str:
    """Ask what is wrong, or take the text after the command as the message."""
    if arguments(update) and not update.callback_query:
        return await take_message(update, context)
    screen = screens.ask_question(context.words, context.customer.id, context.bot_state.support)
    await context.show(update, screen, "case")
    return CASE


async def take_message(update: Update, context: ShopContext) -> int:
    """Take a customer's message, or album, for every operator, and answer at once."""
    message = _Incoming.of(update)
    if message is None:
        await context.send(update, screens.not_forwarded(context.words))
        return END
    _check_rate(update, context)
    case, forwarded = await take_question(context.shop, context.customer.id, message.message_ids)
    screen = screens.question_received(
        context.words, case, forwarded=forwarded, is_partial=message.attached.is_partial
    )
    received = await context.send(update, screen)
    if received is not None:
        await note_further_message(context.shop, case, context.customer.id, received.message_id)
    return END


@dataclass(frozen=True, slots=True)
class _Incoming:
    """What is sent on of a message or an album, by the id of the update that stands for it."""

    update_id: int  # as number_of gives it
    message_ids: tuple[int, ...]
    text: str
    attached: Attachments

    @classmethod
    def of(cls, update: Update) -> "_Incoming | None":
        """None for a message that holds neither words nor a picture or a file."""
        attached, message = attachments_of(update), update.effective_message
        text = arguments(update) if typed(update).startswith("/paysupport") else typed(update)
        text = attached.caption if attached.files else text
        if message is None or not (text or attached.files):
            return None
        return cls(number_of(update), attached.message_ids or (message.message_id,), text, attached)

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


async def _find(context: ShopContext, user_id: int) -> Customer | None:
    try:
        async with context.shop.store.reading() as tx:
            return await find_customer(context.shop, tx, user_id)
    except UnknownCustomer:
        return None


async def _deliver(
    context: ShopContext,
    case: SupportCase,
    message: _Incoming,
    screen: Screen,
    rest: str,
) -> bool:
    """Send the customer a screen with the files of a message, then the rest of its text.

    Every message that this makes belongs to the case. False if the customer blocked the bot. As
    news it waits for no closed chat: RetryAfter is raised, and the operator's chat goes on.
    """
    files = [(file.kind, file.file_id) for file in message.attached.files]
    threads, chat_id = context.bot_state.threads, case.user_id
    news = {"rate_limit_args": Priority.NEWS}
    try:
        sent = await AttachmentSender(context.bot, threads).send(chat_id, files, screen, **news)
        if rest:
            sent.append(await threads.send(chat_id, context.bot.send_message, rest, **news))
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
        await take_message(update, context)
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
    try:
        delivered = await _deliver(context, case, message, screen, rest)
    except RetryAfter as error:
        raise HandleLater(wait_of(error)) from None
    if not delivered:
        await context.send(update, operator_screens.note(context.words, "case-unreachable"))
        return
    await tell_answered(context.shop, case, context.customer.id, message.message_ids)
    done = screens.answer_sent(context.words, case, is_partial=message.attached.is_partial)
    sent = await context.send(update, done)
    if sent is not None:
        await note_further_message(context.shop, case, context.customer.id, sent.message_id)


async def press_close_case(update: Update, context: ShopContext) -> None:
    """Close a case; the answer to the press says whether it was closed before."""
    must_be_operator(context)
    case_id = press_of(update).number()
    key, operator_id = context.key_of(update), context.customer.id
    done = await close_case(context.shop, key=key, operator_id=operator_id, case_id=case_id)
    text = context.words.plain("case-closed" if done else "case-was-closed", number=f"#{case_id}")
    await context.answer(update, text)
