"""Looking after price rules: those that a command changed, and fixed prices that costs have overtaken."""

from bot.domain.alerts import AlertKind
from bot.domain.catalogue import Denomination
from bot.services.catalogue.price_changes import FIXED_ALERT, fixed_alert_key
from bot.services.catalogue.refresh import load_shelf
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.shop import Shop
from storage.transaction import Transaction


class PriceWatch:
    """Opens and closes alerts of fixed prices; a look that finds nothing new writes nothing."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    async def check(self) -> None:
        """Show what was changed elsewhere, or could not be shown then, and tell of each fixed price that is below cost and margin.

        One alert for each crossing: it is closed when the fixed price covers its cost again, is
        removed, or its value leaves the shelf. What is open is read each time, since a change of
        price closes alerts as well, and a process before this one may have opened some.
        """
        shop = self._shop
        async with shop.store.reading() as tx:
            rules, curation = await tx.prices.rules(), await tx.curation.load()
            told = await tx.prices.alerted(FIXED_ALERT)
        if (rules, curation) != (shop.shelf.rules, shop.shelf.curation):
            await load_shelf(shop)
        if told != _beaten(shop):
            await shop.store.write(_tell, shop)


def _beaten(shop: Shop) -> set[int]:
    """The values on the shelf whose fixed price their cost has overtaken."""
    shelf, pricing = shop.shelf, shop.policy.pricing
    return {
        one.id
        for one in shelf.fixed()
        if pricing.is_beaten(shelf.next_sold(one).cost_minor, shelf.rules.value(one.id))
    }


async def _tell(tx: Transaction, shop: Shop) -> None:
    await tx.prices.lock()
    if await tx.prices.rules() != shop.shelf.rules:
        return  # changed since: the next look shows it first
    beaten = _beaten(shop)
    told = await tx.prices.alerted(FIXED_ALERT)
    for denomination_id in sorted(beaten - told):
        await _raise(tx, shop, shop.shelf.denomination(denomination_id))
    for denomination_id in sorted(told - beaten):
        await resolve_alert(tx, shop, fixed_alert_key(denomination_id))


async def _raise(tx: Transaction, shop: Shop, value: Denomination) -> None:
    await raise_alert(
        tx,
        shop,
        fixed_alert_key(value.id),
        AlertKind.FIXED_BELOW_COST,
        product=shop.shelf.product(value.product_id).title,
        target=f"p{value.product_id}",
        label=value.label,
        fixed=shop.shelf.rules.value(value.id).fixed_minor,
        cost=shop.shelf.next_sold(value).cost_minor,
    )
