"""Selling prices: markups, rounding and the minimum margin."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Markup:
    """Added to the cost: `percent` of it, and a fixed amount."""

    percent: Decimal
    fixed_minor: int = 0


def fell_too_far(before_minor: int, now_minor: int) -> bool:
    """Whether a cost fell by more than half: more likely a mistake than a bargain."""
    return 0 < now_minor * 2 < before_minor


class MarkupScope(StrEnum):
    """What a markup override applies to; the narrowest scope wins."""

    CATEGORY = "category"
    PRODUCT = "product"
    DENOMINATION = "denomination"


MarkupKey = tuple[MarkupScope, int]


@dataclass(frozen=True, slots=True)
class PricingPolicy:
    """The shop's rule: default markup, rounding step, and minimum margin of a unit."""

    markup: Markup
    step_minor: int
    minimum_margin_minor: int

    def selling_price(self, cost_minor: int, markup: Markup | None = None) -> int:
        """Minor units: cost × (1 + percent) + fixed, at least cost + margin, rounded up to a step."""
        rule = markup or self.markup
        marked_up = Decimal(cost_minor) * (1 + rule.percent / 100) + rule.fixed_minor
        wanted = max(marked_up, Decimal(cost_minor + self.minimum_margin_minor))
        steps = (wanted / self.step_minor).to_integral_value(rounding=ROUND_CEILING)
        return int(steps) * self.step_minor

    def highest_cost(self, price_minor: int, cost_minor: int) -> int:
        """The highest cost at which a unit sold at this price still earns the minimum margin.

        Never below `cost_minor`, from which the price was calculated.
        """
        return max(cost_minor, price_minor - self.minimum_margin_minor)


def narrowest(
    overrides: Mapping[MarkupKey, Markup], category_id: int, product_id: int, denomination_id: int
) -> Markup | None:
    """The override with the narrowest scope for a denomination; None where there is none."""
    for key in (
        (MarkupScope.DENOMINATION, denomination_id),
        (MarkupScope.PRODUCT, product_id),
        (MarkupScope.CATEGORY, category_id),
    ):
        if key in overrides:
            return overrides[key]
    return None
