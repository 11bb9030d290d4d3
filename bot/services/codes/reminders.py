"""Reminders that codes expire, on the days before that EXPIRY_REMINDERS lists."""

from datetime import timedelta
from typing import Final

from bot.services.messaging.notifications import notify_expiry
from bot.services.shop import Shop
from storage.transaction import Transaction

_NAME: Final = "remind"
_DAY: Final = timedelta(days=1)


async def send_expiry_reminders(shop: Shop) -> int:
    """Put the reminders that fell due since the last run into the outbox; returns how many orders.

    Each reminder is sent once. Those that fell due while the shop was closed are sent by the next
    run; where several of one order did, only the one closest to the expiry.
    """
    return await shop.store.write(_remind, shop)


async def _remind(tx: Transaction, shop: Shop) -> int:
    now = shop.clock.now()
    last = await tx.runs.last(_NAME) or now
    await tx.runs.set_last(_NAME, now)
    told: set[int] = set()
    for days in sorted(shop.policy.expiry_reminders):
        ahead = days * _DAY
        for order, expires_at in await tx.codes.expiring(max(last + ahead, now), now + ahead):
            # Whoever paid after this day has just seen the date in the delivery.
            just_bought = order.paid_at is None or order.paid_at >= expires_at - ahead
            if order.id not in told and not just_bought:
                await notify_expiry(tx, shop, order, expires_at, days)
                told.add(order.id)
    return len(told)


async def set_reminders(shop: Shop, user_id: int, *, wanted: bool) -> None:
    """Switch a customer's reminders on or off."""
    await shop.store.write(_set, user_id, wanted)


async def _set(tx: Transaction, user_id: int, wanted: bool) -> None:
    await tx.customers.set_reminders(user_id, wanted=wanted)
