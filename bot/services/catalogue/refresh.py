"""Refreshing the catalogue: products once a day, prices and stock of a product on demand."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.domain.actions import ActionKind
from bot.domain.alerts import AlertKind
from bot.domain.catalogue import FallenCost, Product
from bot.domain.orders import Order
from bot.domain.schedule import due_after, is_recent
from bot.domain.supplier import OfferedCategory, ProductOffer
from bot.errors import SupplierFailure, UnknownAtSupplier
from bot.refusals import NotFound
from bot.services.catalogue.arrivals import keep_new_ones_off
from bot.services.catalogue.refused_pictures import close_refusals_of_gone
from bot.services.catalogue.unpriced_moves import carrying_moves
from bot.services.messaging.alerts import raise_alert, repeat_alert, resolve_alert
from bot.services.shared_prices import PriceKey
from bot.services.shop import Shop
from storage.transaction import Transaction

_MOST_NAMED: Final = 100  # rules in one alert: a file may have set thousands


async def load_shelf(shop: Shop) -> None:
    """Read the whole catalogue from the database into the shelf."""
    async with shop.shelf_lock:
        await fill_shelf(shop)


async def fill_shelf(shop: Shop) -> None:
    """The same for whoever holds `shop.shelf_lock`."""
    async with shop.store.reading() as tx:
        shop.shelf.fill(
            *await tx.catalogue.load(),
            await tx.prices.rules(),
            shop.policy.hidden_categories,
            shop.suppliers.keys(),
            await tx.curation.load(),
        )


async def load_product(shop: Shop, product_id: int) -> None:
    """Read one product from the database into the shelf; the others stay as they are."""
    async with shop.shelf_lock, shop.store.reading() as tx:
        shop.shelf.update_product(*await tx.catalogue.product(product_id))


async def refresh_catalogue(shop: Shop, supplier: str) -> bool:
    """Fetch the catalogue where it is older than its lifetime; True where a new one was stored.

    Raises SupplierFailure; then the last good copy stays.
    """
    async with shop.store.reading() as tx:
        due_at = await catalogue_due(tx, shop, supplier)
    return due_at <= shop.clock.now() and await fetch_catalogue(shop, supplier)


async def fetch_catalogue(shop: Shop, supplier: str) -> bool:
    """Fetch and store a supplier's catalogue now; False where the answer was empty.

    Raises SupplierFailure, after an alert where the stored copy is twice as old as its lifetime.
    """
    try:
        offered = await shop.suppliers[supplier].catalogue()
    except SupplierFailure:
        async with shop.store.reading() as tx:
            fetched_at = await tx.catalogue.fetched_at(supplier)
        if (
            fetched_at is not None
            and shop.clock.now() - fetched_at > 2 * shop.policy.catalogue_lifetime
        ):
            await shop.store.write(_tell_stale, shop, supplier)
        raise
    if not any(category.products for category in offered):
        return False  # an empty answer never removes what is for sale
    await shop.store.write(_replace, shop, supplier, offered)
    await load_shelf(shop)
    await close_refusals_of_gone(shop)
    return True


async def catalogue_due(tx: Transaction, shop: Shop, supplier: str) -> datetime:
    """When the catalogue has to be fetched again; now where it never was."""
    fetched_at = await tx.catalogue.fetched_at(supplier)
    return due_after(fetched_at, shop.policy.catalogue_lifetime, shop.clock.now())


def _stale_alert_key(supplier: str) -> str:
    return f"catalogue_stale:{supplier}"


async def _tell_stale(tx: Transaction, shop: Shop, supplier: str) -> None:
    kind = AlertKind.CATALOGUE_STALE
    await raise_alert(tx, shop, _stale_alert_key(supplier), kind, supplier=supplier)


async def _replace(
    tx: Transaction, shop: Shop, supplier: str, offered: tuple[OfferedCategory, ...]
) -> None:
    lost_before = await tx.catalogue.lost_rules(supplier)
    is_first = await tx.catalogue.fetched_at(supplier) is None
    added = await tx.catalogue.replace(supplier, offered, shop.clock.now())
    if not is_first:
        await keep_new_ones_off(tx, shop, supplier, added)
    lost = await tx.catalogue.lost_rules(supplier)
    await _tell_lost_rules(tx, shop, supplier, lost, are_more=bool(set(lost) - set(lost_before)))
    await resolve_alert(tx, shop, _stale_alert_key(supplier))


async def _tell_lost_rules(
    tx: Transaction, shop: Shop, supplier: str, lost: Sequence[str], *, are_more: bool
) -> None:
    """Alert the operators of price rules whose products or values are lost; `are_more`: since just now."""
    if are_more:
        more = ["…"] if len(lost) > _MOST_NAMED else []
        kind, rules = AlertKind.RULES_LOST, ", ".join([*lost[:_MOST_NAMED], *more])
        await repeat_alert(tx, shop, f"rules_lost:{supplier}", kind, supplier=supplier, rules=rules)
    elif not lost:
        await resolve_alert(tx, shop, f"rules_lost:{supplier}")


def is_stale(shop: Shop, product: Product) -> bool:
    """Whether the prices of a product are older than PRICE_LIFETIME, or were never fetched."""
    return not is_recent(product.priced_at, shop.clock.now(), shop.policy.price_lifetime)


async def refresh_product(shop: Shop, product_id: int) -> None:
    """Fetch prices and stock of a product, and of the products that are linked with it.

    Raises NotFound, and SupplierFailure where the product's own supplier does not answer; its
    prices then stay as they are. A failure of a linked product's supplier is ignored.
    """
    others = shop.shelf.priced_together(product_id) - {product_id}
    await asyncio.gather(
        _refresh(shop, product_id), *(_refresh_if_answered(shop, other) for other in others)
    )


async def _refresh_if_answered(shop: Shop, product_id: int) -> None:
    with contextlib.suppress(SupplierFailure):
        await _refresh(shop, product_id)


async def _refresh(shop: Shop, product_id: int) -> None:
    product = shop.shelf.product(product_id)
    supplier, number = shop.suppliers[product.supplier], product.supplier_product_id

    async def question() -> ProductOffer:
        offer = await supplier.product(number)
        await save_offer(shop, product_id, offer)
        return offer

    try:
        await shop.prices.ask(
            PriceKey(product.supplier, number),
            question,
            shop.clock.monotonic,
            shop.policy.price_shared_for.total_seconds(),
        )
    except UnknownAtSupplier:
        await save_offer(shop, product_id, ProductOffer(number, (), shop.clock.now()))


async def renew_when_idle(shop: Shop, product_id: int) -> None:
    """Fetch prices and stock of one product for nobody in particular: every other call goes first.

    Shared with no customer, who would wait as long. Raises NotFound, SupplierFailure.
    """
    product = shop.shelf.product(product_id)
    supplier, number = shop.suppliers[product.supplier], product.supplier_product_id
    try:
        offer = await supplier.product(number, idle=True)
    except UnknownAtSupplier:
        offer = ProductOffer(number, (), shop.clock.now())
    await save_offer(shop, product_id, offer)


async def save_order_offer(shop: Shop, order: Order, offer: ProductOffer) -> None:
    """Save prices that were fetched to buy an order, if the shelf has its denomination."""
    with contextlib.suppress(NotFound):
        denomination = shop.shelf.denomination(order.denomination_id)
        await save_offer(shop, denomination.product_id, offer)


def forget_prices(shop: Shop, order: Order) -> None:
    """The supplier refused an order, or charged more: what was asked before then is shared no more."""
    now = shop.clock.monotonic()
    shop.prices.forget(order.supplier, order.supplier_product_id, now)
    shop.suppliers[order.supplier].forget_prices(order.supplier_product_id)


async def save_offer(shop: Shop, product_id: int, offer: ProductOffer) -> None:
    """Store prices and stock of a product and show them on the shelf.

    A value whose cost fell by more than half is held, and the operators are told; so they are of price
    rules whose values were not listed for a day.
    """
    await shop.store.write(_set_offer, shop, product_id, offer)
    await load_product(shop, product_id)


async def _set_offer(tx: Transaction, shop: Shop, product_id: int, offer: ProductOffer) -> None:
    types = () if offer.only else (one.supplier_type_id for one in offer.denominations)
    async with carrying_moves(tx, shop, product_id, types) as stored:
        saved = await tx.catalogue.set_offer(stored, offer)
    for fallen in saved.fallen:
        await tell_fallen_cost(tx, shop, product_id, fallen)
    with_rules = await tx.catalogue.with_rules([*saved.lost, *saved.found])
    if with_rules:
        product, _ = await tx.catalogue.product(product_id)
        rules = await tx.catalogue.lost_rules(product.supplier)
        are_more = not with_rules.isdisjoint(saved.lost)
        await _tell_lost_rules(tx, shop, product.supplier, rules, are_more=are_more)


def hold_alert_key(denomination_id: int) -> str:
    """The key of the alert about a value that is off the shelf, whatever the reason."""
    return f"held:{denomination_id}"


async def tell_fallen_cost(
    tx: Transaction, shop: Shop, product_id: int, fallen: FallenCost
) -> None:
    """Alert the operators of a value that is held because its cost fell."""
    product, _ = await tx.catalogue.product(product_id)
    await raise_alert(
        tx,
        shop,
        hold_alert_key(fallen.denomination_id),
        AlertKind.COST_FELL,
        value=fallen.denomination_id,
        product=product.title,
        label=fallen.label,
        supplier=product.supplier,
        expected=fallen.before_minor,
        paid=fallen.now_minor,
    )


async def show_denomination(shop: Shop, denomination_id: int) -> None:
    """Read one value's product again from the database, if the shelf has the value."""
    with contextlib.suppress(NotFound):
        await load_product(shop, shop.shelf.denomination(denomination_id).product_id)


async def release_value(shop: Shop, denomination_id: int, *, key: str, operator_id: int) -> bool:
    """Sell a held value again, at the cost that the supplier names; False where it is not held."""
    released = await shop.store.write(_release, shop, denomination_id, key, operator_id)
    await show_denomination(shop, denomination_id)
    return released


async def _release(
    tx: Transaction, shop: Shop, denomination_id: int, key: str, operator_id: int
) -> bool:
    if not await tx.catalogue.end_hold(denomination_id):
        return False
    await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.VALUE,
        target=f"d{denomination_id}",
        now=shop.clock.now(),
        before="held",
        after="sold",
    )
    await resolve_alert(tx, shop, hold_alert_key(denomination_id))
    return True
