"""Figures of sales over time, computed by the database: what /stats, its pictures and the files share.

A sale counts when it was booked, and so do refunds and compensation: by the ledger. What a supplier was paid
counts when its order ended, and until then as of now.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)

from bot.domain.ledger import LOSSES, SALES, PostingKind
from bot.domain.periods import Bar
from bot.domain.statistics import Best, Sold
from storage.repositories.base import Repository
from storage.tables import entries, orders, postings

_HOUR_MS = 3_600_000
_WEEK_HOURS = 168
_THURSDAY = 3  # 1 January 1970, counted from Monday


def within(
    column: ColumnElement[datetime], since: datetime | None, until: datetime | None
) -> ColumnElement[bool]:
    """From `since` on and before `until`; None: without that end."""
    return and_(
        true() if since is None else column >= since, true() if until is None else column < until
    )


class FigureRepository(Repository):
    async def sold(
        self, since: datetime | None, until: datetime | None = None
    ) -> dict[str, tuple[int, int, int]]:
        """By supplier: minor units of sales and of what they cost, and how many codes were sold."""
        # Grouped by an expression: by the column, SQLite would walk the whole of an index of it.
        supplier = orders.c.supplier.concat("")
        booked = _sales(since, until, supplier, _amount(), _codes()).group_by(supplier)
        sales = {row[0]: (int(row[1]), int(row[2])) for row in await self._db.execute(booked)}
        ended = (
            select(supplier, func.sum(orders.c.cost_minor))
            .where(_cost_counts(since, until))
            .group_by(supplier)
        )
        costs = {row[0]: int(row[1]) for row in await self._db.execute(ended)}
        return {
            name: (sales.get(name, (0, 0))[0], costs.get(name, 0), sales.get(name, (0, 0))[1])
            for name in (*sales, *(name for name in costs if name not in sales))
        }

    async def losses(self, since: datetime | None, until: datetime | None = None) -> int:
        """Minor units of compensation for orders, by the time of the compensation."""
        found = await self._db.execute(_losses(since, until, func.sum(entries.c.amount_minor)))
        return -int(found.scalar_one_or_none() or 0)

    async def refunded(self, since: datetime | None, until: datetime | None = None) -> int:
        """Minor units that orders gave into wallets, compensation included, by when it was booked."""
        if since is until is None:  # what each order says, instead of every posting that there is
            found = await self._db.execute(select(func.sum(orders.c.returned_minor)))
            return int(found.scalar_one_or_none() or 0) + await self.losses(None)
        found = await self._db.execute(
            select(func.sum(entries.c.amount_minor))
            .join(postings, postings.c.id == entries.c.posting_id)
            .where(
                within(postings.c.at, since, until),
                postings.c.kind == PostingKind.RETURN,
                entries.c.amount_minor > 0,
            )
        )
        return int(found.scalar_one_or_none() or 0)

    async def best(
        self, since: datetime | None, until: datetime | None, most: int
    ) -> tuple[Best, ...]:
        """The values of which most codes were sold."""
        # Customers bought it by its name in their language.
        title, label = func.max(orders.c.product_title), orders.c.denomination_label
        rows = await self._db.execute(
            _sales(since, until, title, label, _codes(), _amount())
            # "+ 0": by the column, SQLite would walk all orders by its index.
            .group_by(orders.c.product_id + 0, label)
            .order_by(_codes().desc(), title, label)
            .limit(most)
        )
        return tuple(
            Best(title, label, int(count), int(money)) for title, label, count, money in rows
        )

    async def first_sale_at(self) -> datetime | None:
        """When the first sale was booked."""
        found = await self._db.execute(
            select(postings.c.at)
            .join(entries, entries.c.posting_id == postings.c.id)
            .where(entries.c.account == SALES)
            .order_by(entries.c.posting_id)
            .limit(1)
        )
        return found.scalar_one_or_none()

    async def first_order_at(self) -> datetime | None:
        """When the first order was made."""
        first: datetime | None = (
            await self._db.execute(select(func.min(orders.c.created_at)))
        ).scalar_one_or_none()
        return first

    async def bars(self, bars: Sequence[Bar], since: datetime | None, now: datetime) -> list[Sold]:
        """What was sold in each bar; the first also has what was before it, if `since` lets it in."""
        place = _place(postings.c.at, bars)
        booked = _sales(since, None, place, _amount(), _codes()).group_by(place)
        lost = _losses(since, None, place, func.sum(entries.c.amount_minor)).group_by(place)
        at_present = next((i for i, bar in enumerate(bars) if now < bar.ends_at), len(bars) - 1)
        ended = case(
            (orders.c.settled_at.is_(None), at_present), else_=_place(orders.c.settled_at, bars)
        )
        cost = select(ended, func.sum(orders.c.cost_minor)).where(_cost_counts(since, None))
        sales = {row[0]: (int(row[1]), int(row[2])) for row in await self._db.execute(booked)}
        losses = {row[0]: -int(row[1]) for row in await self._db.execute(lost)}
        costs = {row[0]: int(row[1]) for row in await self._db.execute(cost.group_by(ended))}
        return [
            Sold(*sales.get(i, (0, 0)), costs.get(i, 0), losses.get(i, 0)) for i in range(len(bars))
        ]

    async def hours(
        self, since: datetime | None, offsets: Sequence[tuple[datetime, timedelta]]
    ) -> list[list[int]]:
        """How many orders were made in each hour of each weekday, Monday first.

        `offsets`: the zone's distances from UTC, each with when it ends.
        """
        made, shifts = (
            cast(orders.c.created_at, BigInteger),
            [
                (orders.c.created_at < until, round(offset.total_seconds() * 1000))
                for until, offset in offsets
            ],
        )
        shift = case(*shifts, else_=shifts[-1][1])
        hour = ((made + shift) // _HOUR_MS) % _WEEK_HOURS
        found = await self._db.execute(
            select(hour, func.count())
            .where(within(orders.c.created_at, since, None))
            .group_by(hour)
        )
        week = [[0] * 24 for _ in range(7)]
        for of_week, count in found:
            days, of_day = divmod(int(of_week), 24)
            week[(days + _THURSDAY) % 7][of_day] += count
        return week


def _amount() -> ColumnElement[int]:
    return func.sum(entries.c.amount_minor)


def _codes() -> ColumnElement[int]:
    """A sale is booked for whole codes, so this is exact."""
    return func.sum(entries.c.amount_minor // orders.c.unit_price_minor)


def _of_account(account: str, since: datetime | None) -> ColumnElement[bool]:
    """By an expression where a time is asked for: else SQLite walks all entries of the account."""
    return (entries.c.account if since is None else entries.c.account.concat("")) == account


def _sales(
    since: datetime | None, until: datetime | None, *columns: ColumnElement[Any]
) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(entries)
        .join(postings, postings.c.id == entries.c.posting_id)
        .join(orders, orders.c.id == postings.c.order_id)
        .where(_of_account(SALES, since), within(postings.c.at, since, until))
    )


def _losses(
    since: datetime | None, until: datetime | None, *columns: ColumnElement[Any]
) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(entries)
        .join(postings, postings.c.id == entries.c.posting_id)
        .where(
            entries.c.account == LOSSES,
            postings.c.order_id.is_not(None),
            within(postings.c.at, since, until),
        )
    )


def _cost_counts(since: datetime | None, until: datetime | None) -> ColumnElement[bool]:
    """The orders whose cost counts: those that ended in the span, and until now those still open too."""
    ended = within(orders.c.settled_at, since, until)
    if until is not None:
        return and_(orders.c.settled_at.is_not(None), ended)
    return or_(orders.c.settled_at.is_(None), ended)


def _place(at: ColumnElement[datetime], bars: Sequence[Bar]) -> ColumnElement[int]:
    """Which bar an instant is in. Shorter than one condition for each bar: the first that it is before."""
    before = [(at < bar.ends_at, index) for index, bar in enumerate(bars[:-1])]
    last: ColumnElement[int] = literal(len(bars) - 1)
    return case(*before, else_=last) if before else last
