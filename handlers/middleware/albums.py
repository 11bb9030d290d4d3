"""Gathers the items of an album, which come as one update each, and has them handled as one.

Each item is stored in the inbox by itself, before this. All count as handled together, so after a
restart an album that was not handled is gathered again from its stored items.
"""

import asyncio
import time
from collections.abc import Container
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from telegram import Chat, Message, Update

from handlers.middleware import CallNext, ShopApplication
from handlers.payment_updates import is_payment

_LIMIT: Final = 10  # items of an album; Telegram's own limit
_QUIET_SECONDS: Final = 0.8  # an album ends when no item came for so long: several polls
_MAX_SECONDS: Final = 4.0  # an album ends so long after its first item at the latest
# The first poll after a restart may bring the rest of an album whose beginning is replayed.
_REPLAY_QUIET_SECONDS: Final = 3.0
_MAX_REMEMBERED: Final = 1_000  # captions of albums that ended

_Key = tuple[int, str]  # chat and media_group_id


@dataclass(frozen=True, slots=True)
class Album:
    """Updates that are handled as one message, in the order of their ids; most often only one.

    `is_late`: the rest of the album was handled before; `earlier_caption` is the caption of that.
    """

    updates: tuple[Update, ...]
    is_late: bool = False
    earlier_caption: str = ""

    @property
    def messages(self) -> tuple[Message, ...]:
        found = (update.effective_message for update in self.updates)
        return tuple(message for message in found if message is not None)

    @property
    def caption(self) -> str:
        """The first caption: Telegram's apps put one on the first item."""
        own = next((message.caption for message in self.messages if message.caption), "")
        return own or self.earlier_caption


@dataclass(eq=False)
class _OpenAlbum:
    """An album that further items may join."""

    updates: list[Update]
    quiet_seconds: float
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    is_complete: bool = False
    opened_at: float = field(default_factory=time.monotonic)
    joined_at: float = field(default_factory=time.monotonic)

    def join(self, update: Update) -> None:
        self.updates.append(update)
        self.joined_at = time.monotonic()
        if len(self.updates) >= _LIMIT:
            self.complete()
        self.changed.set()

    def complete(self) -> None:
        self.is_complete = True
        self.changed.set()

    async def wait(self) -> None:
        """Wait until the album is complete, quiet for long enough, or too old."""
        while not self.is_complete:
            end = min(self.joined_at + self.quiet_seconds, self.opened_at + _MAX_SECONDS)
            left = end - time.monotonic()
            if left <= 0:
                return
            self.changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self.changed.wait()


_opened: ContextVar[_OpenAlbum | None] = ContextVar("opened album", default=None)
_handled: ContextVar[Album | None] = ContextVar("handled album", default=None)


def album_of(update: Update) -> Album:
    """The album whose updates are handled together with this one, or this one alone."""
    album = _handled.get()
    if album is None or all(update.update_id != one.update_id for one in album.updates):
        return Album((update,))
    return album


class Albums:
    """Two layers of middleware, around the one that keeps the order of a chat.

    `join` comes before it, so that items reach their album while the first holds the chat;
    `gather` after it, so that what came later in this chat waits, and other chats do not.
    """

    def __init__(
        self, replayed: Container[int] = (), *, quiet_seconds: float = _QUIET_SECONDS
    ) -> None:
        """`replayed`: ids of updates that the last process left; see `Retries`."""
        self.quiet_seconds = quiet_seconds
        self._replayed = replayed
        self._open: dict[_Key, _OpenAlbum] = {}
        self._captions: dict[_Key, str] = {}  # of albums that ended, the oldest first

    async def join(self, update: Update, application: ShopApplication, call_next: CallNext) -> None:
        """Middleware: add an item to its open album, where it ends; a first item goes on."""
        key = _key(update)
        self._complete_others(update, key)
        if key is None:
            await call_next(update)
            return
        album = self._open.get(key)
        if album is not None and not album.is_complete:
            album.join(update)
            return
        replayed = update.update_id in self._replayed
        quiet = max(self.quiet_seconds, _REPLAY_QUIET_SECONDS) if replayed else self.quiet_seconds
        album = self._open[key] = _OpenAlbum([update], quiet)
        token = _opened.set(album)
        try:
            await call_next(update)
        finally:
            _opened.reset(token)
            self._close(key, album)

    def _complete_others(self, update: Update, key: _Key | None) -> None:
        """End the chat's other albums: messages of a chat come in order, so no item will follow."""
        if update.message is None or is_payment(update):  # no order is promised between these
            return
        for other, album in self._open.items():
            if other[0] == update.message.chat.id and other != key:
                album.complete()

    async def gather(
        self, update: Update, application: ShopApplication, call_next: CallNext
    ) -> None:
        """Middleware: wait for the rest of an album, then handle it by one of its updates."""
        opened, key = _opened.get(), _key(update)
        if opened is None or key is None:
            await call_next(update)
            return
        await opened.wait()
        self._close(key, opened)
        updates = tuple(sorted(opened.updates, key=lambda one: one.update_id))
        album = Album(updates, key in self._captions, self._captions.get(key, ""))
        self._remember(key, album.caption)
        token = _handled.set(album)
        try:
            await call_next(min(updates, key=_rank))
        finally:
            _handled.reset(token)

    def _close(self, key: _Key, album: _OpenAlbum) -> None:
        """Let no item join any more; a later one opens an album of its own."""
        album.complete()
        if self._open.get(key) is album:
            del self._open[key]

    def _remember(self, key: _Key, caption: str) -> None:
        self._captions.pop(key, None)
        if len(self._captions) >= _MAX_REMEMBERED:
            del self._captions[next(iter(self._captions))]
        self._captions[key] = caption


def _key(update: Update) -> _Key | None:
    """The album of an update; None outside albums. Only private chats are answered."""
    message = update.message
    if message is None or message.media_group_id is None or message.chat.type != Chat.PRIVATE:
        return None
    if is_payment(update):  # whatever else it says, it waits for nothing
        return None
    return message.chat.id, message.media_group_id


def _rank(update: Update) -> tuple[bool, bool, int]:
    """The least of an album stands for all: a kind that the shop takes, a reply, the first."""
    message = update.message
    taken = message is not None and bool(message.photo or message.document)
    reply = message is not None and message.reply_to_message is not None
    return not taken, not reply, update.update_id
