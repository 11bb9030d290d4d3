"""Figures over many orders, computed by the database."""

from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, or_, select, true

from bot.domain.ledger import LOSSES
from bot.domain.orders import WAITING_STATES, OrderState
from bot.domain.records import Best, Stats
from storage.repositories.base import Repository
from storage.tables import entries, orders, postings, users

_BEST = 5


class StatisticsRepository(Repository):
    async def stats(self, since: datetime | None) -> Stats:
        """Figures of the orders created since then; None: of all orders.

        `customers` and `waiting` count the whole shop, whatever `since` is. `best` holds at most
        five values, those with the most codes sold first.
        """
        span = true() if since is None else orders.c.created_at >= since
        by_state = await self._db.execute(
            select(orders.c.state, func.count()).where(span).group_by(orders.c.state)
        )
        sums = (
            await self._db.execute(
                select(
                    orders.c.supplier,
                    func.sum(orders.c.delivered_quantity * orders.c.unit_price_minor),
                    func.sum(orders.c.cost_minor),
                    func.sum(orders.c.delivered_quantity),
                )
                .where(span)
                .group_by(orders.c.supplier)
            )
        ).all()
        customers = await self._db.execute(
            select(users.c.locale, func.count())
            .group_by(users.c.locale)
            .order_by(func.count().desc())
        )
        waiting = await self._db.execute(
            select(func.count()).select_from(orders).where(orders.c.state.in_(WAITING_STATES))
        )
        return Stats(
            orders={row[0]: row[1] for row in by_state},
            sales_minor=sum(int(row[1]) for row in sums),
            cost_minor=sum(int(row[2]) for row in sums),
            codes=sum(int(row[3]) for row in sums),
            suppliers={row[0]: (int(row[1]), int(row[2])) for row in sums},
            median_seconds=await self._percentile(span, 0.5),
            p95_seconds=await self._percentile(span, 0.95),
            best=await self._best(span),
            customers={row[0]: row[1] for row in customers},
            waiting=waiting.scalar_one(),
            losses_minor=await self._losses(since),
        )

    async def _losses(self, since: datetime | None) -> int:
        """Minor units of compensation for orders, by the time of the compensation."""
        span = true() if since is None else postings.c.at >= since
        found = await self._db.execute(
            select(func.sum(entries.c.amount_minor))
            .join(postings, postings.c.id == entries.c.posting_id)
            .where(entries.c.account == LOSSES, postings.c.order_id.is_not(None), span)
        )
        return -int(found.scalar_one_or_none() or 0)

    async def _percentile(self, span: ColumnElement[bool], share: float) -> float | None:
        """The time from payment to settlement in seconds, by nearest rank; None without orders."""
        took = cast(orders.c.settled_at, BigInteger) - cast(orders.c.paid_at, BigInteger)
        came = and_(span, orders.c.delivered_quantity > 0)
        count = (
            await self._db.execute(select(func.count()).select_from(orders).where(came))
        ).scalar_one()
        if count == 0:
            return None
        rank = min(count - 1, int(count * share))
        milliseconds = (
            await self._db.execute(
                select(func.coalesce(took, 0)).where(came).order_by(took).offset(rank).limit(1)
            )
        ).scalar_one()
        return float(milliseconds) / 1000

    async def _best(self, span: ColumnElement[bool]) -> tuple[Best, ...]:
        sold = func.sum(orders.c.delivered_quantity)
        rows = await self._db.execute(
            select(
                orders.c.product_title,
                orders.c.denomination_label,
                sold,
                func.sum(orders.c.delivered_quantity * orders.c.unit_price_minor),
            )
            .where(span, orders.c.delivered_quantity > 0)
            .group_by(orders.c.product_title, orders.c.denomination_label)
            .order_by(sold.desc())
            .limit(_BEST)
        )
        return tuple(
            Best(title, label, int(count), int(money)) for title, label, count, money in rows
        )

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
        cost = func.max(orders.c.unit_cost_minor * orders.c.quantity)
        paid = orders.c.state == OrderState.PAID
        found = await self._db.execute(select(cost).where(paid, orders.c.supplier == supplier))
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
