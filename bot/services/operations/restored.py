"""After a restore: no order is bought and no update is handled without an operator.

Orders and updates may have been processed after the backup: orders that are paid in it may have
been bought, and updates that wait in it may have been handled. The database cannot know, an
operator can. Nor does it know which numbers were given out since: new ones begin well above those.
And whoever works here in it may have been dismissed since: owners appoint everybody anew.
News that are being sent in it may have reached everybody since: nobody is sent them again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.alerts import AlertKind
from bot.domain.news import NewsState
from bot.domain.numbering import last_number_after_restore
from bot.domain.orders import Attention, Order, OrderEvent, OrderState
from bot.ports import Clock
from storage.store import Store
from storage.transaction import Transaction

_PACE_OVER: Final = timedelta(days=7)  # before the backup
_UNBOUGHT = (OrderState.PAID, OrderState.PLACING, OrderState.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class Restored:
    """How many orders were flagged for an operator, how many updates were quarantined, how many
    batches of own codes are held, how many people have to be appointed anew, and how many news were
    stopped or thrown away."""

    orders: int
    updates: int
    batches: int = 0
    staff: int = 0
    news: int = 0


async def quarantine_restored(store: Store, clock: Clock) -> Restored:
    """Flag unbought orders and quarantine waiting updates; a second call finds none.

    Batches of own codes that nobody has decided about are held, and told of, by each call. So is
    everybody in the team: with no rights, until an owner has appointed them anew.
    """
    return await store.write(_quarantine, clock)


async def _quarantine(tx: Transaction, clock: Clock) -> Restored:
    flagged = 0
    for state in _UNBOUGHT:
        for order in await tx.orders.in_state(state):
            flagged += await _flag_order(tx, order)
    waiting = [row.key for row in await tx.inbox.unhandled()]
    await tx.inbox.quarantine(waiting, clock.now())
    staff = await tx.team.void_all()
    batches = await _hold_stock(tx, clock, staff)
    return Restored(flagged, len(waiting), batches, staff, await _end_news(tx))


async def _end_news(tx: Transaction) -> int:
    """Whom a news has reached since the backup is unknown, as is whether a draft was sent: nobody gets it again."""
    ends = {NewsState.RUNNING: NewsState.STOPPED, NewsState.DRAFT: NewsState.DROPPED}
    return sum([await tx.news.end_all(state, end) for state, end in ends.items()])


async def _hold_stock(tx: Transaction, clock: Clock, staff: int) -> int:
    """Codes that were sold after the backup lie in it unsold: no batch is sold before an operator says so.

    Nor is a draft: it may have been put on sale after the backup.
    """
    held = await tx.stock.hold_all(clock.now())
    if held:
        await tx.alerts.close("stock_held", clock.now())
        figures = {"count": str(held)} | ({"staff": str(staff)} if staff else {})
        await tx.alerts.open("stock_held", AlertKind.STOCK_HELD, clock.now(), figures)
    return held


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
    up: this one is another. It ends the restore: from then on the database may be opened.
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
    await tx.moves.end_restore()
    return moved
