"""Turns: what is done for one key is done one after the other, in the order it was begun."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from typing import Final

from bot.errors import SendLater

OUTBOX_WAITS_SECONDS: Final = 1.0  # it has few places, and whoever has the turn may wait a minute
_TRY_AGAIN_SECONDS: Final = 2.0


class Turns:
    """A lock for each key, which exists while somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, asyncio.Lock] = {}
        self._users: dict[Hashable, int] = {}

    @asynccontextmanager
    async def of(self, key: Hashable, *, patience: float | None = None) -> AsyncIterator[None]:
        """Hold the lock of a key. Whoever holds it must not ask for it again.

        Raises SendLater where others hold it for longer than `patience`, in seconds.
        """
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._users[key] = self._users.get(key, 0) + 1
        try:
            await _acquire(lock, patience)
            try:
                yield
            finally:
                lock.release()
        finally:
            self._leave(key)

    def _leave(self, key: Hashable) -> None:
        self._users[key] -= 1
        if not self._users[key]:
            del self._users[key], self._locks[key]

    def users(self, key: Hashable) -> int:
        """How many hold the lock of a key or wait for it."""
        return self._users.get(key, 0)


async def _acquire(lock: asyncio.Lock, patience: float | None) -> None:
    try:
        async with asyncio.timeout(patience):
            await lock.acquire()
    except TimeoutError:
        raise SendLater(_TRY_AGAIN_SECONDS) from None
