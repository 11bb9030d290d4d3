"""Finding orders whose answer was lost. No second order is ever bought for them.

To a supplier that answers a repeated request with the first order, the request is sent again, for
as long as the supplier promises that. Otherwise its list of orders is searched: by our reference
where the supplier keeps one; else equal purchases cannot be told apart, so any order of the same
purchase that no order of ours is bound to is adopted, the oldest first. The unique index on the
supplier's id prevents that two orders adopt the same one. While an equal purchase is on its way,
nothing is adopted: what the list shows may be that one's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.alerts import AlertKind
from bot.domain.orders import Attention, Order, OrderEvent, OrderState, ReturnReason, Stage
from bot.domain.schedule import GIVE_UP_RECONCILING_AFTER_SECONDS, until_next_reconciliation
from bot.domain.supplier import SupplierOrder
from bot.errors import (
    AccessRefused,
    InsufficientBalance,
    OutOfStock,
    RequestRefused,
    SupplierFailure,
)
from bot.services.items import ItemKind
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.messaging.item_runs import run_items
from bot.services.messaging.notifications import notify_stage
from bot.services.orders.orphans import without_orphans
from bot.services.orders.place import accept_answer, accept_order
from bot.services.orders.refunded import MARGIN as _MARGIN
from bot.services.orders.refunded import look_for_refunded, matches
from bot.services.orders.refunded import sent_at as _sent_at
from bot.services.orders.release import end_and_refund
from bot.services.selling.access import pause_for_access
from bot.services.selling.pauses import is_stopped
from bot.services.shop import Shop
from storage.transaction import Transaction

_FAILURES_TO_STOP_AFTER = 3  # so many failures in a row are the supplier's, not an order's
_RESTS_WHILE_STOPPED = 60.0  # seconds: until a paused order is looked for again
_RESTS_WHILE_REPEATED = 1.0  # seconds: the next run leaves the order to the call that is under way


async def reconcile_lost_orders(shop: Shop, supplier: str) -> int:
    """Search once for the lost orders of a supplier that are due; returns how many were found.

    Orders that were refunded though the supplier may have them are searched for too.
    """
    now = shop.clock.now()
    async with shop.store.reading() as tx:
        due = await tx.orders.due(OrderState.UNCONFIRMED, now, 200, supplier)
        unconfirmed = await tx.orders.in_state(OrderState.UNCONFIRMED, supplier)
    # Orders of a restored backup, of which nobody knows whether they were bought, have no `sent_at`
    # and wait for an operator: see restored.py.
    lost = sorted((order for order in unconfirmed if order.sent_at is not None), key=_sent_at)
    found = 0
    if due and lost:
        are_due = {order.id for order in due}
        repeated = await _repeat_requests(shop, [order for order in lost if order.id in are_due])
        lost = [order for order in lost if order.id not in repeated]
        found = len(repeated)
        if lost:
            found += await _search_list(shop, supplier, lost, due)
    await look_for_refunded(shop, supplier)
    return found


async def reconcile_due(tx: Transaction, shop: Shop, supplier: str) -> datetime | None:
    """When the next lost or refunded order of a supplier is searched for."""
    now = shop.clock.now()
    lost = await tx.orders.earliest_due(OrderState.UNCONFIRMED, now, supplier)
    return min(filter(None, [lost, await tx.orders.earliest_watched(supplier, now)]), default=None)


async def _repeat_requests(shop: Shop, lost: Sequence[Order]) -> set[int]:
    """Send requests again within the supplier's window; returns the ids of accepted orders.

    After some failures in a row the others are left for the next run. None waits for another.
    """
    failures = _FailuresInARow()

    async def repeat(order_id: int) -> int | None:
        if failures.are_enough:
            return None
        return order_id if await _repeat_request(shop, by_id[order_id], failures) else None

    by_id = {order.id: order for order in lost if _is_repeatable(shop, order)}
    accepted = await run_items(
        shop,
        ItemKind.RECONCILE,
        by_id,
        repeat,
        lane=lambda order_id: f"repeat {by_id[order_id].supplier}",
        at_once=_FAILURES_TO_STOP_AFTER,
    )
    return {order_id for order_id in accepted if order_id is not None}


@dataclass
class _FailuresInARow:
    count: int = 0
    refused: bool = False  # the supplier refuses our key

    @property
    def are_enough(self) -> bool:
        return self.refused or self.count >= _FAILURES_TO_STOP_AFTER


def _is_repeatable(shop: Shop, order: Order) -> bool:
    window = timedelta(seconds=shop.suppliers[order.supplier].policy.repeats_for)
    # Repeated later, the request buys again: so its age is taken as high as it may be.
    return shop.timeline.highest_age(_sent_at(order)) < window


async def _repeat_request(shop: Shop, order: Order, failures: _FailuresInARow) -> bool:
    """Send the request of a lost order again, if the order still waits for it; True if accepted.

    A refusal is ignored: it may refuse the repetition only. Not so where the supplier is the shop
    itself: it has the order or it has not, so the order ends.
    """
    async with shop.store.reading() as tx:
        request = await tx.purchase_requests.last(order)
    if request is None:
        return False

    async def commit_intent() -> bool:
        committed = await shop.store.write(_commit_repetition, shop, order.id)
        return committed and shop.lease.holds

    try:
        supplier_order_id = await shop.suppliers[order.supplier].repeat(request, commit_intent)
    except AccessRefused as refusal:
        failures.refused = True
        await pause_for_access(shop, order.supplier, refusal)
    except (InsufficientBalance, OutOfStock, RequestRefused) as failure:
        failures.count = 0  # the supplier answers: it is not to blame for the others
        if not shop.suppliers[order.supplier].policy.refusals_may_be_late:
            await shop.store.write(_refuse, shop, order.id, failure)
    except SupplierFailure:
        failures.count += 1
    else:
        failures.count = 0
        if supplier_order_id is not None:
            return await shop.store.write(accept_answer, shop, order.id, supplier_order_id)
    return False


async def _refuse(tx: Transaction, shop: Shop, order_id: int, failure: SupplierFailure) -> None:
    order = await tx.lock_order(order_id)
    if order.state is OrderState.UNCONFIRMED:
        is_sold_out = isinstance(failure, OutOfStock)
        reason = ReturnReason.SOLD_OUT if is_sold_out else ReturnReason.NOT_AVAILABLE
        await end_and_refund(tx, shop, order, OrderEvent.REFUSE, reason)
        await resolve_alert(tx, shop, f"outcome_unknown:{order.id}")


async def _commit_repetition(tx: Transaction, shop: Shop, order_id: int) -> bool:
    """Whether the order still is lost, and its request may be repeated.

    The intent of its first call stands: from then on an order may exist at the supplier. Where the
    supplier is the shop itself, a pause that lets paid orders wait stops the repetition too.
    """
    order = await tx.orders.locked(order_id)
    if order.state is not OrderState.UNCONFIRMED or not _is_repeatable(shop, order):
        return False
    waits = await _waits_for_pause(tx, shop, order)
    rests = _RESTS_WHILE_STOPPED if waits else _RESTS_WHILE_REPEATED
    due = shop.clock.now() + timedelta(seconds=rests)
    if order.due_at is not None and order.due_at < due:
        await tx.orders.update(order, due_at=due)
    return not waits


async def _waits_for_pause(tx: Transaction, shop: Shop, order: Order) -> bool:
    """Whether a pause keeps a lost order from being repeated: only where the supplier is the shop itself."""
    is_ours = not shop.suppliers[order.supplier].policy.refusals_may_be_late
    return is_ours and await is_stopped(tx, shop, order)


async def _search_list(
    shop: Shop, supplier: str, lost: Sequence[Order], due: Sequence[Order]
) -> int:
    """Search the supplier's list for lost orders; returns how many were found."""
    now = shop.clock.now()
    ids = [order.id for order in due]
    try:
        listed = await shop.suppliers[supplier].orders(_sent_at(lost[0]) - _MARGIN, now + _MARGIN)
    except SupplierFailure as failure:
        if isinstance(failure, AccessRefused):
            await pause_for_access(shop, supplier, failure)
        await shop.store.write(_schedule_next_search, shop, ids, seen=False)
        return 0
    candidates = sorted(listed, key=lambda found: found.ordered_at or now)

    async def adopt(order_id: int) -> bool:
        return await shop.store.write(_adopt, shop, order_id, candidates)

    # One after the other: of two equal orders the older one adopts first.
    lost_ids = [order.id for order in lost]
    adopted = await run_items(
        shop, ItemKind.RECONCILE, lost_ids, adopt, lane=lambda _id: supplier, at_once=1
    )
    await shop.store.write(_schedule_next_search, shop, ids, seen=True)
    return sum(adopted)


async def _adopt(
    tx: Transaction, shop: Shop, order_id: int, candidates: Sequence[SupplierOrder]
) -> bool:
    """Bind a lost order to one of the supplier's orders that nobody else can have.

    All that decides is read here, under the locks of the order and of those on their way.
    """
    order, on_their_way = await tx.orders.locked_with_equals_on_their_way(order_id)
    if order.state is not OrderState.UNCONFIRMED or order.sent_at is None:
        return False
    request = await tx.purchase_requests.last(order)
    if request is None and on_their_way:
        return False  # an order in the list may be theirs
    matching = [c for c in candidates if matches(order, request, c)]
    free = await without_orphans(tx, order.supplier, matching)
    if request is None:
        ours = await tx.purchase_requests.known([c.reference for c in free if c.reference])
        free = [c for c in free if c.reference not in ours]
    return bool(free) and await accept_order(tx, shop, order, free[0].supplier_order_id)


async def _schedule_next_search(
    tx: Transaction, shop: Shop, order_ids: Sequence[int], *, seen: bool
) -> None:
    next_searches, now = [], shop.clock.now()
    for order in await tx.orders.locked_many(order_ids):
        if order.state is not OrderState.UNCONFIRMED:
            continue
        if await _waits_for_pause(tx, shop, order):
            # Nothing has reserved its codes yet, and nothing is to: that it is not found is no news.
            rest = timedelta(seconds=_RESTS_WHILE_STOPPED)
            next_searches.append((order.id, order.attempts, now + rest))
            continue
        age = shop.timeline.age(_sent_at(order)).total_seconds()
        wait = until_next_reconciliation(age, order.attempts + 1)
        next_searches.append((order.id, order.attempts + 1, now + timedelta(seconds=wait)))
        if seen and age >= GIVE_UP_RECONCILING_AFTER_SECONDS and order.attention is None:
            await tx.orders.update(order, attention=Attention.NOT_FOUND)
            await notify_stage(tx, shop, order, Stage.SUPPORT)
            await raise_alert(
                tx, shop, f"not_found:{order.id}", AlertKind.ORDER_NOT_FOUND, order=order.id
            )
    await tx.orders.reschedule(OrderState.UNCONFIRMED, next_searches)
