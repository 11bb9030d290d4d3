"""Orders: loaded with the owner's id for a customer, or under a lock by the sweeps."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Unpack

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
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
from bot.domain.schedule import LONGEST_LOOK, LONGEST_WAIT, TELL_SLOW_AFTER_SECONDS
from bot.domain.supplier import Environment
from bot.errors import NotFound, required
from storage.due import earliest_due, is_due
from storage.repositories.base import Repository
from storage.tables import accounts, orders

_MAX_PARAMETERS = 500  # of one statement
_MAX_LATE = 1000  # orders that one run of the watch reports as slow or stuck

# The job that checks an order in this state when the order is due.
_JOBS = {
    OrderState.AWAITING_PAYMENT: Job.UNPAID,
    OrderState.PAID: Job.PLACE,
    OrderState.UNCONFIRMED: Job.RECONCILE,
    OrderState.HANDLING: Job.POLL,
    # Refunded while the supplier may still deliver.
    OrderState.REFUNDED: Job.RECONCILE,
    OrderState.PARTIAL: Job.RECONCILE,
}


def read_order(row: Row[Any]) -> Order:
    """Convert a row that has all columns of `orders`, and possibly others."""
    values = {column.name: row._mapping[column] for column in orders.c}  # noqa: SLF001 - SQLAlchemy's public accessor
    values["state"] = OrderState(values["state"])
    values["environment"] = Environment(values["environment"])
    values["return_reason"] = (
        ReturnReason(values["return_reason"]) if values["return_reason"] else None
    )
    values["attention"] = Attention(values["attention"]) if values["attention"] else None
    return Order(**values)


def _of_supplier(supplier: str | None) -> list[ColumnElement[bool]]:
    """Conditions that select the orders of one supplier; None: of all suppliers."""
    return [] if supplier is None else [orders.c.supplier == supplier]


def _waiting_of_supplier(supplier: str) -> list[ColumnElement[bool]]:
    return [orders.c.state.in_(WAITING_STATES), orders.c.supplier == supplier]


def _watched(supplier: str) -> list[ColumnElement[bool]]:
    refunded = orders.c.state.in_((OrderState.REFUNDED, OrderState.PARTIAL))
    return [refunded, orders.c.supplier == supplier, orders.c.due_at.is_not(None)]


class OrderRepository(Repository):
    async def add(self, order: Order) -> int | None:
        """Insert an order and return its id, which the database assigns; `order.id` is ignored.

        None if its quote already has an order: nothing is changed then.
        """
        values = asdict(order)
        del values["id"]
        order_id = await self.insert_for_id(orders, **values)
        if order_id is not None:
            self._collect_jobs(order.state, order.due_at, order.paid_at)
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
        """The order, without a lock. None if it does not exist or belongs to another customer."""
        return await self._one(orders.c.id == order_id, orders.c.user_id == user_id)

    async def by_quote(self, quote_id: int, user_id: int) -> Order | None:
        """The order that used this quote, without a lock.

        None if there is none of this customer.
        """
        return await self._one(orders.c.quote_id == quote_id, orders.c.user_id == user_id)

    async def owner(self, order_id: int) -> int:
        """The id of the customer of an order, which never changes. Raises NotFound."""
        found = await self._db.execute(select(orders.c.user_id).where(orders.c.id == order_id))
        owner: int | None = found.scalar_one_or_none()
        return required(owner)

    async def locked(self, order_id: int) -> Order:
        """The order of any customer, locked until the transaction ends. Raises NotFound.

        For sweeps and operators. On behalf of a customer, load with `for_owner` first.
        """
        order = await self._one(orders.c.id == order_id, lock=True)
        if order is None:
            raise NotFound
        return order

    async def locked_many(self, order_ids: Sequence[int]) -> Sequence[Order]:
        """Several orders by ascending id, locked like `locked`.

        Ids that do not exist are left out.
        """
        found: list[Order] = []
        for first in range(0, len(order_ids), _MAX_PARAMETERS):
            some = orders.c.id.in_(order_ids[first : first + _MAX_PARAMETERS])
            rows = await self._db.execute(
                select(orders).where(some).order_by(orders.c.id).with_for_update()
            )
            found += [read_order(row) for row in rows]
        return found

    async def locked_with_equals_on_their_way(self, order_id: int) -> tuple[Order, Sequence[Order]]:
        """An order and those in PLACING with the same purchase, locked in one step by ascending id.

        Raises NotFound.
        """
        this = await self._one(orders.c.id == order_id)
        if this is None:
            raise NotFound
        wanted = this.purchase
        equal = and_(
            orders.c.state == OrderState.PLACING,
            orders.c.supplier == this.supplier,
            orders.c.supplier_product_id == wanted.supplier_product_id,
            orders.c.supplier_type_id == wanted.supplier_type_id,
            orders.c.quantity == wanted.quantity,
        )
        rows = await self._db.execute(
            select(orders)
            .where(or_(orders.c.id == order_id, equal))
            .order_by(orders.c.id)
            .with_for_update()
        )
        found = [read_order(row) for row in rows]
        (order,) = (one for one in found if one.id == order_id)
        return order, [one for one in found if one.id != order_id]

    async def watched(self, supplier: str) -> Sequence[Order]:
        """Orders that were refunded though their supplier may still deliver, by ascending id.

        Without a lock. `due_at` is when their supplier is asked about them next.
        """
        return await self._many(*_watched(supplier))

    async def watched_due(self, supplier: str, now: datetime) -> set[int]:
        """Ids of those whose supplier is to be asked about them now."""
        due = is_due(orders.c.due_at, now, LONGEST_LOOK)
        found = await self._db.execute(select(orders.c.id).where(*_watched(supplier), due))
        return set(found.scalars())

    async def earliest_watched(self, supplier: str, now: datetime) -> datetime | None:
        """When the supplier is next asked about an order that was refunded; None: never."""
        return await earliest_due(self._db, orders.c.due_at, now, LONGEST_LOOK, *_watched(supplier))

    async def reschedule(
        self, state: OrderState, checks: Sequence[tuple[int, int, datetime]]
    ) -> None:
        """Set (order id, attempts, due at) of many locked orders of one state."""
        if checks:
            self._collect_jobs(state, min(due for _, _, due in checks))
            await self._db.execute(
                update(orders)
                .where(orders.c.id == bindparam("order_id"))
                .values(attempts=bindparam("new_attempts"), due_at=bindparam("new_due_at")),
                [
                    {"order_id": order_id, "new_attempts": attempts, "new_due_at": due_at}
                    for order_id, attempts, due_at in checks
                ],
            )

    async def move(self, order: Order, event: OrderEvent, **changes: Unpack[OrderChanges]) -> Order:
        """Apply an event to a locked order, with further changes, and return the changed order.

        Raises IllegalTransition if the order's state does not allow the event, so a second call
        with the same event usually raises.
        """
        state = next_state(order.state, event)
        await self._set(order.id, state=state, **changes)
        self._collect_jobs(state, changes.get("due_at"), changes.get("paid_at"))
        return replace(order, state=state, **changes)

    async def update(self, order: Order, **changes: Unpack[OrderChanges]) -> Order:
        """Change a locked order without changing its state; returns the changed order."""
        await self._set(order.id, **changes)
        self._collect_jobs(order.state, changes.get("due_at"))
        return replace(order, **changes)

    async def _set(self, order_id: int, **values: object) -> None:
        await self._db.execute(update(orders).where(orders.c.id == order_id).values(**values))

    def _collect_jobs(
        self, state: OrderState, due_at: datetime | None, paid_at: datetime | None = None
    ) -> None:
        """Collect the jobs to run once these values are committed: a check, and a note if slow."""
        if due_at is not None:
            self._wakes.add(_JOBS[state], due_at)
        if paid_at is not None:
            self._wakes.add(Job.WATCH, paid_at + timedelta(seconds=TELL_SLOW_AFTER_SECONDS))

    async def bind(self, order_id: int, supplier: str, supplier_order_id: str) -> bool:
        """Store the supplier's order id in a locked order.

        False if another order has that id; then nothing is changed. A second call with the same
        id changes nothing and returns True.
        """
        if await self.bound_ids(supplier, [supplier_order_id]):
            return (
                await self._one(
                    orders.c.id == order_id, orders.c.supplier_order_id == supplier_order_id
                )
                is not None
            )
        await self._set(order_id, supplier_order_id=supplier_order_id)
        return True

    async def bound_ids(self, supplier: str, ids: Sequence[str]) -> set[str]:
        """Those of a supplier's order ids that an order of ours has."""
        rows = await self._db.execute(
            select(orders.c.supplier_order_id).where(
                orders.c.supplier == supplier, orders.c.supplier_order_id.in_(ids)
            )
        )
        return {found for found in rows.scalars() if found is not None}

    async def page(self, user_id: int, offset: int, limit: int) -> tuple[Sequence[Order], int]:
        """A part of a customer's orders, newest first, and how many orders they have in all."""
        mine = orders.c.user_id == user_id
        counted = await self._db.execute(select(func.count()).select_from(orders).where(mine))
        count = counted.scalar_one()
        rows = await self._db.execute(
            select(orders).where(mine).order_by(orders.c.id.desc()).offset(offset).limit(limit)
        )
        return [read_order(row) for row in rows], count

    async def due(
        self, state: OrderState, now: datetime, limit: int, supplier: str | None = None
    ) -> Sequence[Order]:
        """Orders in this state with work that is due, the longest due first, without a lock."""
        return await self._due(
            is_due(orders.c.due_at, now, LONGEST_WAIT), state, limit, *_of_supplier(supplier)
        )

    async def unpaid_since(self, due_by: datetime, limit: int) -> Sequence[Order]:
        """Orders that were to be paid by then, the longest due first, without a lock."""
        return await self._due(orders.c.due_at <= due_by, OrderState.AWAITING_PAYMENT, limit)

    async def _due(
        self, due: ColumnElement[bool], state: OrderState, limit: int, *more: ColumnElement[bool]
    ) -> Sequence[Order]:
        rows = await self._db.execute(
            select(orders)
            .where(orders.c.state == state, due, *more)
            .order_by(orders.c.due_at)
            .limit(limit)
        )
        return [read_order(row) for row in rows]

    async def earliest_due(
        self, state: OrderState, now: datetime, supplier: str | None = None
    ) -> datetime | None:
        """When the first order in this state has work that is due; None if none has a time."""
        in_state = (orders.c.state == state, *_of_supplier(supplier))
        return await earliest_due(self._db, orders.c.due_at, now, LONGEST_WAIT, *in_state)

    async def earliest_unpaid(self) -> datetime | None:
        """When the first of the orders that wait for money is to be paid."""
        unpaid = orders.c.state == OrderState.AWAITING_PAYMENT
        return await self._earliest(orders.c.due_at, unpaid)

    async def earliest_sent(self, state: OrderState) -> datetime | None:
        """When the first of the orders now in this state was sent to its supplier."""
        return await self._earliest(orders.c.sent_at, orders.c.state == state)

    async def earliest_unbought_paid(self, excluding: Collection[str]) -> datetime | None:
        """When the first order was paid that is not bought yet, at any supplier but these."""
        elsewhere = orders.c.supplier.not_in(excluding)
        return await self._earliest(orders.c.paid_at, orders.c.state == OrderState.PAID, elsewhere)

    async def earliest_unbought_due(
        self, suppliers: Collection[str], now: datetime
    ) -> datetime | None:
        """When the next order that is paid but not bought is due, at these suppliers."""
        here = (orders.c.state == OrderState.PAID, orders.c.supplier.in_(suppliers))
        return await earliest_due(self._db, orders.c.due_at, now, LONGEST_WAIT, *here)

    async def earliest_untold(self, supplier: str) -> datetime | None:
        """When the first waiting order was paid whose customer was not told that it is slow."""
        return await self._earliest(
            orders.c.paid_at, *_waiting_of_supplier(supplier), orders.c.told_slow.is_(False)
        )

    async def earliest_unalerted(self, supplier: str) -> datetime | None:
        """When the first of the waiting orders was paid for which no operator was alerted."""
        return await self._earliest(
            orders.c.paid_at, *_waiting_of_supplier(supplier), orders.c.alerted_stuck.is_(False)
        )

    async def _earliest(
        self, column: Column[Any], *conditions: ColumnElement[bool]
    ) -> datetime | None:
        found: datetime | None = (
            await self._db.execute(select(func.min(column)).where(*conditions))
        ).scalar_one_or_none()
        return found

    async def in_state(self, state: OrderState, supplier: str | None = None) -> Sequence[Order]:
        """All orders in this state, by ascending id, without a lock."""
        return await self._many(orders.c.state == state, *_of_supplier(supplier))

    async def locked_unpaid(self, user_id: int) -> Sequence[Order]:
        """A customer's orders that wait for payment, the oldest first, locked."""
        rows = await self._db.execute(
            select(orders)
            .where(orders.c.user_id == user_id, orders.c.state == OrderState.AWAITING_PAYMENT)
            .order_by(orders.c.id)
            .with_for_update()
        )
        return [read_order(row) for row in rows]

    async def customers_able_to_pay(self) -> Sequence[int]:
        """Ids of customers whose wallet covers one of their orders that wait for payment."""
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
        """Orders that wait for an operator, the oldest first, and how many there are in all."""
        flagged = orders.c.attention.is_not(None)
        count = await self._db.execute(select(func.count()).select_from(orders).where(flagged))
        return await self._many(flagged, limit=limit), count.scalar_one()

    async def suppliers_with_waiting(self) -> set[str]:
        """Names of the suppliers of orders that are paid and have not ended."""
        waiting = select(orders.c.supplier).where(orders.c.state.in_(WAITING_STATES)).distinct()
        return set((await self._db.execute(waiting)).scalars())

    async def stuck(self, supplier: str, before: datetime) -> Sequence[Order]:
        """Waiting orders paid before then for which no operator was alerted, by ascending id."""
        return await self._waiting(supplier, before, orders.c.alerted_stuck.is_(False))

    async def slow(self, supplier: str, before: datetime) -> Sequence[Order]:
        """Waiting orders paid before then whose customers were not told, by ascending id."""
        return await self._waiting(supplier, before, orders.c.told_slow.is_(False))

    async def _waiting(
        self, supplier: str, before: datetime, condition: ColumnElement[bool]
    ) -> Sequence[Order]:
        waiting = orders.c.state.in_(WAITING_STATES)
        late = orders.c.paid_at < before
        return await self._many(waiting, late, condition, *_of_supplier(supplier), limit=_MAX_LATE)

    async def make_one_due(self, supplier: str, supplier_order_id: str, now: datetime) -> bool:
        """Make the order with this id at the supplier due now.

        False unless it is in state HANDLING.
        """
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
            self._collect_jobs(OrderState.HANDLING, now)
        return result.rowcount == 1

    async def make_due(self, state: OrderState, supplier: str, now: datetime) -> int:
        """Make every order in this state at this supplier due now; returns how many."""
        result = await self._db.execute(
            update(orders)
            .where(orders.c.state == state, orders.c.due_at > now, *_of_supplier(supplier))
            .values(due_at=now)
        )
        if count := result.rowcount:
            self._collect_jobs(state, now)
        return count

    async def oldest_unbought(self, supplier: str) -> Order | None:
        """The paid but unbought order of this supplier with the lowest id, if any."""
        paid = (orders.c.state == OrderState.PAID, *_of_supplier(supplier))
        return next(iter(await self._many(*paid, limit=1)), None)
