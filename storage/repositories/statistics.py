"""Figures over many orders, computed by the database."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from bot.domain.ledger import fees
from bot.domain.orders import WAITING_STATES, OrderState
from bot.domain.payments import Method
from bot.domain.statistics import Best, Stats
from storage.repositories.base import Repository
from storage.repositories.day_sums import DaySumRepository, Group
from storage.repositories.figures import FigureRepository, within
from storage.tables import accounts, entries, orders, postings, users

_BEST = 5
# Asked at each look at the balance: to build a statement takes longer than SQLite takes to answer it.
_DEAREST_UNBOUGHT: Final = select(func.max(orders.c.unit_cost_minor * orders.c.quantity)).where(
    orders.c.state == OrderState.PAID, orders.c.supplier == bindparam("name")
)


def _best(groups: Iterable[Group]) -> tuple[Best, ...]:
    """Those values with the most codes sold, and of equal ones the first by name."""
    found: dict[tuple[int, str], Best] = {}
    for group in groups:
        if group.codes:
            key = group.product, group.label
            known = found.get(key, Best("", group.label, 0, 0))
            codes, sales = known.codes + group.codes, known.sales_minor + group.sales_minor
            found[key] = Best(max(known.title, group.title), group.label, codes, sales)
    by_codes = sorted(found.values(), key=lambda one: (-one.codes, one.title, one.label))
    return tuple(by_codes[:_BEST])


def _by_state(groups: Iterable[Group]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for group in groups:
        counts[group.state] += group.orders
    return dict(counts)


def _sold(groups: Iterable[Group]) -> dict[str, tuple[int, int, int]]:
    """As `FigureRepository.sold`."""
    found: dict[str, tuple[int, int, int]] = {}
    for group in groups:
        sales, cost, codes = found.get(group.supplier, (0, 0, 0))
        figures = sales + group.sales_minor, cost + group.cost_minor, codes + group.codes
        found[group.supplier] = figures
    return found


class StatisticsRepository(Repository):
    async def stats(self, since: datetime | None, until: datetime | None = None) -> Stats:
        """Figures from then on; None: of all time. Read with a snapshot. `until`: a day's end, if it is over.

        Orders count by when they were made, what was sold by when it was booked (`FigureRepository`);
        of all time both are the same, and come from the sums of closed days.
        `customers` and `waiting` count the whole shop, whatever `since` is. `best` holds at most
        five values, those with the most codes sold first.
        """
        span = within(orders.c.created_at, since, until)
        figures = FigureRepository(self._db, self._wakes)
        if since is None:
            groups = await DaySumRepository(self._db, self._wakes).groups()
            by_state, sold, best = _by_state(groups), _sold(groups), _best(groups)
            came = sum(group.with_codes for group in groups)
        else:
            # Grouped by an expression: by the column, SQLite would walk the whole of an index of it.
            state = orders.c.state.concat("")
            counted = select(state, func.count()).where(span).group_by(state)
            by_state = {row[0]: row[1] for row in await self._db.execute(counted)}
            sold = await figures.sold(since, until)
            best = await figures.best(since, until, _BEST)
            came = await self._came(span)
        customers = await self._db.execute(
            select(users.c.locale, func.count())
            .where(users.c.id > 0)  # without pseudonyms of forgotten customers
            .group_by(users.c.locale)
            .order_by(func.count().desc())
        )
        waiting = await self._db.execute(
            select(func.count()).select_from(orders).where(orders.c.state.in_(WAITING_STATES))
        )
        return Stats(
            orders=by_state,
            sales_minor=sum(sales for sales, _, _ in sold.values()),
            cost_minor=sum(cost for _, cost, _ in sold.values()),
            codes=sum(codes for _, _, codes in sold.values()),
            suppliers={name: (sales, cost) for name, (sales, cost, _) in sold.items()},
            median_seconds=await self._percentile(since, until, came, 0.5),
            p95_seconds=await self._percentile(since, until, came, 0.95),
            best=best,
            customers={row[0]: row[1] for row in customers},
            waiting=waiting.scalar_one(),
            returned_minor=await figures.refunded(since, until),
            losses_minor=await figures.losses(since, until),
            fees_minor=await self._fees(since, until),
        )

    async def _came(self, span: ColumnElement[bool]) -> int:
        """How many orders of a span ended with codes."""
        found = await self._db.execute(
            select(func.count())
            .select_from(orders)
            .where(span, orders.c.delivered_quantity > 0, orders.c.settled_at.is_not(None))
        )
        return found.scalar_one()

    async def _fees(self, since: datetime | None, until: datetime | None) -> int:
        """Minor units that providers kept of payments, by the time of their booking."""
        kept = [fees(method) for method in Method]
        if since is None:
            balances = select(func.sum(accounts.c.balance_minor)).where(accounts.c.name.in_(kept))
            return -int((await self._db.execute(balances)).scalar_one_or_none() or 0)
        found = await self._db.execute(
            select(func.sum(entries.c.amount_minor))
            .join(postings, postings.c.id == entries.c.posting_id)
            .where(entries.c.account.in_(kept), within(postings.c.at, since, until))
        )
        return -int(found.scalar_one_or_none() or 0)

    async def _percentile(
        self, since: datetime | None, until: datetime | None, count: int, share: float
    ) -> float | None:
        """The time from payment to settlement in seconds, by nearest rank; None without orders.

        `count`: of the orders created in that time that ended with codes. One that is open took no time yet.
        """
        if count == 0:
            return None
        # Of all orders, ix_orders_took has it; of some, SQLite would walk the whole of that index.
        plain = since is None
        settled, paid = (
            type_coerce(c, BigInteger) if plain else cast(c, BigInteger)
            for c in (orders.c.settled_at, orders.c.paid_at)
        )
        took = settled - paid
        rank = min(count - 1, int(count * share))
        from_above = rank > count // 2  # the shorter way
        milliseconds = (
            await self._db.execute(
                select(took)
                .where(
                    within(orders.c.created_at, since, until),
                    orders.c.delivered_quantity > literal_column("0"),
                    orders.c.settled_at.is_not(None),
                )
                .order_by(took.desc() if from_above else took)
                .offset(count - 1 - rank if from_above else rank)
                .limit(1)
            )
        ).scalar_one()
        return float(milliseconds) / 1000

    async def sold_of(self, product_id: int, since: datetime) -> int:
        """How many codes of a product were delivered by orders that settled since then."""
        found = await self._db.execute(
            select(func.coalesce(func.sum(orders.c.delivered_quantity), 0)).where(
                orders.c.product_id == product_id, orders.c.settled_at >= since
            )
        )
        return int(found.scalar_one())

    async def count_accepted_since(self, supplier: str, since: datetime) -> int:
        """How many orders this supplier accepted since then."""
        statement = (
            select(func.count())
            .select_from(orders)
            .where(orders.c.supplier == supplier, orders.c.accepted_at >= since)
        )
        return (await self._db.execute(statement)).scalar_one()

    async def reserved_cost_minor(self, supplier: str) -> int:
        """Minor units that orders not yet charged by this supplier are going to cost."""
        unbought = (OrderState.PAID, OrderState.PLACING, OrderState.UNCONFIRMED)
        statement = select(func.sum(orders.c.unit_cost_minor * orders.c.quantity)).where(
            orders.c.state.in_(unbought), orders.c.supplier == supplier
        )
        return int((await self._db.execute(statement)).scalar_one() or 0)

    async def spent_minor(self, supplier: str, since: datetime) -> int:
        """Minor units that orders settled since then cost at this supplier."""
        statement = select(func.sum(orders.c.cost_minor)).where(
            orders.c.settled_at >= since, orders.c.supplier == supplier
        )
        return int((await self._db.execute(statement)).scalar_one() or 0)

    async def first_sale_at(self, supplier: str) -> datetime | None:
        """When the first order that cost anything at this supplier was settled."""
        found: datetime | None = (
            await self._db.execute(
                select(func.min(orders.c.settled_at)).where(
                    orders.c.cost_minor > 0, orders.c.supplier == supplier
                )
            )
        ).scalar_one_or_none()
        return found

    async def dearest_unbought_minor(self, supplier: str) -> int:
        """Minor units that the dearest paid but unbought order of this supplier costs; 0: none."""
        found = await self._db.execute(_DEAREST_UNBOUGHT, {"name": supplier})
        return int(found.scalar_one_or_none() or 0)

    async def claimed_cost_minor(self, supplier: str, since: datetime) -> int:
        """Minor units that orders cost which a balance read then does not show yet.

        Those are all that are paid and not accepted yet, and those that were accepted since then.
        """
        unbought = orders.c.state.in_((OrderState.PAID, OrderState.PLACING, OrderState.UNCONFIRMED))
        found = await self._db.execute(
            select(func.sum(orders.c.unit_cost_minor * orders.c.quantity)).where(
                orders.c.supplier == supplier, or_(unbought, orders.c.accepted_at >= since)
            )
        )
        return int(found.scalar_one_or_none() or 0)
