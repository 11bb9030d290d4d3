"""Copies a database into one file and back, on PostgreSQL with its client tools."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bot.errors import StorageFailure
from storage.client_tools import call_tool
from storage.explanations import explain
from storage.store import async_url

SQLITE = "sqlite"
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database, by the end of its name
_SQLITE_MAGIC = b"SQLite format 3\x00"  # https://www.sqlite.org/fileformat.html
# Far more than the largest shop needs; without an end, a night's backup would keep all later ones from being made.
_DUMP_HOURS = 2.0
_RESTORE_HOURS = 12.0


def kind_of(database_url: str) -> str:
    """The database system: SQLITE or "postgresql"."""
    return async_url(database_url).get_backend_name()


def path_of(database_url: str) -> Path:
    """The file of a SQLite database."""
    return Path(async_url(database_url).database or "")


async def take_snapshot(database_url: str, target: Path) -> None:
    """Write everything that is committed to `target`, a new or empty file, as the shop runs."""
    url = async_url(database_url)
    if url.get_backend_name() == SQLITE:
        await asyncio.to_thread(copy_sqlite, Path(url.database or ""), target)
        return
    await asyncio.to_thread(target.touch, 0o600)
    await call_tool(
        url, "pg_dump", "--format=custom", "--no-owner", f"--file={target}", hours=_DUMP_HOURS
    )


def is_sqlite(path: Path) -> bool:
    """Whether the file begins as a SQLite database does; it may be damaged. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC


def _read_only(path: Path) -> str:
    """The address by which SQLite only reads a file: a path may hold what means something in an address."""
    return f"file:{quote(str(path))}?mode=ro"


def copy_sqlite(source: Path, target: Path) -> None:
    """Write everything that is committed, also in the write-ahead log beside it, to a new file.

    Raises StorageFailure if there is no database, or a damaged one.
    """
    if not source.exists():
        raise StorageFailure(f"there is no database at {source}")
    target.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(_read_only(source), uri=True, timeout=30)) as db:
            db.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise StorageFailure(explain(error)) from None
    check_sqlite(target)


def remove_sqlite(path: Path) -> None:
    """Remove a SQLite database that may be there, with what SQLite keeps beside it."""
    for end in ("", *BESIDE):
        path.with_name(path.name + end).unlink(missing_ok=True)


def check_sqlite(path: Path) -> None:
    """Raises StorageFailure if the file is not an intact SQLite database."""
    try:
        with closing(sqlite3.connect(_read_only(path), uri=True)) as db:
            found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise StorageFailure(explain(error)) from None
    if found != "ok":
        raise StorageFailure(f"the database is damaged: {found}")


def is_in_use(path: Path) -> bool:
    """Whether another process has this SQLite database open."""
    with closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as db:
        try:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
            db.execute("BEGIN EXCLUSIVE")
            db.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            return "locked" in str(error)
        except sqlite3.DatabaseError:
            return False  # a damaged file: no process can be working with it
    return False


async def restore_postgresql(database_url: str, source: Path) -> None:
    """Fill an empty PostgreSQL database from a snapshot, in one transaction.

    Raises StorageFailure.
    """
    await call_tool(
        async_url(database_url),
        "pg_restore",
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        str(source),
        hours=_RESTORE_HOURS,
    )
