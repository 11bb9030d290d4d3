"""The catalogue in memory, so that browsing never reads the database."""

from collections.abc import Collection, Mapping, Sequence

from bot.domain.catalogue import Category, Denomination, Product
from bot.domain.pricing import Markup, MarkupKey, narrowest
from bot.errors import required


class Shelf:
    """A copy of the catalogue tables, replaced as a whole after each change of the tables."""

    def __init__(self) -> None:
        self.categories: dict[int, Category] = {}
        self.products: dict[int, Product] = {}
        self._denominations: dict[int, Denomination] = {}
        self._by_product: dict[int, tuple[Denomination, ...]] = {}
        self._markups: Mapping[MarkupKey, Markup] = {}
        self._primaries: dict[int, int] = {}
        self._aliases: dict[int, tuple[Denomination, ...]] = {}

    def fill(
        self,
        categories: Sequence[Category],
        products: Sequence[Product],
        denominations: Sequence[Denomination],
        markups: Mapping[MarkupKey, Markup],
        links: Mapping[int, int],
        hidden_categories: frozenset[str],
        suppliers: Collection[str],
    ) -> None:
        """Replace the copy. `links`: primary by alias, both denomination ids; `hidden_categories`:
        their titles in casefold; `suppliers`: those whose products are sold."""
        hidden = {c.id for c in categories if c.title.casefold() in hidden_categories}
        self.products = {
            p.id: p
            for p in products
            if p.enabled and p.category_id not in hidden and p.supplier in suppliers
        }
        self._denominations = {d.id: d for d in denominations if d.product_id in self.products}
        known = self._denominations
        self._primaries = {
            alias: primary
            for alias, primary in links.items()
            if alias in known and primary in known
        }
        aliases: dict[int, list[Denomination]] = {}
        for alias, primary in self._primaries.items():
            aliases.setdefault(primary, []).append(known[alias])
        self._aliases = {primary: tuple(group) for primary, group in aliases.items()}
        grouped: dict[int, list[Denomination]] = {}
        for denomination in known.values():
            if not denomination.typed:
                grouped.setdefault(denomination.product_id, []).append(denomination)
        self._by_product = {
            product_id: tuple(d for d in group if d.id not in self._primaries)
            for product_id, group in grouped.items()
        }
        used = {p.category_id for p in self.products.values() if self._is_shown(p)}
        self.categories = {c.id: c for c in categories if c.id in used}
        self._markups = markups

    def _is_shown(self, product: Product) -> bool:
        """False where all denominations of the product are aliases of others."""
        return self._by_product.get(product.id) != ()

    def category(self, category_id: int) -> Category:
        return required(self.categories.get(category_id))

    def product(self, product_id: int) -> Product:
        return required(self.products.get(product_id))

    def denomination(self, denomination_id: int) -> Denomination:
        return required(self._denominations.get(denomination_id))

    def of_category(self, category_id: int) -> list[Product]:
        return [
            p for p in self.products.values() if p.category_id == category_id and self._is_shown(p)
        ]

    def of_product(self, product_id: int) -> tuple[Denomination, ...]:
        return self._by_product.get(product_id, ())

    def primary(self, denomination: Denomination) -> Denomination:
        """The denomination that customers see for this one: itself, or the primary of an alias."""
        return self._denominations[self._primaries.get(denomination.id, denomination.id)]

    def twins(self, denomination_id: int) -> list[Denomination]:
        """The primary and its aliases, the cheapest that can be sold first."""
        primary = self.primary(self.denomination(denomination_id))
        group = (primary, *self._aliases.get(primary.id, ()))
        return sorted(group, key=lambda d: (not d.sellable, d.cost_minor))

    def all_of(self, product_id: int) -> list[Denomination]:
        """A product's denominations with aliases, without ranges and typed values."""
        return [
            d
            for d in self._denominations.values()
            if d.product_id == product_id and not (d.typed or d.is_range)
        ]

    def is_alias(self, denomination_id: int) -> bool:
        return denomination_id in self._primaries

    def is_primary(self, denomination_id: int) -> bool:
        return denomination_id in self._aliases

    def links(self) -> list[tuple[Denomination, Denomination]]:
        """All links as (alias, primary)."""
        known = self._denominations
        return [(known[alias], known[primary]) for alias, primary in self._primaries.items()]

    def priced_together(self, product_id: int) -> set[int]:
        """The products whose prices a product's screen needs: itself, and those of its aliases."""
        own = self._by_product.get(product_id, ())
        others = {alias.product_id for d in own for alias in self._aliases.get(d.id, ())}
        return {product_id, *others}

    def markup(self, denomination: Denomination) -> Markup | None:
        product = self.product(denomination.product_id)
        return narrowest(self._markups, product.category_id, product.id, denomination.id)

    def search(self, words: str, limit: int) -> list[Product]:
        """Products whose title, region or category contains every word, best titles first."""
        wanted = words.casefold().split()
        phrase = " ".join(wanted)
        hits = []
        for product in filter(self._is_shown, self.products.values()):
            title = product.title.casefold()
            category = self.categories[product.category_id].title.casefold()
            haystack = f"{title} {product.region.casefold()} {category}"
            if wanted and all(word in haystack for word in wanted):
                rank = (not title.startswith(phrase), not title.startswith(wanted[0]))
                hits.append((rank, title, product))
        return [product for *_rank, product in sorted(hits, key=lambda hit: hit[:2])][:limit]
