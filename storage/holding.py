"""Holding a database so that no shop opens on it: what commands do that need it alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from bot.errors import DatabaseInUse
from storage.leader_lock import FileLock, command_lock, lock_file
from storage.snapshot import SQLITE, is_in_use
from storage.store import async_url

_IN_USE: Final = "is in use. Close the shop, and every standby, first"


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
    if not await lock.take():
        await lock.release()
        raise DatabaseInUse(f"the PostgreSQL database {url.database} {_IN_USE}")
    try:
        yield
    finally:
        await lock.release()


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
