"""What suppliers say by themselves: a reason to ask at once, and nothing else."""

from datetime import timedelta
from typing import Final

from bot.domain.supplier import SupplierEvent
from bot.services.shop import Shop
from storage.transaction import Transaction

KEEP_EVENTS: Final = timedelta(days=7)  # longer than any supplier repeats one


async def take_event(shop: Shop, supplier: str, event: SupplierEvent) -> bool:
    """True where an order is asked for now; a message that comes twice counts once."""
    moved = await shop.store.write(_take, shop, supplier, event)
    if moved:
        shop.wake("poll")
    return moved


async def _take(tx: Transaction, shop: Shop, supplier: str, event: SupplierEvent) -> bool:
    now = shop.clock.now()
    if not await tx.operators.add_event(supplier, event.event_id, now):
        return False
    return await tx.orders.wake_one(supplier, event.supplier_order_id, now)
