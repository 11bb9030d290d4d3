"""The counters of numbers that people know: of orders, payments, cases, and of buttons that act once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, func, select

from storage.counters import last_id, set_last_id
from storage.repositories.base import Repository
from storage.tables import (
    cases,
    inbox,
    operator_actions,
    orders,
    own_batches,
    payments,
    quotes,
    showings,
)

# When a row got its number, or about then.
_STAMPS: Final[Mapping[str, Column[Any]]] = {
    column.table.name: column
    for column in (
        orders.c.created_at,
        payments.c.created_at,
        cases.c.opened_at,
        quotes.c.expires_at,
        operator_actions.c.at,
        showings.c.until,
        own_batches.c.loaded_at,
    )
}
_ACTS: Final = (inbox.c.received_at, orders.c.created_at, payments.c.created_at)


class CounterRepository(Repository):
    async def last_numbers(self) -> dict[str, int]:
        """By table, the highest number that was given out; 0: none."""
        return {name: await last_id(self._db, column.table) for name, column in _STAMPS.items()}

    async def given_since(self, name: str, since: datetime) -> int:
        """How many numbers a table has given out since then, as far as its rows show."""
        column = _STAMPS[name]
        earliest = select(func.min(column.table.c.id)).where(column >= since)
        first: int | None = (await self._db.execute(earliest)).scalar_one_or_none()
        return 0 if first is None else await last_id(self._db, column.table) - first + 1

    async def last_act(self, until: datetime) -> datetime | None:
        """When something was last written, not later than then; None: nothing ever was."""
        stamps = []
        for column in _ACTS:
            newest = select(func.max(column)).where(column <= until)
            stamps.append((await self._db.execute(newest)).scalar_one_or_none())
        return max((stamp for stamp in stamps if stamp is not None), default=None)

    async def set_last(self, name: str, last: int) -> None:
        """Have a table's numbers begin above this one."""
        await set_last_id(self._db, _STAMPS[name].table, last)
