"""The shelf as operators see it: with what they have hidden, and what they have said of each thing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.amounts import read_count
from bot.domain.catalogue import Denomination, Names, Product
from bot.domain.curation import CuratedText, Marks, OwnText, Subject
from bot.domain.folding import fold, words_of
from bot.domain.paging import count_pages
from bot.domain.records import Locale
from bot.refusals import NotFound, required
from bot.services.catalogue.browse import most_per_order, price_of
from bot.services.catalogue.curation import check_subject, siblings_of
from bot.services.shop import Shop
from storage.transaction import Transaction

MOST_FOUND = 16  # products of one search
PAGE = 8  # products or values on one page


@dataclass(frozen=True, slots=True)
class CuratedCategory:
    """`key` of names.toml; `products`: how many it has; `hidden`: how many of those are hidden by themselves."""

    key: str
    names: Names
    marks: Marks
    products: int
    hidden: int

    @property
    def subject(self) -> Subject:
        return Subject.category(self.key)


@dataclass(frozen=True, slots=True)
class CuratedEntry:
    """A product in a list."""

    product: Product
    hidden: bool
    featured: bool


@dataclass(frozen=True, slots=True)
class EntryPage:
    entries: tuple[CuratedEntry, ...]
    number: int  # from 0
    pages: int


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product as an operator sees it. `cheapest_minor`: its lowest price, None where it has none.

    `sold`: codes delivered since the month began. `most`: of one order. `places`: how many stand in its list.
    """

    product: Product
    category: CuratedCategory
    marks: Marks
    values: int
    cheapest_minor: int | None
    sold: int
    most: int
    place: int  # from 1
    places: int
    follows: bool  # it is sold under the names of another product, by /link

    @property
    def subject(self) -> Subject:
        return Subject.product(self.product.id)


@dataclass(frozen=True, slots=True)
class CuratedValue:
    denomination: Denomination
    price_minor: int


def list_curated(shop: Shop) -> list[CuratedCategory]:
    """All categories with products, in the order of the shelf."""
    return [view_category(shop, key) for key in shop.shelf.whole_tree().categories]


def view_category(shop: Shop, key: str) -> CuratedCategory:
    """Raises NotFound."""
    check_subject(shop, Subject.category(key))
    curation = shop.shelf.curation
    ids = _ids_of(shop, key)
    return CuratedCategory(
        key,
        curation.names(Subject.category(key)),
        curation.of_category(key),
        len(ids),
        sum(curation.of_product(one).hidden for one in ids),
    )


def _ids_of(shop: Shop, key: str) -> list[int]:
    nodes = shop.shelf.whole_tree().categories.get(key, ())
    return [one for node in nodes for one in node.products]


def list_entries(shop: Shop, key: str, page: int) -> EntryPage:
    """A page of a category's products; a number beyond the last page gives the last page."""
    return page_of(shop, [shop.shelf.goods[one] for one in _ids_of(shop, key)], page)


def page_of(shop: Shop, products: Sequence[Product], page: int, *, size: int = PAGE) -> EntryPage:
    """A page of these products."""
    pages = count_pages(len(products), size)
    number = min(max(page, 0), pages - 1)
    shown = products[number * size : (number + 1) * size]
    return EntryPage(tuple(_entry(shop, one) for one in shown), number, pages)


def _entry(shop: Shop, product: Product) -> CuratedEntry:
    marks = shop.shelf.curation.of_product(product.id)
    return CuratedEntry(product, marks.hidden, marks.featured)


def hidden_ids(shop: Shop) -> frozenset[int]:
    """The products that operators keep off the shelf, or that are sold under the names of such."""
    return frozenset(shop.shelf.goods.keys() - shop.shelf.products.keys())


def find_entries(shop: Shop, query: str) -> list[Product]:
    """At most MOST_FOUND products, hidden ones too, with all these words in one of their names.

    `p12` names a product by its number.
    """
    return _find(query, shop.shelf.goods.values())


def find_hidden(shop: Shop, query: str) -> list[Product]:
    """The same of what is hidden."""
    hidden = hidden_ids(shop)
    return _find(query, (one for one in shop.shelf.goods.values() if one.id in hidden))


def _find(query: str, products: Iterable[Product]) -> list[Product]:
    wanted = words_of(query)
    number = read_count(query.strip().lower().removeprefix("p"))
    found = [
        one
        for one in products
        if one.id == number
        or (
            wanted
            and any(_has_all(wanted, name) for name in (one.title, *dict(one.names).values()))
        )
    ]
    return found[:MOST_FOUND]


def _has_all(wanted: Sequence[str], name: str) -> bool:
    folded = fold(name)
    return all(word in folded for word in wanted)


async def view_card(shop: Shop, product_id: int) -> ProductCard:
    """Raises NotFound for a product that no supplier sells now."""
    shelf = shop.shelf
    product = required(shelf.goods.get(product_id))
    values = await list_values(shop, product_id)
    prices = [one.price_minor for one in values if one.denomination.sellable]
    async with shop.store.reading() as tx:
        sold = await tx.statistics.sold_of(product_id, _month_began(shop))
    siblings = siblings_of(shop, Subject.product(product_id))
    return ProductCard(
        product,
        view_category(shop, shelf.placing(product).category),
        shelf.curation.of_product(product_id),
        len(values),
        min(prices, default=None),
        sold,
        most_per_order(shop, product),
        siblings.index(Subject.product(product_id)) + 1,
        len(siblings),
        shelf.follows(product_id),
    )


def _month_began(shop: Shop) -> datetime:
    now = shop.clock.now().astimezone(shop.policy.time_zone)
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


async def list_values(shop: Shop, product_id: int) -> list[CuratedValue]:
    """The values that its supplier lists, with the prices that customers read; also of a hidden product.

    Raises NotFound."""
    product = required(shop.shelf.goods.get(product_id))
    async with shop.store.reading() as tx:
        _, found = await tx.catalogue.product(product.id)
    return [CuratedValue(one, _price(shop, product, one)) for one in found if not one.typed]


def _price(shop: Shop, product: Product, value: Denomination) -> int:
    """That of what an order would take; of what customers do not see: as the value would be priced."""
    shelf, pricing = shop.shelf, shop.policy.pricing
    try:
        return price_of(shop, shelf.next_sold(shelf.denomination(value.id)))
    except NotFound:
        cost, category = value.cost_minor, product.category_id
        return shelf.rules.price(pricing, cost, category, product.id, value.id)


async def list_texts(shop: Shop, subject: Subject, kind: CuratedText) -> dict[Locale, OwnText]:
    """What operators wrote of it in each language. Raises NotFound."""
    check_subject(shop, subject)
    async with shop.store.reading() as tx:
        return {locale: await tx.curation.text(subject, kind, locale) for locale in Locale}


async def remember(shop: Shop, subject: Subject) -> int:
    """A number that stands for it while an operator types; see `recall`. Raises NotFound."""
    check_subject(shop, subject)
    return await shop.store.write(_remember, subject)


async def _remember(tx: Transaction, subject: Subject) -> int:
    return await tx.curation.id_of(subject)


async def recall(shop: Shop, number: int) -> Subject:
    """What `remember` was asked about. Raises NotFound."""
    async with shop.store.reading() as tx:
        return await tx.curation.subject_of(number)
