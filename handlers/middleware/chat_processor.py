"""A lane for each chat: in order within it, never waiting for another chat's.

PTB's own `concurrent_updates=True` with a ConversationHandler loses updates without an error.
"""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

_MANY = 1_000_000  # the bound is the lane, not the number of chats


class ChatProcessor(BaseUpdateProcessor):
    """`before` says whether an update may be worked on, `again` goes on where its handler failed, and
    `after` is called when all is done.
    """

    def __init__(
        self,
        after: Callable[[Update], Awaitable[None]],
        again: Callable[[Update], Awaitable[None]] | None = None,
        before: Callable[[Update], Awaitable[bool]] | None = None,
    ) -> None:
        super().__init__(_MANY)
        self._before = before
        self._after = after
        self._again = again
        self._locks: dict[int, asyncio.Lock] = {}
        self._users: dict[int, int] = {}
        self._closed = False

    def close(self) -> None:
        """What is at work ends; what still waits is left in the inbox for the next start."""
        self._closed = True

    def waiting(self, chat_id: int) -> int:
        """How many updates of a chat are at work or wait for it."""
        return self._users.get(chat_id, 0)

    @asynccontextmanager
    async def in_order(self, chat_id: int) -> AsyncIterator[None]:
        """Hold the lane of a chat; those who wait get it in the order they came."""
        lock = self._locks.setdefault(chat_id, asyncio.Lock())
        self._users[chat_id] = self._users.get(chat_id, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._users[chat_id] -= 1
            if not self._users[chat_id]:
                del self._users[chat_id], self._locks[chat_id]

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        if not isinstance(update, Update):
            await coroutine
            return
        async with self.in_order(chat_key(update)):
            if self._closed:
                _drop(coroutine)
                return
            if self._before is not None and not await self._before(update):
                _drop(coroutine)
            else:
                await coroutine
                if self._again is not None:
                    await self._again(update)
            await self._after(update)

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""


def _drop(coroutine: Awaitable[Any]) -> None:
    if inspect.iscoroutine(coroutine):
        coroutine.close()


def chat_key(update: Update) -> int:
    chat, user = update.effective_chat, update.effective_user
    return chat.id if chat else user.id if user else 0
