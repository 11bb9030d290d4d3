"""Removing handled updates, old events of suppliers, who was sent which news, and marks of commits."""

from datetime import timedelta
from typing import Final

from bot.services.shop import Shop
from storage.transaction import Transaction

_KEEP_UPDATES: Final = timedelta(days=3)  # Telegram offers an update again for 24 hours at most
_KEEP_EVENTS: Final = timedelta(days=7)  # longer than any supplier repeats one
_KEEP_MARKS: Final = timedelta(days=1)  # they are asked for within seconds
_KEEP_READERS: Final = timedelta(days=60)  # of news: longer than anything is counted


async def purge_old(shop: Shop) -> None:
    """Remove what is older than that; a second call removes nothing."""
    await shop.store.write(_purge, shop)


async def _purge(tx: Transaction, shop: Shop) -> None:
    await tx.inbox.purge(shop.timeline.older_than(_KEEP_UPDATES))
    await tx.suppliers.forget_events(shop.timeline.older_than(_KEEP_EVENTS))
    await tx.news.forget(shop.timeline.older_than(_KEEP_READERS))
    await tx.leader.forget_marks(shop.timeline.older_than(_KEEP_MARKS))
