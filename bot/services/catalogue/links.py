"""One value at two suppliers: to the customer one, and the cheaper one in stock is bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.catalogue import Denomination, Product, face_of
from bot.domain.records import ActionKind
from bot.errors import CannotLink, SupplierFailure
from bot.services.catalogue.refresh import load_shelf, refresh_product
from bot.services.shop import Shop
from storage.transaction import Transaction

MOST_FOUND: Final = 20


@dataclass(frozen=True, slots=True)
class LinkView:
    """What linking two products would do; pairs are (alias, primary)."""

    alias: Product
    primary: Product
    pairs: Sequence[tuple[Denomination, Denomination]]
    alone: Sequence[Denomination]  # the alias's values that the primary does not have


async def view_link(shop: Shop, primary_id: int, alias_id: int) -> LinkView:
    """Which values of two products are the same. Raises NotFound, CannotLink."""
    primary, alias = shop.shelf.product(primary_id), shop.shelf.product(alias_id)
    if primary.supplier == alias.supplier:
        raise CannotLink
    for product in (primary, alias):
        if not shop.shelf.all_of(product.id):
            await _load_values(shop, product.id)
    is_primary = {
        face: d for d in shop.shelf.all_of(primary.id) if (face := face_of(d)) is not None
    }
    mine = shop.shelf.all_of(alias.id)
    pairs = [
        (d, is_primary[face])
        for d in mine
        if (face := face_of(d)) is not None and face in is_primary
    ]
    if not pairs:
        raise CannotLink
    if any(shop.shelf.is_primary(mine.id) or shop.shelf.is_alias(lead.id) for mine, lead in pairs):
        raise CannotLink  # no chains: what others follow follows nobody
    paired = {d.id for d, _ in pairs}
    return LinkView(alias, primary, pairs, [d for d in mine if d.id not in paired])


async def _load_values(shop: Shop, product_id: int) -> None:
    try:
        await refresh_product(shop, product_id)
    except SupplierFailure:
        raise CannotLink from None


async def link_products(
    shop: Shop, primary_id: int, alias_id: int, *, key: str, operator_id: int
) -> int:
    """Have the alias's values follow the primary's; returns how many. Raises NotFound, CannotLink."""
    view = await view_link(shop, primary_id, alias_id)
    pairs = [(f.id, primary.id) for f, primary in view.pairs]
    await shop.store.write(_link, shop, pairs, f"p{alias_id} p{primary_id}", key, operator_id)
    await load_shelf(shop)
    return len(pairs)


async def unlink_product(shop: Shop, product_id: int, *, key: str, operator_id: int) -> int:
    """Its values stand alone again; returns how many did not. Raises NotFound."""
    product = shop.shelf.product(product_id)
    linked = [d.id for d in shop.shelf.all_of(product.id) if shop.shelf.is_alias(d.id)]
    pairs = [(one, None) for one in linked]
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
    for alias, primary in pairs:
        await tx.catalogue.set_link(alias, primary)
    await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.LINK,
        target=target,
        now=shop.clock.now(),
    )


def list_links(shop: Shop) -> list[tuple[Product, Product]]:
    """The products that follow others, and those that they follow."""
    found = {
        (shop.shelf.product(f.product_id), shop.shelf.product(primary.product_id))
        for f, primary in shop.shelf.links()
    }
    return sorted(found, key=lambda pair: (pair[1].title, pair[0].title))


def find_products(shop: Shop, words: str) -> list[Product]:
    """By their names, also those that follow others and stand on no shelf."""
    wanted = words.casefold().split()
    named = [
        product
        for product in shop.shelf.products.values()
        if all(word in product.title.casefold() for word in wanted)
    ]
    return sorted(named, key=lambda product: product.title)[:MOST_FOUND]
