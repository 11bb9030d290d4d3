"""New products of suppliers that NEW_PRODUCTS=hidden keeps off the shelf, until an operator shows them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.domain.alerts import AlertKind
from bot.domain.catalogue import Product
from bot.domain.curation import Subject
from bot.domain.schedule import is_recent
from bot.domain.supplier import OWN
from bot.services.messaging.alerts import repeat_alert, resolve_alert
from bot.services.shop import Shop
from storage.transaction import Transaction

_TOLD_EVERY: Final = timedelta(days=1)


async def keep_new_ones_off(
    tx: Transaction, shop: Shop, supplier: str, added: Sequence[int]
) -> None:
    """Hide the products that a supplier's catalogue has added, and alert the operators once a day.

    What came within a day of the last alert is told with the next catalogue. The own stock is what
    operators made themselves. With NEW_PRODUCTS=shown, what was hidden before stays so, and its alert
    open, until an operator shows it or its supplier withdraws it.
    """
    if supplier == OWN:
        return
    if shop.policy.hides_new_products:
        for product_id in added:
            await tx.curation.mark(
                Subject.product(product_id), hidden=True, arrived_at=shop.clock.now()
            )
    await _tell(tx, shop, supplier)


async def _tell(tx: Transaction, shop: Shop, supplier: str) -> None:
    key = f"products_arrived:{supplier}"
    offered = await tx.catalogue.offered_ids(supplier)
    arrived = [at for product_id, at in await tx.curation.arrivals() if product_id in offered]
    if not arrived:
        await resolve_alert(tx, shop, key)
        return
    told = await tx.alerts.opened_at(key)
    is_due = not is_recent(told, shop.clock.now(), _TOLD_EVERY)
    if is_due and any(told is None or at > told for at in arrived):
        kind = AlertKind.PRODUCTS_ARRIVED
        await repeat_alert(tx, shop, key, kind, supplier=supplier, count=len(arrived))


async def list_arrivals(shop: Shop) -> list[Product]:
    """The new products that are hidden still, the newest first."""
    async with shop.store.reading() as tx:
        arrived = await tx.curation.arrivals()
    return [shop.shelf.goods[one] for one, _ in arrived if one in shop.shelf.goods]
