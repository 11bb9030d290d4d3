"""Orders: loaded under a lock, and changed."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Unpack

from sqlalchemy import (
    and_,
    bindparam,
    or_,
    update,
)

from bot.domain.jobs import Job
from bot.domain.orders import (
    FINAL_STATES,
    Order,
    OrderChanges,
    OrderEvent,
    OrderState,
    next_state,
)
from bot.refusals import NotFound
from storage.repositories.order_readings import ORDERS, OrderReadings, of_supplier, read_order
from storage.tables import orders

_MAX_PARAMETERS = 500  # of one statement

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


class OrderRepository(OrderReadings):
    """Loads orders with the owner's id for a customer, or under a lock for what changes them."""

    async def add(self, order: Order) -> int | None:
        """Insert an order and return its id, which the database assigns; `order.id` is ignored.

        None if its quote already has an order: nothing is changed then.
        """
        values = asdict(order)
        del values["id"]
        order_id = await self.insert_for_id(orders, **values)
        if order_id is not None:
            self._collect_jobs(order.state, order.due_at, order.tell_at)
        return order_id

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
                ORDERS.where(some).order_by(orders.c.id).with_for_update()
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
            ORDERS.where(or_(orders.c.id == order_id, equal))
            .order_by(orders.c.id)
            .with_for_update()
        )
        found = [read_order(row) for row in rows]
        (order,) = (one for one in found if one.id == order_id)
        return order, [one for one in found if one.id != order_id]

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
        with the same event usually raises. What has ended waits for nothing that is to be told.
        """
        state = next_state(order.state, event)
        if state in FINAL_STATES:
            changes["tell_at"] = None
            self._wakes.ended.append((order.supplier, state))
        await self._set(order.id, state=state, **changes)
        self._collect_jobs(state, changes.get("due_at"), changes.get("tell_at"))
        return replace(order, state=state, **changes)

    async def update(self, order: Order, **changes: Unpack[OrderChanges]) -> Order:
        """Change a locked order without changing its state; returns the changed order."""
        await self._set(order.id, **changes)
        self._collect_jobs(order.state, changes.get("due_at"), changes.get("tell_at"))
        return replace(order, **changes)

    async def _set(self, order_id: int, **values: object) -> None:
        await self._db.execute(update(orders).where(orders.c.id == order_id).values(**values))

    def _collect_jobs(
        self, state: OrderState, due_at: datetime | None, tell_at: datetime | None = None
    ) -> None:
        """Collect the jobs to run once these values are committed."""
        if due_at is not None:
            self._wakes.add(_JOBS[state], due_at)
        if tell_at is not None:
            self._wakes.add(Job.WATCH, tell_at)

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

    async def locked_unpaid(self, user_id: int) -> Sequence[Order]:
        """A customer's orders that wait for payment, the oldest first, locked."""
        rows = await self._db.execute(
            ORDERS.where(orders.c.user_id == user_id, orders.c.state == OrderState.AWAITING_PAYMENT)
            .order_by(orders.c.id)
            .with_for_update()
        )
        return [read_order(row) for row in rows]

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
            .where(orders.c.state == state, orders.c.due_at > now, *of_supplier(supplier))
            .values(due_at=now)
        )
        if count := result.rowcount:
            self._collect_jobs(state, now)
        return count
