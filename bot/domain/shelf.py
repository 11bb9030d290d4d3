"""The catalogue in memory, so that browsing never reads the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.domain.brands import NO_BRANDS, Brands, Placing
from bot.domain.catalogue import Category, Denomination, Names, Product
from bot.domain.curation import MOST_FEATURED, NO_CURATION, Curation, CurationScope, Subject
from bot.domain.price_rules import PriceRules
from bot.domain.pricing import PricingPolicy
from bot.domain.search import Found, search
from bot.domain.search_index import SearchIndex
from bot.domain.supplier import OWN
from bot.domain.tree import BrandNode, Tree, build_tree
from bot.refusals import NotSold, required


class Shelf:
    """A copy of the catalogue tables, kept equal to them: replaced whole, or one product at a time."""

    def __init__(self, brands: Brands = NO_BRANDS) -> None:
        self.brands: Final = brands
        self._indexed: Mapping[int, tuple[tuple[str, str, str], Names]] = {}
        self._indexed_categories: Mapping[str, Names] = {}
        # Where each product stands, by how its supplier writes it: finding that out takes longer than all else.
        self._placings: dict[tuple[str, str, str], Placing] = {}
        self.index: Final = SearchIndex(brands)
        self.categories: dict[int, Category] = {}
        self.tree: Tree = build_tree(brands, ())
        self.curation: Curation = NO_CURATION
        self.known: dict[int, Product] = {}  # all that were ever offered
        self.goods: dict[int, Product] = {}  # those on sale, with what operators keep off the shelf
        self.products: dict[int, Product] = {}
        self._hidden_keys: frozenset[str] = frozenset()  # categories that operators have hidden
        self.kept_off: dict[int, Denomination] = {}  # values of what operators keep off the shelf
        self._numbers: Mapping[tuple[str, str], int] = {}  # of `known`, by supplier and its number
        self._followers: frozenset[int] = frozenset()  # products all of whose values are aliases
        self._all_categories: Sequence[Category] = ()
        self._category_titles: Mapping[int, str] = {}
        self._denominations: dict[int, Denomination] = {}
        self._ids: dict[int, tuple[int, ...]] = {}  # of products' denominations, in their order
        self.rules: PriceRules = PriceRules()
        self.primary_ids: Mapping[int, int] = {}  # primary by alias
        self._linked: dict[int, tuple[int, ...]] = {}  # aliases by primary

    def fill(
        self,
        categories: Sequence[Category],
        products: Sequence[Product],
        denominations: Sequence[Denomination],
        links: Mapping[int, int],
        rules: PriceRules,
        hidden_categories: frozenset[str],
        suppliers: Collection[str],
        curation: Curation = NO_CURATION,
    ) -> None:
        """Replace the copy. `links`: primary by alias, both denomination ids; `hidden_categories`:
        their titles, a supplier's or the shop's own, in casefold; `suppliers`: those whose products are sold."""
        hidden = {c.id for c in categories if c.title.casefold() in hidden_categories}
        hidden_keys = {self.brands.category_named(title) for title in hidden_categories}
        self._category_titles = {c.id: c.title for c in categories}
        known_values, known_ids = self._denominations, self._ids
        self.curation = curation
        self._hidden_keys = frozenset(
            one.target
            for one, marks in curation.marks.items()
            if marks.hidden and one.scope is CurationScope.CATEGORY
        )
        self.known = {p.id: self._named(p) for p in products}
        self._numbers = {(p.supplier, p.supplier_product_id): p.id for p in products}
        goods = (
            p
            for p in self.known.values()
            if p.enabled
            and p.category_id not in hidden
            and p.supplier in suppliers
            and (not hidden_keys or self.placing(p).category not in hidden_keys)
        )
        # What operators put first comes first; all else stays as the suppliers list it.
        self.goods = {p.id: p for p in sorted(goods, key=self._place_of)}
        of_goods = [d for d in denominations if d.product_id in self.goods]
        self._keep_off(of_goods, links)
        self._denominations = {d.id: d for d in of_goods if d.id not in self.kept_off}
        ids: dict[int, list[int]] = {}
        for denomination in self._denominations.values():
            ids.setdefault(denomination.product_id, []).append(denomination.id)
        self._ids = {product_id: tuple(group) for product_id, group in ids.items()}
        linked: dict[int, list[int]] = {}
        for alias, primary in links.items():
            linked.setdefault(primary, []).append(alias)
        self.primary_ids = links
        self._linked = {primary: tuple(group) for primary, group in linked.items()}
        self.rules = rules
        self._all_categories = categories
        self._show_categories()
        self._fill_index(known_values, known_ids)

    def _named(self, product: Product) -> Product:
        names = self.curation.names(Subject.product(product.id))
        return product if product.names == names else replace(product, names=names)

    def _place_of(self, product: Product) -> tuple[bool, bool, int]:
        return self.curation.of_product(product.id).place

    def is_hidden(self, product: Product) -> bool:
        """Whether an operator has hidden it, or its category."""
        if self.curation.of_product(product.id).hidden:
            return True
        return bool(self._hidden_keys) and self.placing(product).category in self._hidden_keys

    def _keep_off(self, values: Sequence[Denomination], links: Mapping[int, int]) -> None:
        """Take off what operators have hidden, with all that is sold under its names."""
        hidden = {p.id for p in self.goods.values() if self.is_hidden(p)}
        of_hidden = {d.id for d in values if d.product_id in hidden}
        self.kept_off = {
            d.id: d for d in values if d.id in of_hidden or links.get(d.id) in of_hidden
        }
        on_sale = {d.id for d in values}
        listed: dict[int, list[int]] = {}
        for value in values:
            if not value.typed:
                listed.setdefault(value.product_id, []).append(value.id)
        self._followers = frozenset(
            product_id
            for product_id, group in listed.items()
            if all(links.get(one) in on_sale for one in group)
        )
        emptied = {one for one, group in listed.items() if self.kept_off.keys() >= set(group)}
        self.products = {
            p.id: p for p in self.goods.values() if p.id not in hidden and p.id not in emptied
        }

    def _fill_index(
        self, values: Mapping[int, Denomination], ids: Mapping[int, tuple[int, ...]]
    ) -> None:
        """Bring the index up to date; what it knows are these values and the ids of products'."""
        written = {p.id: (self._written(p), p.names) for p in self.products.values()}
        categories = {key: self.category_names(key) for key in self.brands.categories}
        anew = [*written.items()] != [*self._indexed.items()]
        if anew or categories != self._indexed_categories:
            anew = True
            self._placings = {self._written(p): self.placing(p) for p in self.goods.values()}
            goods = [(p, self.placing(p), self.category_title(p)) for p in self.products.values()]
            self.index.fill(goods, categories)
            self._indexed, self._indexed_categories = written, categories
        for product in self.products.values():
            listed = self._of(product.id)
            known = self.index.goods[product.id].product == product
            if anew or not known or [values.get(i) for i in ids.get(product.id, ())] != listed:
                self.index.set_values(product, listed)

    def update_product(self, product: Product, denominations: Sequence[Denomination]) -> None:
        """Put new prices, stock and denominations in place of a product's old ones."""
        if product.id not in self.goods:  # switched off, or of a supplier that is not ours
            return
        product = self._named(product)
        if (
            product.category_id not in self._category_titles
        ):  # stored meanwhile: the next fill has it
            product = replace(product, category_id=self.goods[product.id].category_id)
        self.known[product.id] = self.goods[product.id] = product
        denominations = self._keep_off_still(product, denominations)
        known = self.products.get(product.id)
        if known is None:  # an operator keeps it off the shelf
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
        self.index.set_values(product, denominations)
        are_shown = {one for one in concerned if self._is_shown(self.products[one])}
        if are_shown != were_shown or known.category_id != product.category_id:
            self._show_categories()

    def _keep_off_still(
        self, product: Product, values: Sequence[Denomination]
    ) -> list[Denomination]:
        """Renew what is kept off of a product; returns its other values.

        What is not listed any more is sold out, and keeps its followers off: it may come back."""
        is_off = product.id not in self.products
        kept = [d for d in values if is_off or self.primary_ids.get(d.id) in self.kept_off]
        before = [d for d in self.kept_off.values() if d.product_id == product.id]
        self.kept_off |= {d.id: replace(d, stock=0) for d in before} | {d.id: d for d in kept}
        return [d for d in values if d.id not in self.kept_off]

    def _products_of_aliases(self, *primaries: int) -> set[int]:
        aliases = (alias for primary in primaries for alias in self._linked.get(primary, ()))
        return {
            self._denominations[one].product_id for one in aliases if one in self._denominations
        }

    def _show_categories(self) -> None:
        used = {p.category_id for p in self.products.values() if self._is_shown(p)}
        self.categories = {c.id: c for c in self._all_categories if c.id in used}
        self.tree = self._tree(p for p in self.products.values() if self._is_shown(p))

    def _tree(self, products: Iterable[Product]) -> Tree:
        titles = {c.id: c for c in self._all_categories}
        goods = ((p, self.placing(p), titles[p.category_id]) for p in products)
        return build_tree(self.brands, goods, self.category_order())

    def category_order(self) -> list[str]:
        """The keys of all categories, in the order of the screens."""
        marks = self.curation
        return sorted(self.brands.categories, key=lambda key: marks.of_category(key).place)

    def category_names(self, key: str) -> Names:
        """An operator's names of a category."""
        return self.curation.names(Subject.category(key))

    def whole_tree(self) -> Tree:
        """The tree as it would stand with nothing hidden by operators."""
        return self._tree(p for p in self.goods.values() if p.id not in self._followers)

    def featured(self) -> list[Product]:
        """The products of the first page."""
        first = (p for p in self.products.values() if self.curation.of_product(p.id).featured)
        return [p for p in first if self._is_shown(p)][:MOST_FEATURED]

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
        """Raises NotFound; NotSold for one that operators keep off the shelf."""
        if product_id in self.goods and product_id not in self.products:
            raise NotSold
        return required(self.products.get(product_id))

    def denomination(self, denomination_id: int) -> Denomination:
        """Raises NotFound; NotSold for one that operators keep off the shelf."""
        if denomination_id in self.kept_off:
            raise NotSold
        return required(self._denominations.get(denomination_id))

    def on_sale(self, denomination_id: int) -> Denomination | None:
        """A value that a supplier sells us, also where operators keep it off the shelf."""
        return self._denominations.get(denomination_id) or self.kept_off.get(denomination_id)

    def numbered(self, supplier: str, supplier_product_id: str) -> int | None:
        """The id of a product that was ever offered, by the number that its supplier gives to it."""
        return self._numbers.get((supplier, supplier_product_id))

    def placing(self, product: Product) -> Placing:
        """Where a product stands: its brand, category and region."""
        words = self._written(product)
        placing = self._placings.get(words)
        if placing is None:
            placing = self._placings[words] = self.brands.place(*words)
        return placing

    def _written(self, product: Product) -> tuple[str, str, str]:
        return self.category_title(product), product.title, product.region

    def category_title(self, product: Product) -> str:
        """What the product's supplier calls its category."""
        return self._category_titles.get(product.category_id, "")

    def brand_of(self, product: Product) -> str | None:
        """The brand's id; None where nobody knows it."""
        return self.placing(product).brand

    def brand(self, key: str) -> BrandNode:
        """A brand of the tree. Raises NotFound."""
        return required(self.tree.brands.get(key))

    def brands_of(self, category: str) -> tuple[BrandNode, ...]:
        """The brands of a category of names.toml. Raises NotFound where it has none."""
        return required(self.tree.categories.get(category))

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
            return self._denominations[self.primary_ids[denomination.id]]
        return self._denominations[denomination.id]

    def shown(self, denomination_id: int) -> Denomination:
        """What customers see for a value, also where its primary alone is on the shelf.

        Raises NotFound, NotSold."""
        primary = self._denominations.get(self.primary_ids.get(denomination_id, denomination_id))
        return primary or self.denomination(denomination_id)

    def twins(self, denomination_id: int) -> list[Denomination]:
        """The primary and its aliases as an order takes them: what can be sold, the cheapest first.

        The shop's own stock goes before all suppliers: it is paid for already.
        """
        group = self.linked(self.shown(denomination_id))
        return sorted(group, key=lambda d: (not d.sellable, not self.is_own(d), d.cost_minor))

    def next_sold(self, denomination: Denomination) -> Denomination:
        """Of a denomination and those linked to it, the one that an order would take."""
        return self.twins(denomination.id)[0]

    def price(
        self, pricing: PricingPolicy, denomination: Denomination, rules: PriceRules | None = None
    ) -> int:
        """What one code costs a customer: by what is said of the primary, from this one's own cost.

        `rules`: as if they were the shop's.
        """
        shown = self.primary(denomination)
        category = self.product(shown.product_id).category_id
        known = self.rules if rules is None else rules
        return known.price(pricing, denomination.cost_minor, category, shown.product_id, shown.id)

    def is_own(self, denomination: Denomination) -> bool:
        """Whether its codes are of the shop's own stock."""
        product = self.products.get(denomination.product_id)
        return product is not None and product.supplier == OWN

    def sold_as(self, denomination: Denomination) -> frozenset[int]:
        """The products as which a denomination is sold, if it is: its own, and that of its primary."""
        primary = self.on_sale(self.primary_ids.get(denomination.id, denomination.id))
        return frozenset({denomination.product_id, (primary or denomination).product_id})

    def linked(self, denomination: Denomination) -> tuple[Denomination, ...]:
        """The primary of a denomination, then its aliases."""
        primary = self.primary(denomination)
        return (primary, *self._aliases_of(primary.id))

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
        return denomination_id in known and self.primary_ids.get(denomination_id) in known

    def is_primary(self, denomination_id: int) -> bool:
        return bool(self._aliases_of(denomination_id))

    def priced_together(self, product_id: int) -> set[int]:
        """The products whose prices a product's screen needs: itself, and those of its aliases."""
        own = self.of_product(product_id)
        return {product_id, *(alias.product_id for d in own for alias in self._aliases_of(d.id))}

    def fixed(self) -> list[Denomination]:
        """The values that customers see and that have a fixed price."""
        said = self.rules.values.items()
        ids = [each for each, price in said if price.fixed_minor is not None]
        known = self._denominations
        return [known[each] for each in ids if each in known and not self.is_alias(each)]

    def typed_of(self, product_id: int) -> list[Denomination]:
        """The values of a product that customers typed."""
        return [d for d in self._of(product_id) if d.typed]

    def follows(self, product_id: int) -> bool:
        """Whether all that a product lists is sold under the names of others."""
        return product_id in self._followers

    def search(self, query: str, limit: int) -> Found:
        """What a customer's words find: products of the shelf, the best first, or a page."""
        return search(self.index, query, limit, self._is_shown)
