"""The shelf as operators price it: with what they keep off it, priced as it would be sold."""

from collections.abc import Sequence

from bot.domain.catalogue import Category, Denomination, Product
from bot.domain.price_rules import PriceRules
from bot.domain.pricing import PricingPolicy
from bot.domain.shelf import Shelf
from bot.domain.supplier import OWN
from bot.refusals import required


class PricedShelf:
    """A look at a shelf, made anew for each question. What is on sale comes from the shelf as it is."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._off: dict[int, list[Denomination]] = {}
        for value in shelf.kept_off.values():
            if self.is_hidden(value.product_id):
                self._off.setdefault(value.product_id, []).append(value)
        self._aliases: dict[int, list[Denomination]] = {}  # what is kept off with its primary
        for alias, primary in shelf.primary_ids.items():
            if alias in shelf.kept_off and primary in shelf.kept_off:
                self._aliases.setdefault(primary, []).append(shelf.kept_off[alias])

    def is_hidden(self, product_id: int) -> bool:
        """Whether an operator keeps it off the shelf, or what all its values are sold as."""
        return product_id in self._shelf.goods and product_id not in self._shelf.products

    def product(self, product_id: int) -> Product:
        """Raises NotFound for one that no supplier sells now."""
        return required(self._shelf.goods.get(product_id))

    def hidden(self) -> list[Product]:
        """What operators keep off the shelf, without what is sold under other names."""
        goods = self._shelf.goods.values()
        return [p for p in goods if self.is_hidden(p.id) and self._stands_alone(p.id)]

    def _stands_alone(self, product_id: int) -> bool:
        return self.shown_as(product_id) == product_id

    def shown_as(self, product_id: int) -> int:
        """The product under whose names all values of this one are sold; else itself."""
        listed = [one for one in self._listed(product_id) if not one.typed]
        primaries = [self._primary(one) for one in listed]
        if listed and all(
            primary.id != one.id for primary, one in zip(primaries, listed, strict=True)
        ):
            return primaries[0].product_id
        return product_id

    def category(self, category_id: int) -> Category:
        """A supplier's category, also where all of it is hidden. Raises NotFound."""
        known = self._shelf.categories.get(category_id)
        return known or required(self.hidden_categories().get(category_id))

    def hidden_categories(self) -> dict[int, Category]:
        """Suppliers' categories of which nothing is on the shelf, by their ids."""
        return {
            one.category_id: Category(one.category_id, self._shelf.category_title(one))
            for one in self.hidden()
            if one.category_id not in self._shelf.categories
        }

    def of_category(self, category_id: int) -> list[Product]:
        """A supplier's category, hidden products last."""
        hidden = [one for one in self.hidden() if one.category_id == category_id]
        return [*self._shelf.of_category(category_id), *hidden]

    def priced(self, product_id: int) -> list[Denomination]:
        """The values of a product that have a price each: those listed, then those that customers typed."""
        if not self.is_hidden(product_id):
            return [*self.listed(product_id), *self._shelf.typed_of(product_id)]
        typed = [one for one in self._off.get(product_id, ()) if one.typed]
        return [*self.listed(product_id), *typed]

    def listed(self, product_id: int) -> list[Denomination]:
        """The values with a price that a product's screen lists, or would list."""
        if not self.is_hidden(product_id):
            return [one for one in self._shelf.of_product(product_id) if not one.is_range]
        own = (one for one in self._off.get(product_id, ()) if self._primary(one).id == one.id)
        return [one for one in own if not (one.is_range or one.typed)]

    def _listed(self, product_id: int) -> Sequence[Denomination]:
        if self.is_hidden(product_id):
            return self._off.get(product_id, ())
        return [*self._shelf.all_of(product_id), *self._shelf.of_product(product_id)]

    def _primary(self, value: Denomination) -> Denomination:
        return self._shelf.on_sale(self._shelf.primary_ids.get(value.id, value.id)) or value

    def next_sold(self, value: Denomination) -> Denomination:
        """Of a value and those linked to it, the one that an order would take."""
        if value.id not in self._shelf.kept_off:
            return self._shelf.next_sold(value)
        group = [value, *filter(self._is_sold_with, self._aliases.get(value.id, ()))]
        return min(group, key=lambda one: (not one.sellable, not self._is_own(one), one.cost_minor))

    def _is_sold_with(self, alias: Denomination) -> bool:
        """Whether it would be sold again with its primary: not where it is hidden by itself."""
        return not self._shelf.is_hidden(self.product(alias.product_id))

    def _is_own(self, value: Denomination) -> bool:
        return self.product(value.product_id).supplier == OWN

    def price(
        self, pricing: PricingPolicy, unit: Denomination, rules: PriceRules | None = None
    ) -> int:
        """What one code costs a customer, or would; `rules`: as if they were the shop's."""
        shown = self._primary(unit)
        category = self.product(shown.product_id).category_id
        known = self._shelf.rules if rules is None else rules
        return known.price(pricing, unit.cost_minor, category, shown.product_id, shown.id)
