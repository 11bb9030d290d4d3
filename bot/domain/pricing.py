"""Selling prices: markups, rounding and the minimum margin."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Markup:
    """Added to the cost: `percent` of it, and a fixed amount."""

    percent: Decimal
    fixed_minor: int = 0


@dataclass(frozen=True, slots=True)
class ValuePrice:
    """What is said of one value's price beside its markup, in minor units; None: nothing.

    `fixed_minor` takes the place of the markup, below `floor_minor` the value is never sold.
    """

    fixed_minor: int | None = None
    floor_minor: int | None = None


NOTHING_SAID: Final = ValuePrice()


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

    def selling_price(
        self, cost_minor: int, markup: Markup | None = None, said: ValuePrice = NOTHING_SAID
    ) -> int:
        """Minor units: cost × (1 + percent) + fixed amount, or the value's fixed price; at least its
        lowest price, and at least cost + margin; rounded up to a step.

        The only place where a price is made: whatever an operator says, no price is below cost + margin.
        """
        rule = markup or self.markup
        by_rule = Decimal(cost_minor) * (1 + rule.percent / 100) + rule.fixed_minor
        asked = by_rule if said.fixed_minor is None else Decimal(said.fixed_minor)
        wanted = max(asked, Decimal(said.floor_minor or 0), Decimal(self.lowest_price(cost_minor)))
        steps = (wanted / self.step_minor).to_integral_value(rounding=ROUND_CEILING)
        return int(steps) * self.step_minor

    def lowest_price(self, cost_minor: int) -> int:
        """The cost and the minimum margin of a unit."""
        return cost_minor + self.minimum_margin_minor

    def is_beaten(self, cost_minor: int, said: ValuePrice) -> bool:
        """Whether a value's fixed price no longer covers its cost and the minimum margin."""
        return said.fixed_minor is not None and said.fixed_minor < self.lowest_price(cost_minor)

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
