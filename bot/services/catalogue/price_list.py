"""The list of values that earn less than a margin that an operator names."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.domain.catalogue import Category, Product
from bot.domain.priced_shelf import PricedShelf
from bot.domain.pricing import Markup, MarkupScope
from bot.services.shop import Shop

PAGE: Final = 8


@dataclass(frozen=True, slots=True)
class ThinValue:
    """A value with its cost and price in minor units. `is_hidden`: nobody can buy it now."""

    product: Product
    label: str
    cost_minor: int
    price_minor: int
    is_hidden: bool = False

    @property
    def percent(self) -> Decimal:
        """The margin in percent of the cost, as price rules count."""
        return Decimal(self.price_minor - self.cost_minor) * 100 / self.cost_minor


@dataclass(frozen=True, slots=True)
class ThinPage:
    """A page of values below `percent`, the smallest margin first, hidden ones after all others.

    `count`: those on sale of all pages; `hidden`: the others.
    """

    percent: Decimal
    values: Sequence[ThinValue]
    count: int
    number: int  # from 0
    pages: int
    hidden: int = 0


def list_below(shop: Shop, percent: Decimal, page: int = 0) -> ThinPage:
    """The values whose margin is below so many percent of their cost, also those that are hidden."""
    shelf = PricedShelf(shop.shelf)
    found = []
    for product in (*shop.shelf.products.values(), *shelf.hidden()):
        for value in shelf.listed(product.id):
            unit = shelf.next_sold(value)
            if unit.cost_minor <= 0:
                continue
            price = shelf.price(shop.policy.pricing, unit)
            hidden = shelf.is_hidden(product.id)
            one = ThinValue(product, value.label, unit.cost_minor, price, hidden)
            if one.percent < percent:
                found.append(one)
    found.sort(key=lambda one: (one.is_hidden, one.percent))
    pages = max(1, -(-len(found) // PAGE))
    number = min(page, pages - 1)
    shown = found[number * PAGE : (number + 1) * PAGE]
    hidden_count = sum(one.is_hidden for one in found)
    return ThinPage(percent, shown, len(found) - hidden_count, number, pages, hidden_count)


@dataclass(frozen=True, slots=True)
class CategoryPrice:
    """A category and the markup of its own; None: that of the shop. `is_hidden`: all of it is."""

    category: Category
    markup: Markup | None
    is_hidden: bool = False


def list_category_prices(shop: Shop) -> Sequence[CategoryPrice]:
    """All categories of suppliers with their markups, those that are hidden last."""
    markups = shop.shelf.rules.markups
    hidden = PricedShelf(shop.shelf).hidden_categories()
    return [
        CategoryPrice(one, markups.get((MarkupScope.CATEGORY, one.id)), one.id in hidden)
        for one in (*shop.shelf.categories.values(), *hidden.values())
    ]
