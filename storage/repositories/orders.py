"""Quotes and orders: an order is loaded with its owner's id, or by the pipeline under a lock."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Unpack

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    String,
    bindparam,
    cast,
    func,
    literal,
    select,
    update,
)

from bot.domain.jobs import Job
from bot.domain.ledger import wallet
from bot.domain.orders import (
    WAITING_STATES,
    Attention,
    Order,
    OrderChanges,
    OrderEvent,
    OrderState,
    ReturnReason,
    next_state,
)
from bot.domain.schedule import TELL_SLOW_AFTER_SECONDS
from bot.domain.supplier import Environment
from bot.errors import NotFound
from storage.repositories.base import Repository
from storage.tables import accounts, orders

_AT_ONCE = 500  # parameters of one statement
_MOST_TOLD = 1000


# Which job looks at an order of a state when it is due.
_JOBS = {
    OrderState.AWAITING_PAYMENT: Job.UNPAID,
    OrderState.PAID: Job.PLACE,
    OrderState.UNCONFIRMED: Job.RECONCILE,
    OrderState.HANDLING: Job.POLL,
}


def read_order(row: Row[Any]) -> Order:
    """An order of a row that has all its columns, and maybe others."""
    values = {column.name: row._mapping[column] for column in orders.c}  # noqa: SLF001 - SQLAlchemy's public accessor
    values["state"] = OrderState(values["state"])
    values["environment"] = Environment(values["environment"])
    values["return_reason"] = (
        ReturnReason(values["return_reason"]) if values["return_reason"] else None
    )
    values["attention"] = Attention(values["attention"]) if values["attention"] else None
    return Order(**values)


def _at(supplier: str | None) -> list[ColumnElement[bool]]:
    return [] if supplier is None else [orders.c.supplier == supplier]


def _waiting_at(supplier: str) -> list[ColumnElement[bool]]:
    return [orders.c.state.in_(WAITING_STATES), orders.c.supplier == supplier]


class OrderRepository(Repository):
    async def add(self, order: Order) -> int | None:
        """Insert (the id is given by the database); None where the quote already has an order."""
        values = asdict(order)
        del values["id"]
        order_id = await self.insert_for_id(orders, **values)
        if order_id is not None:
            self._wake(order.state, order.due_at, order.paid_at)
        return order_id

    async def _one(self, *conditions: ColumnElement[bool], lock: bool = False) -> Order | None:
        statement = select(orders).where(*conditions)
        row = (
            await self._db.execute(statement.with_for_update() if lock else statement)
        ).one_or_none()
        return read_order(row) if row else None

    async def _many(
        self, *conditions: ColumnElement[bool], limit: int | None = None
    ) -> Sequence[Order]:
        rows = await self._db.execute(
            select(orders).where(*conditions).order_by(orders.c.id).limit(limit)
        )
        return [read_order(row) for row in rows]

    async def for_owner(self, order_id: int, user_id: int) -> Order | None:
        return await self._one(orders.c.id == order_id, orders.c.user_id == user_id)

    async def by_quote(self, quote_id: int, user_id: int) -> Order | None:
        return await self._one(orders.c.quote_id == quote_id, orders.c.user_id == user_id)

    async def locked(self, order_id: int) -> Order:
        """For the pipeline: the order, locked until the transaction ends. Raises NotFound."""
        order = await self._one(orders.c.id == order_id, lock=True)
        if order is None:
            raise NotFound
        return order

    async def locked_many(self, order_ids: Sequence[int]) -> Sequence[Order]:
        """Like `locked`, in one question; those that do not exist are left out."""
        found: list[Order] = []
        for first in range(0, len(order_ids), _AT_ONCE):
            some = orders.c.id.in_(order_ids[first : first + _AT_ONCE])
            rows = await self._db.execute(
                select(orders).where(some).order_by(orders.c.id).with_for_update()
            )
            found += [read_order(row) for row in rows]
        return found

    async def reschedule(
        self, state: OrderState, looks: Sequence[tuple[int, int, datetime]]
    ) -> None:
        """Set attempts and the next due time of many orders of a state: (order, attempts, due at)."""
        if looks:
            self._wake(state, min(due for _, _, due in looks))
            await self._db.execute(
                update(orders)
                .where(orders.c.id == bindparam("which"))
                .values(attempts=bindparam("tries"), due_at=bindparam("due")),
                [{"which": which, "tries": tries, "due": due} for which, tries, due in looks],
            )

    async def move(self, order: Order, event: OrderEvent, **changes: Unpack[OrderChanges]) -> Order:
        """Take a locked order to the state that the event leads to; returns it as it is then.

        Raises IllegalTransition for an event that the order's state does not allow.
        """
        state = next_state(order.state, event)
        await self._set(order.id, state=state, **changes)
        self._wake(state, changes.get("due_at"), changes.get("paid_at"))
        return replace(order, state=state, **changes)

    async def update(self, order: Order, **changes: Unpack[OrderChanges]) -> Order:
        """Change a locked order within its state; returns it as it is then."""
        await self._set(order.id, **changes)
        self._wake(order.state, changes.get("due_at"))
        return replace(order, **changes)

    async def _set(self, order_id: int, **values: object) -> None:
        await self._db.execute(update(orders).where(orders.c.id == order_id).values(**values))

    def _wake(
        self, state: OrderState, due_at: datetime | None, paid_at: datetime | None = None
    ) -> None:
        if due_at is not None:
            self._wakes.add(_JOBS[state], due_at)
        if paid_at is not None:
            self._wakes.add(Job.WATCH, paid_at + timedelta(seconds=TELL_SLOW_AFTER_SECONDS))

    async def bind(self, order_id: int, supplier: str, supplier_order_id: str) -> bool:
        """Give the supplier's id to an order; False where another order already has it."""
        if await self.bound(supplier, [supplier_order_id]):
            return (
                await self._one(
                    orders.c.id == order_id, orders.c.supplier_order_id == supplier_order_id
                )
                is not None
            )
        await self._set(order_id, supplier_order_id=supplier_order_id)
        return True

    async def bound(self, supplier: str, ids: Sequence[str]) -> set[str]:
        rows = await self._db.execute(
            select(orders.c.supplier_order_id).where(
                orders.c.supplier == supplier, orders.c.supplier_order_id.in_(ids)
            )
        )
        return {found for found in rows.scalars() if found is not None}

    async def page(self, user_id: int, offset: int, limit: int) -> tuple[Sequence[Order], int]:
        """A customer's orders, newest first, and how many there are."""
        mine = orders.c.user_id == user_id
        count = (
            await self._db.execute(select(func.count()).select_from(orders).where(mine))
        ).scalar_one()
        rows = await self._db.execute(
            select(orders).where(mine).order_by(orders.c.id.desc()).offset(offset).limit(limit)
        )
        return [read_order(row) for row in rows], count

    async def due(
        self, state: OrderState, now: datetime, limit: int, supplier: str | None = None
    ) -> Sequence[Order]:
        rows = await self._db.execute(
            select(orders)
            .where(orders.c.state == state, orders.c.due_at <= now, *_at(supplier))
            .order_by(orders.c.due_at)
            .limit(limit)
        )
        return [read_order(row) for row in rows]

    async def earliest_due(self, state: OrderState, supplier: str | None = None) -> datetime | None:
        """When the next order of this state has to be looked at."""
        return await self._earliest(orders.c.due_at, orders.c.state == state, *_at(supplier))

    async def earliest_sent(self, state: OrderState) -> datetime | None:
        """When the first of the orders of this state was sent to its supplier."""
        return await self._earliest(orders.c.sent_at, orders.c.state == state)

    async def earliest_paid(self, suppliers: Collection[str]) -> datetime | None:
        """When the first of the unbought orders was paid, at any but these suppliers."""
        elsewhere = orders.c.supplier.not_in(suppliers)
        return await self._earliest(orders.c.paid_at, orders.c.state == OrderState.PAID, elsewhere)

    async def earliest_due_at(self, suppliers: Collection[str]) -> datetime | None:
        """When the next unbought order of these suppliers is due."""
        here = orders.c.supplier.in_(suppliers)
        return await self._earliest(orders.c.due_at, orders.c.state == OrderState.PAID, here)

    async def earliest_untold(self, supplier: str) -> datetime | None:
        """When the first order was paid that waits and whose customer has not been told that it is slow."""
        return await self._earliest(
            orders.c.paid_at, *_waiting_at(supplier), orders.c.told_slow.is_(False)
        )

    async def earliest_unalerted(self, supplier: str) -> datetime | None:
        """When the first order was paid that waits and of which no operator has been told."""
        return await self._earliest(
            orders.c.paid_at, *_waiting_at(supplier), orders.c.alerted_stuck.is_(False)
        )

    async def _earliest(
        self, column: Column[Any], *conditions: ColumnElement[bool]
    ) -> datetime | None:
        found: datetime | None = (
            await self._db.execute(select(func.min(column)).where(*conditions))
        ).scalar_one_or_none()
        return found

    async def in_state(self, state: OrderState, supplier: str | None = None) -> Sequence[Order]:
        return await self._many(orders.c.state == state, *_at(supplier))

    async def awaiting(self, user_id: int) -> Sequence[Order]:
        """A customer's orders that wait for payment, the oldest first, locked."""
        rows = await self._db.execute(
            select(orders)
            .where(orders.c.user_id == user_id, orders.c.state == OrderState.AWAITING_PAYMENT)
            .order_by(orders.c.id)
            .with_for_update()
        )
        return [read_order(row) for row in rows]

    async def able_to_pay(self) -> Sequence[int]:
        """Customers whose wallet suffices for one of their orders that wait for payment."""
        wallet_of = literal(wallet(0).removesuffix("0")) + cast(orders.c.user_id, String)
        rows = await self._db.execute(
            select(orders.c.user_id)
            .distinct()
            .join(accounts, accounts.c.name == wallet_of)
            .where(
                orders.c.state == OrderState.AWAITING_PAYMENT,
                accounts.c.balance_minor >= orders.c.quantity * orders.c.unit_price_minor,
            )
        )
        return list(rows.scalars())

    async def needing_attention(self, limit: int) -> tuple[Sequence[Order], int]:
        """Orders in front of an operator, the oldest first, and how many there are."""
        noticed = orders.c.attention.is_not(None)
        count = await self._db.execute(select(func.count()).select_from(orders).where(noticed))
        return await self._many(noticed, limit=limit), count.scalar_one()

    async def waiting_at(self) -> set[str]:
        """The suppliers of orders that are paid and have not ended."""
        waiting = select(orders.c.supplier).where(orders.c.state.in_(WAITING_STATES)).distinct()
        return set((await self._db.execute(waiting)).scalars())

    async def stuck(self, supplier: str, before: datetime) -> Sequence[Order]:
        return await self._waiting(supplier, before, orders.c.alerted_stuck.is_(False))

    async def slow(self, supplier: str, before: datetime) -> Sequence[Order]:
        return await self._waiting(supplier, before, orders.c.told_slow.is_(False))

    async def _waiting(
        self, supplier: str, before: datetime, condition: ColumnElement[bool]
    ) -> Sequence[Order]:
        waiting = orders.c.state.in_(WAITING_STATES)
        late = orders.c.paid_at < before
        return await self._many(waiting, late, condition, *_at(supplier), limit=_MOST_TOLD)

    async def wake_one(self, supplier: str, supplier_order_id: str, now: datetime) -> bool:
        """Make the order with this id of the supplier due now, while it is being handled."""
        result = await self._db.execute(
            update(orders)
            .where(
                orders.c.supplier == supplier,
                orders.c.supplier_order_id == supplier_order_id,
                orders.c.state == OrderState.HANDLING,
            )
            .values(due_at=now)
        )
        if result.rowcount:
            self._wake(OrderState.HANDLING, now)
        return result.rowcount == 1

    async def wake(self, state: OrderState, supplier: str, now: datetime) -> int:
        """Make every order of this state at this supplier due now."""
        result = await self._db.execute(
            update(orders)
            .where(orders.c.state == state, orders.c.due_at > now, *_at(supplier))
            .values(due_at=now)
        )
        if result.rowcount:
            self._wake(state, now)
        return result.rowcount

    async def oldest_unbought(self, supplier: str) -> Order | None:
        rows = await self._many(orders.c.state == OrderState.PAID, *_at(supplier), limit=1)
        return rows[0] if rows else None
