"""Buying paid orders: the intent is committed, one call is made, its answer is committed."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from typing import TypeVar

from bot.domain.alerts import AlertKind
from bot.domain.orders import Order, OrderEvent, OrderState, ReturnReason, Stage
from bot.domain.schedule import LONGEST_WAIT_SECONDS, until_next_placing
from bot.domain.supplier import PurchaseRequest
from bot.errors import (
    AccessRefused,
    InsufficientBalance,
    NothingBought,
    OutcomeUnknown,
    OutOfStock,
    StorageFailure,
    SupplierFailure,
    TryLater,
    UnknownAtSupplier,
)
from bot.services.catalogue.refresh import forget_prices, show_denomination
from bot.services.items import ItemKind
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.messaging.item_runs import run_items
from bot.services.messaging.notifications import look_soon, notify_stage
from bot.services.orders.offer_checks import check_offer
from bot.services.orders.orphans import tell_orphan
from bot.services.orders.release import end_and_refund
from bot.services.selling.access import pause_for_access
from bot.services.selling.balance import check_balance, empty_alert_key, is_beyond_balance
from bot.services.selling.held_orders import let_wait, wait_at_most
from bot.services.selling.pauses import is_stopped
from bot.services.shop import Shop
from storage.transaction import Transaction

DUE_OF_ONE_SUPPLIER = 50  # paid orders that one call reads
_OVERDUE_AT_ONCE = 50
_NOT_YET_ACCEPTED = (OrderState.PAID, OrderState.PLACING, OrderState.UNCONFIRMED)
_KEEP_WAITS_SECONDS = (0.5, 1.0, 2.0, 4.0, *[8.0] * 14)
_BALANCE_ALERT_QUIET = timedelta(minutes=10)
_CHECK_HOLDS_SECONDS = 120.0  # a purchase that waits longer for its call is checked again
_WAIT_FOR_BALANCE_SECONDS = 5.0  # a balance that pays for the order makes it due at once
Answer = TypeVar("Answer")


async def refund_overdue_orders(shop: Shop) -> None:
    """Refund the paid orders that are due and have waited RETURN_UNBOUGHT_AFTER to be bought."""
    limit = _OVERDUE_AT_ONCE + _held(shop)
    async with shop.store.reading() as tx:
        due = await tx.orders.due_paid_longest_ago(shop.clock.now(), limit)

    async def refund(order_id: int) -> None:
        await shop.store.write(_refund_unbought, shop, order_id, ReturnReason.SUPPLIER_DOWN)

    overdue = [order.id for order in due if _is_overdue(shop, order)]
    await run_items(shop, ItemKind.OVERDUE, overdue, refund)


async def find_orders_to_place(shop: Shop, full: Collection[int] = ()) -> list[Order]:
    """The paid orders that are due, whose supplier sells, and that have not waited too long.

    Each supplier has its own limit, DUE_OF_ONE_SUPPLIER: many orders that wait for a supplier that
    hangs hide none of another. Those of `full`, the products that take no further purchase now, hide
    none of the others. Nor do those that rest after a failure: they stay due.
    """
    now, limit, due = shop.clock.now(), DUE_OF_ONE_SUPPLIER + _held(shop), list[Order]()
    async with shop.store.reading() as tx:
        for name in shop.suppliers:
            if (await tx.suppliers.account(name)).selling:
                due += await tx.orders.due_to_buy(name, now, limit, full)
    return [order for order in due if not _is_overdue(shop, order)]


def _held(shop: Shop) -> int:
    """How many due orders may not begin now: a query finds them all the same."""
    ticks = shop.clock.monotonic()
    return shop.items.held(ItemKind.PLACE, ticks) + shop.items.held(ItemKind.OVERDUE, ticks)


def _is_overdue(shop: Shop, order: Order) -> bool:
    since, limit = order.paid_at, shop.policy.return_unbought_after
    return since is not None and shop.timeline.age(since) >= limit


async def placing_due(tx: Transaction, shop: Shop) -> datetime | None:
    """When the next paid order is due, or has waited RETURN_UNBOUGHT_AFTER and is refunded."""
    selling = [name for name in shop.suppliers if (await tx.suppliers.account(name)).selling]
    paid_at = await tx.orders.earliest_unbought_paid(selling)
    due = await tx.orders.earliest_unbought_due(selling, shop.clock.now())
    over = paid_at and paid_at + shop.policy.return_unbought_after
    return min(filter(None, [due, over]), default=None)


async def place_order(shop: Shop, order: Order) -> None:
    """Buy one paid order from its supplier. A second call for the same order sends nothing.

    An order that cannot be bought as promised is refunded; one whose supplier fails, or that costs
    more than our balance there, waits by itself.
    """
    async with shop.store.reading() as tx:
        stopped = await is_stopped(tx, shop, order)
        too_dear = await is_beyond_balance(tx, order)
    if stopped:
        await shop.store.write(let_wait, shop, order.id)
        return
    if too_dear:
        await shop.store.write(_let_wait_for_balance, shop, order.id)
        return
    try:
        reason = await check_offer(shop, order)
    except UnknownAtSupplier:
        reason = ReturnReason.SOLD_OUT
        forget_prices(shop, order)
        await shop.store.write(_set_sold_out, shop, order)
        await show_denomination(shop, order.denomination_id)
    except AccessRefused as refusal:
        await pause_for_access(shop, order.supplier, refusal)
        return
    except SupplierFailure as failure:
        await shop.store.write(_postpone, shop, order.id, _wait(order, failure))
        return
    if reason is not None:
        await shop.store.write(_refund_unbought, shop, order.id, reason)
    else:
        await _send(shop, order)


def _wait(order: Order, failure: SupplierFailure) -> float:
    wait = until_next_placing(order.attempts)
    if isinstance(failure, TryLater):
        wait = max(wait, min(failure.retry_after_seconds, LONGEST_WAIT_SECONDS))
    return wait


async def _postpone(tx: Transaction, shop: Shop, order_id: int, seconds: float) -> None:
    order = await tx.orders.locked(order_id)
    if order.state is OrderState.PAID:
        due = shop.clock.now() + timedelta(seconds=seconds)
        await tx.orders.update(order, due_at=due, attempts=order.attempts + 1)


async def _refund_unbought(
    tx: Transaction, shop: Shop, order_id: int, reason: ReturnReason
) -> None:
    """Only while nothing was sent: what is on its way may be bought."""
    order = await tx.lock_order(order_id)
    if order.state is OrderState.PAID:
        await end_and_refund(tx, shop, order, OrderEvent.REFUSE, reason)


async def _commit_intent(
    tx: Transaction, shop: Shop, order_id: int, request: PurchaseRequest
) -> bool:
    """Move the order to PLACING, before the call; False where it is not PAID any more, or has to wait.

    From here on an order may exist at the supplier, so a new request is sent only after a
    certain refusal.
    """
    order = await tx.orders.locked(order_id)
    if order.state is not OrderState.PAID or await is_stopped(tx, shop, order):
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
        **look_soon(shop, unless=order.stage is not Stage.HELD),
    )
    return True


async def _set_sold_out(tx: Transaction, shop: Shop, order: Order) -> None:
    await tx.catalogue.set_sold_out(order.denomination_id, shop.clock.now())


async def _send(shop: Shop, order: Order) -> None:
    supplier = shop.suppliers[order.supplier]
    request = supplier.build_request(order.purchase, order.id)
    checked = shop.clock.monotonic()

    async def commit_intent() -> bool:
        if shop.clock.monotonic() - checked > _CHECK_HOLDS_SECONDS:
            return False  # it is still paid and due
        committed = await shop.store.write(_commit_intent, shop, order.id, request)
        if (
            not shop.lease.holds
        ):  # this process stood still: another one may lead, and search for it
            raise TryLater("buy", "NOT_LEADING")
        return committed

    try:
        supplier_order_id = await supplier.buy(request, commit_intent)
    except OutcomeUnknown as failure:
        shop.prices.distrust(order.supplier, shop.clock.monotonic())
        await shop.store.write(_mark_unconfirmed_if_placing, shop, order.id, failure)
    except NothingBought as failure:
        await _take_refusal(shop, order, failure)
    else:
        if supplier_order_id is not None:
            await _keep_answer(shop, accept_answer, order, supplier_order_id)


async def _take_refusal(shop: Shop, order: Order, failure: NothingBought) -> None:
    if not isinstance(failure, TryLater):  # what the supplier refuses, it no longer offers
        forget_prices(shop, order)
    await _keep_answer(shop, _handle_not_bought, order, failure)
    if isinstance(failure, OutOfStock):
        await show_denomination(shop, order.denomination_id)
    elif isinstance(failure, InsufficientBalance):
        await check_balance(shop, order.supplier, force=True)
    if isinstance(failure, AccessRefused):
        await pause_for_access(shop, order.supplier, failure)


async def _keep_answer(
    shop: Shop,
    write: Callable[[Transaction, Shop, int, Answer], Awaitable[object]],
    order: Order,
    answer: Answer,
) -> None:
    """Store the supplier's answer; while the storage fails it is in this process alone, and tried again.

    Raises StorageFailure after two minutes: then the order is searched for.
    """
    for wait in _KEEP_WAITS_SECONDS:
        try:
            await shop.store.write(write, shop, order.id, answer)
        except StorageFailure:
            await shop.clock.sleep(wait)
        else:
            return
    await shop.store.write(write, shop, order.id, answer)


async def accept_answer(tx: Transaction, shop: Shop, order_id: int, supplier_order_id: str) -> bool:
    """Act on the supplier's id of an order, as the answer to a purchase or to its repetition.

    False where the order takes it no more: it has ended meanwhile, or has another id. Operators are
    then told of the supplier's order, unless an order of ours has it.
    """
    order = await tx.orders.locked(order_id)
    if order.state in (OrderState.PLACING, OrderState.UNCONFIRMED):
        return await accept_order(tx, shop, order, supplier_order_id)
    if not await tx.orders.bound_ids(order.supplier, [supplier_order_id]):
        await tell_orphan(tx, shop, order, supplier_order_id)
    return False


async def accept_order(tx: Transaction, shop: Shop, order: Order, supplier_order_id: str) -> bool:
    """Bind a locked order to the supplier's id, from PLACING or UNCONFIRMED; polling begins.

    False where another order is bound to that id: the order is then searched for.
    """
    now = shop.clock.now()
    if not await tx.orders.bind(order.id, order.supplier, supplier_order_id):
        if order.state is OrderState.PLACING:
            await tx.orders.move(order, OrderEvent.LOSE, due_at=now, **look_soon(shop))
        return False
    await tx.orders.move(
        order,
        OrderEvent.ACCEPT,
        accepted_at=now,
        attempts=0,
        attention=None,
        due_at=now + timedelta(seconds=shop.suppliers[order.supplier].policy.first_check),
        **look_soon(shop, unless=order.stage is Stage.WAITING),
    )
    await resolve_alert(tx, shop, f"outcome_unknown:{order.id}")
    return True


async def _mark_unconfirmed_if_placing(
    tx: Transaction, shop: Shop, order_id: int, failure: OutcomeUnknown
) -> None:
    order = await tx.orders.locked(order_id)
    if order.state is OrderState.PLACING:
        await mark_unconfirmed(tx, shop, order, str(failure.status or failure.code or "no answer"))


async def mark_unconfirmed(tx: Transaction, shop: Shop, order: Order, why: str) -> None:
    """Mark a locked order whose answer is lost: it is searched for, never sent as a new request.

    `why` is shown to the operators: a status, a code, or what happened.
    """
    due = shop.clock.now() + timedelta(seconds=1)
    await tx.orders.move(order, OrderEvent.LOSE, attempts=0, due_at=due, **look_soon(shop))
    await raise_alert(
        tx,
        shop,
        f"outcome_unknown:{order.id}",
        AlertKind.OUTCOME_UNKNOWN,
        order=order.id,
        supplier=order.supplier,
        why=why,
    )


async def _handle_not_bought(
    tx: Transaction, shop: Shop, order_id: int, failure: NothingBought
) -> None:
    order = await tx.lock_order(order_id)
    if isinstance(failure, OutOfStock):
        await _set_sold_out(tx, shop, order)
    if order.state not in _NOT_YET_ACCEPTED or await _may_be_repeated(tx, order):
        return
    if isinstance(failure, InsufficientBalance):
        await _wait_for_balance(tx, shop, order)
    elif isinstance(failure, TryLater | AccessRefused):
        await _back_to_paid(tx, shop, order, _wait(order, failure))
    elif isinstance(failure, OutOfStock):
        await end_and_refund(tx, shop, order, OrderEvent.REFUSE, ReturnReason.SOLD_OUT)
    else:
        await end_and_refund(tx, shop, order, OrderEvent.REFUSE, ReturnReason.NOT_AVAILABLE)
        await raise_alert(
            tx,
            shop,
            f"request_refused:{order.id}",
            AlertKind.REQUEST_REFUSED,
            order=order.id,
            code=failure.code or failure.status,
            request=failure.request_id or "-",
        )


async def _may_be_repeated(tx: Transaction, order: Order) -> bool:
    """Whether the request of this order was, or is being, sent again.

    A late refusal of the first call then says nothing about the repetition.
    """
    lost = order.state is OrderState.UNCONFIRMED
    return lost and await tx.purchase_requests.last(order) is not None


async def _back_to_paid(tx: Transaction, shop: Shop, order: Order, seconds: float) -> None:
    due = shop.clock.now() + timedelta(seconds=seconds)
    if order.state is OrderState.PAID:  # the call ended before the intent was committed
        await tx.orders.update(order, due_at=due, sent_at=None)
    else:
        await tx.orders.move(order, OrderEvent.DEFER, due_at=due, sent_at=None)


async def _let_wait_for_balance(tx: Transaction, shop: Shop, order_id: int) -> None:
    order = await tx.orders.locked(order_id)
    if order.state is OrderState.PAID:
        await _wait_for_balance(tx, shop, order)


async def _wait_for_balance(tx: Transaction, shop: Shop, order: Order) -> None:
    """Let one order wait that is too large for the balance; smaller ones go on."""
    wait = max(_WAIT_FOR_BALANCE_SECONDS, until_next_placing(order.attempts))
    await _back_to_paid(tx, shop, order, wait_at_most(shop, order, wait))
    tx.suppliers.watch_balance()  # it is read more often from now on
    await notify_stage(tx, shop, order, Stage.HELD)
    await raise_alert(
        tx,
        shop,
        empty_alert_key(order.supplier),
        AlertKind.BALANCE_EMPTY,
        quiet_for=_BALANCE_ALERT_QUIET,
        supplier=order.supplier,
        order=order.id,
        cost=order.unit_cost_minor * order.quantity,
    )


async def recover_interrupted(shop: Shop, *, older_than: timedelta = timedelta(0)) -> int:
    """Mark orders unconfirmed that were being sent when the process or the disk failed.

    At start those are all orders in PLACING; later, those that were sent `older_than` ago, whose
    answer cannot come any more. Returns how many. A second call finds none.
    """
    async with shop.store.reading() as tx:
        placing = await tx.orders.in_state(OrderState.PLACING)
    at_start = not older_than  # what another process was sending, whatever its clock said
    interrupted = [
        order.id
        for order in placing
        if at_start or order.sent_at is None or shop.timeline.age(order.sent_at) >= older_than
    ]

    async def recover(order_id: int) -> bool:
        return await shop.store.write(_recover, shop, order_id)

    return sum(await run_items(shop, ItemKind.INTERRUPTED, interrupted, recover))


async def _recover(tx: Transaction, shop: Shop, order_id: int) -> bool:
    order = await tx.orders.locked(order_id)
    if order.state is not OrderState.PLACING:
        return False
    await mark_unconfirmed(tx, shop, order, "restart")
    return True
