"""Orders at a supplier that belong to no living order of ours: operators are told, once for each."""

from collections.abc import Sequence
from hashlib import sha256

from bot.domain.alerts import AlertKind
from bot.domain.orders import Order
from bot.domain.supplier import SupplierOrder
from bot.services.messaging.alerts import raise_alert
from bot.services.shop import Shop
from storage.transaction import Transaction

_LONGEST_KEY = 64  # characters of an alert's key


def orphan_alert_key(supplier: str, supplier_order_id: str) -> str:
    """The key of the alert about an order at a supplier that nobody gets."""
    key = f"orphan:{supplier}:{supplier_order_id}"
    if len(key) <= _LONGEST_KEY:
        return key
    return f"orphan:{sha256(key.encode()).hexdigest()[:48]}"


async def tell_orphan(
    tx: Transaction, shop: Shop, order: Order, supplier_order_id: str, *, codes: int = 0
) -> bool:
    """Alert the operators of a supplier's order that was made for `order`, which cannot take it.

    `codes`: how many of its codes were stored for nobody. False where they were told before.
    """
    return await raise_alert(
        tx,
        shop,
        orphan_alert_key(order.supplier, supplier_order_id),
        AlertKind.BOUGHT_FOR_NOBODY,
        order=order.id,
        supplier=order.supplier,
        id=supplier_order_id,
        codes=codes,
    )


async def without_orphans(
    tx: Transaction, supplier: str, found: Sequence[SupplierOrder]
) -> list[SupplierOrder]:
    """Those that no order of ours has and that the operators were not told of as nobody's."""
    taken = await tx.orders.bound_ids(supplier, [one.supplier_order_id for one in found])
    return [
        one
        for one in found
        if one.supplier_order_id not in taken
        and not await tx.alerts.is_open(orphan_alert_key(supplier, one.supplier_order_id))
    ]
