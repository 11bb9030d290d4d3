"""Holding a database so that no shop opens on it: what commands do that need it alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Final

from bot.errors import DatabaseInUse
from storage.leader_lock import FileLock, LeaderLock, command_lock, lock_file
from storage.snapshot import SQLITE, is_in_use
from storage.store import async_url

_IN_USE: Final = "is in use. Close the shop, and every standby, first"
_PATIENCE_SECONDS: Final = 2.0
_TRY_SECONDS: Final = 0.1


@asynccontextmanager
async def held(database_url: str) -> AsyncIterator[None]:
    """Keep every shop off a database meanwhile. Raises DatabaseInUse where one runs on it."""
    url = async_url(database_url)
    if url.get_backend_name() == SQLITE:
        path = Path(url.database or "")
        async with held_file(path):
            if await asyncio.to_thread(_is_open, path):
                raise DatabaseInUse(f"{path} {_IN_USE}")
            yield
        return
    lock = command_lock(database_url)
    try:
        if not await _take(lock):
            raise DatabaseInUse(f"the PostgreSQL database {url.database} {_IN_USE}")
        yield
    finally:
        await lock.release()


async def _take(lock: LeaderLock) -> bool:
    """Try for some seconds: who has just ended may be in the server's list of sessions still."""
    until = monotonic() + _PATIENCE_SECONDS
    while not await lock.take():
        if monotonic() > until:
            return False
        await asyncio.sleep(_TRY_SECONDS)
    return True


def _is_open(path: Path) -> bool:
    return path.is_file() and is_in_use(path)


@asynccontextmanager
async def held_file(path: Path) -> AsyncIterator[None]:
    """Hold a SQLite database, which need not exist. Raises DatabaseInUse where another does."""
    lock = FileLock(lock_file(path))
    if not await lock.take():
        raise DatabaseInUse(f"{path} {_IN_USE}")
    try:
        yield
    finally:
        await lock.release()
