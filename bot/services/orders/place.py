"""Buying from the supplier: intent committed first, one call, its answer committed (DESIGN §5)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.orders import Order, OrderEvent, OrderState, ReturnReason
from bot.domain.records import AlertKind
from bot.domain.schedule import until_next_placing
from bot.domain.supplier import (
    TEST_TYPES,
    Environment,
    OfferedDenomination,
    ProductOffer,
    PurchaseRequest,
)
from bot.errors import (
    AccessRefused,
    InsufficientBalance,
    NothingBought,
    OutcomeUnknown,
    OutOfStock,
    SupplierFailure,
    SupplierUnavailable,
    TryLater,
    UnknownAtSupplier,
)
from bot.services.catalogue.refresh import keep_order_offer
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.messaging.notifications import notify_progress
from bot.services.orders.release import release_escrow
from bot.services.selling.access import close_for_access
from bot.services.selling.balance import empty_alert
from bot.services.shop import Shop
from storage.transaction import Transaction

_BEFORE_THE_ANSWER = (OrderState.PAID, OrderState.PLACING, OrderState.UNCONFIRMED)
_OFFER_SHARED_FOR = timedelta(seconds=10)
_FAILURE_SHARED_FOR = timedelta(seconds=1.5)  # less than any order waits before it asks again
_BALANCE_ALERT_QUIET = timedelta(minutes=10)


@dataclass
class RecentOffers:
    """Answers that orders of one product share: each must have been asked after the order was paid."""

    offers: dict[tuple[str, str], ProductOffer] = field(default_factory=dict)
    failures: dict[tuple[str, str], tuple[datetime, SupplierFailure]] = field(default_factory=dict)

    def failure(self, order: Order, now: datetime) -> SupplierFailure | None:
        """Why nobody knows a price: two hundred waiting orders need not ask it two hundred times."""
        failed_at, failure = self.failures.get(_goods(order), (None, None))
        return failure if failed_at is not None and now - failed_at < _FAILURE_SHARED_FOR else None

    def for_order(self, order: Order, now: datetime) -> ProductOffer | None:
        """An answer about all of the product; one about a single price was for its own quantity."""
        offer = self.offers.get(_goods(order))
        if offer is None or offer.only is not None or order.paid_at is None:
            return None
        recent = now - offer.asked_at < _OFFER_SHARED_FOR
        return offer if recent and offer.asked_at >= order.paid_at else None


def _goods(order: Order) -> tuple[str, str]:
    return order.supplier, order.supplier_product_id


async def find_orders_to_place(shop: Shop, limit: int = 50) -> list[Order]:
    """Paid orders that are due, while the shop may buy; those that waited too long are returned.

    `limit` is for each supplier: many that wait for one that hangs hide none of another.
    """
    now = shop.clock.now()
    async with shop.store.reading() as tx:
        selling = {name for name in shop.suppliers if (await tx.suppliers.account(name)).selling}
        of_all = await tx.orders.due(OrderState.PAID, now, limit)
        due = [order for order in of_all if order.supplier not in shop.suppliers]
        for name in shop.suppliers:
            due += await tx.orders.due(OrderState.PAID, now, limit, name)
    orders = []
    for order in due:
        if order.paid_at and now - order.paid_at >= shop.policy.return_unbought_after:
            await shop.store.write(
                _end, shop, order.id, OrderEvent.REFUSE, ReturnReason.SUPPLIER_DOWN
            )
        elif order.supplier in selling:
            orders.append(order)
    return orders


async def placing_due(tx: Transaction, shop: Shop) -> datetime | None:
    """When the next paid order is to be bought, or has waited too long for a supplier that sells nothing."""
    selling = [name for name in shop.suppliers if (await tx.suppliers.account(name)).selling]
    paid_at = await tx.orders.earliest_unbought_paid(selling)
    over = paid_at and paid_at + shop.policy.return_unbought_after
    return min(filter(None, [await tx.orders.earliest_unbought_due(selling), over]), default=None)


async def place_order(shop: Shop, order: Order, recent: RecentOffers) -> None:
    """Take one paid order to the supplier. A second call for the same order does nothing."""
    try:
        reason = await _check_offer(shop, order, recent)
    except UnknownAtSupplier:
        reason = ReturnReason.SOLD_OUT
    except AccessRefused as refusal:
        await close_for_access(shop, order.supplier, refusal)
        return
    except SupplierFailure as failure:
        await shop.store.write(_postpone, shop, order.id, _wait(order, failure))
        return
    if reason is not None:
        await shop.store.write(_end, shop, order.id, OrderEvent.REFUSE, reason)
    else:
        await _send(shop, order)


def _wait(order: Order, failure: SupplierFailure) -> float:
    wait = until_next_placing(order.attempts)
    return max(wait, failure.retry_after_seconds) if isinstance(failure, TryLater) else wait


async def _check_offer(shop: Shop, order: Order, recent: RecentOffers) -> ReturnReason | None:
    """Ask price and stock once more; the reason where the order cannot be bought as promised."""
    offer = recent.for_order(order, shop.clock.now())
    if offer is None:
        offer = await _ask_offer(shop, order, recent)
        await keep_order_offer(shop, order, offer)
    if order.supplier_type_id in TEST_TYPES:
        return None if order.environment is Environment.SANDBOX else ReturnReason.NOT_AVAILABLE
    found = next(
        (d for d in offer.denominations if d.supplier_type_id == order.supplier_type_id), None
    )
    return _refusal(order, found)


async def _ask_offer(shop: Shop, order: Order, recent: RecentOffers) -> ProductOffer:
    known = recent.failure(order, shop.clock.now())
    if known is not None:
        raise known
    supplier = shop.suppliers[order.supplier]
    try:
        offer = await supplier.product(
            order.supplier_product_id, urgent=True, purchase=order.purchase
        )
    except (SupplierUnavailable, TryLater) as failure:
        recent.failures[_goods(order)] = shop.clock.now(), failure
        raise
    recent.offers[_goods(order)] = offer
    return offer


def _refusal(order: Order, found: OfferedDenomination | None) -> ReturnReason | None:
    if found is None or found.stock < order.quantity or found.cost_minor <= 0:
        return ReturnReason.SOLD_OUT
    return ReturnReason.PRICE_ROSE if found.cost_minor > order.highest_cost_minor else None


async def _postpone(tx: Transaction, shop: Shop, order_id: int, seconds: float) -> None:
    order = await tx.orders.locked(order_id)
    if order.state is OrderState.PAID:
        due = shop.clock.now() + timedelta(seconds=seconds)
        await tx.orders.update(order, due_at=due, attempts=order.attempts + 1)


async def _end(
    tx: Transaction, shop: Shop, order_id: int, event: OrderEvent, reason: ReturnReason
) -> None:
    order = await tx.orders.locked(order_id)
    if order.state in _BEFORE_THE_ANSWER:
        await release_escrow(tx, shop, order, event, reason)


async def _commit_intent(
    tx: Transaction, shop: Shop, order_id: int, request: PurchaseRequest
) -> bool:
    """From here on an order may exist at the supplier: never sent again without a certain no."""
    order = await tx.orders.locked(order_id)
    if order.state is not OrderState.PAID:
        return False
    now = shop.clock.now()
    if request.reference:
        await tx.purchase_requests.save(order_id, request, now)
    await tx.orders.move(
        order,
        OrderEvent.SEND,
        sent_at=now,
        attempts=order.attempts + 1,
        due_at=None,
    )
    return True


async def _send(shop: Shop, order: Order) -> None:
    supplier = shop.suppliers[order.supplier]
    request = supplier.build_request(order.purchase, order.id)

    async def commit_intent() -> bool:
        return await shop.store.write(_commit_intent, shop, order.id, request)

    try:
        supplier_order_id = await supplier.buy(request, commit_intent)
    except OutcomeUnknown as failure:
        await shop.store.write(_lose, shop, order.id, failure)
    except NothingBought as failure:
        await shop.store.write(_not_bought, shop, order.id, failure)
        if isinstance(failure, AccessRefused):
            await close_for_access(shop, order.supplier, failure)
    else:
        if supplier_order_id is not None:
            await shop.store.write(_accept, shop, order.id, supplier_order_id)


async def _accept(tx: Transaction, shop: Shop, order_id: int, supplier_order_id: str) -> None:
    order = await tx.orders.locked(order_id)
    if order.state in (OrderState.PLACING, OrderState.UNCONFIRMED):
        await accept_order(tx, shop, order, supplier_order_id)


async def accept_order(tx: Transaction, shop: Shop, order: Order, supplier_order_id: str) -> bool:
    """Bind a locked order to the supplier's id. Where another order took that id, search on."""
    now = shop.clock.now()
    if not await tx.orders.bind(order.id, order.supplier, supplier_order_id):
        if order.state is OrderState.PLACING:
            await tx.orders.move(order, OrderEvent.LOSE, due_at=now)
        return False
    await tx.orders.move(
        order,
        OrderEvent.ACCEPT,
        accepted_at=now,
        attempts=0,
        attention=None,
        due_at=now + timedelta(seconds=shop.suppliers[order.supplier].policy.first_check),
    )
    await resolve_alert(tx, shop, f"outcome_unknown:{order.id}")
    return True


async def _lose(tx: Transaction, shop: Shop, order_id: int, failure: OutcomeUnknown) -> None:
    order = await tx.orders.locked(order_id)
    if order.state is OrderState.PLACING:
        await lose_order(tx, shop, order, str(failure.status or failure.code or "no answer"))


async def lose_order(tx: Transaction, shop: Shop, order: Order, why: str) -> None:
    """The answer of a sent order is lost; it will be searched for, never sent again."""
    due = shop.clock.now() + timedelta(seconds=1)
    await tx.orders.move(order, OrderEvent.LOSE, attempts=0, due_at=due)
    await raise_alert(
        tx,
        shop,
        f"outcome_unknown:{order.id}",
        AlertKind.OUTCOME_UNKNOWN,
        order=order.id,
        supplier=order.supplier,
        why=why,
    )


async def _not_bought(tx: Transaction, shop: Shop, order_id: int, failure: NothingBought) -> None:
    order = await tx.orders.locked(order_id)
    if order.state not in _BEFORE_THE_ANSWER:
        return
    if isinstance(failure, InsufficientBalance):
        await _wait_for_balance(tx, shop, order)
    elif isinstance(failure, TryLater | AccessRefused):
        await _back_to_paid(tx, shop, order, _wait(order, failure))
    elif isinstance(failure, OutOfStock):
        await release_escrow(tx, shop, order, OrderEvent.REFUSE, ReturnReason.SOLD_OUT)
    else:
        await release_escrow(tx, shop, order, OrderEvent.REFUSE, ReturnReason.NOT_AVAILABLE)
        await raise_alert(
            tx,
            shop,
            f"request_refused:{order.id}",
            AlertKind.REQUEST_REFUSED,
            order=order.id,
            code=failure.code or failure.status,
            request=failure.request_id or "-",
        )


async def _back_to_paid(tx: Transaction, shop: Shop, order: Order, seconds: float) -> None:
    due = shop.clock.now() + timedelta(seconds=seconds)
    if order.state is OrderState.PAID:  # the call was stopped before it left
        await tx.orders.update(order, due_at=due, sent_at=None)
    else:
        await tx.orders.move(order, OrderEvent.DEFER, due_at=due, sent_at=None)


async def _wait_for_balance(tx: Transaction, shop: Shop, order: Order) -> None:
    await _back_to_paid(tx, shop, order, until_next_placing(order.attempts))
    await tx.suppliers.update_account(order.supplier, paused_for_balance=True)
    await notify_progress(tx, shop, order, "held")
    await raise_alert(
        tx,
        shop,
        empty_alert(order.supplier),
        AlertKind.BALANCE_EMPTY,
        quiet_for=_BALANCE_ALERT_QUIET,
        supplier=order.supplier,
        order=order.id,
        cost=order.unit_cost_minor * order.quantity,
    )


async def recover_interrupted(shop: Shop, *, older_than: timedelta = timedelta(0)) -> int:
    """What was being sent when the process, or the disk, failed has an unknown outcome.

    At start that is every such order; later, those whose answer cannot come any more.
    """
    sent_before = shop.clock.now() - older_than
    async with shop.store.reading() as tx:
        placing = await tx.orders.in_state(OrderState.PLACING)
    interrupted = [o for o in placing if o.sent_at is None or o.sent_at <= sent_before]
    for order in interrupted:
        await shop.store.write(_recover, shop, order.id)
    return len(interrupted)


async def _recover(tx: Transaction, shop: Shop, order_id: int) -> None:
    order = await tx.orders.locked(order_id)
    if order.state is OrderState.PLACING:
        await lose_order(tx, shop, order, "restart")
