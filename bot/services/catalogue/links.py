"""Links between equal values of two suppliers.

Customers see an alias and its primary as one value; the cheaper one in stock is bought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.actions import ActionKind
from bot.domain.catalogue import Denomination, Product, face_of
from bot.errors import SupplierFailure
from bot.refusals import CannotLink, required
from bot.services.catalogue.curated import hidden_ids
from bot.services.catalogue.refresh import load_shelf, refresh_product
from bot.services.shop import Shop
from storage.transaction import Transaction

MOST_FOUND: Final = 20  # products in one answer of a search


@dataclass(frozen=True, slots=True)
class LinkView:
    """What linking two products would do; pairs are (alias, primary)."""

    alias: Product
    primary: Product
    pairs: Sequence[tuple[Denomination, Denomination]]
    alone: Sequence[Denomination]  # values of the alias that the primary does not have


async def view_link(shop: Shop, primary_id: int, alias_id: int) -> LinkView:
    """Which values of two products are equal. Raises NotFound.

    Raises CannotLink for two products of one supplier, where one is hidden, no value is equal or the
    prices of one product cannot be fetched, and where a link would make a chain.
    """
    primary, alias = (required(shop.shelf.goods.get(one)) for one in (primary_id, alias_id))
    if primary.supplier == alias.supplier or hidden_ids(shop) & {primary_id, alias_id}:
        raise CannotLink
    for product in (primary, alias):
        if not shop.shelf.all_of(product.id):
            await _load_values(shop, product.id)
    primary_by_face = {
        face: d for d in shop.shelf.all_of(primary.id) if (face := face_of(d)) is not None
    }
    alias_values = shop.shelf.all_of(alias.id)
    pairs = [
        (d, primary_by_face[face])
        for d in alias_values
        if (face := face_of(d)) is not None and face in primary_by_face
    ]
    if not pairs:
        raise CannotLink
    if any(
        shop.shelf.is_primary(value.id) or shop.shelf.is_alias(primary_value.id)
        for value, primary_value in pairs
    ):
        raise CannotLink  # no chains: a primary is never an alias
    paired = {d.id for d, _ in pairs}
    return LinkView(alias, primary, pairs, [d for d in alias_values if d.id not in paired])


async def _load_values(shop: Shop, product_id: int) -> None:
    try:
        await refresh_product(shop, product_id)
    except SupplierFailure:
        raise CannotLink from None


async def link_products(
    shop: Shop, primary_id: int, alias_id: int, *, key: str, operator_id: int
) -> int:
    """Make the equal values of one product aliases of the other's; returns how many.

    A second call changes nothing more. Raises NotFound, CannotLink.
    """
    view = await view_link(shop, primary_id, alias_id)
    pairs = [(alias.id, primary.id) for alias, primary in view.pairs]
    await shop.store.write(_link, shop, pairs, f"p{alias_id} p{primary_id}", key, operator_id)
    await load_shelf(shop)
    return len(pairs)


async def unlink_product(shop: Shop, product_id: int, *, key: str, operator_id: int) -> int:
    """Remove the links of an alias's values, also of hidden ones; returns how many there were.

    Raises NotFound.
    """
    product = required(shop.shelf.goods.get(product_id))
    async with shop.store.reading() as tx:
        _, values = await tx.catalogue.product(product.id)
    linked = [d.id for d in values if len(shop.shelf.sold_as(d)) > 1]
    pairs = [(alias_id, None) for alias_id in linked]
    await shop.store.write(_link, shop, pairs, f"p{product_id} off", key, operator_id)
    await load_shelf(shop)
    return len(linked)


async def _link(
    tx: Transaction,
    shop: Shop,
    pairs: Sequence[tuple[int, int | None]],
    target: str,
    key: str,
    operator_id: int,
) -> None:
    is_end = all(primary is None for _, primary in pairs)
    changed = [await tx.catalogue.set_link(alias, primary) for alias, primary in pairs]
    if not any(changed):
        return  # an act that changed nothing is none
    await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.LINK,
        target=target,
        now=shop.clock.now(),
        before="linked" if is_end else "apart",
        after="apart" if is_end else "linked",
    )


def list_links(shop: Shop) -> list[tuple[Product, Product]]:
    """Pairs of products, (alias, primary), by the titles of the primaries; those that are hidden last."""
    shelf, hidden = shop.shelf, hidden_ids(shop)
    values = [
        (shelf.on_sale(alias), shelf.on_sale(one)) for alias, one in shelf.primary_ids.items()
    ]
    found = {
        (shelf.goods[alias.product_id], shelf.goods[primary.product_id])
        for alias, primary in values
        if alias is not None and primary is not None
    }
    return sorted(
        found,
        key=lambda pair: (any(p.id in hidden for p in pair), pair[1].title, pair[0].title),
    )


def find_products(shop: Shop, words: str) -> list[Product]:
    """At most MOST_FOUND products whose titles contain every word, aliases too; those that are hidden last."""
    wanted, hidden = words.casefold().split(), hidden_ids(shop)
    named = [
        product
        for product in shop.shelf.goods.values()
        if all(word in product.title.casefold() for word in wanted)
    ]
    return sorted(named, key=lambda one: (one.id in hidden, one.title))[:MOST_FOUND]
