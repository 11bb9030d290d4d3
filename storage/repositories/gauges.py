"""What monitoring reads of the whole shop, in one place: counts, ages and sums."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, String, and_, cast, func, literal, or_, select
from sqlalchemy import table as table_of

from bot.domain.gauges import Gauges, Queue, Waiting
from bot.domain.ledger import escrow, wallet
from bot.domain.orders import OPEN_STATES, WAITING_STATES
from bot.domain.outbox import OutboxState
from storage.repositories.base import Repository
from storage.tables import accounts, alerts, inbox, orders, outbox, supplier_accounts, users

_UNHANDLED = inbox.c.handled_at.is_(None)


class GaugeRepository(Repository):
    async def probe(self) -> None:
        """Read something that needs the database, whatever tables it has yet."""
        # SQLite answers a bare SELECT 1 without its file.
        table = "sqlite_master" if self._db.dialect.name == "sqlite" else "pg_class"
        await self._db.execute(select(literal(1)).select_from(table_of(table)).limit(1))

    async def read(self, now: datetime) -> Gauges:
        """All gauges. Reads the rows that are open or waiting, and the wallet of each customer."""
        return Gauges(
            orders=await self._open_orders(),
            orders_for_operators=await self._count(orders.c.attention.is_not(None)),
            queues=await self._queues(now),
            quarantined_updates=await self._count(
                and_(_UNHANDLED, inbox.c.quarantined_at.is_not(None))
            ),
            open_alerts=await self._count(alerts.c.closed_at.is_(None)),
            wallets_minor=await self._wallets(),
            escrow_minor=await self.escrow_minor(),
            balances_minor=await self._balances(),
        )

    async def _count(self, which: ColumnElement[bool]) -> int:
        return (await self._db.execute(select(func.count()).where(which))).scalar_one()

    async def _open_orders(self) -> dict[tuple[str, str], int]:
        rows = await self._db.execute(
            select(orders.c.supplier, orders.c.state, func.count())
            .where(orders.c.state.in_(OPEN_STATES))
            .group_by(orders.c.supplier, orders.c.state)
        )
        return {(row[0], row[1]): row[2] for row in rows}

    async def _queues(self, now: datetime) -> dict[Queue, Waiting]:
        pending = outbox.c.state == OutboxState.PENDING
        # A message that failed is postponed: its age counts from its making.
        is_late = or_(outbox.c.due_at <= now, outbox.c.attempts > 0)
        due = and_(orders.c.state.in_(WAITING_STATES), orders.c.due_at <= now)
        unhandled = and_(_UNHANDLED, inbox.c.quarantined_at.is_(None))
        return {
            Queue.INBOX: await self._waiting(inbox.c.received_at, unhandled, now),
            Queue.OUTBOX: await self._waiting(outbox.c.created_at, and_(pending, is_late), now),
            Queue.ORDERS: await self._waiting(orders.c.due_at, due, now),
        }

    async def _waiting(
        self, since: Column[Any], which: ColumnElement[bool], now: datetime
    ) -> Waiting:
        row = (await self._db.execute(select(func.count(), func.min(since)).where(which))).one()
        oldest = 0.0 if row[1] is None else (now - row[1]).total_seconds()
        return Waiting(row[0], max(0.0, oldest))

    async def _wallets(self) -> int:
        """By customer: accounts hold a row for each order too, and those grow without end."""
        return await self._sum(
            select(func.sum(accounts.c.balance_minor)).join(
                users, accounts.c.name == _prefixed(wallet(0), users.c.id)
            )
        )

    async def escrow_minor(self) -> int:
        """Minor units in escrow, of the orders that may hold any: open ones, and those that an operator has to look at."""
        # Both halves have an index of their own; one condition for both would read all orders.
        are_open = select(orders.c.id).where(orders.c.state.in_(OPEN_STATES))
        for_operators = select(orders.c.id).where(orders.c.attention.is_not(None))
        may_hold = are_open.union(for_operators).subquery()
        return await self._sum(
            select(func.sum(accounts.c.balance_minor)).join(
                may_hold, accounts.c.name == _prefixed(escrow(0), may_hold.c.id)
            )
        )

    async def _sum(self, statement: Any) -> int:
        return int((await self._db.execute(statement)).scalar_one_or_none() or 0)

    async def _balances(self) -> dict[str, int]:
        rows = await self._db.execute(
            select(supplier_accounts.c.supplier, supplier_accounts.c.balance_minor).where(
                supplier_accounts.c.balance_minor.is_not(None)
            )
        )
        return {row[0]: row[1] for row in rows}


def _prefixed(example: str, ids: ColumnElement[int]) -> ColumnElement[str]:
    """The names of the accounts of these ids; `example` is that of id 0."""
    return literal(example.removesuffix("0")) + cast(ids, String)
