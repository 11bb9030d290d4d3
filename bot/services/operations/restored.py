"""After a restore: no order is bought and no update is handled without an operator.

Orders and updates may have been processed after the backup: orders that are paid in it may have
been bought, and updates that wait in it may have been handled. The database cannot know, an
operator can. Nor does it know which numbers were given out since: new ones begin well above those.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.numbering import last_number_after_restore
from bot.domain.orders import Attention, Order, OrderEvent, OrderState
from bot.ports import Clock
from storage.store import Store
from storage.transaction import Transaction

_PACE_OVER: Final = timedelta(days=7)  # before the backup
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


async def move_numbers_ahead(
    store: Store, clock: Clock, known: Mapping[str, int]
) -> dict[str, int]:
    """Have new numbers begin above all that may have been given out; returns above which, by table.

    `known`: by table, numbers that surely were. Also forgets a move of the database that was backed
    up: this one is another.
    """
    return await store.write(_move_ahead, clock, known)


async def _move_ahead(tx: Transaction, clock: Clock, known: Mapping[str, int]) -> dict[str, int]:
    await tx.moves.clear()
    now = clock.now()
    backed_up = await tx.counters.last_act(now) or now
    moved = {}
    for name, last in (await tx.counters.last_numbers()).items():
        given = await tx.counters.given_since(name, backed_up - _PACE_OVER)
        moved[name] = last_number_after_restore(
            max(last, known.get(name, 0)), given=given, over=_PACE_OVER, lost=now - backed_up
        )
        await tx.counters.set_last(name, moved[name])
    return moved
