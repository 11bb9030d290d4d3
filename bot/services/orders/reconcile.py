"""Finding orders whose answer was lost. Nothing is ever bought anew for them.

A supplier that takes the same request twice for one is sent it again, for as long as it promises that.
Otherwise its own list tells: by our reference where it keeps one; else equal purchases are the same to
everybody, so any order of that kind which nobody has claimed is adopted, oldest first. The unique index
on the supplier's id is the last guard.
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
_FAILURES_TO_STOP_AFTER = 3  # as many one after the other: it is the supplier, not the order


async def reconcile_lost_orders(shop: Shop, supplier: str) -> int:
    """One look for every lost order of a supplier that is due; returns how many were found."""
    now = shop.clock.now()
    async with shop.store.reading() as tx:
        due = await tx.orders.due(OrderState.UNCONFIRMED, now, 200, supplier)
        unconfirmed = await tx.orders.in_state(OrderState.UNCONFIRMED, supplier)
        placing = await tx.orders.in_state(OrderState.PLACING, supplier)
    # What a restored backup cannot know whether it was bought has no time of sending: see restored.py.
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
    """Where a supplier takes the same request twice for one: send it again; who has an answer now.

    A refusal is not believed: it may be of the repetition alone. After some the others need not wait for
    the same silence.
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
    """Look for them in the supplier's list."""
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
        # While an equal purchase is on its way, a new row of the list may be that one's.
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
