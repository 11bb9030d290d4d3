"""The catalogue in memory, so that browsing never reads the database."""

from collections.abc import Collection, Mapping, Sequence

from bot.domain.catalogue import Category, Denomination, Product
from bot.domain.pricing import Markup, MarkupKey, narrowest
from bot.errors import required


class Shelf:
    """A copy of the catalogue tables, kept equal to them: replaced whole, or one product at a time."""

    def __init__(self) -> None:
        self.categories: dict[int, Category] = {}
        self.products: dict[int, Product] = {}
        self._all_categories: Sequence[Category] = ()
        self._denominations: dict[int, Denomination] = {}
        self._ids: dict[
            int, tuple[int, ...]
        ] = {}  # of each product's denominations, in their order
        self._markups: Mapping[MarkupKey, Markup] = {}
        self._links: Mapping[int, int] = {}  # primary by alias
        self._linked: dict[int, tuple[int, ...]] = {}  # aliases by primary

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
        ids: dict[int, list[int]] = {}
        for denomination in self._denominations.values():
            ids.setdefault(denomination.product_id, []).append(denomination.id)
        self._ids = {product_id: tuple(group) for product_id, group in ids.items()}
        linked: dict[int, list[int]] = {}
        for alias, primary in links.items():
            linked.setdefault(primary, []).append(alias)
        self._links = links
        self._linked = {primary: tuple(group) for primary, group in linked.items()}
        self._markups = markups
        self._all_categories = categories
        self._show_categories()

    def update_product(self, product: Product, denominations: Sequence[Denomination]) -> None:
        """Put new prices, stock and denominations in place of a product's old ones."""
        known = self.products.get(product.id)
        if known is None:  # hidden, switched off, or of a supplier that is not ours
            return
        old_ids, new_ids = self._ids.get(product.id, ()), tuple(d.id for d in denominations)
        # A product is hidden while all it lists are aliases: those of this one may appear or disappear too.
        concerned = {product.id, *self._products_of_aliases(*old_ids, *new_ids)}
        were_shown = {one for one in concerned if self._is_shown(self.products[one])}
        for denomination_id in old_ids:
            del self._denominations[denomination_id]
        self.products[product.id] = product
        self._denominations |= {d.id: d for d in denominations}
        self._ids[product.id] = new_ids
        are_shown = {one for one in concerned if self._is_shown(self.products[one])}
        if are_shown != were_shown or known.category_id != product.category_id:
            self._show_categories()

    def _products_of_aliases(self, *primaries: int) -> set[int]:
        aliases = (alias for primary in primaries for alias in self._linked.get(primary, ()))
        return {
            self._denominations[one].product_id for one in aliases if one in self._denominations
        }

    def _show_categories(self) -> None:
        used = {p.category_id for p in self.products.values() if self._is_shown(p)}
        self.categories = {c.id: c for c in self._all_categories if c.id in used}

    def _is_shown(self, product: Product) -> bool:
        """False where all denominations of the product are aliases of others."""
        listed = self._listed(product.id)
        return not listed or not all(self.is_alias(d.id) for d in listed)

    def _of(self, product_id: int) -> list[Denomination]:
        return [self._denominations[one] for one in self._ids.get(product_id, ())]

    def _listed(self, product_id: int) -> list[Denomination]:
        """A product's denominations but those that customers typed."""
        return [d for d in self._of(product_id) if not d.typed]

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
        """What a product's screen lists: its denominations without aliases and typed values."""
        return tuple(d for d in self._listed(product_id) if not self.is_alias(d.id))

    def primary(self, denomination: Denomination) -> Denomination:
        """The denomination that customers see for this one: itself, or the primary of an alias."""
        if self.is_alias(denomination.id):
            return self._denominations[self._links[denomination.id]]
        return self._denominations[denomination.id]

    def twins(self, denomination_id: int) -> list[Denomination]:
        """The primary and its aliases, the cheapest that can be sold first."""
        primary = self.primary(self.denomination(denomination_id))
        group = (primary, *self._aliases_of(primary.id))
        return sorted(group, key=lambda d: (not d.sellable, d.cost_minor))

    def _aliases_of(self, denomination_id: int) -> list[Denomination]:
        known = self._denominations
        if denomination_id not in known:
            return []
        return [known[alias] for alias in self._linked.get(denomination_id, ()) if alias in known]

    def all_of(self, product_id: int) -> list[Denomination]:
        """A product's denominations with aliases, without ranges and typed values."""
        return [d for d in self._listed(product_id) if not d.is_range]

    def is_alias(self, denomination_id: int) -> bool:
        """Whether it is linked to a primary, both of which are on the shelf."""
        known = self._denominations
        return denomination_id in known and self._links.get(denomination_id) in known

    def is_primary(self, denomination_id: int) -> bool:
        return bool(self._aliases_of(denomination_id))

    def links(self) -> list[tuple[Denomination, Denomination]]:
        """All links as (alias, primary)."""
        known = self._denominations
        return [
            (known[alias], known[primary])
            for alias, primary in self._links.items()
            if self.is_alias(alias)
        ]

    def priced_together(self, product_id: int) -> set[int]:
        """The products whose prices a product's screen needs: itself, and those of its aliases."""
        own = self.of_product(product_id)
        return {product_id, *(alias.product_id for d in own for alias in self._aliases_of(d.id))}

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
