"""After a backup was restored: nothing is bought, and nothing is done again, by itself.

Between the backup and the restore the shop may have gone on: what was paid then may have been bought,
what waited may have been done. The database cannot know; an operator can.
"""

from dataclasses import dataclass

from bot.domain.orders import Attention, Order, OrderEvent, OrderState
from bot.ports import Clock
from storage.store import Store
from storage.transaction import Transaction

_UNBOUGHT = (OrderState.PAID, OrderState.PLACING, OrderState.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class Restored:
    """How many orders stand in front of an operator now, and how many updates were set aside."""

    orders: int
    updates: int


async def quarantine_restored(store: Store, clock: Clock) -> Restored:
    """A second call finds nothing left to do."""
    return await store.write(_quarantine, clock)


async def _quarantine(tx: Transaction, clock: Clock) -> Restored:
    held = 0
    for state in _UNBOUGHT:
        for order in await tx.orders.in_state(state):
            held += await _flag_order(tx, order)
    waiting = [row.update_id for row in await tx.inbox.unhandled()]
    await tx.inbox.quarantine(waiting, clock.now())
    return Restored(held, len(waiting))


async def _flag_order(tx: Transaction, order: Order) -> bool:
    """Its money stays held. Without a time of sending it is neither sent nor searched for."""
    if order.state is OrderState.UNCONFIRMED and order.sent_at is None:
        return False
    if order.state is OrderState.PAID:
        order = await tx.orders.move(order, OrderEvent.SEND)
    if order.state is OrderState.PLACING:
        order = await tx.orders.move(order, OrderEvent.LOSE)
    await tx.orders.update(order, sent_at=None, due_at=None, attention=Attention.NOT_FOUND)
    return True
