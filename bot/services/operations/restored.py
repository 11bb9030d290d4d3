"""After a restore: no order is bought and no update is handled without an operator.

Orders and updates may have been processed after the backup: orders that are paid in it may have
been bought, and updates that wait in it may have been handled. The database cannot know, an
operator can.
"""

from dataclasses import dataclass

from bot.domain.orders import Attention, Order, OrderEvent, OrderState
from bot.ports import Clock
from storage.store import Store
from storage.transaction import Transaction

_UNBOUGHT = (OrderState.PAID, OrderState.PLACING, OrderState.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class Restored:
    """How many orders were flagged for an operator, and how many updates were quarantined."""

    orders: int
    updates: int


async def quarantine_restored(store: Store, clock: Clock) -> Restored:
    """Flag unbought orders and quarantine waiting updates; a second call finds none."""
    return await store.write(_quarantine, clock)


async def _quarantine(tx: Transaction, clock: Clock) -> Restored:
    flagged = 0
    for state in _UNBOUGHT:
        for order in await tx.orders.in_state(state):
            flagged += await _flag_order(tx, order)
    waiting = [row.key for row in await tx.inbox.unhandled()]
    await tx.inbox.quarantine(waiting, clock.now())
    return Restored(flagged, len(waiting))


async def _flag_order(tx: Transaction, order: Order) -> bool:
    """Keep the escrow; `sent_at=None` keeps it out of placing and reconciliation.

    False if it was flagged already.
    """
    if order.state is OrderState.UNCONFIRMED and order.sent_at is None:
        return False
    if order.state is OrderState.PAID:
        order = await tx.orders.move(order, OrderEvent.SEND)
    if order.state is OrderState.PLACING:
        order = await tx.orders.move(order, OrderEvent.LOSE)
    await tx.orders.update(order, sent_at=None, due_at=None, attention=Attention.NOT_FOUND)
    return True
