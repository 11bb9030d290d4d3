"""What moving a shop does to its two databases: transactions, marks, locks and files."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.records import MoveMark, MoveState
from storage.copying import COPIED, open_engine
from storage.placing import sync
from storage.tables import metadata, moves
from storage.transaction import Transaction

FUNCTIONS: Final = (
    "hanout_append_only",
    "hanout_open_day_of_orders",
    "hanout_open_day_of_codes",
    "hanout_unmark",
)
Database = AsyncConnection  # in a transaction


@asynccontextmanager
async def transaction(database_url: str) -> AsyncIterator[AsyncConnection]:
    """One transaction that sees one snapshot, on a connection of its own."""
    engine = open_engine(database_url)
    try:
        async with engine.begin() as db:
            yield db
    finally:
        await engine.dispose()


async def mark_of(db: AsyncConnection) -> MoveMark | None:
    """The mark of a database of any version; None: there is none."""
    if not await db.run_sync(lambda c: inspect(c).has_table(moves.name)):
        return None
    return await Transaction(db).moves.get()


async def set_mark(db: AsyncConnection, mark: MoveMark, state: MoveState, place: str) -> None:
    """Write a mark with this state, and with the address of the other database."""
    await Transaction(db).moves.set(replace(mark, state=state, place=place))


def drop_all(db: Connection) -> None:
    """Remove all that migrations make on PostgreSQL."""
    metadata.drop_all(db)
    db.execute(text("DROP TABLE alembic_version"))
    for function in FUNCTIONS:
        db.execute(text(f"DROP FUNCTION IF EXISTS {function}()"))


async def lock_tables(db: AsyncConnection) -> None:
    """Let nobody write until the transaction ends: before its first query, which takes the snapshot."""
    await db.execute(text("SET LOCAL lock_timeout = '5s'"))
    names = ", ".join(t.name for t in (*COPIED, moves))
    await db.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


async def finish_file(path: Path) -> None:
    """Have the whole database in its one file, on the disk."""
    engine = open_engine(f"sqlite:///{path}")
    try:
        async with engine.connect() as db:
            await db.exec_driver_sql("ROLLBACK")
            await db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            await db.exec_driver_sql("BEGIN")
    finally:
        await engine.dispose()
    await asyncio.to_thread(sync, path)
