"""One update's visit to the shop: who came, in which language, and the one way to answer."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Message, Update
from telegram.error import BadRequest
from telegram.ext import CallbackContext, ExtBot

from bot.domain.records import Customer, InboxRow
from bot.errors import NotFound
from bot.services.shop import Shop
from handlers.callback_data import Press, parse
from handlers.inbox import Inbox
from handlers.middleware.chat_order import ChatOrder
from handlers.middleware.retries import Retries
from handlers.screen import Screen
from locales import Words, words

_REMEMBERED_SCREENS = 10_000
_GONE = ("message to edit not found", "message can't be edited")
_NO_TEXT = "there is no text in the message"


@dataclass
class BotState:
    """What handlers share, besides the shop: chat_processor, what each message shows, the owner's words."""

    shop: Shop
    chat_order: ChatOrder
    retries: Retries
    inbox: Inbox
    support: str = ""
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    asking: dict[int, "asyncio.Task[None]"] = field(default_factory=dict)
    support_times: dict[int, deque[float]] = field(default_factory=dict)  # by customer
    answered: dict[str, None] = field(
        default_factory=dict
    )  # presses, by id; the oldest leave first

    @property
    def zone(self) -> ZoneInfo:
        return self.shop.policy.time_zone

    def note_answered(self, query_id: str) -> None:
        if len(self.answered) >= _REMEMBERED_SCREENS:
            del self.answered[next(iter(self.answered))]
        self.answered[query_id] = None

    def note_shown(self, chat_id: int, message_id: int, what: str) -> None:
        self.shown.pop((chat_id, message_id), None)
        if len(self.shown) >= _REMEMBERED_SCREENS:
            del self.shown[next(iter(self.shown))]
        self.shown[chat_id, message_id] = what


_customer: ContextVar[Customer] = ContextVar("customer")


class ShopContext(CallbackContext[ExtBot[bool], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """The context of handlers and of middleware. `customer` is set before any handler runs."""

    @property
    def customer(self) -> Customer:
        """Whose update it is: the same in all contexts of one update."""
        return _customer.get()

    @customer.setter
    def customer(self, customer: Customer) -> None:
        _customer.set(customer)

    @property
    def is_known(self) -> bool:
        """Whether it is known whose update it is."""
        return _customer.get(None) is not None

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

    async def replay(self, rows: Sequence[InboxRow]) -> None:
        """Have updates that were kept worked on once more."""
        for update in await self.bot_state.inbox.open(rows, self.bot):
            await self.application.update_queue.put(update)

    def was_answered(self, update: Update) -> bool:
        return (
            update.callback_query is not None
            and update.callback_query.id in self.bot_state.answered
        )

    async def answer(self, update: Update, text: str = "", *, alert: bool = False) -> None:
        """Answer a press once, with or without a word; too late is as good as done."""
        query = update.callback_query
        if query is None or self.was_answered(update):
            return
        self.bot_state.note_answered(query.id)
        try:
            await query.answer(text[:200] or None, show_alert=alert or None)
        except BadRequest as error:
            if (
                "query is too old" not in str(error).lower()
                and "query id is invalid" not in str(error).lower()
            ):
                raise

    async def show(self, update: Update, screen: Screen, what: str = "", toast: str = "") -> None:
        """Answer the press and turn its message into this screen; or send it, where none was pressed."""
        query = update.callback_query
        if query is None:
            await self.send(update, screen, what)
            return
        message = query.message
        if not isinstance(message, Message) or message.invoice:  # too old, or never to be touched
            await asyncio.gather(self.answer(update, toast), self.send(update, screen, what))
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
        """Edit a message into a screen; False where it cannot be edited any more."""
        self.bot_state.note_shown(chat_id, message_id, what)
        try:
            await self.bot.edit_message_text(
                screen.text,
                chat_id=chat_id,
                message_id=message_id,
                entities=screen.entities,
                reply_markup=screen.keyboard(),
            )
        except BadRequest as error:
            reason = str(error).lower()
            if "not modified" in reason:
                return True
            if _NO_TEXT in reason:
                return await self._edit_caption(chat_id, message_id, screen)
            if any(gone in reason for gone in _GONE):
                return False
            raise
        return True

    async def _edit_caption(self, chat_id: int, message_id: int, screen: Screen) -> bool:
        """What stands under a picture or a file; False where that cannot be said there."""
        try:
            await self.bot.edit_message_caption(
                chat_id,
                message_id,
                caption=screen.text,
                caption_entities=screen.entities,
                reply_markup=screen.keyboard(),
            )
        except BadRequest:
            return False
        return True

    async def send(self, update: Update, screen: Screen, what: str = "") -> Message | None:
        chat = update.effective_chat
        if chat is None:
            return None
        message = await self.bot.send_message(
            chat.id, screen.text, entities=screen.entities, reply_markup=screen.keyboard()
        )
        self.bot_state.note_shown(chat.id, message.message_id, what)
        return message


def must_be_operator(context: ShopContext) -> None:
    """Buttons can be forged by anybody: the role is looked up, never carried."""
    if context.customer.id not in context.shop.policy.admin_ids:
        raise NotFound


def press_of(update: Update) -> Press:
    """What was pressed. Raises NotFound for what no button of ours carries."""
    return parse(update.callback_query.data if update.callback_query else None)


def typed(update: Update) -> str:
    """What was written; halves of characters, which no answer could hold, are left out."""
    text = update.effective_message.text if update.effective_message else None
    return (text or "").encode("utf-8", "ignore").decode()


def arguments(update: Update) -> str:
    """What stands behind a command."""
    return typed(update).partition(" ")[2].strip()
