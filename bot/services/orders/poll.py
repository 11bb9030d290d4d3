"""Polling orders: one call for each when few are due, the supplier's list when many are."""

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import Enum, auto
from types import MappingProxyType

from bot.domain.alerts import AlertKind
from bot.domain.orders import Attention, Order, OrderState, Stage
from bot.domain.schedule import GIVE_UP_RECONCILING_AFTER_SECONDS
from bot.domain.supplier import SupplierOrder, SupplierStatus
from bot.errors import AccessRefused, SupplierFailure, UnknownAtSupplier
from bot.services.items import Item, ItemKind
from bot.services.messaging.alerts import raise_alert
from bot.services.messaging.item_runs import place_of, run_items
from bot.services.messaging.notifications import notify_stage
from bot.services.orders.settle import settle_order
from bot.services.selling.access import pause_for_access
from bot.services.shop import Shop
from storage.transaction import Transaction

_DUE_AT_ONCE = 1000
_POLLED_AT_ONCE = 8  # of one supplier
_DUE_SOON = timedelta(seconds=5)
_MARGIN = timedelta(minutes=2)
_LONGEST_BACKOFF_SECONDS = 60.0
_FAILURES_TO_STOP_AFTER = 3  # so many failures in a row are the supplier's, not an order's
_POLLED_WITHOUT_LIST = 20  # orders that are polled one by one while the list fails

_DELIVERED = (SupplierStatus.FULFILLED, SupplierStatus.PARTIALLY_FILLED)


class _Poll(Enum):
    """What came of an order's turn to be polled."""

    ANSWERED = auto()
    FAILED = auto()
    NOT_SENT = auto()  # calls about other orders failed: this says nothing about the order


async def poll_due_orders(shop: Shop, supplier: str) -> int:
    """Poll the orders of a supplier that are due; returns how many have ended.

    Where its list is read, orders that are due within seconds are looked for in it too. An order is
    polled again later where the supplier fails. A second call finds none due.
    """
    now, policy = shop.clock.now(), shop.suppliers[supplier].policy
    async with shop.store.reading() as tx:
        due, early = await _find_due(tx, shop, supplier)
        if not due:
            return 0
        since = min(order.accepted_at or order.created_at for order in due + early) - _MARGIN
        listed = await tx.statistics.count_accepted_since(supplier, since)
    pages = max(1, math.ceil(listed / policy.list_page))
    # A list with codes is read where it takes fewer calls than polling each order. A list without
    # codes may take as many: it saves the calls for orders that have not changed.
    polls = len(due) + len(early)
    list_is_cheaper = pages < polls if policy.lists_codes else pages <= polls
    if not list_is_cheaper:
        return await _poll_each(shop, supplier, due)
    try:
        listed_orders = await shop.suppliers[supplier].orders(since, now + _MARGIN)
    except AccessRefused as refusal:
        await _pause_polling(shop, supplier, _ids_of(due), refusal)
        return 0
    except Exception as failure:  # perhaps only the list fails: some are polled one by one
        if not isinstance(failure, SupplierFailure):
            shop.items.report(
                f"list of {supplier}: {type(failure).__name__} at {place_of(failure)}"
            )
        rest = _ids_of(due[_POLLED_WITHOUT_LIST:])
        await shop.store.write(_postpone, shop, rest, _Poll.NOT_SENT)
        return await _poll_each(shop, supplier, due[:_POLLED_WITHOUT_LIST])
    found = {report.supplier_order_id for report in listed_orders}
    async with shop.store.reading() as tx:  # again: the list may have waited for the rate limit
        now_due, early = await _find_due(tx, shop, supplier)
    began = {order.id for order in due}
    others = [order for order in now_due + early if order.id not in began]
    in_list = [order for order in others if order.supplier_order_id in found]
    return await _settle_listed(shop, supplier, due + in_list, listed_orders)


async def _find_due(tx: Transaction, shop: Shop, supplier: str) -> tuple[list[Order], list[Order]]:
    """The orders that are due, and those due within seconds that a list with codes serves too.

    Those that failed most often come last: polled one by one, they hold up no others.
    """
    now, policy = shop.clock.now(), shop.suppliers[supplier].policy
    due = await tx.orders.due(OrderState.HANDLING, now, _DUE_AT_ONCE, supplier)
    due, early = [order for order in due if _may_begin(shop, order)], []
    due.sort(key=lambda order: order.attempts)
    if policy.lists_codes:
        soon = await tx.orders.due(OrderState.HANDLING, now + _DUE_SOON, _DUE_AT_ONCE, supplier)
        known = {order.id for order in due}
        early = [order for order in soon if order.id not in known and _is_polled_often(shop, order)]
    return due, [order for order in early if _may_begin(shop, order)]


def _is_polled_often(shop: Shop, order: Order) -> bool:
    """Whether a poll now, some seconds early, stands for its next one."""
    age = (shop.clock.now() - (order.accepted_at or order.created_at)).total_seconds()
    wait = shop.suppliers[order.supplier].policy.until_next_check(age)
    return wait <= _DUE_SOON.total_seconds()


def _may_begin(shop: Shop, order: Order) -> bool:
    return shop.items.may_begin(Item(ItemKind.POLL, order.id), shop.clock.monotonic())


def _ids_of(orders: Sequence[Order]) -> list[int]:
    return [order.id for order in orders]


async def _pause_polling(
    shop: Shop, supplier: str, order_ids: Sequence[int], refusal: AccessRefused
) -> None:
    await pause_for_access(shop, supplier, refusal)
    await shop.store.write(_postpone, shop, order_ids, _Poll.FAILED)


class _Run:
    """The orders of one run that are polled one by one; it ends where the supplier itself fails.

    `rows`: what the supplier's list shows of some of them, by the order's id.
    """

    def __init__(
        self, shop: Shop, supplier: str, due: Sequence[Order], rows: Mapping[int, SupplierOrder]
    ) -> None:
        self._shop, self._supplier, self._rows = shop, supplier, rows
        self._orders = {order.id: order for order in due}
        self._waiting = dict(self._orders)
        self._failures = 0  # in a row

    async def poll(self, order_id: int) -> bool:
        """True where the order has ended."""
        order = self._waiting.pop(order_id, None)
        if order is None:  # the run is over: the order was postponed
            return await self._keep_row(order_id)
        try:
            ended = await _poll(self._shop, order, self._rows.get(order_id))
        except AccessRefused as refusal:
            ids = [order_id, *self._end()]
            await _pause_polling(self._shop, self._supplier, ids, refusal)
            return False
        except SupplierFailure as failure:
            # An unknown order may be too new, or of another environment: it is never read as
            # refunded.
            if isinstance(failure, UnknownAtSupplier):
                await self._shop.store.write(_note_unknown, self._shop, order_id)
            else:
                self._failures += 1
            await self._shop.store.write(_postpone, self._shop, [order_id], _Poll.FAILED)
            if self._failures >= _FAILURES_TO_STOP_AFTER:
                await self._shop.store.write(_postpone, self._shop, self._end(), _Poll.NOT_SENT)
            return False
        self._failures = 0
        return ended

    async def _keep_row(self, order_id: int) -> bool:
        row = self._rows.get(order_id)
        if row is None:
            return False
        ended = await _settle_row(self._shop, self._orders[order_id], row)
        await self._shop.store.write(_postpone, self._shop, [order_id], _Poll.NOT_SENT)
        return ended

    def _end(self) -> list[int]:
        """Begin no further order; returns the ids of those that were waiting."""
        waiting, self._waiting = list(self._waiting), {}
        return waiting


async def _poll_each(
    shop: Shop,
    supplier: str,
    due: Sequence[Order],
    rows: Mapping[int, SupplierOrder] = MappingProxyType({}),
) -> int:
    """One call for each order; an order whose call fails or hangs does not hold up the others."""
    run = _Run(shop, supplier, due, rows)
    return sum(await _run_orders(shop, supplier, _ids_of(due), run.poll))


async def _run_orders(
    shop: Shop, supplier: str, order_ids: Sequence[int], work: Callable[[int], Awaitable[bool]]
) -> list[bool]:
    return await run_items(
        shop,
        ItemKind.POLL,
        order_ids,
        work,
        lane=lambda _id: supplier,
        at_once=_POLLED_AT_ONCE,
        postpone=_postpone_failing,
    )


async def poll_order(shop: Shop, order_id: int) -> bool:
    """Poll one order, due or not; True where it has ended. Raises NotFound, SupplierFailure."""
    async with shop.store.reading() as tx:
        order = await tx.orders.locked(order_id)
    return order.state is OrderState.HANDLING and await _poll(shop, order)


async def _poll(shop: Shop, order: Order, row: SupplierOrder | None = None) -> bool:
    """Ask for an order by itself. `row`: what the list shows of it, which is kept if the answer lacks it."""
    supplier = shop.suppliers[order.supplier]
    try:
        report = await supplier.order(order.supplier_order_id or "", order.purchase)
    except Exception:
        if row is not None:
            await _settle_row(shop, order, row)
        raise
    ended = False
    if row is not None and _lacks_what_came(report, row):
        is_doubtful = report.status is SupplierStatus.UNKNOWN
        ended = await _settle_row(shop, order, replace(row, withhold=row.withhold or is_doubtful))
    if not _is_unchanged(report):
        return await settle_order(shop, order, report) or ended
    await shop.store.write(_postpone, shop, [order.id], _Poll.ANSWERED)
    return ended


async def _settle_row(shop: Shop, order: Order, row: SupplierOrder) -> bool:
    """Store and deliver what a row of the list shows; it returns no money, and the order is polled on."""
    return await settle_order(shop, order, replace(row, final=False))


def _lacks_what_came(answer: SupplierOrder, row: SupplierOrder) -> bool:
    """Whether the order's own answer lacks a code of the list's row, or has none where the row has something."""
    if not answer.cards:
        return True
    return any(
        not card.is_blank and not any(map(card.agrees_with, answer.cards)) for card in row.cards
    )


async def _note_unknown(tx: Transaction, shop: Shop, order_id: int) -> None:
    """Alert the operators where the supplier has not known its own id of an order for too long."""
    order = await tx.orders.locked(order_id)
    too_long = timedelta(seconds=GIVE_UP_RECONCILING_AFTER_SECONDS)
    known_too_long = shop.timeline.age(order.accepted_at or order.created_at) >= too_long
    if order.state is OrderState.HANDLING and order.attention is None and known_too_long:
        await tx.orders.update(order, attention=Attention.NOT_FOUND)
        await notify_stage(tx, shop, order, Stage.SUPPORT)
        await raise_alert(
            tx, shop, f"not_found:{order_id}", AlertKind.ORDER_NOT_FOUND, order=order_id
        )


async def _settle_listed(
    shop: Shop, supplier: str, due: Sequence[Order], listed: Sequence[SupplierOrder]
) -> int:
    reports = {report.supplier_order_id: report for report in listed}
    to_poll, unchanged = [], []
    changed: dict[int, tuple[Order, SupplierOrder]] = {}
    for order in due:
        report = reports.get(order.supplier_order_id or "")
        if report is not None and _is_unchanged(report):
            unchanged.append(order.id)
        elif report is None or not report.shows_codes or _lacks_codes(order, report):
            to_poll.append(order)
        else:
            changed[order.id] = order, report

    async def settle(order_id: int) -> bool:
        return await settle_order(shop, *changed[order_id])

    ended = sum(await _run_orders(shop, supplier, list(changed), settle))
    await shop.store.write(_postpone, shop, unchanged, _Poll.ANSWERED)
    kept = {order.id: reports.get(order.supplier_order_id or "") for order in to_poll}
    rows = {i: row for i, row in kept.items() if row and (row.cards or row.unreadable_cards)}
    return ended + await _poll_each(shop, supplier, to_poll, rows)


def _lacks_codes(order: Order, report: SupplierOrder) -> bool:
    """Whether a row of the list shows fewer codes than it tells of: the order's own answer may have them.

    Money would be given back for those that are missing.
    """
    if not report.cards:
        return report.status is not SupplierStatus.REFUNDED
    return report.status in _DELIVERED and len(report.cards) < order.quantity


def _is_unchanged(report: SupplierOrder) -> bool:
    """Whether the order is still handled and the report has no cards."""
    return report.status is SupplierStatus.HANDLING and not report.final and not report.cards


async def _postpone(tx: Transaction, shop: Shop, order_ids: Sequence[int], outcome: _Poll) -> None:
    """Set the time of the next poll: by the order's age, later while its polls fail."""
    now = shop.clock.now()
    next_checks = []
    for order in await tx.orders.locked_many(order_ids):
        if order.state is not OrderState.HANDLING:
            continue
        attempts = 0 if outcome is _Poll.ANSWERED else order.attempts
        attempts += outcome is _Poll.FAILED
        age = shop.timeline.age(order.accepted_at or order.created_at).total_seconds()
        wait = shop.suppliers[order.supplier].policy.until_next_check(age)
        if attempts:
            wait = max(wait, min(2.0 ** min(attempts, 10), _LONGEST_BACKOFF_SECONDS))
        next_checks.append((order.id, attempts, now + timedelta(seconds=wait)))
    await tx.orders.reschedule(OrderState.HANDLING, next_checks)


async def _postpone_failing(tx: Transaction, shop: Shop, order_id: int, seconds: float) -> None:
    """An order that something unforeseen kept from being read is polled again that much later."""
    order = await tx.orders.locked(order_id)
    if order.state is OrderState.HANDLING:
        due = shop.clock.now() + timedelta(seconds=seconds)
        await tx.orders.reschedule(OrderState.HANDLING, [(order.id, order.attempts + 1, due)])
