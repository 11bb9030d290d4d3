"""Looking after the own stock: the shelf shows what is left, and operators hear what runs low or ends."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.domain.alerts import AlertKind
from bot.domain.orders import FINAL_STATES
from bot.domain.stock import BatchState, OnOffer, OwnProduct
from bot.domain.supplier import OWN
from bot.services.catalogue.refresh import fetch_catalogue, save_offer
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.shop import Shop
from bot.services.stock.batches import ending_alert_key
from storage.transaction import Transaction

# A report that was read before an order ended is acted on by then: its codes are stored, if withheld.
_KEPT_AFTER_END: Final = timedelta(hours=1)
_TAKEN_BACK: Final = (BatchState.WITHDRAWN, BatchState.DISCARDED)


class StockWatch:
    """Remembers what the shelf was last told, so that a look at a stock that rests writes nothing."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._told: Mapping[OwnProduct, object] = {}

    async def check(self) -> None:
        """Bring the shelf up to date, raise and close alerts, and tidy. Raises SupplierFailure."""
        shop = self._shop
        seen = await _look(shop)
        if seen.keys() != self._told.keys():
            await fetch_catalogue(shop, OWN)
        changed = [one for one in seen if self._told.get(one) != seen[one]]
        if changed:
            await _show(shop, changed)
            await shop.store.write(_tell, shop)
        self._told = seen
        await tidy(shop)


async def renew_shelf(shop: Shop) -> None:
    """Show on the shelf what is on sale now, as after a batch was put on sale or withdrawn."""
    if OWN in shop.suppliers:
        await fetch_catalogue(shop, OWN)
        await _show(shop, await _look(shop))


async def _look(shop: Shop) -> Mapping[OwnProduct, object]:
    """What is on offer of each product, to be compared with an earlier look."""
    async with shop.store.reading() as tx:
        products = await tx.stock.products(shown=True)
        values = await tx.stock.values(shown=True)
        on_offer = await tx.stock.on_offer(shop.clock.now() + shop.policy.own_least_life)
    return {
        product: [
            (one, on_offer.get(one.id, OnOffer(one.id)))
            for one in values
            if one.product_id == product.id
        ]
        for product in products
    }


async def _show(shop: Shop, changed: Iterable[OwnProduct]) -> None:
    shown = {
        one.supplier_product_id: one.id
        for one in shop.shelf.goods.values()  # hidden ones too: they may be shown before the next change
        if one.supplier == OWN
    }
    for product in changed:
        name = str(product.id)
        if name in shown:
            await save_offer(shop, shown[name], await shop.suppliers[OWN].product(name))


async def _tell(tx: Transaction, shop: Shop) -> None:
    earliest_end = shop.clock.now() + shop.policy.own_least_life
    on_offer = await tx.stock.on_offer(earliest_end)
    titles = {one.id: one.title for one in await tx.stock.products(shown=True)}
    for value in await tx.stock.values(shown=True):
        left = on_offer[value.id].left if value.id in on_offer else 0
        key = f"stock_low:{value.id}"
        if left >= value.low_at:
            await resolve_alert(tx, shop, key)
            continue
        kind, product = AlertKind.STOCK_LOW, titles[value.product_id]
        await raise_alert(tx, shop, key, kind, product=product, label=value.label, count=left)
    for batch_id, count in (await tx.stock.ending(earliest_end)).items():
        kind = AlertKind.STOCK_ENDING
        await raise_alert(tx, shop, ending_alert_key(batch_id), kind, batch=batch_id, count=count)


async def tidy(shop: Shop) -> None:
    """Erase codes that their orders have, and release those of orders that ended without them.

    A second call finds nothing.
    """
    async with shop.store.reading() as tx:
        ended = await tx.own_codes.kept_for_ended(shop.clock.now() - _KEPT_AFTER_END)
    for order_id in ended:
        await shop.store.write(_end_reservation, shop, order_id)


async def _end_reservation(tx: Transaction, shop: Shop, order_id: int) -> None:
    """Under the order's lock: nothing is stored there meanwhile."""
    order = await tx.lock_order(order_id)
    reservation = await tx.own_codes.reservation_of(order_id)
    is_open = reservation is not None and not (reservation.released_at or reservation.erased_at)
    if reservation is None or not is_open or order.state not in FINAL_STATES:
        return
    await tx.stock.lock_value(reservation.value_id)
    stored = await tx.codes.of_order(order.id, order.user_id)
    if len(stored) >= reservation.quantity:
        await tx.own_codes.erase(reservation.reference, shop.clock.now())
    elif not stored:
        await _release(tx, reservation.reference, shop.clock.now())


async def _release(tx: Transaction, reference: str, now: datetime) -> None:
    """Put codes on sale again, or erase them where their batch was taken back meanwhile."""
    batches = {code.batch_id for code in await tx.own_codes.reserved(reference)}
    await tx.own_codes.release(reference, now)
    for batch_id in sorted(batches):
        batch = await tx.stock.batch(batch_id)
        if batch.state in _TAKEN_BACK:
            await tx.own_codes.withdraw(batch_id, now, known=batch.held_at is not None)
