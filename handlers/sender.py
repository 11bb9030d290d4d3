"""Sends messages that answer no update."""

import logging
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from telegram import InputFile, InputMediaDocument, Message, MessageId
from telegram.error import BadRequest

from bot.domain.cases import SupportCase
from bot.domain.catalogue import Product
from bot.domain.code_messages import CodeMessage
from bot.domain.news import Letter, News
from bot.domain.orders import Order
from bot.domain.payments import Payment, Receipt, ReceiptKind
from bot.domain.people import BackInStock
from bot.domain.records import CodeMessageKind, Customer, SentCodeMessage
from bot.domain.results import MoneyNote
from bot.domain.waiting import Waiting
from bot.errors import SendFailure, SendLater, Undeliverable
from bot.ports import PaymentNote
from bot.services.turns import OUTBOX_WAITS_SECONDS
from handlers.attachments import AttachmentSender
from handlers.bot import ShopBot
from handlers.edge import UNREADABLE, Do, Kind, is_outage, may_have_arrived, read
from handlers.middleware.threads import Threads
from handlers.priorities import Priority, class_of_codes, current_cause
from handlers.screen import Screen
from handlers.screens import (
    account,
    alerts,
    closing,
    codes,
    news,
    operator_payments,
    orders,
    payments,
    support,
    team,
    watches,
)
from handlers.telegram_failures import map_telegram_errors
from locales import words

_SEND_SECONDS = 20.0
_NEXT_TRY_SECONDS = 30.0  # of what cannot have been sent, as there is no way to Telegram
_log = logging.getLogger(__name__)


class TelegramSender:
    """Implements the Sender port. Every method raises the errors of `map_telegram_errors`."""

    def __init__(
        self,
        bot: ShopBot,
        *,
        zone: ZoneInfo,
        visible_for: timedelta,
        shown_again_for: timedelta,
        shown_once: bool,
        protect_content: bool,
        threads: Threads | None = None,
    ) -> None:
        self._bot = bot
        self._threads = threads or Threads()
        self._zone = zone
        self._visible_for = visible_for
        self._shown_again_for = shown_again_for
        self._later = orders.Later.ONCE if shown_once else orders.Later.KEPT
        self._protect = protect_content

    async def send_codes(
        self, customer: Customer, order: Order, code_message: CodeMessage, *, again: bool
    ) -> int:
        if code_message.kind is CodeMessageKind.DOCUMENT:
            return await self._send_file_of_codes(customer, order, code_message, again=again)
        seconds = self._seconds_shown(again=again)
        screen = codes.codes(words(customer.locale), order, code_message, seconds, self._zone)
        try:
            return await self._send(
                customer, screen, class_of_codes(again=again), protect=self._protect
            )
        except Undeliverable as refusal:
            # A link or a text that Telegram takes in no message: a file takes it as it came.
            _log.error("a message of codes is refused (%s); they go as a file", refusal)
            return await self._send_file_of_codes(customer, order, code_message, again=again)

    async def _send_file_of_codes(
        self, customer: Customer, order: Order, code_message: CodeMessage, *, again: bool
    ) -> int:
        in_words = words(customer.locale)
        screen = codes.caption(in_words, order, code_message, self._seconds_shown(again=again))
        content = codes.document(code_message).encode("utf-8", "backslashreplace")
        async with map_telegram_errors():
            return await self._id_of(
                self._threads.send(
                    customer.id,
                    self._bot.send_document,
                    InputFile(content, filename=in_words.plain("file-name", number=str(order.id))),
                    caption=screen.text,
                    caption_entities=screen.entities,
                    reply_markup=screen.keyboard(),
                    protect_content=self._protect,
                    read_timeout=_SEND_SECONDS,
                    rate_limit_args=class_of_codes(again=again),
                )
            )

    def _seconds_shown(self, *, again: bool) -> float:
        return (self._shown_again_for if again else self._visible_for).total_seconds()

    async def _id_of(self, sending: Awaitable[Message]) -> int:
        """The id of a sent message, also where the library cannot read Telegram's answer about it.

        Raises SendFailure where it has no id either: then it is no answer of Telegram.
        """
        try:
            return (await sending).message_id
        except UNREADABLE as error:
            _log.error("a sent message's answer cannot be read (%s)", type(error).__name__)
            sent_id = self._bot.last_sent_id()
            if sent_id is None:
                raise SendFailure("an answer without a message") from None
            return sent_id

    async def mask_codes(
        self,
        customer: Customer,
        order: Order,
        message: SentCodeMessage,
        masks: Sequence[str],
        first: int,
        *,
        for_good: bool = False,
    ) -> None:
        in_words = words(customer.locale)
        later = orders.Later.DELETED if for_good else self._later
        in_file = orders.receipt(in_words, order, (), 1, later)
        if message.kind is CodeMessageKind.DOCUMENT:
            await self._mask_document(customer, order, message, masks, in_file)
            return
        screen = orders.receipt(in_words, order, masks, first + 1, later)
        # It may be a document all the same, or be edited no more: its codes must not stay in it.
        if not await self._edit(customer, message.message_id, screen):
            await self._mask_document(customer, order, message, masks, in_file)

    async def _mask_document(
        self,
        customer: Customer,
        order: Order,
        message: SentCodeMessage,
        masks: Sequence[str],
        screen: Screen,
    ) -> None:
        in_words = words(customer.locale)
        name = in_words.plain("file-name", number=str(order.id))
        media = InputMediaDocument(
            ("\r\n".join(masks) + "\r\n").encode("utf-8", "backslashreplace"),
            filename=name,
            caption=screen.text,
            caption_entities=screen.entities,
        )
        async with map_telegram_errors():
            try:
                await self._bot.edit_message_media(
                    media,
                    chat_id=customer.id,
                    message_id=message.message_id,
                    reply_markup=screen.keyboard(),
                )
            except BadRequest as error:
                if is_outage(error):
                    raise
                if read(error).kind is not Kind.SAME:  # the codes must not stay in the file
                    await self._delete(customer, message.message_id)
            except UNREADABLE as error:
                _log.error("an edit's answer cannot be read (%s)", type(error).__name__)

    async def _delete(self, customer: Customer, message_id: int) -> None:
        try:
            await self._bot.delete_message(customer.id, message_id)
        except BadRequest as error:
            if read(error).kind is not Kind.GONE:
                raise

    async def send_returned(self, customer: Customer, order: Order, money: MoneyNote) -> None:
        screen = orders.returned(words(customer.locale), order, money)
        await self._send(customer, screen, Priority.DELIVERY)

    async def send_lost(self, customer: Customer, order: Order) -> None:
        screen = orders.codes_lost(words(customer.locale), order)
        await self._send(customer, screen, Priority.DELIVERY)

    async def send_back_in_stock(self, customer: Customer, value: BackInStock) -> None:
        await self._send(customer, watches.back_in_stock(words(customer.locale), value))

    async def send_missed(self, customer: Customer) -> None:
        await self._send(customer, account.missed_answer(words(customer.locale)))

    async def send_case(
        self, operator: Customer, case: SupportCase, order: Order | None, answered_by: int | None
    ) -> int:
        in_words = words(operator.locale)
        if answered_by is None:
            screen = support.question(in_words, case, order, self._zone)
        else:
            screen = support.answered_by_other(in_words, case, answered_by)
        return await self._send(operator, screen, in_thread=False)

    async def send_case_closed(self, person: Customer, case: SupportCase) -> int:
        is_theirs, in_words = person.id == case.user_id, words(person.locale)
        screen = (support.closed if is_theirs else support.closed_by_customer)(in_words, case)
        return await self._send(person, screen, in_thread=is_theirs)

    async def copy_messages(
        self, receiver: Customer, from_chat: int, message_ids: Sequence[int]
    ) -> Sequence[int]:
        async with map_telegram_errors():
            try:
                copies = await self._copy(receiver.id, from_chat, message_ids)
            except BadRequest as error:
                if read(error).kind is not Kind.NO_COPY:
                    raise
                copies = ()
            except UNREADABLE as error:
                _log.error("the answer about copies cannot be read (%s)", type(error).__name__)
                return ()
        if copies:
            return [copy.message_id for copy in copies]
        gone = support.gone(words(receiver.locale))
        return [await self._send(receiver, gone, in_thread=False)]

    async def _copy(
        self, chat_id: int, from_chat: int, message_ids: Sequence[int]
    ) -> Sequence[MessageId]:
        """Several are copied in one call, in which albums stay albums."""
        if len(message_ids) > 1:
            return await self._bot.copy_messages(
                chat_id, from_chat, message_ids, rate_limit_args=Priority.NEWS
            )
        (message_id,) = message_ids
        copy = await self._bot.copy_message(
            chat_id, from_chat, message_id, rate_limit_args=Priority.NEWS
        )
        return (copy,)

    async def send_reminder(
        self, customer: Customer, order: Order, expires_at: datetime, days: int
    ) -> None:
        in_words = words(customer.locale)
        screen = orders.reminder(in_words, order, expires_at, days, self._zone)
        await self._send(customer, screen)

    async def update_status(
        self, customer: Customer, order: Order, waiting: Waiting | None, *, alone: bool = False
    ) -> None:
        message_id = order.status_message_id
        if message_id is None:
            return
        screen = orders.status(words(customer.locale), order, waiting, alone=alone)
        edited = customer.id, message_id
        async with self._bot.edits.of(edited, patience=OUTBOX_WAITS_SECONDS):
            if self._still_shows(customer, message_id, order):
                await self._edit(customer, message_id, screen)

    def _still_shows(self, customer: Customer, message_id: int, order: Order) -> bool:
        """False where the customer has gone on to another screen in the order's status message.

        What a message showed before a restart is unknown: it is edited then.
        """
        shown = self._bot.shown.get((customer.id, message_id), "")
        return shown in ("", f"order:{order.id}", f"confirm:{order.quote_id}")

    async def send_credited(self, customer: Customer, data: Mapping[str, str]) -> None:
        await self._send(customer, account.credited(words(customer.locale), data))

    async def send_alert(self, customer: Customer, data: Mapping[str, str]) -> None:
        await self._send(customer, alerts.alert(words(customer.locale), data), in_thread=False)

    async def send_team(self, customer: Customer, data: Mapping[str, str]) -> None:
        screen = team.told(words(customer.locale), data)
        await self._send(customer, screen, in_thread=False)

    async def send_closing(self, customer: Customer, data: Mapping[str, str]) -> None:
        screen = closing.closing(words(customer.locale), data)
        await self._send(customer, screen, in_thread=False)

    async def send_payment(self, customer: Customer, payment: Payment, note: PaymentNote) -> None:
        await self._send(customer, payments.outcome(words(customer.locale), payment, note))

    async def send_receipt(
        self,
        operator: Customer,
        payment: Payment,
        receipts: Sequence[Receipt],
        same: Sequence[Payment],
        *,
        decides: bool,
    ) -> None:
        screen = operator_payments.receipt(words(operator.locale), payment, same, decides=decides)
        files = [(receipt.kind, receipt.file_id) for receipt in receipts]
        # Shown because the operator asked for it, it answers them, in their thread.
        is_asked = current_cause().person is not None
        priority, threads = (None, self._threads) if is_asked else (Priority.NEWS, None)
        await self._send_files(operator, files, screen, priority, threads)

    async def send_news(
        self,
        customer: Customer,
        letter: Letter,
        product: Product | None,
        *,
        is_preview: bool = False,
    ) -> None:
        screen = news.letter(words(customer.locale), letter, product)
        priority = None if is_preview else Priority.ADVERT
        try:
            if letter.photo:
                photo = ((ReceiptKind.PHOTO, letter.photo),)
                await self._send_files(customer, photo, screen, priority, self._threads)
            else:
                await self._send(customer, screen, priority)
        except SendFailure as failure:
            cause = failure.__context__
            if cause is not None and is_outage(cause) and not may_have_arrived(cause):
                raise SendLater(_NEXT_TRY_SECONDS) from None
            raise

    async def update_news(self, operator: Customer, sent: News, waits: datetime | None) -> None:
        if sent.message_id is not None:
            screen = news.progress(words(operator.locale), sent, waits, self._zone)
            await self._edit(operator, sent.message_id, screen)

    async def send_ended(self, customer: Customer, order: Order, wallet_minor: int) -> None:
        await self._send(customer, orders.expired(words(customer.locale), order, wallet_minor))

    async def _send(
        self,
        customer: Customer,
        screen: Screen,
        priority: Priority | None = Priority.NEWS,
        *,
        protect: bool = False,
        in_thread: bool = True,
    ) -> int:
        """Send a screen; returns the id of the message."""
        threads = self._threads if in_thread else Threads()
        async with map_telegram_errors():
            return await self._id_of(
                threads.send(
                    customer.id,
                    self._bot.send_message,
                    screen.text,
                    entities=screen.entities,
                    reply_markup=screen.keyboard(),
                    protect_content=protect or None,
                    rate_limit_args=priority,
                )
            )

    async def _send_files(
        self,
        customer: Customer,
        files: Sequence[tuple[ReceiptKind, str]],
        screen: Screen,
        priority: Priority | None,
        threads: Threads | None,
    ) -> None:
        """Send pictures and files, by Telegram's ids, with a screen."""
        sender = AttachmentSender(self._bot, threads)
        async with map_telegram_errors():
            try:
                await sender.send(customer.id, files, screen, rate_limit_args=priority)
            except UNREADABLE as error:
                _log.error("a sent file's answer cannot be read (%s)", type(error).__name__)

    async def _edit(self, customer: Customer, message_id: int, screen: Screen) -> bool:
        """Edit a message, unless it is gone or shows this already.

        Returns False for one that stays as it was: a file or a picture, or Telegram lets nobody edit it.
        """
        async with map_telegram_errors():
            try:
                await self._bot.edit_message_text(
                    screen.text,
                    chat_id=customer.id,
                    message_id=message_id,
                    entities=screen.entities,
                    reply_markup=screen.keyboard(),
                )
            except BadRequest as error:
                action = read(error).send
                if action is Do.OTHERWISE:
                    return False
                if action is not Do.DONE:
                    raise
            except UNREADABLE as error:
                _log.error("an edit's answer cannot be read (%s)", type(error).__name__)
        return True
