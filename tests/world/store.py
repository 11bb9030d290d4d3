"""The shop's store on SQLite in memory: one connection, which a forked process has a copy of."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.errors import StorageFailure
from storage.store import Store
from storage.transaction import Transaction
from tests.database import COMPILED, DIALECT
from tests.world.scheduler import Scheduler
from tests.world.witness import watch

BEFORE, AT_COMMIT, AFTER = "fails at once", "fails at its commit", "committed, but unanswered"
# A statement in the middle that fails writes no more than one of these: everything is rolled back.
STORAGE_FAULTS = (BEFORE, AT_COMMIT, AFTER)


class MemoryEngine:
    """As much of SQLAlchemy's AsyncEngine as a store uses, over one connection."""

    def __init__(self, empty: Path) -> None:
        self.raw = sqlite3.connect(":memory:", check_same_thread=False)
        self.raw.isolation_level = None
        with sqlite3.connect(empty) as file:
            file.backup(self.raw)
        file.close()
        self.raw.execute("PRAGMA foreign_keys = 1")
        self.raw.execute("PRAGMA recursive_triggers = 1")
        watch(self.raw)
        pool = sa.StaticPool(self._connect)
        self.sync_engine = sa.Engine(pool, DIALECT, sa.make_url("sqlite://"))
        self.sync_engine.update_execution_options(compiled_cache=COMPILED)
        sa.event.listen(self.sync_engine, "begin", _begin)
        self._is_open = False

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["_Connection"]:
        with self._one_at_a_time(), self.sync_engine.begin() as connection:
            yield _Connection(connection)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["_Connection"]:
        with self._one_at_a_time(), self.sync_engine.connect() as connection:
            yield _Connection(connection)

    def _connect(self) -> Any:
        return self.raw

    def _one_at_a_time(self) -> "_Open":
        assert not self._is_open, "a port is called within a transaction"
        return _Open(self)

    async def dispose(self) -> None:
        pass


class _Open:
    def __init__(self, engine: MemoryEngine) -> None:
        self._engine = engine

    def __enter__(self) -> None:
        self._engine._is_open = True

    def __exit__(self, *_raised: object) -> None:
        self._engine._is_open = False


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class _Connection:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[None]:
        with self._connection.begin():
            yield

    async def execute(self, *statement: Any) -> sa.CursorResult[Any]:
        return self._connection.execute(*statement)

    async def run_sync(self, work: Callable[[sa.Connection], Any]) -> Any:
        return work(self._connection)


class MemoryStore(Store):
    """A point before each transaction and each reading; a transaction can fail in three ways.

    Each process of the shop has a store of its own, all on one engine.
    """

    def __init__(self, engine: MemoryEngine, scheduler: Scheduler) -> None:
        super().__init__("sqlite:///:memory:")
        shared: Any = engine
        self._writer = self._reader = shared
        self.engine, self._scheduler = engine, scheduler

    async def write(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        name = f"{work.__module__.rpartition('.')[2]}.{work.__name__}"
        await self._scheduler.point(f"write {name}")
        fault = self._scheduler.fault(f"write {name}", STORAGE_FAULTS)
        if fault == BEFORE:
            raise StorageFailure("the database is locked")
        if fault == AT_COMMIT:
            return await super().write(_then_fail, work, args, kwargs)
        result = await super().write(work, *args, **kwargs)
        if fault == AFTER:
            raise StorageFailure("the connection is lost")
        return result

    @asynccontextmanager
    async def reading(self, *, long: bool = False) -> AsyncIterator[Transaction]:
        await self._scheduler.point("read")
        async with super().reading(long=long) as tx:
            yield tx


async def _then_fail(tx: Transaction, work: Any, args: Any, kwargs: Any) -> None:
    await work(tx, *args, **kwargs)
    raise StorageFailure("the disk is full")


def empty_database(folder: Path) -> Path:
    """A migrated database without rows, to copy."""
    from storage.migrate import migrate
    from tests.database import store_at

    async def make() -> None:
        store = store_at(folder / "empty.db")
        await migrate(store)
        await store.close()

    with asyncio.Runner() as runner:
        runner.run(make())
    return folder / "empty.db"
