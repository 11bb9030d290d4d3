"""What all repositories share: the connection, the jobs they wake, and inserts that tolerate a repeat."""

from typing import Any

from sqlalchemy import CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.jobs import Wakes


class Repository:
    def __init__(self, connection: AsyncConnection, wakes: Wakes) -> None:
        self._db = connection
        self._wakes = wakes

    def insert(self, table: Table) -> Any:
        """An INSERT of this database's dialect, which knows ON CONFLICT."""
        dialect = sqlite if self._db.dialect.name == "sqlite" else postgresql
        return dialect.insert(table)

    async def insert_once(self, table: Table, **values: object) -> bool:
        """Insert a row; False where a unique key has it already."""
        return await self.insert_all_once(table, [values]) == 1

    async def insert_all_once(self, table: Table, rows: list[dict[str, Any]]) -> int:
        result: CursorResult[Any] = await self._db.execute(
            self.insert(table).values(rows).on_conflict_do_nothing()
        )
        return result.rowcount

    async def insert_for_id(self, table: Table, **values: object) -> int | None:
        """Insert a row and return its id; None where a unique key has it already."""
        statement = self.insert(table).values(values).on_conflict_do_nothing().returning(table.c.id)
        got: int | None = (await self._db.execute(statement)).scalar_one_or_none()
        return got
