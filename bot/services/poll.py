"""Asking how orders go: each by itself when few wait, in one list for all when many do."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.orders import Order, OrderState
from bot.domain.schedule import until_next_poll
from bot.domain.supplier import SupplierOrder
from bot.errors import AccessRefused, SupplierFailure, UnknownAtSupplier
from bot.ports import Tables
from bot.services.access import close_shop_for_access
from bot.services.settle import settle_order
from bot.services.shop import Shop

_LIST_PAGE = 100
_MARGIN = timedelta(minutes=2)
_LONGEST_BACKOFF_SECONDS = 60.0


async def poll_due_orders(shop: Shop, limit: int = 1000) -> int:
    """One round over the orders that are due; returns how many came to an end."""
    now = shop.clock.now()
    async with shop.store.reading() as tables:
        due = await tables.orders.due(OrderState.HANDLING, now, limit)
        if not due:
            return 0
        since = min(order.accepted_at or order.created_at for order in due) - _MARGIN
        listed = await tables.orders.count_accepted_since(shop.supplier.name, since)
    pages = max(1, math.ceil(listed / _LIST_PAGE))
    try:
        if pages < len(due):
            return await _poll_by_list(shop, due, since)
        return await _poll_each(shop, due)
    except SupplierFailure as failure:
        if isinstance(failure, AccessRefused):
            await close_shop_for_access(shop, failure)
        await shop.store.write(_postpone, shop, [order.id for order in due], failed=True)
        return 0


async def _poll_each(shop: Shop, due: Sequence[Order]) -> int:
    ended = 0
    for order in due:
        try:
            report = await shop.supplier.order(order.supplier_order_id or "")
        except UnknownAtSupplier:  # too new, or another environment: never read as refunded
            await shop.store.write(_postpone, shop, [order.id], failed=True)
            continue
        ended += await _take(shop, order, report)
    return ended


async def _poll_by_list(shop: Shop, due: Sequence[Order], since: datetime) -> int:
    until = shop.clock.now() + _MARGIN
    reports = {
        report.supplier_order_id: report for report in await shop.supplier.orders(since, until)
    }
    missing, ended, open_ids = [], 0, []
    for order in due:
        report = reports.get(order.supplier_order_id or "")
        if report is None:
            missing.append(order)
        elif report.final:
            ended += await settle_order(shop, order, report)
        else:
            open_ids.append(order.id)
    await shop.store.write(_postpone, shop, open_ids, failed=False)
    return ended + await _poll_each(shop, missing)


async def _take(shop: Shop, order: Order, report: SupplierOrder) -> bool:
    if report.final:
        return await settle_order(shop, order, report)
    await shop.store.write(_postpone, shop, [order.id], failed=False)
    return False


async def _postpone(tables: Tables, shop: Shop, order_ids: Sequence[int], *, failed: bool) -> None:
    """Set the next look: by the order's age, later while the supplier fails."""
    now = shop.clock.now()
    for order_id in order_ids:
        order = await tables.orders.locked(order_id)
        if order.state is not OrderState.HANDLING:
            continue
        attempts = order.attempts + 1 if failed else 0
        wait = until_next_poll((now - (order.accepted_at or order.created_at)).total_seconds())
        if failed:
            wait = max(wait, min(2.0**attempts, _LONGEST_BACKOFF_SECONDS))
        await tables.orders.change(
            order_id, attempts=attempts, due_at=now + timedelta(seconds=wait)
        )
