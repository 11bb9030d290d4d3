"""The catalogue in memory: browsing reads it and nothing else."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from bot.domain.catalogue import Category, Denomination, Product
from bot.domain.pricing import Markup, MarkupKey, narrowest
from bot.errors import NotFound


class Shelf:
    """A copy of the catalogue tables, replaced whole after each change of them."""

    def __init__(self) -> None:
        self.categories: dict[int, Category] = {}
        self.products: dict[int, Product] = {}
        self._denominations: dict[int, Denomination] = {}
        self._by_product: dict[int, tuple[Denomination, ...]] = {}
        self._markups: Mapping[MarkupKey, Markup] = {}

    def fill(
        self,
        categories: Sequence[Category],
        products: Sequence[Product],
        denominations: Sequence[Denomination],
        markups: Mapping[MarkupKey, Markup],
        hidden_categories: frozenset[str],
    ) -> None:
        hidden = {c.id for c in categories if c.title.casefold() in hidden_categories}
        self.products = {p.id: p for p in products if p.enabled and p.category_id not in hidden}
        used = {p.category_id for p in self.products.values()}
        self.categories = {c.id: c for c in categories if c.id in used}
        self._denominations = {d.id: d for d in denominations if d.product_id in self.products}
        grouped: dict[int, list[Denomination]] = {}
        for denomination in self._denominations.values():
            grouped.setdefault(denomination.product_id, []).append(denomination)
        self._by_product = {product_id: tuple(group) for product_id, group in grouped.items()}
        self._markups = markups

    def category(self, category_id: int) -> Category:
        return required(self.categories.get(category_id))

    def product(self, product_id: int) -> Product:
        return required(self.products.get(product_id))

    def denomination(self, denomination_id: int) -> Denomination:
        return required(self._denominations.get(denomination_id))

    def of_category(self, category_id: int) -> list[Product]:
        return [p for p in self.products.values() if p.category_id == category_id]

    def of_product(self, product_id: int) -> tuple[Denomination, ...]:
        return self._by_product.get(product_id, ())

    def markup(self, denomination: Denomination) -> Markup | None:
        product = self.product(denomination.product_id)
        return narrowest(self._markups, product.category_id, product.id, denomination.id)

    def search(self, words: str, limit: int) -> list[Product]:
        """Products whose title, region or category holds every word, best titles first."""
        wanted = words.casefold().split()
        phrase = " ".join(wanted)
        hits = []
        for product in self.products.values():
            title = product.title.casefold()
            haystack = f"{title} {product.region.casefold()} {self.categories[product.category_id].title.casefold()}"
            if wanted and all(word in haystack for word in wanted):
                rank = (not title.startswith(phrase), not title.startswith(wanted[0]))
                hits.append((rank, title, product))
        return [product for *_rank, product in sorted(hits, key=lambda hit: hit[:2])][:limit]


T = TypeVar("T")


def required(thing: T | None) -> T:
    if thing is None:
        raise NotFound
    return thing
