"""Events that suppliers send: each only makes the order due for a poll."""

from bot.domain.supplier import SupplierEvent
from bot.services.shop import Shop
from storage.transaction import Transaction


async def take_event(shop: Shop, supplier: str, event: SupplierEvent) -> bool:
    """Make the event's order due now; True where there is one.

    A second call with the event does nothing.
    """
    return await shop.store.write(_take, shop, supplier, event)


async def _take(tx: Transaction, shop: Shop, supplier: str, event: SupplierEvent) -> bool:
    now = shop.clock.now()
    if not await tx.suppliers.add_event(supplier, event.event_id, now):
        return False
    return await tx.orders.make_one_due(supplier, event.supplier_order_id, now)
