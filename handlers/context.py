"""The context of one update: whose it is, in which language, and the methods to answer it."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from telegram import CallbackQuery, Chat, Message, Update
from telegram.error import BadRequest, RetryAfter, TelegramError
from telegram.ext import CallbackContext, ExtBot

from bot.domain.records import Customer, InboxRow
from bot.domain.roles import Right
from bot.refusals import NotFound, UnknownRecord
from bot.services.catalogue.price_changes import Editor
from bot.services.shop import Shop
from bot.services.standing import rights_of
from bot.services.turns import Turns
from handlers.answered_presses import AnsweredPresses
from handlers.callback_data import Press, parse
from handlers.edge import UNREADABLE, Do, Kind, is_outage, read
from handlers.inbox import Inbox
from handlers.middleware.chat_order import ChatOrder
from handlers.middleware.groups import GroupAnswers
from handlers.middleware.retries import Retries
from handlers.middleware.threads import Threads
from handlers.priorities import Priority
from handlers.rights import RightsNeeded
from handlers.screen import Screen
from handlers.sent_pictures import PictureKey, SentPicture
from handlers.update_keys import key_of
from locales import Words, words

_MAX_REMEMBERED = 10_000  # screens
# So often an answer to a press may fail before it is given up: one with an alert has to be read.
_TOAST_FAILURES = 1
_ALERT_FAILURES = 2
_log = logging.getLogger(__name__)


@dataclass
class BotState:
    """What all handlers share, in memory only.

    `support` is the contact that the owner of the shop set. `shown` maps (chat, message) to a name
    of the screen that the message shows, `asking` a product to the running request for its prices,
    `support_times` a customer to the monotonic times of their last messages to support, and
    `last_typed` to the id of the last text that was searched for.
    `files_sent`: when a customer was sent their data, `erasures`: when it was deleted; monotonic.
    `on_giving_up`: what is left to do where the update with this id is tried no more. `pictures` holds the ids that Telegram gave to
    pictures of figures, `sent_photos` which picture of a product (its unique id) a customer got when, by
    customer and product; monotonic. `edits` keeps the edits of one message in their order. `exported`: the
    message with the question after which an owner was sent a file last.
    """

    shop: Shop
    chat_order: ChatOrder
    retries: Retries
    inbox: Inbox
    support: str = ""
    threads: Threads = field(default_factory=Threads)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    asking: dict[int, "asyncio.Task[None]"] = field(default_factory=dict)
    support_times: dict[int, deque[float]] = field(default_factory=dict)
    last_typed: dict[int, int] = field(default_factory=dict)
    answered: AnsweredPresses = field(default_factory=AnsweredPresses)
    files_sent: dict[int, float] = field(default_factory=dict)
    erasures: dict[int, tuple[float, ...]] = field(default_factory=dict)
    pictures: dict[PictureKey, SentPicture] = field(default_factory=dict)
    sent_photos: dict[tuple[int, int], tuple[str, float]] = field(default_factory=dict)
    edits: Turns = field(default_factory=Turns)
    exported: dict[int, int] = field(default_factory=dict)
    on_giving_up: dict[int, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    group_answers: GroupAnswers = field(default_factory=GroupAnswers)
    # What operators' commands and buttons need; `registration` sets it.
    needed: RightsNeeded = field(default_factory=RightsNeeded)

    @property
    def zone(self) -> ZoneInfo:
        return self.shop.policy.time_zone

    def note_typed(self, user_id: int, message_id: int) -> None:
        """Remember what a customer typed last; forgets the oldest one if there are too many."""
        self.last_typed.pop(user_id, None)
        if len(self.last_typed) >= _MAX_REMEMBERED:
            del self.last_typed[next(iter(self.last_typed))]
        self.last_typed[user_id] = message_id

    def note_photo(self, user_id: int, product_id: int, unique_id: str, now: float) -> None:
        """Remember that a customer gets a picture now; forgets the oldest one if there are too many."""
        self.sent_photos.pop((user_id, product_id), None)
        if len(self.sent_photos) >= _MAX_REMEMBERED:
            del self.sent_photos[next(iter(self.sent_photos))]
        self.sent_photos[user_id, product_id] = unique_id, now

    def note_shown(self, chat_id: int, message_id: int, what: str) -> None:
        """Remember which screen a message shows; forgets the oldest one if there are too many."""
        self.shown.pop((chat_id, message_id), None)
        if len(self.shown) >= _MAX_REMEMBERED:
            del self.shown[next(iter(self.shown))]
        self.shown[chat_id, message_id] = what


_customer: ContextVar[Customer] = ContextVar("customer")
_as_operator: ContextVar[bool] = ContextVar("whether an operator acts as one", default=False)


class ShopContext(
    CallbackContext[ExtBot[Priority], dict[Any, Any], dict[Any, Any], dict[Any, Any]]
):
    """The context of handlers and of middleware.

    `check_access` sets `customer` before any handler runs.
    """

    @property
    def customer(self) -> Customer:
        """Whose update it is. All contexts of one update share it.

        Raises LookupError if it is not set.
        """
        return _customer.get()

    @customer.setter
    def customer(self, customer: Customer) -> None:
        _customer.set(customer)
        _as_operator.set(False)

    @property
    def has_customer(self) -> bool:
        """Whether `customer` is set."""
        return _customer.get(None) is not None

    @property
    def is_operators(self) -> bool:
        """Whether the update is a command or a press of an operator as such, who reads operators' words."""
        return _as_operator.get()

    @property
    def bot_state(self) -> BotState:
        bot_state: BotState = self.application.bot_data["bot_state"]
        return bot_state

    @property
    def shop(self) -> Shop:
        return self.bot_state.shop

    @property
    def words(self) -> Words:
        return words(self.customer.locale)

    def remember(self, **numbers: int) -> None:
        """Keep what an open question is about; a restart does not lose it."""
        if self.user_data is not None:
            self.user_data.update(numbers)

    def remembered(self, name: str) -> int:
        """What `remember` kept for the open question. Raises NotFound."""
        number = (self.user_data or {}).get(name)
        if not isinstance(number, int):
            raise NotFound
        return number

    async def rights(self) -> frozenset[Right]:
        """What this person may do as an operator, looked up now; nothing for a customer."""
        return await rights_of(self.shop, self.customer.id)

    async def may(self, right: Right) -> bool:
        """Whether this person has a right at this moment."""
        return right in await self.rights()

    async def _permitted(self, screen: Screen) -> Screen:
        """The screen without the buttons that this person has no right to press."""
        needed = self.bot_state.needed
        return needed.leave_off(screen, await self.rights()) if needed.any_of(screen) else screen

    def key_of(self, update: Update) -> str:
        """The idempotency key of what this update does once."""
        return key_of(update, self.shop.bot_id)

    def editor(self, update: Update) -> Editor:
        """Who changes prices by this update."""
        return Editor(self.customer.id, self.key_of(update))

    async def replay(self, rows: Sequence[InboxRow]) -> None:
        """Handle stored updates once more, in this order."""
        for update in await self.bot_state.inbox.open(rows):
            await self.application.update_queue.put(update)

    def was_answered(self, update: Update) -> bool:
        """Whether the update is a press that was answered already."""
        return (
            update.callback_query is not None
            and update.callback_query.id in self.bot_state.answered
        )

    async def answer(
        self,
        update: Update,
        text: str = "",
        *,
        alert: bool = False,
        instead: Screen | None = None,
    ) -> None:
        """Answer a press, with or without a text of at most 200 characters.

        Does nothing for an update that is no press, or was answered before. Raises TelegramError where
        the call fails: the press counts as not answered. Where it failed before, an alert twice, or
        the press is too old, or Telegram wants a pause, an alert comes as a message: `instead`.
        """
        query = update.callback_query
        if query is None or self.was_answered(update):
            return
        self.bot_state.answered.note(query.id)  # now: on its way, nobody answers it again
        try:
            is_taken = await self._is_taken(query, text[:200], alert=alert)
            if alert and not is_taken:
                await self._send_alert(update, instead or Screen(text, ()))
        except BaseException:
            self.bot_state.answered.forget(query.id)
            raise

    async def _is_taken(self, query: CallbackQuery, text: str, *, alert: bool) -> bool:
        """Whether Telegram surely takes an answer to a press.

        Raises TelegramError once for each press, or twice for an alert. "Too old" may be said of a
        press whose answer came, and of one that nobody answered: what has to be read is then told
        twice rather than never.
        """
        try:
            await query.answer(text or None, show_alert=alert or None)
        except RetryAfter:
            _log.warning("a press is not answered: Telegram wants a pause")
            return False
        except TelegramError as error:
            if isinstance(error, BadRequest) and read(error).send is Do.DONE:
                return False
            failures = self.bot_state.answered.note_failure(query.id)
            if failures <= (_ALERT_FAILURES if alert else _TOAST_FAILURES):
                raise
            _log.warning("a press is not answered: %s", type(error).__name__)
            return False
        return True

    async def _send_alert(self, update: Update, screen: Screen) -> None:
        chat = update.effective_chat
        if chat is not None and chat.type == Chat.PRIVATE:
            await self.send(update, screen)

    async def show(self, update: Update, screen: Screen, what: str = "", toast: str = "") -> None:
        """Answer the press and edit its message into this screen; without a press, send the screen.

        It is sent as well if the pressed message can no longer be edited, or is an invoice, which
        has to stay. `what` names the screen for `BotState.shown`; `toast` is the text of
        the callback answer.
        """
        query = update.callback_query
        if query is None:
            await self.send(update, screen, what)
            return
        screen, message = await self._permitted(screen), query.message
        if not isinstance(message, Message) or message.invoice:
            await asyncio.gather(self.answer(update, toast), self.send(update, screen, what))
            return
        if what == "home" and (message.photo or message.document):  # the file stays as it is
            await self.answer(update, toast)
            await self.send(update, screen, what)
            return
        editing = (
            self._edit_caption(message.chat.id, message.message_id, screen)
            if message.photo or message.document
            else self.edit(message.chat.id, message.message_id, screen, what)
        )
        _, edited = await asyncio.gather(self.answer(update, toast), editing)
        if not edited:
            await self.send(update, screen, what)

    async def edit(self, chat_id: int, message_id: int, screen: Screen, what: str = "") -> bool:
        """Edit a message into a screen. False if it can no longer be edited."""
        self.bot_state.note_shown(chat_id, message_id, what)
        async with self.bot_state.edits.of((chat_id, message_id)):
            return await self._edit(chat_id, message_id, screen)

    async def _edit(self, chat_id: int, message_id: int, screen: Screen) -> bool:
        try:
            await self.bot.edit_message_text(
                screen.text,
                chat_id=chat_id,
                message_id=message_id,
                entities=screen.entities,
                reply_markup=screen.keyboard(),
            )
        except BadRequest as error:
            row = read(error)
            if row.kind is Kind.FIXED:
                return False
            if row.send is Do.OTHERWISE:
                return await self._edit_caption(chat_id, message_id, screen)
            if row.send is not Do.DONE:
                raise
            return row.kind is not Kind.GONE
        except UNREADABLE as error:
            _log.error("an edit's answer cannot be read (%s)", type(error).__name__)
        return True

    async def _edit_caption(self, chat_id: int, message_id: int, screen: Screen) -> bool:
        """Edit the caption of a picture or a file.

        False if that fails, for example by its length.
        """
        try:
            await self.bot.edit_message_caption(
                chat_id,
                message_id,
                caption=screen.text,
                caption_entities=screen.entities,
                reply_markup=screen.keyboard(),
            )
        except BadRequest as error:
            if is_outage(error):
                raise
            return read(error).kind is Kind.SAME
        return True

    async def send(self, update: Update, screen: Screen, what: str = "") -> Message | None:
        """Send a screen to the chat of the update, in its thread.

        None if it has no chat, or if Telegram's answer about the sent message cannot be read: it is
        not sent again then.
        """
        chat = update.effective_chat
        if chat is None:
            return None
        screen = await self._permitted(screen)
        try:
            message = await self.bot_state.threads.send(
                chat.id,
                self.bot.send_message,
                screen.text,
                entities=screen.entities,
                reply_markup=screen.keyboard(),
            )
        except UNREADABLE as error:
            _log.error("a sent message's answer cannot be read (%s)", type(error).__name__)
            return None
        self.bot_state.note_shown(chat.id, message.message_id, what)
        return message


async def check_right(context: ShopContext, right: Right) -> None:
    """Raises NotFound for anybody without this right; who has it reads operators' words from here on.

    Callback data can be forged, so the right is looked up here and not only where a button is made.
    """
    if not await context.may(right):
        raise NotFound
    _as_operator.set(True)


@contextmanager
def operators_words(name: str) -> Iterator[None]:
    """For what an operator named in a command: what is not there is told in operators' words.

    Raises UnknownRecord with this name instead of NotFound.
    """
    try:
        yield
    except NotFound:
        raise UnknownRecord(name) from None


def press_of(update: Update) -> Press:
    """The press of an update. Raises NotFound for data that no button of the shop carries."""
    return parse(update.callback_query.data if update.callback_query else None)


def typed(update: Update) -> str:
    """The text of a message, without lone surrogates, which cannot be encoded in an answer."""
    text = update.effective_message.text if update.effective_message else None
    return (text or "").encode("utf-8", "ignore").decode()


def arguments(update: Update) -> str:
    """The text that follows a command."""
    words = typed(update).split(maxsplit=1)
    return words[1].strip() if len(words) > 1 else ""
