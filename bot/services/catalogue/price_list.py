"""The list of values that earn less than a margin that an operator names."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.domain.catalogue import Category, Product
from bot.domain.pricing import Markup, MarkupScope
from bot.services.catalogue.browse import price_of
from bot.services.shop import Shop

PAGE: Final = 8


@dataclass(frozen=True, slots=True)
class ThinValue:
    """A value with its cost and price in minor units."""

    product: Product
    label: str
    cost_minor: int
    price_minor: int

    @property
    def percent(self) -> Decimal:
        """The margin in percent of the cost, as price rules count."""
        return Decimal(self.price_minor - self.cost_minor) * 100 / self.cost_minor


@dataclass(frozen=True, slots=True)
class ThinPage:
    """A page of values below `percent`, the smallest margin first; `count`: of all pages."""

    percent: Decimal
    values: Sequence[ThinValue]
    count: int
    number: int  # from 0
    pages: int


def list_below(shop: Shop, percent: Decimal, page: int = 0) -> ThinPage:
    """The values on the shelf whose margin is below so many percent of their cost."""
    found = []
    for product in shop.shelf.products.values():
        for value in shop.shelf.of_product(product.id):
            unit = shop.shelf.next_sold(value)
            if value.is_range or unit.cost_minor <= 0:
                continue
            one = ThinValue(product, value.label, unit.cost_minor, price_of(shop, unit))
            if one.percent < percent:
                found.append(one)
    found.sort(key=lambda one: one.percent)
    pages = max(1, -(-len(found) // PAGE))
    number = min(page, pages - 1)
    shown = found[number * PAGE : (number + 1) * PAGE]
    return ThinPage(percent, shown, len(found), number, pages)


@dataclass(frozen=True, slots=True)
class CategoryPrice:
    """A category and the markup of its own; None: that of the shop."""

    category: Category
    markup: Markup | None


def list_category_prices(shop: Shop) -> Sequence[CategoryPrice]:
    """All categories of suppliers on the shelf, with their markups."""
    markups = shop.shelf.rules.markups
    return [
        CategoryPrice(category, markups.get((MarkupScope.CATEGORY, category.id)))
        for category in shop.shelf.categories.values()
    ]
