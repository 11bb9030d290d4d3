"""The base of all repositories: the connection, the jobs to run after the commit, and inserts."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import CursorResult, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs import Wakes

T = TypeVar("T")
_MAX_PARAMETERS: Final = 500  # of one statement


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Parts of at most so many as one statement takes."""
    for first in range(0, len(values), _MAX_PARAMETERS):
        yield values[first : first + _MAX_PARAMETERS]


class Repository:
    """A repository reads and writes one kind of rows inside the transaction that made it.

    A query locks the rows it reads only where its docstring says so. A lock is
    `SELECT … FOR UPDATE` on PostgreSQL; on SQLite it has no effect, because a write transaction
    excludes all other writers from its beginning (see `Store`). Any method may raise SQLAlchemy's
    DBAPIError, which `Store` turns into StorageFailure.
    """

    def __init__(self, connection: AsyncConnection, wakes: Wakes) -> None:
        self._db = connection
        self._wakes = wakes

    def insert(self, table: Table) -> Any:
        """An INSERT of this database's dialect: SQLAlchemy's generic one has no ON CONFLICT."""
        if self._db.dialect.name == "sqlite":
            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql  # 2 MiB that a shop on SQLite does not need

        return postgresql.insert(table)

    async def insert_once(self, table: Table, **values: object) -> bool:
        """Insert a row.

        False if a row with one of its unique keys exists: nothing is changed then.
        """
        return await self.insert_all_once(table, [values]) == 1

    async def insert_all_once(self, table: Table, rows: list[dict[str, Any]]) -> int:
        """Insert rows, except those whose unique key exists; returns how many were inserted."""
        result: CursorResult[Any] = await self._db.execute(
            self.insert(table).values(rows).on_conflict_do_nothing()
        )
        return result.rowcount

    async def insert_for_id(self, table: Table, **values: object) -> int | None:
        """Insert a row and return its id. None if a row with one of its unique keys exists."""
        statement = self.insert(table).values(values).on_conflict_do_nothing().returning(table.c.id)
        got: int | None = (await self._db.execute(statement)).scalar_one_or_none()
        return got
