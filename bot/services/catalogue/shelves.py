"""Views of the one tree of all suppliers' products, and of what a search finds in it.

Nothing here calls a supplier, so nobody waits for one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.catalogue import Names, Product
from bot.domain.pauses import NOTHING_CLOSED, Closed
from bot.domain.search import Found, Intent
from bot.domain.tree import BrandNode
from bot.services.catalogue.browse import (
    PAGE,
    Offer,
    ProductEntry,
    RangeView,
    entry_of,
    offer_of,
    place_of,
    state_of,
    view_range,
)
from bot.services.shop import Shop

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class BrandEntry:
    """A brand in a list; `product_id`: its only product, None where it has several."""

    key: str
    title: str
    product_id: int | None


@dataclass(frozen=True, slots=True)
class CategoryEntry:
    """A category in a list; `only`: its only brand, None where it has several."""

    key: str
    only: BrandEntry | None
    names: Names = ()  # an operator's


@dataclass(frozen=True, slots=True)
class HomeView:
    popular: tuple[BrandEntry, ...]
    categories: tuple[CategoryEntry, ...]
    featured: tuple[Product, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryPage:
    key: str
    brands: tuple[BrandEntry, ...]
    number: int  # from 0
    pages: int
    names: Names = ()  # an operator's


@dataclass(frozen=True, slots=True)
class BrandPage:
    """Products of a brand; `brands`: how many its category has."""

    brand: BrandNode
    brands: int
    products: tuple[ProductEntry, ...]
    number: int  # from 0
    pages: int


@dataclass(frozen=True, slots=True)
class HitView:
    """A product that was found. `offers`: its values that were named; `typed`: the range and the
    value within it, in hundredths of its currency, with that currency."""

    entry: ProductEntry
    offers: tuple[Offer, ...] = ()
    typed: tuple[int, int, str] | None = None


@dataclass(frozen=True, slots=True)
class SearchView:
    """What a search found; see Found. `brands`: near misses, or those that a bare value may be of;
    `value_minor`: the first value that was named."""

    hits: tuple[HitView, ...]
    intent: Intent | None
    asks_brand: bool
    brands: tuple[BrandEntry, ...]
    value_minor: int | None
    home: HomeView


def view_home(shop: Shop) -> HomeView:
    """The products that operators put first, the popular brands that are sold, and all categories."""
    tree = shop.shelf.tree
    popular = [tree.brands[key] for key in shop.shelf.brands.popular if key in tree.brands]
    return HomeView(
        tuple(map(brand_entry, popular)),
        tuple(
            CategoryEntry(
                key,
                brand_entry(brands[0]) if len(brands) == 1 else None,
                shop.shelf.category_names(key),
            )
            for key, brands in tree.categories.items()
        ),
        tuple(shop.shelf.featured()),
    )


def brand_entry(node: BrandNode) -> BrandEntry:
    return BrandEntry(node.key, node.title, node.products[0] if len(node.products) == 1 else None)


def list_brands(shop: Shop, category: str, page: int = 0) -> CategoryPage:
    """A page of a category; a number beyond the last page gives the last page. Raises NotFound."""
    brands = shop.shelf.brands_of(category)
    number, pages, shown = _page(brands, page)
    entries, names = tuple(map(brand_entry, shown)), shop.shelf.category_names(category)
    return CategoryPage(category, entries, number, pages, names)


def list_brand(shop: Shop, key: str, page: int = 0, closed: Closed = NOTHING_CLOSED) -> BrandPage:
    """A page of a brand's products: those that can be bought first. Raises NotFound."""
    node = shop.shelf.brand(key)
    products = [shop.shelf.product(one) for one in node.products]
    products.sort(key=lambda product: state_of(shop, product, closed))
    number, pages, shown = _page(products, page)
    brands = len(shop.shelf.brands_of(node.category))
    entries = tuple(entry_of(shop, product, closed) for product in shown)
    return BrandPage(node, brands, entries, number, pages)


def only_brand(shop: Shop, products: Sequence[Product]) -> BrandNode | None:
    """The brand to which all these products belong; None for several."""
    nodes = {place_of(shop, product).brand for product in products}
    return shop.shelf.tree.brands.get(nodes.pop()) if len(nodes) == 1 else None


def _page(items: Sequence[_T], page: int) -> tuple[int, int, Sequence[_T]]:
    """The number of a page, as far as there is one, how many there are, and its items."""
    pages = max(1, -(-len(items) // PAGE))
    number = min(max(page, 0), pages - 1)
    return number, pages, items[number * PAGE : (number + 1) * PAGE]


def view_search(shop: Shop, query: str, closed: Closed = NOTHING_CLOSED) -> SearchView:
    """What a customer's words find."""
    found = shop.shelf.search(query, PAGE)
    home = view_home(shop)
    near = [brand_entry(shop.shelf.brand(key)) for key in found.near]
    return SearchView(
        _hits(shop, found, closed),
        found.intent,
        found.asks_brand,
        home.popular if found.asks_brand else tuple(near),
        found.amounts[0] if found.amounts else None,
        home,
    )


def _hits(shop: Shop, found: Found, closed: Closed) -> tuple[HitView, ...]:
    hits = []
    for hit in found.hits:
        values = [shop.shelf.denomination(one) for one in hit.values]
        fixed = {shop.shelf.primary(d).id: d for d in values if not d.is_range}
        offers = tuple(offer_of(shop, d, closed) for d in fixed.values())
        spans = [(d.id, span) for d in values if (span := view_range(shop, d.id)) is not None]
        typed = None if offers else _typed(spans, found.amounts)
        hits.append(HitView(entry_of(shop, hit.product, closed), offers, typed))
    return tuple(sorted(hits, key=lambda view: view.entry.state))


def _typed(
    spans: Sequence[tuple[int, RangeView]], amounts: Sequence[int]
) -> tuple[int, int, str] | None:
    """The first amount that a range takes, with the range's id and currency."""
    fitting = (
        (denomination_id, minor, span.currency)
        for denomination_id, span in spans
        for minor in amounts
        if span.holds(minor)
    )
    return next(fitting, None)
