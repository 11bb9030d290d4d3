"""The database connections: one writer and several readers on SQLite, pools on PostgreSQL.

All failures of the storage go through here (`failures`): nothing else of the shop sees an error of a driver.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.domain.jobs import Job, Wakes
from bot.errors import StorageFailure
from storage.addresses import check_parts
from storage.attempts import Attempts
from storage.commits import Begun, Commits
from storage.explanations import explain
from storage.failures import as_failure, as_storage_failure
from storage.transaction import Transaction

if TYPE_CHECKING:
    from storage.postgres import Sessions

_log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a commit lost in a power failure could sell a code twice
    "foreign_keys": 1,
    "recursive_triggers": 1,  # without it, INSERT OR REPLACE skips the append-only triggers
    "busy_timeout": 5000,
    "secure_delete": 1,
    "cache_size": -512,  # KiB of pages, of each connection; with SQLite's own 2 MiB all is as quick
}
_READERS = 4
# PostgreSQL: for a whole transaction. Each statement has its limit at the driver, which does not hold for a connection
# that is lost at the wrong moment: it was waited for without end.
_TRANSACTION_SECONDS: Final = 20.0
_NO_ADDRESS = "it cannot be read as an address of a database; in a password, write @ as %40, : as %3A and / as %2F"

_NOT_FOR_TOOLS: Final = {"dsn", "direct_tls"}
_TOOLS_WORDS: Final = "PostgreSQL's own tools, which make the backups, would use another server"


def async_url(database_url: str) -> URL:
    """The URL with the driver that the shop uses, whichever driver the given one names.

    Raises ValueError if the URL is of neither SQLite nor PostgreSQL, or none at all, or has parts that its driver
    or the tools of PostgreSQL cannot use.
    """
    try:
        url = make_url(database_url)
    except (ArgumentError, ValueError):  # their texts may hold a password
        raise ValueError(_NO_ADDRESS) from None
    driver = {
        "sqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+asyncpg",
        "postgres": "postgresql+asyncpg",
    }
    backend = url.drivername.partition("+")[0]
    if backend not in driver:
        raise ValueError("DATABASE_URL must start with sqlite:/// or postgresql://")
    url = url.set(drivername=driver[backend])
    if "\0" in (url.database or ""):
        raise ValueError("take %00 out of the address: no file or database has it in its name")
    if "sslmode" in url.query:  # what PostgreSQL's own tools call the driver's option `ssl`
        options = {"ssl" if name == "sslmode" else name: url.query[name] for name in url.query}
        url = url.set(query=options)
    if unknown := _NOT_FOR_TOOLS & url.query.keys():
        raise ValueError(f"take {', '.join(sorted(unknown))} out of the address: {_TOOLS_WORDS}")
    check_parts(url)
    return url


def _sqlite(url: URL, *, readers: int) -> AsyncEngine:
    """An engine with so many query-only connections; readers=0 means one writer."""
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=readers or 1,
        max_overflow=0,
        pool_timeout=60,
    )
    prepare(engine.sync_engine, readers=readers)
    return engine


def _set_pragmas(connection: Any, *, query_only: bool) -> None:
    """Raises StorageFailure where SQLite ignores one."""
    cursor = connection.cursor()
    for name, value in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {value}")
        cursor.execute(f"PRAGMA {name}")
        actual = cursor.fetchone()[0]
        if str(actual).lower() != str(value):
            raise StorageFailure(f"SQLite would not take {name}={value}, it has {actual}")
    if query_only:
        cursor.execute("PRAGMA query_only = 1")
    cursor.close()


def prepare(engine: Engine, *, readers: int) -> None:
    """Set the pragmas of every new connection, and begin every transaction explicitly.

    A writing transaction takes the write lock when it begins. A connection on which SQLite ignores
    a pragma raises StorageFailure.
    """

    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin deferred: see `begin` below
        try:
            _set_pragmas(connection, query_only=bool(readers))
        except BaseException:
            connection.close()  # nobody else would, and its thread would outlive the event loop
            raise

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if readers else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)


def _prepare_place(path: Path) -> None:
    """Make the folder of a SQLite database. Raises StorageFailure where no database can be opened.

    Where opening fails, the driver's thread ends with a traceback on the console.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageFailure(f"the folder {path.parent} cannot be made: {error.strerror}") from None
    if path.is_dir():
        raise StorageFailure(f"{path} is a folder; name a file in it")
    for place in (path, path.parent):
        if place.exists() and not os.access(place, os.R_OK | os.W_OK):
            raise StorageFailure(explain(f"{place}: Permission denied"))


class Store:
    """The database: transactions that write, and transactions that only read.

    Raises StorageFailure if a SQLite database cannot be there, or the driver of PostgreSQL is missing.
    """

    def __init__(self, database_url: str, *, name: str = "hanout") -> None:
        self.url = async_url(database_url)
        # Where the database is another process: what it answers may be lost, or take too long.
        self._commits: Commits | None = None
        self._long: AsyncEngine | None = None
        self._snapshots: AsyncEngine | None = None  # the same connections, which read one snapshot
        self._limit_seconds: float | None = None
        self._sessions: Sequence[Sessions] = ()
        if self.url.get_backend_name() == "sqlite":
            if self.url.database and self.url.database != ":memory:":
                _prepare_place(Path(self.url.database))
            self._writer = _sqlite(self.url, readers=0)
            self._reader = _sqlite(self.url, readers=_READERS)
        else:
            from storage import postgres  # its driver is an extra

            with as_storage_failure():
                self._writer = self._reader = postgres.work_engine(self.url, name=name)
                seconds = postgres.LONG_STATEMENT_SECONDS
                self._long = postgres.work_engine(self.url, name=name, seconds=seconds, size=2)
            self._snapshots = self._long.execution_options(isolation_level="REPEATABLE READ")
            self._commits = Commits(self._writer)
            self._limit_seconds = _TRANSACTION_SECONDS
            self._sessions = [postgres.Sessions(engine) for engine in (self._writer, self._long)]
        self._running: set[asyncio.Future[Any]] = set()
        self._listeners: list[Callable[[Wakes], None]] = []

    def lead(self, instance: str) -> None:
        """From now on write only while the database says that `instance` leads the shop.

        Any other write raises NotLeading. Not needed on SQLite, where a leader's lock outlives
        whatever happens to its process but its end.
        """
        if self._commits is not None:
            self._commits.instance = instance

    def renew_connections(self) -> None:
        """Use new connections from now on: those that nobody uses may lead nowhere."""
        for sessions in self._sessions:
            sessions.abort()

    def subscribe(self, listener: Callable[[Wakes], None]) -> None:
        """Call a listener after each commit with the jobs that the transaction collected."""
        self._listeners.append(listener)

    async def write(
        self,
        work: Callable[Concatenate[Transaction, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `work` in one transaction, to its end even if the caller is cancelled.

        Any exception rolls back and is raised. `work` is run again, for some seconds at most, where
        the database surely kept nothing of it: after a deadlock, or a lost connection. Raises
        StorageFailure; CommitUnknown where nobody can tell whether it was committed.
        """
        task = asyncio.ensure_future(self._transaction(work, *args, **kwargs))
        self._keep(task)
        # Cancelling a transaction half-way would leave it open, so only the waiting is cancelled.
        return await asyncio.shield(task)

    async def write_unled(
        self,
        work: Callable[Concatenate[Transaction, P], Awaitable[None]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Run `work` in one transaction, once, also where another process leads by now.

        For what a process that ends has to say of itself: it wakes nobody. Raises StorageFailure.
        """
        with self._translated():
            async with self._writer.begin() as connection:
                await work(Transaction(connection), *args, **kwargs)

    def _keep(self, task: asyncio.Future[Any]) -> None:
        self._running.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Future[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # where the caller was cancelled, nobody else asks for it

    async def _transaction(
        self,
        work: Callable[Concatenate[Transaction, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        attempts = Attempts(monotonic)
        while True:
            try:
                result, wakes = await self._attempt(work, *args, **kwargs)
            except StorageFailure as failure:
                seconds = attempts.wait_after(failure)
                if seconds is None:
                    raise
                await asyncio.sleep(seconds)
            else:
                break
        if wakes:
            self._ring(wakes)
        return result

    async def _attempt(
        self,
        work: Callable[Concatenate[Transaction, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> tuple[T, Wakes]:
        begun: Begun | None = None
        done: tuple[T, Wakes] | None = None
        is_kept = False
        try:
            async with asyncio.timeout(self._limit_seconds), self._writer.connect() as connection:
                async with connection.begin():
                    if self._commits is not None:
                        begun = await self._commits.begin(connection)
                    tx = Transaction(connection)
                    done = await work(tx, *args, **kwargs), tx.wakes
                is_kept = True
        except Exception as error:
            failure = self._failure(error)
            if failure is None:
                raise
            if done is None:
                raise failure from None  # without the statement: its parameters may hold secrets
            if not is_kept and not await self._was_committed(begun):
                raise failure from None
        return done

    async def _was_committed(self, begun: Begun | None) -> bool:
        if self._commits is None or begun is None:
            return False
        return await self._commits.was_committed(begun)

    def _failure(self, error: Exception) -> StorageFailure | None:
        """What the error means; a database that did not answer is asked by new connections next."""
        if isinstance(error, TimeoutError):
            self.renew_connections()
        return as_failure(error)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Raise as StorageFailure what the database fails with, and everything else as it is."""
        try:
            yield
        except Exception as error:
            failure = self._failure(error)
            if failure is None or failure is error:
                raise
            raise failure from None

    def wake(self, job: Job) -> None:
        """Wake a job for work that is in the process's memory; a commit wakes the jobs of rows."""
        wakes = Wakes()
        wakes.add(job)
        self._ring(wakes)

    def _ring(self, wakes: Wakes) -> None:
        """Tell the listeners. What one raises changes nothing: the transaction is committed."""
        for listener in self._listeners:
            try:
                listener(wakes)
            except Exception:  # noqa: BLE001 - the caller must hear that it is committed
                _log.exception("a listener of commits failed")

    @asynccontextmanager
    async def reading(self, *, long: bool = False) -> AsyncIterator[Transaction]:
        """A transaction for queries, without locks. An error of the driver becomes StorageFailure.

        On SQLite everything is read from one snapshot, and writing fails. `long`: for what reads
        whole tables, which may take minutes, and reads one snapshot on PostgreSQL too.
        """
        with self._translated():
            async with (
                asyncio.timeout(None if long else self._limit_seconds),
                _connected((self._snapshots if long else None) or self._reader) as connection,
            ):
                if long and self._commits is not None:
                    await self._commits.ping(connection)
                yield Transaction(connection)

    async def read_sync(self, work: Callable[[Connection], T]) -> T:
        """For synchronous queries: without locks, as `reading`."""
        with self._translated():
            async with _connected(self._reader) as connection:
                return await connection.run_sync(work)

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        """For migrations: run synchronous SQL code in a write transaction."""
        engine = self._writer if self._long is None else self._long
        with self._translated():
            async with engine.begin() as connection:
                if self._commits is not None:
                    await self._commits.ping(connection)
                return await connection.run_sync(work)

    async def close(self) -> None:
        """Wait for running transactions to end, then close every connection."""
        while self._running:
            await asyncio.wait(self._running)
        closing = {
            id(engine): engine for engine in (self._writer, self._reader, self._long) if engine
        }
        for engine in closing.values():
            await engine.dispose()


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection, for which some seconds are waited while the database cannot be reached."""
    attempts = Attempts(monotonic)
    async with AsyncExitStack() as stack:
        while True:
            try:
                connection = await stack.enter_async_context(engine.connect())
            except Exception as error:
                failure = as_failure(error)
                seconds = None if failure is None else attempts.wait_after(failure)
                if seconds is None:
                    raise
                await asyncio.sleep(seconds)
            else:
                break
        yield connection
