"""Asking how orders go: each by itself when few wait, in one list for all when many do."""

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
from bot.services.selling.access import close_for_access
from bot.services.shop import Shop
from storage.transaction import Transaction

_MARGIN = timedelta(minutes=2)
_LONGEST_BACKOFF_SECONDS = 60.0
_FAILURES_OF_ALL = 3  # as many one after the other: it is the supplier, not the order
_WITHOUT_LIST = 20


async def poll_due_orders(shop: Shop, supplier: str, limit: int = 1000) -> int:
    """One round over a supplier's orders that are due; returns how many came to an end."""
    now, policy = shop.clock.now(), shop.suppliers[supplier].policy
    async with shop.store.reading() as tx:
        due = await tx.orders.due(OrderState.HANDLING, now, limit, supplier)
        if not due:
            return 0
        since = min(order.accepted_at or order.created_at for order in due) - _MARGIN
        listed = await tx.statistics.count_accepted_since(supplier, since)
    pages = max(1, math.ceil(listed / policy.list_page))
    # A list without codes spares the questions about orders that have not moved, so it is worth as many calls.
    worth_it = pages < len(due) if policy.lists_codes else pages <= len(due)
    if worth_it:
        try:
            listed_orders = await shop.suppliers[supplier].orders(since, now + _MARGIN)
        except AccessRefused as refusal:
            await _stand_still(shop, due, refusal)
        except SupplierFailure:  # perhaps the list alone is broken: some are asked for one by one
            await shop.store.write(_postpone, shop, _ids(due[_WITHOUT_LIST:]), failed=True)
            return await _poll_each(shop, due[:_WITHOUT_LIST])
        else:
            return await _take_listed(shop, due, listed_orders)
        return 0
    return await _poll_each(shop, due)


def _ids(orders: Sequence[Order]) -> list[int]:
    return [order.id for order in orders]


async def _stand_still(shop: Shop, orders: Sequence[Order], refusal: AccessRefused) -> None:
    await close_for_access(shop, orders[0].supplier, refusal)
    await shop.store.write(_postpone, shop, _ids(orders), failed=True)


async def _poll_each(shop: Shop, due: Sequence[Order]) -> int:
    """One question for each; an order that cannot be asked for does not hold up the others."""
    ended, failures = 0, 0
    for place, order in enumerate(due):
        try:
            supplier = shop.suppliers[order.supplier]
            report = await supplier.order(order.supplier_order_id or "", order.purchase)
        except AccessRefused as refusal:
            await _stand_still(shop, due[place:], refusal)
            break
        except SupplierFailure as failure:
            # Unknown there: too new, or another environment; never read as refunded.
            if isinstance(failure, UnknownAtSupplier):
                await shop.store.write(_note_unknown, shop, order.id)
            else:
                failures += 1
            together = due[place:] if failures == _FAILURES_OF_ALL else [order]
            await shop.store.write(_postpone, shop, _ids(together), failed=True)
            if failures == _FAILURES_OF_ALL:
                break
        else:
            ended, failures = ended + await _take(shop, order, report), 0
    return ended


async def _note_unknown(tx: Transaction, shop: Shop, order_id: int) -> None:
    """The supplier gave us an id that it does not know, for long: an operator has to look."""
    order = await tx.orders.locked(order_id)
    age = shop.clock.now() - (order.accepted_at or order.created_at)
    known_too_long = age.total_seconds() >= GIVE_UP_RECONCILING_AFTER_SECONDS
    if order.state is OrderState.HANDLING and order.attention is None and known_too_long:
        await tx.orders.update(order, attention=Attention.NOT_FOUND)
        await raise_alert(
            tx, shop, f"not_found:{order_id}", AlertKind.ORDER_NOT_FOUND, order=order_id
        )


async def _take_listed(shop: Shop, due: Sequence[Order], listed: Sequence[SupplierOrder]) -> int:
    reports = {report.supplier_order_id: report for report in listed}
    asked, ended, open_ids = [], 0, []
    for order in due:
        report = reports.get(order.supplier_order_id or "")
        if report is not None and _says_nothing(report):
            open_ids.append(order.id)
        elif report is None or not report.shows_codes:
            asked.append(order)
        else:
            ended += await settle_order(shop, order, report)
    await shop.store.write(_postpone, shop, open_ids, failed=False)
    return ended + await _poll_each(shop, asked)


def _says_nothing(report: SupplierOrder) -> bool:
    """It is being handled, and nothing has come of it yet."""
    return report.status is SupplierStatus.HANDLING and not report.final and not report.cards


async def _take(shop: Shop, order: Order, report: SupplierOrder) -> bool:
    if not _says_nothing(report):
        return await settle_order(shop, order, report)
    await shop.store.write(_postpone, shop, [order.id], failed=False)
    return False


async def _postpone(tx: Transaction, shop: Shop, order_ids: Sequence[int], *, failed: bool) -> None:
    """Set the next look: by the order's age, later while the supplier fails."""
    now = shop.clock.now()
    looks = []
    for order in await tx.orders.locked_many(order_ids):
        if order.state is not OrderState.HANDLING:
            continue
        attempts = order.attempts + 1 if failed else 0
        age = (now - (order.accepted_at or order.created_at)).total_seconds()
        wait = shop.suppliers[order.supplier].policy.until_next_check(age)
        if failed:
            wait = max(wait, min(2.0 ** min(attempts, 10), _LONGEST_BACKOFF_SECONDS))
        looks.append((order.id, attempts, now + timedelta(seconds=wait)))
    await tx.orders.reschedule(OrderState.HANDLING, looks)
