"""Holding a database so that no shop opens on it: what `hanout move` does with both of its databases.

The holds are those of the one leader: on SQLite `flock` on a file beside the database, on PostgreSQL an
advisory lock of a session.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import StorageFailure
from storage.explanations import as_storage_failure
from storage.snapshot import SQLITE, is_in_use
from storage.store import async_url

_KEY: Final = (0x48616E6F, 1)
_IN_USE: Final = "is in use. Close the shop, and every standby, first"


@asynccontextmanager
async def held(database_url: str) -> AsyncIterator[None]:
    """Keep every shop off a database meanwhile. Raises StorageFailure where one runs on it."""
    url = async_url(database_url)
    if url.get_backend_name() == SQLITE:
        path = Path(url.database or "")
        with held_file(path):
            if await asyncio.to_thread(_is_open, path):
                raise StorageFailure(f"{path} {_IN_USE}")
            yield
        return
    with as_storage_failure():
        engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        async with engine.connect() as db:
            taken = await db.execute(text("SELECT pg_try_advisory_lock(:one, :two)"), _keys())
            if not taken.scalar_one():
                raise StorageFailure(f"the PostgreSQL database {url.database} {_IN_USE}")
            yield


def _is_open(path: Path) -> bool:
    return path.exists() and is_in_use(path)


def _keys() -> dict[str, int]:
    return {"one": _KEY[0], "two": _KEY[1]}


@contextmanager
def held_file(path: Path) -> Iterator[None]:
    """Hold a SQLite database, which need not exist. Raises StorageFailure where another does."""
    with as_storage_failure():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StorageFailure(f"{path} {_IN_USE}") from None
        yield
    finally:
        os.close(lock)
