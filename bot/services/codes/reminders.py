"""Reminders that codes expire, on the days before that EXPIRY_REMINDERS lists."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.orders import Order
from bot.services.items import ItemKind
from bot.services.messaging.item_runs import run_items
from bot.services.messaging.notifications import notify_expiry
from bot.services.shop import Shop
from storage.transaction import Transaction

_NAME: Final = "remind"
_DAY: Final = timedelta(days=1)
_LOOKED_BACK: Final = timedelta(days=7)  # for reminders that could not be added


async def send_expiry_reminders(shop: Shop) -> int:
    """Put the reminders that fell due since the last run into the outbox; returns how many orders.

    Each reminder is sent once. Those that fell due while the shop was closed, and those that could
    not be added, are sent by a later run; where several of one order did, only the one closest to
    the expiry.
    """
    now = shop.clock.now()
    async with shop.store.reading() as tx:
        last = await tx.runs.last(_NAME) or now
        due = await _due_reminders(tx, shop, last, now)

    async def remind(order_id: int) -> bool:
        return await shop.store.write(_remind, shop, *due[order_id])

    added = await run_items(shop, ItemKind.REMINDER, due, remind)
    done_until = now if len(added) == len(due) else max(last, now - _LOOKED_BACK)
    await shop.store.write(_set_last, done_until)
    return sum(added)


_Reminder = tuple[Order, datetime, int]  # when its first code expires, and how many days before


async def _due_reminders(
    tx: Transaction, shop: Shop, last: datetime, now: datetime
) -> dict[int, _Reminder]:
    due: dict[int, _Reminder] = {}
    for days in sorted(shop.policy.expiry_reminders):
        ahead = days * _DAY
        for order, expires_at in await tx.codes.expiring(max(last + ahead, now), now + ahead):
            # Whoever paid after this day has just seen the date in the delivery.
            just_bought = order.paid_at is None or order.paid_at >= expires_at - ahead
            if not just_bought:
                due.setdefault(order.id, (order, expires_at, days))
    return due


async def _remind(
    tx: Transaction, shop: Shop, order: Order, expires_at: datetime, days: int
) -> bool:
    return await notify_expiry(tx, shop, order, expires_at, days)


async def _set_last(tx: Transaction, at: datetime) -> None:
    await tx.runs.set_last(_NAME, at)


async def set_reminders(shop: Shop, user_id: int, *, wanted: bool) -> None:
    """Switch a customer's reminders on or off."""
    await shop.store.write(_set, user_id, wanted)


async def _set(tx: Transaction, user_id: int, wanted: bool) -> None:
    await tx.customers.set_reminders(user_id, wanted=wanted)
