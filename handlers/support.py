"""The conversation of a customer with support, which goes on until one of them closes it.

An album is one message. Texts and pictures are not stored: what operators get is copied from chat to
chat by the outbox. An operator's answer is sent at once; where the customer's chat takes nothing, the
update is handled again later.
"""

import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from telegram import Update
from telegram.error import BadRequest, RetryAfter, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.domain.cases import SupportCase, case_name
from bot.domain.payments import names_payment
from bot.domain.people import is_pseudonym
from bot.domain.records import Customer
from bot.domain.roles import Right
from bot.refusals import UnknownCustomer
from bot.services.messaging.customers import find_customer
from bot.services.messaging.support import (
    case_of,
    close_case,
    end_case,
    has_message,
    note_further_message,
    note_message,
    open_case,
    reopen_case,
    stop_talking,
    take_question,
    talking_case,
    tell_answered,
)
from handlers.account import END
from handlers.attachments import Attachments, AttachmentSender, attachments_of, is_carried
from handlers.context import ShopContext, arguments, press_of, typed
from handlers.edge import Do, read, wait_of
from handlers.middleware.albums import album_of
from handlers.middleware.retries import HandleLater
from handlers.parts import Parts
from handlers.priorities import Priority
from handlers.richtext import cut
from handlers.screen import Screen
from handlers.screens import operator as operator_screens
from handlers.screens import support as screens
from handlers.stock import unless_codes, waits_for_codes
from handlers.update_keys import number_of
from locales import words

CASE: Final = "case"
# A customer may send so many messages within so many seconds.
_MAX_MESSAGES: Final = 20
_PERIOD_SECONDS: Final = 600.0
# One whom the shop serves no more may send so few, as long as the process lives.
_MAX_WHEN_BANNED: Final = 1
_PERIOD_WHEN_BANNED: Final = 86400.0
# UTF-16 units of a forwarded text below the heading; the rest follows in a message of its own.
_MAX_TEXT: Final = 3500
_MAX_CAPTION: Final = 800

Handler = Callable[[Update, ShopContext], Coroutine[Any, Any, Any]]


async def paysupport(update: Update, context: ShopContext) -> int | str:
    """Ask what is wrong, or take the text after the command as the message.

    A press below a message of a case is answered by a notice: the message stays as it is.
    """
    if update.callback_query is None:
        if arguments(update):
            return await take_message(update, context)
    elif (case := await _pressed_case(update, context)) is not None:
        await reopen_case(context.shop, context.customer.id, case.id)
        await context.answer(update, context.words.plain("support-reply-now"), alert=True)
        return CASE
    screen = screens.ask_question(context.words, context.customer.id, context.bot_state.support)
    await context.show(update, screen, "case")
    return CASE


async def _pressed_case(update: Update, context: ShopContext) -> SupportCase | None:
    """The case of this customer to which the pressed message belongs."""
    pressed = update.callback_query.message if update.callback_query else None
    if pressed is None:
        return None
    case = await case_of(context.shop, context.customer.id, pressed.message_id)
    return case if case is not None and case.user_id == context.customer.id else None


async def ask_about_order(update: Update, context: ShopContext, order_id: int) -> str:
    """Ask what is wrong with an order, in a new message: the pressed one keeps its codes.

    The order is attached to the customer's case. Returns the state of the conversation. Raises
    NotFound for an order of anybody else.
    """
    await open_case(context.shop, context.customer.id, order_id)
    await context.answer(update)
    await context.send(update, screens.ask_about_order(context.words, order_id), "case")
    return CASE


async def take_message(
    update: Update, context: ShopContext, case: SupportCase | None = None
) -> int | str:
    """Take a customer's message, or album, for every operator, and answer at once.

    `case`: the one it replies to. Any message that Telegram copies is taken; for the others the
    question stays.
    """
    message = _Incoming.of(update)
    if message is None:
        await context.send(update, screens.not_forwarded(context.words, is_customer=True))
        return CASE
    if not _may_write(update, context):
        await context.send(update, screens.too_many(context.words, banned=context.customer.banned))
        return END
    if case is None:
        case = await talking_case(context.shop, context.customer.id)
    user_id = context.customer.id
    taken, forwarded = await take_question(context.shop, user_id, message.message_ids, case)
    screen = screens.question_received(context.words, taken, forwarded=forwarded)
    received = await context.send(update, screen)
    if received is not None:
        await note_further_message(context.shop, taken, user_id, received.message_id)
    return END


def unless_talking(handler: Handler) -> Handler:
    """Make a handler that takes a message for the customer's case, if that takes what they write.

    All else goes to `handler`, and so does a receipt whose caption names its payment.
    """

    async def take(update: Update, context: ShopContext) -> Any:
        if names_payment(attachments_of(update).caption):
            return await handler(update, context)
        case = await talking_case(context.shop, context.customer.id)
        if case is not None:
            return await take_message(update, context, case)
        if typed(update) and update.effective_message is not None:
            context.bot_state.note_typed(context.customer.id, update.effective_message.message_id)
        return await handler(update, context)

    return take


def back_in_shop(handler: Handler) -> Handler:
    """Make a handler of a screen of the shop: what is typed below it goes to no case."""

    async def show(update: Update, context: ShopContext) -> Any:
        await stop_talking(context.shop, context.customer.id)
        return await handler(update, context)

    return show


async def tell(update: Update, context: ShopContext) -> int | str:
    """Send support what the customer typed last, if that is the message which the button names.

    Data can be forged, and a chat also holds codes: so nothing else is ever copied. After a restart
    the message is asked for once more.
    """
    message_id = press_of(update).number()
    if context.bot_state.last_typed.get(context.customer.id) != message_id:
        return await paysupport(update, context)
    if not _may_write(update, context):
        await context.show(update, screens.too_many(context.words, banned=context.customer.banned))
        return END
    case, forwarded = await take_question(context.shop, context.customer.id, (message_id,))
    screen = screens.question_received(context.words, case, forwarded=forwarded)
    await context.show(update, screen, "case")
    return END


async def end(update: Update, context: ShopContext) -> int:
    """The customer closes their case; a further press says that it was closed."""
    case_id, key = press_of(update).number(), context.key_of(update)
    done = await end_case(context.shop, key=key, user_id=context.customer.id, case_id=case_id)
    if done:
        await context.answer(update)
        await context.send(update, screens.ended(context.words, case_id))
    else:
        text = context.words.plain("support-was-ended", number=case_name(case_id))
        await context.answer(update, text)
    return END


async def reopen(update: Update, context: ShopContext) -> str:
    """Open a closed case again, and ask what is wrong."""
    case = await reopen_case(context.shop, context.customer.id, press_of(update).number())
    await context.show(update, screens.reopened(context.words, case), "case")
    return CASE


@dataclass(frozen=True, slots=True)
class _Incoming:
    """What is sent on of a message or an album, by the id of the update that stands for it.

    `others`: the messages that hold neither text nor a picture nor a file, such as a voice message.
    """

    update_id: int  # as number_of gives it
    message_ids: tuple[int, ...]
    others: tuple[int, ...]
    text: str
    attached: Attachments

    @classmethod
    def of(cls, update: Update) -> "_Incoming | None":
        """None for a message that Telegram does not copy, such as a quiz."""
        attached, message = attachments_of(update), update.effective_message
        text = arguments(update) if typed(update).startswith("/paysupport") else typed(update)
        text = attached.caption if attached.files else text
        carried = tuple(m.message_id for m in album_of(update).messages if is_carried(m))
        if message is None or not (text or carried):
            return None
        others = tuple(sorted(set(carried) - set(attached.message_ids)))
        return cls(number_of(update), carried or (message.message_id,), others, text, attached)

    @property
    def most_text(self) -> int:
        """UTF-16 units of text that the message with the heading has room for."""
        return _MAX_CAPTION if len(self.attached.files) == 1 else _MAX_TEXT


def _may_write(update: Update, context: ShopContext) -> bool:
    """Whether a message is within the limit: each notifies every operator. An album counts once."""
    if album_of(update).is_late:
        return True
    now, banned = time.monotonic(), context.customer.banned
    most, period = (
        (_MAX_WHEN_BANNED, _PERIOD_WHEN_BANNED) if banned else (_MAX_MESSAGES, _PERIOD_SECONDS)
    )
    times = context.bot_state.support_times.setdefault(
        context.customer.id, deque(maxlen=_MAX_MESSAGES)
    )
    if len(times) >= most and now - times[-most] < period:
        return False
    times.append(now)
    return True


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
    """Send the customer a screen with the files of a message, the rest of its text, all else.

    Every message that this makes belongs to the case. False if the customer blocked the bot. As
    news its first call waits for no closed chat: RetryAfter is raised, and the operator's chat goes
    on. Raises _NotCopied; a heading that nothing follows is taken out of the chat then.
    """
    files = [(file.kind, file.file_id) for file in message.attached.files]
    threads, chat_id, parts = context.bot_state.threads, case.user_id, Parts()
    news = {"rate_limit_args": Priority.NEWS}
    try:
        sender = AttachmentSender(context.bot, threads, parts)
        sent = await sender.send(chat_id, files, screen, **news)
        if rest:
            call = partial(threads.send, chat_id, context.bot.send_message, rest, **news)
            sent.append(await parts.send(call))
        message_ids = [one.message_id for one in sent]
        message_ids += await _copy(context, chat_id, message.others, parts)
    except _NotCopied:
        if message.text or files:
            await note_message(context.shop, case, chat_id, message.update_id, message_ids)
        else:
            with suppress(TelegramError):
                await context.bot.delete_message(chat_id, message_ids[0])
        raise
    except TelegramError as error:
        if read(error).send is not Do.KEEP:
            raise
        return False
    await note_message(context.shop, case, chat_id, message.update_id, message_ids)
    return True


class _NotCopied(Exception):
    """The customer, or Telegram, takes no copy of such a message."""


async def _copy(
    context: ShopContext, chat_id: int, others: Sequence[int], parts: Parts
) -> list[int]:
    """Copy these messages of the operator's chat. Raises TelegramError, and _NotCopied for a refusal."""
    copied: list[int] = []
    for other in others:
        copy = partial(context.bot.copy_message, rate_limit_args=Priority.NEWS)
        call = partial(context.bot_state.threads.send, chat_id, copy, context.customer.id, other)
        try:
            copied.append((await parts.send(call)).message_id)
        except BadRequest as error:
            if read(error).send is Do.KEEP:
                raise
            raise _NotCopied from None
    return copied


async def take_reply(update: Update, context: ShopContext) -> None:
    """Forward an operator's reply to the customer of a case, and the customer's to the operators.

    A reply to a message that belongs to no case of theirs is left to the handlers that follow, and so
    are codes, whatever they reply to.
    """
    message = update.effective_message
    replied = message.reply_to_message if message else None
    if replied is None:
        return
    case = await case_of(context.shop, context.customer.id, replied.message_id)
    if case is None or waits_for_codes(context):
        return
    if await context.may(Right.CASES):
        await unless_codes(partial(answer_case, case=case))(update, context)
    elif case.user_id == context.customer.id:
        await unless_codes(partial(take_message, case=case))(update, context)
    else:
        return  # they were an operator when the message came
    raise ApplicationHandlerStop


async def answer_case(update: Update, context: ShopContext, case: SupportCase) -> None:
    """Send an operator's message to the customer of a case, once, and tell all operators."""
    if await has_message(context.shop, case.user_id, number_of(update)):
        return
    message = _Incoming.of(update)
    if message is None:
        await context.send(update, screens.not_forwarded(context.words, is_customer=False))
        return
    if is_pseudonym(case.user_id):
        await context.send(update, operator_screens.note(context.words, "case-forgotten"))
        return
    customer = await _find(context, case.user_id) or Customer(
        case.user_id, context.shop.policy.default_locale
    )
    shown, rest = cut(message.text, message.most_text)
    screen = screens.answer(words(customer.locale), case, shown)
    try:
        delivered = await _deliver(context, case, message, screen, rest)
    except RetryAfter as error:
        raise HandleLater(wait_of(error)) from None
    except _NotCopied:
        await context.send(update, screens.not_taken(context.words))
        return
    if not delivered:
        await context.send(update, operator_screens.note(context.words, "case-unreachable"))
        return
    await tell_answered(context.shop, case, context.customer.id, message.message_ids)
    sent = await context.send(update, screens.answer_sent(context.words, case))
    if sent is not None:
        await note_further_message(context.shop, case, context.customer.id, sent.message_id)


async def press_close_case(update: Update, context: ShopContext) -> None:
    """Close a case; the answer to the press says whether it was closed before."""
    case_id = press_of(update).number()
    key, operator_id = context.key_of(update), context.customer.id
    done = await close_case(context.shop, key=key, operator_id=operator_id, case_id=case_id)
    text = context.words.plain(
        "case-closed" if done else "case-was-closed", number=case_name(case_id)
    )
    await context.answer(update, text)
