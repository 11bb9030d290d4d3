"""Keeping the shelf: what there is (daily), what it costs and whether it is there (each minute)."""

from bot.domain.catalogue import Product
from bot.domain.pricing import Markup, MarkupKey
from bot.domain.records import AlertKind
from bot.domain.supplier import OfferedCategory, ProductOffer
from bot.errors import SupplierFailure, UnknownAtSupplier
from bot.ports import Tables
from bot.services.alerts import raise_alert, settle_alert
from bot.services.shop import Shop


async def load_shelf(shop: Shop) -> None:
    async with shop.store.reading() as tables:
        shop.shelf.fill(*await tables.catalogue.load(), shop.policy.hidden_categories)


async def refresh_catalogue(shop: Shop, *, force: bool = False) -> bool:
    """Fetch the catalogue where it is older than its lifetime; the last good copy stays on failure."""
    async with shop.store.reading() as tables:
        fetched_at = await tables.catalogue.fetched_at(shop.supplier.name)
    fresh = (
        fetched_at is not None and shop.clock.now() - fetched_at < shop.policy.catalogue_lifetime
    )
    if fresh and not force:
        return False
    try:
        offered = await shop.supplier.catalogue()
    except SupplierFailure:
        if (
            fetched_at is not None
            and shop.clock.now() - fetched_at > 2 * shop.policy.catalogue_lifetime
        ):
            await shop.store.write(_tell_stale, shop)
        raise
    if not any(category.products for category in offered):
        return False  # an empty answer never empties the shop
    await shop.store.write(_replace, shop, offered)
    await load_shelf(shop)
    return True


async def _tell_stale(tables: Tables, shop: Shop) -> None:
    await raise_alert(tables, shop, "catalogue_stale", AlertKind.CATALOGUE_STALE)


async def _replace(tables: Tables, shop: Shop, offered: tuple[OfferedCategory, ...]) -> None:
    await tables.catalogue.replace(shop.supplier.name, offered, shop.clock.now())
    await settle_alert(tables, shop, "catalogue_stale")


def is_stale(shop: Shop, product: Product) -> bool:
    return (
        product.priced_at is None
        or shop.clock.now() - product.priced_at >= shop.policy.price_lifetime
    )


async def refresh_product(shop: Shop, product_id: int) -> None:
    """Ask prices and stock of one product. Raises SupplierFailure; the shelf then stays as it is."""
    product = shop.shelf.product(product_id)
    try:
        offer = await shop.supplier.product(product.supplier_product_id)
    except UnknownAtSupplier:
        offer = ProductOffer(product.supplier_product_id, (), shop.clock.now())
    await keep_offer(shop, product_id, offer)


async def keep_offer(shop: Shop, product_id: int, offer: ProductOffer) -> None:
    await shop.store.write(_set_offer, product_id, offer)
    await load_shelf(shop)


async def _set_offer(tables: Tables, product_id: int, offer: ProductOffer) -> None:
    await tables.catalogue.set_offer(product_id, offer)


async def set_markup(shop: Shop, key: MarkupKey, markup: Markup | None) -> None:
    await shop.store.write(_set_markup, key, markup)
    await load_shelf(shop)


async def _set_markup(tables: Tables, key: MarkupKey, markup: Markup | None) -> None:
    await tables.catalogue.set_markup(key, markup)
