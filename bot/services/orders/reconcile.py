"""Finding orders whose answer was lost. No second order is ever bought for them.

To a supplier that answers a repeated request with the first order, the request is sent again, for
as long as the supplier promises that. Otherwise its list of orders is searched: by our reference
where the supplier keeps one; else equal purchases cannot be told apart, so any order of the same
purchase that no order of ours is bound to is adopted, the oldest first. The unique index on the
supplier's id prevents that two orders adopt the same one.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.domain.orders import Attention, Order, OrderState
from bot.domain.records import AlertKind
from bot.domain.schedule import GIVE_UP_RECONCILING_AFTER_SECONDS, until_next_reconciliation
from bot.domain.supplier import Purchase, PurchaseRequest, SupplierOrder
from bot.errors import AccessRefused, SupplierFailure
from bot.services.messaging.alerts import raise_alert
from bot.services.orders.place import accept_order
from bot.services.selling.access import pause_for_access
from bot.services.shop import Shop
from storage.transaction import Transaction

_MARGIN = timedelta(minutes=2)
_FAILURES_TO_STOP_AFTER = 3  # so many failures in a row are the supplier's, not an order's


async def reconcile_lost_orders(shop: Shop, supplier: str) -> int:
    """Search once for the lost orders of a supplier that are due; returns how many were found."""
    now = shop.clock.now()
    async with shop.store.reading() as tx:
        due = await tx.orders.due(OrderState.UNCONFIRMED, now, 200, supplier)
        unconfirmed = await tx.orders.in_state(OrderState.UNCONFIRMED, supplier)
        placing = await tx.orders.in_state(OrderState.PLACING, supplier)
    # Orders of a restored backup, of which nobody knows whether they were bought, have no `sent_at`
    # and wait for an operator: see restored.py.
    lost = sorted((order for order in unconfirmed if order.sent_at is not None), key=_sent_at)
    if not due or not lost:
        return 0
    are_due = {order.id for order in due}
    repeated = await _repeat_requests(shop, [order for order in lost if order.id in are_due])
    lost = [order for order in lost if order.id not in repeated]
    found = len(repeated)
    if lost:
        in_flight = {order.purchase for order in placing}
        found += await _search_list(shop, supplier, lost, due, in_flight)
    return found


async def _repeat_requests(shop: Shop, lost: Sequence[Order]) -> set[int]:
    """Send requests again within the supplier's window; returns the ids of accepted orders.

    A refusal is ignored: it may refuse the repetition only. After some failures in a row the others
    are left for the next run.
    """
    answered: set[int] = set()
    failures = 0
    for order in lost:
        supplier = shop.suppliers[order.supplier]
        window = timedelta(seconds=supplier.policy.repeats_for)
        if shop.clock.now() - _sent_at(order) >= window:
            continue
        async with shop.store.reading() as tx:
            request = await tx.purchase_requests.last(order)
        if request is None:
            continue
        try:
            supplier_order_id = await supplier.repeat(request)
        except AccessRefused as refusal:
            await pause_for_access(shop, order.supplier, refusal)
            break
        except SupplierFailure:
            failures += 1
            if failures == _FAILURES_TO_STOP_AFTER:
                break
        else:
            failures = 0
            if await shop.store.write(_accept_repeated, shop, order.id, supplier_order_id):
                answered.add(order.id)
    return answered


async def _accept_repeated(
    tx: Transaction, shop: Shop, order_id: int, supplier_order_id: str
) -> bool:
    order = await tx.orders.locked(order_id)
    if order.state is not OrderState.UNCONFIRMED:
        return False
    return await accept_order(tx, shop, order, supplier_order_id)


async def _search_list(
    shop: Shop,
    supplier: str,
    lost: Sequence[Order],
    due: Sequence[Order],
    in_flight: Collection[Purchase],
) -> int:
    """Search the supplier's list for lost orders; returns how many were found.

    `in_flight` are the purchases of orders in PLACING.
    """
    now = shop.clock.now()
    ids = [order.id for order in due]
    try:
        listed = await shop.suppliers[supplier].orders(_sent_at(lost[0]) - _MARGIN, now + _MARGIN)
    except SupplierFailure as failure:
        if isinstance(failure, AccessRefused):
            await pause_for_access(shop, supplier, failure)
        await shop.store.write(_schedule_next_search, shop, ids, now, seen=False)
        return 0
    candidates = sorted(listed, key=lambda found: found.ordered_at or now)
    found = 0
    for order in lost:
        # While an equal purchase is being placed, an order in the list may be that one's.
        if order.purchase not in in_flight and await shop.store.write(
            _adopt, shop, order.id, candidates
        ):
            found += 1
    await shop.store.write(_schedule_next_search, shop, ids, now, seen=True)
    return found


def _sent_at(order: Order) -> datetime:
    return order.sent_at or order.created_at


def _matches(order: Order, request: PurchaseRequest | None, listed: SupplierOrder) -> bool:
    if request is not None:
        return listed.reference == request.reference
    if listed.purchase != order.purchase:
        return False
    return listed.ordered_at is None or listed.ordered_at >= _sent_at(order) - _MARGIN


async def _adopt(
    tx: Transaction, shop: Shop, order_id: int, candidates: Sequence[SupplierOrder]
) -> bool:
    order = await tx.orders.locked(order_id)
    if order.state is not OrderState.UNCONFIRMED:
        return False
    request = await tx.purchase_requests.last(order)
    matching = [c for c in candidates if _matches(order, request, c)]
    taken = await tx.orders.bound_ids(order.supplier, [c.supplier_order_id for c in matching])
    free = [c for c in matching if c.supplier_order_id not in taken]
    return bool(free) and await accept_order(tx, shop, order, free[0].supplier_order_id)


async def _schedule_next_search(
    tx: Transaction, shop: Shop, order_ids: Sequence[int], now: datetime, *, seen: bool
) -> None:
    next_searches = []
    for order in await tx.orders.locked_many(order_ids):
        if order.state is not OrderState.UNCONFIRMED:
            continue
        age = (now - _sent_at(order)).total_seconds()
        wait = until_next_reconciliation(age, order.attempts + 1)
        next_searches.append((order.id, order.attempts + 1, now + timedelta(seconds=wait)))
        if seen and age >= GIVE_UP_RECONCILING_AFTER_SECONDS and order.attention is None:
            await tx.orders.update(order, attention=Attention.NOT_FOUND)
            await raise_alert(
                tx, shop, f"not_found:{order.id}", AlertKind.ORDER_NOT_FOUND, order=order.id
            )
    await tx.orders.reschedule(OrderState.UNCONFIRMED, next_searches)
