"""Who wants no news: asked before every message, and changed by the person alone."""

from bot.services.shop import Shop
from storage.transaction import Transaction


async def wants_news(shop: Shop, user_id: int) -> bool:
    """Whether a customer wants words of the shop to many."""
    async with shop.store.reading() as tx:
        return await tx.crowds.wants_news(user_id)


async def set_wants_news(shop: Shop, user_id: int, *, wanted: bool) -> None:
    """Store a customer's wish. A second call changes nothing."""
    await shop.store.write(_set, user_id, wanted)


async def _set(tx: Transaction, user_id: int, wanted: bool) -> None:
    await tx.crowds.set_wants_news(user_id, wanted=wanted)
