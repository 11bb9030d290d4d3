"""Sums of the orders of days that are over, which change only where one of their orders does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    delete,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    true,
)

from storage.repositories.base import Repository
from storage.tables import closed_days, day_sums, orders

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_MOST_RANGES: Final = 50  # of one condition; with more, all orders are read
# As in the trigger of `orders`; see its migration.
_LOCK: Final = text("SELECT pg_try_advisory_xact_lock(1212440953, :day)")

# Of a group of orders: its key, and its figures.
KEY: Final = ("supplier", "state", "product_id", "denomination_label")
FIGURES: Final = ("orders", "with_codes", "codes", "sales_minor", "cost_minor")


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """Figures of orders of one supplier, state, product and value; money in minor units."""

    supplier: str
    state: str
    product: int
    label: str
    title: str  # one of those by which it was bought
    orders: int
    with_codes: int  # orders that ended with any
    codes: int
    sales_minor: int
    cost_minor: int


def day_of(moment: datetime) -> int:
    """The day of UTC, counted from 1970."""
    return (moment - _START) // _DAY


def _begins(day: int) -> datetime:
    return _START + day * _DAY


def _summed(condition: ColumnElement[bool]) -> Select[Any]:
    """The groups of these orders, as `Group` and as the columns of `day_sums`."""
    ended_with_codes = and_(orders.c.delivered_quantity > 0, orders.c.settled_at.is_not(None))
    with_codes = case((ended_with_codes, 1), else_=0)
    # Grouped by an expression: by the columns, SQLite would walk the whole of an index of theirs.
    supplier = orders.c.supplier.concat("")
    key = (supplier, orders.c.state, orders.c.product_id + 0, orders.c.denomination_label)
    return (
        select(
            *key,
            func.max(orders.c.product_title),
            func.count(),
            func.sum(with_codes),
            func.sum(orders.c.delivered_quantity),
            func.sum(orders.c.delivered_quantity * orders.c.unit_price_minor),
            func.sum(orders.c.cost_minor),
        )
        .where(condition)
        .group_by(*key)
    )


class DaySumRepository(Repository):
    async def open_days(self, before: datetime) -> Sequence[int]:
        """The days that are not closed: from the first order's to the last that ended by then."""
        first = (await self._db.execute(select(func.min(orders.c.created_at)))).scalar_one_or_none()
        if first is None:
            return []
        closed = set(await self._closed())
        return [day for day in range(day_of(first), day_of(before)) if day not in closed]

    async def close(self, day: int) -> bool:
        """Sum a day up. False on PostgreSQL where an order of it is being changed meanwhile."""
        if not await self._lock(day):
            return False
        await self._db.execute(delete(day_sums).where(day_sums.c.day == day))
        of_day = and_(orders.c.created_at >= _begins(day), orders.c.created_at < _begins(day + 1))
        await self._db.execute(
            insert(day_sums).from_select(
                ["day", *KEY, "product_title", *FIGURES], _with_day(_summed(of_day), day)
            )
        )
        await self.insert_once(closed_days, day=day)
        return True

    async def _lock(self, day: int) -> bool:
        """Whether nobody else changes an order of this day, or will before the transaction ends."""
        if self._db.dialect.name == "sqlite":
            return True  # one writer at a time
        return bool((await self._db.execute(_LOCK, {"day": day})).scalar_one())

    async def groups(self) -> Sequence[Group]:
        """All orders: of closed days by their sums, of others one by one.

        A group may come twice, once from each. Read with a snapshot.
        """
        closed = await self._closed()
        live = outside(closed)
        if len(live) > _MOST_RANGES:
            closed, live = [], outside([])
        found = list(await self._db.execute(_summed(or_(false(), *live))))
        if closed:
            figures = [func.sum(day_sums.c[name]) for name in FIGURES]
            key = [day_sums.c[name] for name in KEY]
            title = func.max(day_sums.c.product_title)
            # By an expression: SQLite would look each day up, and sort all by their keys.
            of_known = (day_sums.c.day + 0).in_(select(closed_days.c.day))
            summed = select(*key, title, *figures).where(of_known).group_by(*key)
            found += await self._db.execute(summed)
        return [Group(*row[:5], *map(int, row[5:])) for row in found]

    async def _closed(self) -> list[int]:
        """Closed days, ascending."""
        days = select(closed_days.c.day).order_by(closed_days.c.day)
        return list((await self._db.execute(days)).scalars())


def _with_day(groups: Select[Any], day: int) -> Select[Any]:
    summed = groups.subquery()
    return select(literal(day), *summed.c)


def outside(closed: Sequence[int]) -> list[ColumnElement[bool]]:
    """Conditions for the orders created on none of these days (ascending)."""
    found = []
    start: datetime | None = None
    for day in closed:
        if start is None or start < _begins(day):
            found.append(_within(start, _begins(day)))
        start = _begins(day + 1)
    return [*found, _within(start, None)]


def _within(start: datetime | None, end: datetime | None) -> ColumnElement[bool]:
    after = true() if start is None else orders.c.created_at >= start
    return and_(after, true() if end is None else orders.c.created_at < end)
