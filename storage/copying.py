"""Copies all rows of one database into another, of the same or the other system, and compares them."""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, Column, String, Table, TableClause, column, func, select, table
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import StorageFailure
from storage.counters import NUMBERED, last_id, set_last_id
from storage.snapshot import SQLITE
from storage.store import async_url, prepare
from storage.tables import DERIVED, accounts, commit_marks, metadata, moves
from storage.tables.base import Instant

# Parents first. What a database knows of its moves and commits is its own, and what is derived is made anew.
COPIED: Final[tuple[Table, ...]] = tuple(
    t for t in metadata.sorted_tables if t not in (moves, commit_marks, *DERIVED)
)
_BATCH: Final = 1_000
_MODULUS: Final = 1 << 256

Progress = Callable[[str, int, int], None]  # table, rows copied so far, rows in all
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds: how many rows, and a checksum that does not depend on their order."""

    rows: int = 0
    checksum: int = 0

    def plus(self, rows: Sequence[Row]) -> "Contents":
        total = sum((_digest(row) for row in rows), self.checksum)
        return Contents(self.rows + len(rows), total % _MODULUS)


def open_engine(database_url: str) -> AsyncEngine:
    """An engine whose transactions see one snapshot; on SQLite they exclude all other writers."""
    url = async_url(database_url)
    if url.get_backend_name() == SQLITE:
        engine = create_async_engine(url, poolclass=NullPool)
        prepare(engine.sync_engine, readers=0)
        return engine
    return create_async_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")


def _stored(of: Table) -> TableClause:
    """The table with its columns' types, but instants as the milliseconds that are stored."""
    return table(
        of.name,
        *(
            column(c.name, BigInteger() if isinstance(c.type, Instant) else c.type)
            for c in of.columns
        ),
    )


async def _batches(db: AsyncConnection, of: Table) -> AsyncIterator[Sequence[Row]]:
    stored = _stored(of)
    keys = [stored.c[c.name] for c in of.primary_key.columns]
    result = await db.stream(select(*stored.c).order_by(*keys))
    async for rows in result.partitions(_BATCH):
        yield [tuple(row) for row in rows]


async def contents(db: AsyncConnection, of: Table) -> Contents:
    """What a table holds, read row by row."""
    found = Contents()
    async for rows in _batches(db, of):
        found = found.plus(rows)
    return found


async def copy_rows(
    source: AsyncConnection, target: AsyncConnection, of: Table, progress: Progress
) -> Contents:
    """Copy a table's rows, and how far its ids are; returns what the source holds.

    Raises StorageFailure for a row that PostgreSQL cannot hold.
    """
    stored, names = _stored(of), [c.name for c in of.columns]
    total = (await source.execute(select(func.count()).select_from(of))).scalar_one()
    strict = target.dialect.name != SQLITE
    found = Contents()
    async for rows in _batches(source, of):
        if strict:
            _check_rows(of, rows)
        values = [dict(zip(names, row, strict=True)) for row in rows]
        await target.execute(stored.insert(), values)
        found = found.plus(rows)
        if found.rows < total:
            progress(of.name, found.rows, total)
    progress(of.name, found.rows, total)
    if of in NUMBERED:
        await set_last_id(target, of, await last_id(source, of))
    return found


def _digest(row: Row) -> int:
    text = repr(tuple(_plain(value) for value in row)).encode("utf-8", "backslashreplace")
    return int.from_bytes(hashlib.sha256(text).digest())


def _plain(value: object) -> object:
    """The same for equal values of both drivers."""
    if isinstance(value, Decimal):
        return f"decimal {value.normalize():f}"
    return bytes(value) if isinstance(value, memoryview) else value


def _check_rows(of: Table, rows: Sequence[Row]) -> None:
    """SQLite takes texts of any length, and with zero characters; PostgreSQL does not."""
    keys = list(of.primary_key.columns)
    for position, c in enumerate(of.columns):
        if not isinstance(c.type, String):
            continue
        for row in rows:
            value = row[position]
            if isinstance(value, str) and (trouble := _trouble(c, value)):
                place = ", ".join(f"{key.name} {row[list(of.columns).index(key)]}" for key in keys)
                raise StorageFailure(
                    f"PostgreSQL cannot hold {c.name} of {of.name} ({place}): {trouble}"
                )


def _trouble(c: Column[Any], value: str) -> str | None:
    longest = getattr(c.type, "length", None)
    if longest is not None and len(value) > longest:
        return f"it has {len(value)} characters, {longest} are allowed"
    if "\x00" in value:
        return "it has a zero character"
    if any("\ud800" <= char <= "\udfff" for char in value):
        return "it has half a character"
    return None


async def ledger_totals(db: AsyncConnection) -> dict[str, int]:
    """What the accounts hold in minor units, by kind: wallets and escrows are summed up."""
    rows = await db.execute(select(accounts.c.name, accounts.c.balance_minor))
    totals: dict[str, int] = {}
    for name, balance in rows:
        kind = name.partition(":")[0]
        totals[kind] = totals.get(kind, 0) + balance
    return dict(sorted(totals.items()))
