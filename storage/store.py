"""Connections: one writer and several query-only readers on SQLite; one pool on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.domain.jobs import Wakes
from bot.errors import StorageFailure
from storage.transaction import Transaction

P = ParamSpec("P")
T = TypeVar("T")

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a commit that is forgotten is a code sold twice
    "foreign_keys": 1,
    "recursive_triggers": 1,  # or INSERT OR REPLACE walks past the append-only triggers
    "busy_timeout": 5000,
    "secure_delete": 1,
}
_READERS = 4


def async_url(database_url: str) -> URL:
    """The URL with the driver that the shop uses; `sqlite:///…` and `postgresql://…` are enough."""
    url = make_url(database_url)
    driver = {
        "sqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+asyncpg",
        "postgres": "postgresql+asyncpg",
    }
    backend = url.drivername.partition("+")[0]
    if backend not in driver:
        raise ValueError("DATABASE_URL must start with sqlite:/// or postgresql://")
    return url.set(drivername=driver[backend])


def _sqlite(url: URL, *, readers: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=readers or 1,
        max_overflow=0,
        pool_timeout=60,
    )
    prepare(engine.sync_engine, readers=readers)
    return engine


def prepare(engine: Engine, *, readers: int) -> None:
    """Every connection has our pragmas, and every transaction begins as ours do."""

    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves; the driver's own is deferred
        cursor = connection.cursor()
        for name, value in PRAGMAS.items():
            cursor.execute(f"PRAGMA {name} = {value}")
            cursor.execute(f"PRAGMA {name}")
            got = cursor.fetchone()[0]
            if str(got).lower() != str(value):
                raise StorageFailure(f"SQLite would not take {name}={value}, it has {got}")
        if readers:
            cursor.execute("PRAGMA query_only = 1")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if readers else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)


_WORDS = (
    (("is locked", "is busy"), "Another program holds the database; close it, or wait"),
    (("disk is full", "no space left"), "The disk is full; free some space"),
    (
        ("readonly database", "unable to open database", "read-only"),
        "The database may not be written; look at the owner and the rights of its folder",
    ),
    (
        ("malformed", "not a database"),
        "The database is damaged; keep it, and put a backup in its place with `hanout restore`",
    ),
    (("disk i/o error",), "The disk fails"),
)


def in_words(error: object) -> str:
    """The driver's complaint, after what it means for the owner of the shop."""
    said = str(error)
    meaning = next((words for signs, words in _WORDS if any(s in said.lower() for s in signs)), "")
    return f"{meaning} ({said})" if meaning else said


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageFailure(f"the folder {folder} cannot be made: {error.strerror}") from None


class Store:
    """The database: transactions that write, and consistent readings."""

    def __init__(self, database_url: str) -> None:
        self.url = async_url(database_url)
        if self.url.get_backend_name() == "sqlite":
            if self.url.database and self.url.database != ":memory:":
                _make_folder(Path(self.url.database).parent)
            self._writer = _sqlite(self.url, readers=0)
            self._reader = _sqlite(self.url, readers=_READERS)
        else:
            self._writer = self._reader = create_async_engine(
                self.url, pool_size=10, pool_pre_ping=True
            )
        self._running: set[asyncio.Task[Any]] = set()
        self._listeners: list[Callable[[Wakes], None]] = []

    def subscribe(self, listener: Callable[[Wakes], None]) -> None:
        """Have a listener told, after each commit, which jobs it woke."""
        self._listeners.append(listener)

    async def write(
        self,
        work: Callable[Concatenate[Transaction, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `work` in one transaction, to its end even where the caller is cancelled.

        Any exception rolls back and passes through. Raises StorageFailure where the database
        cannot be written.
        """
        task = asyncio.ensure_future(self._transaction(work, *args, **kwargs))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        # Cancelling a half-done transaction leaves it open: it runs to its end, whoever waits.
        return await asyncio.shield(task)

    async def _transaction(
        self,
        work: Callable[Concatenate[Transaction, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        try:
            async with self._writer.begin() as connection:
                tx = Transaction(connection)
                result = await work(tx, *args, **kwargs)
        except DBAPIError as error:
            # The statement's parameters may hold secrets: only the driver's own words go on.
            raise StorageFailure(in_words(error.orig)) from None
        if tx.wakes:
            for listener in self._listeners:
                listener(tx.wakes)
        return result

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        try:
            async with self._reader.connect() as connection:
                yield Transaction(connection)
        except DBAPIError as error:
            raise StorageFailure(in_words(error.orig)) from None

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """For migrations: run blocking SQL work in a write transaction."""
        try:
            async with self._writer.begin() as connection:
                return await connection.run_sync(work)
        except DBAPIError as error:
            raise StorageFailure(in_words(error.orig)) from None

    async def close(self) -> None:
        """Let running transactions end, then close every connection."""
        while self._running:
            await asyncio.wait(self._running)
        closing = {id(engine): engine for engine in (self._writer, self._reader)}
        for engine in closing.values():
            await engine.dispose()
