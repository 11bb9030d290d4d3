"""Orders that an operator refunded while their supplier may still deliver.

The supplier is asked about them for three days, ever more rarely. What is found goes to nobody:
codes are stored, and the operators are told of the supplier's order. They are told too where the
three days end and nobody knows how that order did.
"""

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.domain.orders import Order, OrderState
from bot.domain.records import StoredCode
from bot.domain.schedule import LONGEST_LOOK, LONGEST_LOOK_SECONDS
from bot.domain.supplier import PurchaseRequest, SupplierOrder, SupplierStatus
from bot.errors import SupplierFailure
from bot.services.codes.custody import open_stored
from bot.services.items import Item, ItemKind
from bot.services.messaging.item_runs import run_items
from bot.services.orders.orphans import tell_orphan, without_orphans
from bot.services.orders.settle import settle_order
from bot.services.shop import Shop
from storage.transaction import Transaction

MARGIN: Final = timedelta(minutes=2)  # between the supplier's clock and ours
WATCHED_FOR: Final = timedelta(days=3)
# By the time since the refund: until when, and how long from one look to the next.
_LOOKS: Final = (
    (timedelta(minutes=15), timedelta(minutes=1)),
    (timedelta(hours=2), timedelta(minutes=15)),
    (WATCHED_FOR, timedelta(seconds=LONGEST_LOOK_SECONDS)),
)


def next_look(shop: Shop, refunded_at: datetime) -> datetime | None:
    """When the supplier of a refunded order is asked about it next; None: no more."""
    age = shop.timeline.age(refunded_at)
    return next((shop.clock.now() + wait for until, wait in _LOOKS if age < until), None)


def sent_at(order: Order) -> datetime:
    return order.sent_at or order.created_at


def matches(order: Order, request: PurchaseRequest | None, listed: SupplierOrder) -> bool:
    """Whether a supplier's order may be the one that was bought for `order`."""
    if request is not None:
        return listed.reference == request.reference
    if listed.purchase != order.purchase:
        return False
    return listed.ordered_at is None or listed.ordered_at >= sent_at(order) - MARGIN


async def look_for_refunded(shop: Shop, supplier: str) -> None:
    """Ask the supplier about the refunded orders that are due. A second call finds none due."""
    now = shop.clock.now()
    async with shop.store.reading() as tx:
        watched = await tx.orders.watched(supplier)
        are_due = await tx.orders.watched_due(supplier, now)
    due = [order for order in watched if order.id in are_due]
    bound = {order.id: order for order in due if order.supplier_order_id is not None}

    async def poll(order_id: int) -> None:
        await _poll(shop, bound[order_id])

    lane = f"refunded {supplier}"
    await run_items(shop, ItemKind.RECONCILE, bound, poll, lane=lambda _id: lane)
    lost = [order for order in watched if order.supplier_order_id is None]
    # One that rests after a failure stays due, and is no reason to read the list every second.
    if any(order.id not in bound and _may_begin(shop, order) for order in due):
        await _search(shop, supplier, lost)


def _may_begin(shop: Shop, order: Order) -> bool:
    return shop.items.may_begin(Item(ItemKind.RECONCILE, order.id), shop.clock.monotonic())


async def _poll(shop: Shop, order: Order) -> None:
    """Ask for an order whose id is known; its codes are stored and go to nobody."""
    report = None
    try:
        supplier = shop.suppliers[order.supplier]
        report = await supplier.order(order.supplier_order_id or "", order.purchase)
    except SupplierFailure:
        pass  # it is asked again
    else:
        await settle_order(shop, order, report)
    await shop.store.write(_note_report, shop, order.id, report)


async def _note_report(
    tx: Transaction, shop: Shop, order_id: int, report: SupplierOrder | None
) -> None:
    """Tell the operators where codes are kept that nobody gets, or where there may be some.

    There may be some where the supplier calls the order delivered and shows none, and where the
    last look has come and nobody knows how the order ended. `report` None: there was no answer.
    """
    order = await tx.orders.locked(order_id)
    if order.due_at is None:
        return
    final = report is not None and report.final
    ended_unknown = await _schedule(tx, shop, order, over=final) and not final
    stored = await tx.codes.of_order(order.id, order.user_id)
    withheld = _count_for_nobody(shop, stored)
    shows_none = (
        report is not None
        and report.final
        and not report.cards
        and report.status is not SupplierStatus.REFUNDED
    )
    if withheld or ended_unknown or shows_none:
        await tell_orphan(tx, shop, order, order.supplier_order_id or "", codes=withheld)


def _count_for_nobody(shop: Shop, stored: Sequence[StoredCode]) -> int:
    """How many codes are withheld, without those that the customer has: a supplier may send one twice."""
    cards = [(code.deliver, open_stored(shop.vault, code)) for code in stored]
    given = [card for deliver, card in cards if deliver and card is not None]
    return sum(
        not deliver and (card is None or not any(map(card.repeats, given)))
        for deliver, card in cards
    )


async def _search(shop: Shop, supplier: str, lost: Sequence[Order]) -> None:
    now = shop.clock.now()
    since = min(sent_at(order) for order in lost) - MARGIN
    found: Sequence[SupplierOrder] = ()
    with contextlib.suppress(SupplierFailure):  # it is asked again
        found = await shop.suppliers[supplier].orders(since, now + MARGIN)

    async def note(order_id: int) -> None:
        await shop.store.write(_note_found, shop, order_id, found)

    lane = f"refunded {supplier}"
    # One after the other: what is told of one order is no more free for an equal one.
    ids = [order.id for order in lost]
    await run_items(shop, ItemKind.RECONCILE, ids, note, lane=lambda _id: f"list {lane}", at_once=1)


async def _note_found(
    tx: Transaction, shop: Shop, order_id: int, listed: Sequence[SupplierOrder]
) -> None:
    """Tell the operators where the list has an order that can only be that of a refunded one.

    While an equal purchase is lost or on its way, it may be that one's.
    """
    order, on_their_way = await tx.orders.locked_with_equals_on_their_way(order_id)
    request = await tx.purchase_requests.last(order)
    matching = [one for one in listed if matches(order, request, one)]
    free = await without_orphans(tx, order.supplier, matching)
    if request is None and free:
        unconfirmed = await tx.orders.in_state(OrderState.UNCONFIRMED, order.supplier)
        claims = len(on_their_way) + sum(one.purchase == order.purchase for one in unconfirmed)
        free = free[claims:]
    if free and order.due_at is not None:
        await tell_orphan(tx, shop, order, free[0].supplier_order_id)
    await _schedule(tx, shop, order, over=bool(free))


async def _schedule(tx: Transaction, shop: Shop, order: Order, *, over: bool) -> bool:
    """Set the next look; True where there is none any more."""
    now = shop.clock.now()
    waits = order.due_at is not None and now < order.due_at <= now + LONGEST_LOOK
    if order.due_at is None or (waits and not over):
        return False
    look = None if over else next_look(shop, order.settled_at or now)
    await tx.orders.update(order, due_at=look)
    return look is None
