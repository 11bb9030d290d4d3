"""Reads a database without making or changing anything: no file, no folder, no lock, no schema."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import StorageFailure
from storage.explanations import explain
from storage.failures import as_storage_failure
from storage.leader_lock import lock_file
from storage.migrate import check_encoding, check_of_no_other_program, checked_revision
from storage.migrations import HEAD
from storage.store import async_url
from storage.transaction import Transaction

_MOST_COPIED_BYTES: Final = 1_000_000_000
_LOCKS: Final = Path("/proc/locks")


class NoDatabase(Exception):
    """There is none yet: the first start makes it. `folder` is where."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self.folder = folder


@asynccontextmanager
async def looking(database_url: str) -> AsyncIterator[AsyncConnection]:
    """A connection for reading. Raises NoDatabase, StorageFailure."""
    url = async_url(database_url)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        check_place(path)
        with tempfile.TemporaryDirectory(prefix="hanout-") as folder:
            address = await asyncio.to_thread(_way_to, path, Path(folder))
            async with _connected(create_async_engine(address, poolclass=NullPool)) as connection:
                yield connection
        return
    from storage import postgres  # its driver is an extra

    with as_storage_failure():
        engine = postgres.work_engine(url, name="hanout doctor", size=1)
    async with _connected(engine) as connection:
        yield connection


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    try:
        with as_storage_failure():
            async with engine.connect() as connection:
                yield connection
    finally:
        await engine.dispose()


async def read_of(connection: AsyncConnection) -> Transaction | None:
    """A transaction on the shop's tables; None where the database has no tables yet.

    Raises StorageFailure for a schema that is not the present one, and for tables of another program.
    """
    revision = await connection.run_sync(checked_revision)
    if revision is None:
        await connection.run_sync(check_of_no_other_program)
        await connection.run_sync(check_encoding)
        return None
    if revision != HEAD:
        raise StorageFailure(
            "The database is of an earlier version of Hanout; `hanout run` brings it up to date at its start, and so "
            "does `hanout migrate` with the shop closed"
        )
    return Transaction(connection)


async def server_version(connection: AsyncConnection) -> int:
    """The major version of the PostgreSQL server."""
    number = (await connection.exec_driver_sql("SHOW server_version_num")).scalar_one()
    return int(number) // 10_000


def is_led(path: Path) -> bool:
    """Whether a process holds the lock beside this SQLite database, as far as Linux tells it."""
    try:
        inode = lock_file(path).stat().st_ino
        held = _LOCKS.read_text()
    except OSError:
        return False
    return any(f":{inode} " in line for line in held.splitlines())


def check_place(path: Path) -> None:
    """Raises NoDatabase, StorageFailure; the driver's thread would end with a traceback. Makes nothing."""
    if path.is_dir():
        raise StorageFailure(f"{path} is a folder; name a file in it")
    folder = next(each for each in path.absolute().parents if each.exists())
    if not path.exists():
        if not os.access(folder, os.W_OK | os.X_OK) or str(folder).startswith("/proc"):
            wanted = path.parent if not path.parent.exists() else path
            raise StorageFailure(
                f"the folder {wanted} cannot be made: this user may not write to {folder}"
                if wanted == path.parent
                else explain(f"{folder}: Permission denied")
            )
        raise NoDatabase(path.parent)
    for place in (path, path.parent):
        if not os.access(place, os.R_OK | os.W_OK):
            raise StorageFailure(explain(f"{place}: Permission denied"))


def _way_to(path: Path, folder: Path) -> URL:
    """How the file is opened so that SQLite writes nothing beside it.

    A database that a shop has open has its log and its index of that already, so one reader more
    makes no file. One without a log is whole by itself, and is read without any lock. What a shop
    left that was killed has to be recovered first, which is done to a copy.
    """
    log = path.with_name(f"{path.name}-wal")
    if is_led(path):
        return _address(path, "mode=ro")
    size = path.stat().st_size
    if log.exists() and log.stat().st_size and size < _MOST_COPIED_BYTES:
        copy = folder / "copy.db"
        shutil.copyfile(path, copy)
        shutil.copyfile(log, copy.with_name(f"{copy.name}-wal"))
        return _address(copy, "mode=rw")
    return _address(path, "mode=ro&immutable=1")


def _address(path: Path, options: str) -> URL:
    return async_url(f"sqlite:///file:{quote(str(path.absolute()))}?{options}&uri=true")
