"""The counters that give new rows their ids: how far they are, and moving them ahead."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import metadata
from storage.tables.base import Id

# All tables whose rows get their ids from the database.
NUMBERED: Final[tuple[Table, ...]] = tuple(
    table for table in metadata.sorted_tables if "id" in table.c and table.c.id.type is Id
)


def keeps_counter(table: Table, dialect: str) -> bool:
    """Whether the counter is kept by itself: elsewhere a new id is one above the highest there."""
    return dialect != "sqlite" or bool(table.dialect_options["sqlite"]["autoincrement"])


async def last_id(db: AsyncConnection, table: Table) -> int:
    """The highest id that a table has given out, also to rows that are gone; 0: none."""
    highest: int = (await db.execute(select(func.coalesce(func.max(table.c.id), 0)))).scalar_one()
    if not keeps_counter(table, db.dialect.name):
        return highest
    if db.dialect.name == "sqlite":
        statement = text("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = :name")
        found = await db.execute(statement, {"name": table.name})
    else:
        name = await _sequence(db, table)
        found = await db.execute(
            text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {name}")  # noqa: S608
        )
    kept_last: int = found.scalar_one()
    return max(highest, kept_last)


async def set_last_id(db: AsyncConnection, table: Table, last: int) -> bool:
    """Have new ids begin above `last`. False where the database keeps no counter of the table."""
    if not keeps_counter(table, db.dialect.name):
        return False
    values = {"name": table.name, "last": last}
    if db.dialect.name == "sqlite":
        await db.execute(
            text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
        )
        await db.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values
        )
    else:
        # A sequence cannot stand at 0: then its next number is 1.
        values = {"name": await _sequence(db, table), "last": max(last, 1), "called": last > 0}
        await db.execute(text("SELECT setval(CAST(:name AS regclass), :last, :called)"), values)
    return True


async def _sequence(db: AsyncConnection, table: Table) -> str:
    found = await db.execute(
        text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}
    )
    name: str = found.scalar_one()
    return name


def last_numbers_in(path: Path) -> dict[str, int]:
    """By table, the highest id that a SQLite database has given out; empty if it cannot be read."""
    if not path.exists():
        return {}
    try:
        with closing(sqlite3.connect(path)) as db:
            return dict(db.execute("SELECT name, seq FROM sqlite_sequence"))
    except sqlite3.Error:
        return {}
