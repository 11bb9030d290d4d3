"""Summing up the days that are over, so that figures of all time need not read every order."""

from datetime import timedelta
from typing import Final

from bot.services.shop import Shop
from storage.transaction import Transaction

_LEFT_OPEN: Final = timedelta(days=1)  # a younger day's orders are still being worked on
_MOST: Final = 1000  # days of one night


async def close_days(shop: Shop) -> int:
    """Sum up each day that is over, in a transaction of its own; returns how many.

    A second call finds none. What changes an order of a closed day opens the day again.
    """
    async with shop.store.reading() as tx:
        days = await tx.day_sums.open_days(shop.timeline.older_than(_LEFT_OPEN))
    closed = [await shop.store.write(_close, day) for day in days[:_MOST]]
    return sum(closed)


async def _close(tx: Transaction, day: int) -> bool:
    return await tx.day_sums.close(day)
