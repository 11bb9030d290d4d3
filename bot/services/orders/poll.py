"""Polling orders: one call for each when few are due, the supplier's list when many are."""

import math
from collections.abc import Sequence
from datetime import timedelta

from bot.domain.orders import Attention, Order, OrderState
from bot.domain.records import AlertKind
from bot.domain.schedule import GIVE_UP_RECONCILING_AFTER_SECONDS
from bot.domain.supplier import SupplierOrder, SupplierStatus
from bot.errors import AccessRefused, SupplierFailure, UnknownAtSupplier
from bot.services.messaging.alerts import raise_alert
from bot.services.orders.settle import settle_order
from bot.services.selling.access import pause_for_access
from bot.services.shop import Shop
from storage.transaction import Transaction

_DUE_AT_ONCE = 1000
_MARGIN = timedelta(minutes=2)
_LONGEST_BACKOFF_SECONDS = 60.0
_FAILURES_TO_STOP_AFTER = 3  # so many failures in a row are the supplier's, not an order's
_POLLED_WITHOUT_LIST = 20  # orders that are polled one by one while the list fails


async def poll_due_orders(shop: Shop, supplier: str) -> int:
    """Poll the orders of a supplier that are due; returns how many have ended.

    An order is polled again later where the supplier fails. A second call finds none due.
    """
    now, policy = shop.clock.now(), shop.suppliers[supplier].policy
    async with shop.store.reading() as tx:
        due = await tx.orders.due(OrderState.HANDLING, now, _DUE_AT_ONCE, supplier)
        if not due:
            return 0
        since = min(order.accepted_at or order.created_at for order in due) - _MARGIN
        listed = await tx.statistics.count_accepted_since(supplier, since)
    pages = max(1, math.ceil(listed / policy.list_page))
    # A list with codes is read where it takes fewer calls than polling each order. A list without
    # codes may take as many: it saves the calls for orders that have not changed.
    list_is_cheaper = pages < len(due) if policy.lists_codes else pages <= len(due)
    if list_is_cheaper:
        try:
            listed_orders = await shop.suppliers[supplier].orders(since, now + _MARGIN)
        except AccessRefused as refusal:
            await _pause_polling(shop, due, refusal)
        except SupplierFailure:  # perhaps only the list fails: some are polled one by one
            others = _ids_of(due[_POLLED_WITHOUT_LIST:])
            await shop.store.write(_postpone, shop, others, failed=True)
            return await _poll_each(shop, due[:_POLLED_WITHOUT_LIST])
        else:
            return await _settle_listed(shop, due, listed_orders)
        return 0
    return await _poll_each(shop, due)


def _ids_of(orders: Sequence[Order]) -> list[int]:
    return [order.id for order in orders]


async def _pause_polling(shop: Shop, orders: Sequence[Order], refusal: AccessRefused) -> None:
    await pause_for_access(shop, orders[0].supplier, refusal)
    await shop.store.write(_postpone, shop, _ids_of(orders), failed=True)


async def _poll_each(shop: Shop, due: Sequence[Order]) -> int:
    """One call for each order; an order whose call fails does not hold up the others."""
    ended, failures = 0, 0
    for place, order in enumerate(due):
        try:
            supplier = shop.suppliers[order.supplier]
            report = await supplier.order(order.supplier_order_id or "", order.purchase)
        except AccessRefused as refusal:
            await _pause_polling(shop, due[place:], refusal)
            break
        except SupplierFailure as failure:
            # An unknown order may be too new, or of another environment: it is never read as
            # refunded.
            if isinstance(failure, UnknownAtSupplier):
                await shop.store.write(_note_unknown, shop, order.id)
            else:
                failures += 1
            postponed = due[place:] if failures == _FAILURES_TO_STOP_AFTER else [order]
            await shop.store.write(_postpone, shop, _ids_of(postponed), failed=True)
            if failures == _FAILURES_TO_STOP_AFTER:
                break
        else:
            ended, failures = ended + await _settle_or_postpone(shop, order, report), 0
    return ended


async def _note_unknown(tx: Transaction, shop: Shop, order_id: int) -> None:
    """Alert the operators where the supplier has not known its own id of an order for too long."""
    order = await tx.orders.locked(order_id)
    age = shop.clock.now() - (order.accepted_at or order.created_at)
    known_too_long = age.total_seconds() >= GIVE_UP_RECONCILING_AFTER_SECONDS
    if order.state is OrderState.HANDLING and order.attention is None and known_too_long:
        await tx.orders.update(order, attention=Attention.NOT_FOUND)
        await raise_alert(
            tx, shop, f"not_found:{order_id}", AlertKind.ORDER_NOT_FOUND, order=order_id
        )


async def _settle_listed(shop: Shop, due: Sequence[Order], listed: Sequence[SupplierOrder]) -> int:
    reports = {report.supplier_order_id: report for report in listed}
    to_poll, ended, unchanged = [], 0, []
    for order in due:
        report = reports.get(order.supplier_order_id or "")
        if report is not None and _is_unchanged(report):
            unchanged.append(order.id)
        elif report is None or not report.shows_codes:
            to_poll.append(order)
        else:
            ended += await settle_order(shop, order, report)
    await shop.store.write(_postpone, shop, unchanged, failed=False)
    return ended + await _poll_each(shop, to_poll)


def _is_unchanged(report: SupplierOrder) -> bool:
    """Whether the order is still handled and the report has no cards."""
    return report.status is SupplierStatus.HANDLING and not report.final and not report.cards


async def _settle_or_postpone(shop: Shop, order: Order, report: SupplierOrder) -> bool:
    if not _is_unchanged(report):
        return await settle_order(shop, order, report)
    await shop.store.write(_postpone, shop, [order.id], failed=False)
    return False


async def _postpone(tx: Transaction, shop: Shop, order_ids: Sequence[int], *, failed: bool) -> None:
    """Set the time of the next poll: by the order's age, later while the supplier fails."""
    now = shop.clock.now()
    next_checks = []
    for order in await tx.orders.locked_many(order_ids):
        if order.state is not OrderState.HANDLING:
            continue
        attempts = order.attempts + 1 if failed else 0
        age = (now - (order.accepted_at or order.created_at)).total_seconds()
        wait = shop.suppliers[order.supplier].policy.until_next_check(age)
        if failed:
            wait = max(wait, min(2.0 ** min(attempts, 10), _LONGEST_BACKOFF_SECONDS))
        next_checks.append((order.id, attempts, now + timedelta(seconds=wait)))
    await tx.orders.reschedule(OrderState.HANDLING, next_checks)
