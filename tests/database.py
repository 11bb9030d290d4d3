"""SQLite for tests that play the whole shop on it: the same statements, without the driver's thread.

aiosqlite hands every call to a thread of its own and waits for it; on a busy machine a round of the sweeps spends
most of its time on those turns. Here a statement runs at once and then lets others run, as it would have. What is
about locks and waiting (`THREADED` in conftest.py), and every process that the end-to-end tests start, uses the
driver as it is.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from storage.store import Store, prepare
from storage.transaction import Transaction


def store_at(path: Path) -> Store:
    """For one store on a file alone: waiting for another's lock would keep that other from letting go."""
    store = Store(f"sqlite:///{path}")
    writer: Any = _Engine(path, readers=0)
    reader: Any = _Engine(path, readers=4)
    store._writer, store._reader = writer, reader
    return store


async def overwrite(tx: Transaction, table: sa.Table, row_id: int, **values: Any) -> None:
    """Put a row into a state that no transition leads to: what a test is about has gone wrong before."""
    await tx.orders._db.execute(sa.update(table).where(table.c.id == row_id).values(**values))


class _Engine:
    """As much of SQLAlchemy's AsyncEngine as a store uses."""

    def __init__(self, path: Path, *, readers: int) -> None:
        most = readers or 1
        self.sync_engine = _engine(path, most)
        prepare(self.sync_engine, readers=readers)
        sa.event.listen(self.sync_engine, "connect", _disable_sync)
        self._free = asyncio.Semaphore(most)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator["_Connection"]:
        async with self._free:
            with self.sync_engine.connect() as connection:
                yield _Connection(connection)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["_Connection"]:
        async with self._free:
            with self.sync_engine.begin() as connection:
                yield _Connection(connection)

    async def dispose(self) -> None:
        self.sync_engine.dispose()


# One dialect for all stores of a process: SQLAlchemy keeps the compiled statements of each dialect apart, and to compile
# the shop's statements anew for every test takes a seventh of its time.
DIALECT: sa.Dialect = sa.create_engine("sqlite://").dialect
COMPILED: dict[Any, Any] = {}


def _engine(path: Path, most: int) -> sa.Engine:
    url = sa.make_url(f"sqlite:///{path}")
    arguments, options = DIALECT.create_connect_args(url)
    pool = sa.QueuePool(
        lambda: DIALECT.connect(*arguments, **options), pool_size=most, max_overflow=0
    )
    engine = sa.Engine(pool, DIALECT, url)
    engine.update_execution_options(compiled_cache=COMPILED)
    return engine


def _disable_sync(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")  # no power fails here


class _Connection:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[None]:
        with self._connection.begin():
            yield

    async def execute(self, *statement: Any) -> sa.CursorResult[Any]:
        result = self._connection.execute(*statement)
        await asyncio.sleep(0)
        return result

    async def run_sync(self, work: Callable[[sa.Connection], Any]) -> Any:
        return work(self._connection)
