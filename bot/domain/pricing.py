"""What a customer pays for what the supplier charges."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Markup:
    percent: Decimal
    fixed_minor: int = 0


class MarkupScope(StrEnum):
    """What an override covers; the narrowest wins."""

    CATEGORY = "category"
    PRODUCT = "product"
    DENOMINATION = "denomination"


MarkupKey = tuple[MarkupScope, int]


@dataclass(frozen=True, slots=True)
class PricingPolicy:
    """The shop's rule: default markup, the step prices are rounded up to, the least margin."""

    markup: Markup
    step_minor: int
    minimum_margin_minor: int

    def selling_price(self, cost_minor: int, markup: Markup | None = None) -> int:
        """Minor units: cost × (1 + percent) + fixed, at least cost + margin, up to the step."""
        rule = markup or self.markup
        marked_up = Decimal(cost_minor) * (1 + rule.percent / 100) + rule.fixed_minor
        wanted = max(marked_up, Decimal(cost_minor + self.minimum_margin_minor))
        steps = (wanted / self.step_minor).to_integral_value(rounding=ROUND_CEILING)
        return int(steps) * self.step_minor

    def highest_cost(self, price_minor: int, cost_minor: int) -> int:
        """The most that a unit sold at this price may cost and still earn the least margin.

        Never below the cost that the price was made from.
        """
        return max(cost_minor, price_minor - self.minimum_margin_minor)


def narrowest(
    overrides: Mapping[MarkupKey, Markup], category_id: int, product_id: int, denomination_id: int
) -> Markup | None:
    for key in (
        (MarkupScope.DENOMINATION, denomination_id),
        (MarkupScope.PRODUCT, product_id),
        (MarkupScope.CATEGORY, category_id),
    ):
        if key in overrides:
            return overrides[key]
    return None
