"""All price rules of a shop at one moment, and those that one price table shows and changes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from bot.domain.pricing import (
    NOTHING_SAID,
    Markup,
    MarkupKey,
    MarkupScope,
    PricingPolicy,
    ValuePrice,
    narrowest,
)

# The letters by which operators name what a price rule is for: c3, p12, d45.
SCOPES: Final = {scope[0]: scope for scope in MarkupScope}
_NO_RULE: Final = "-"


@dataclass(frozen=True, slots=True)
class TargetRules:
    """The rules of a category or product: its own markup, and what is said of its values by their ids.

    `markup` None: it has none of its own.
    """

    markup: Markup | None = None
    values: Mapping[int, ValuePrice] = field(default_factory=dict)

    def with_value(self, denomination_id: int, said: ValuePrice) -> "TargetRules":
        """The same with this about one value; nothing is kept of a value of which nothing is said."""
        values = {**self.values, denomination_id: said}
        return TargetRules(self.markup, {k: v for k, v in values.items() if v != NOTHING_SAID})


@dataclass(frozen=True, slots=True)
class PriceRules:
    """Markups by (scope, target id), and what is said of single values by their ids."""

    markups: Mapping[MarkupKey, Markup] = field(default_factory=dict)
    values: Mapping[int, ValuePrice] = field(default_factory=dict)

    def value(self, denomination_id: int) -> ValuePrice:
        return self.values.get(denomination_id, NOTHING_SAID)

    def of(self, key: MarkupKey, denomination_ids: Collection[int]) -> TargetRules:
        """The rules of a target that has these values; none for a category."""
        said = {each: self.values[each] for each in denomination_ids if each in self.values}
        return TargetRules(self.markups.get(key), said)

    def changed(self, key: MarkupKey, before: TargetRules, after: TargetRules) -> "PriceRules":
        """All rules, with those of one target in place of what they were."""
        markups = {each: rule for each, rule in self.markups.items() if each != key}
        if after.markup is not None:
            markups[key] = after.markup
        kept = {each: said for each, said in self.values.items() if each not in before.values}
        return PriceRules(markups, {**kept, **after.values})

    def price(
        self, policy: PricingPolicy, cost_minor: int, category: int, product: int, value: int
    ) -> int:
        """What a value costs a customer; the ids are those of its category, its product and its own."""
        markup = narrowest(self.markups, category, product, value)
        return policy.selling_price(cost_minor, markup, self.value(value))


def write_markup(markup: Markup | None) -> str:
    """A rule as /markup takes it: percent, then minor units of the fixed amount."""
    return f"{markup.percent.normalize():f} {markup.fixed_minor}" if markup else _NO_RULE


def read_markup(text: str) -> Markup | None:
    """What `write_markup` wrote; None also for the empty text of an action that recorded no rule."""
    if text in ("", _NO_RULE):
        return None
    percent, fixed = text.split()
    return Markup(Decimal(percent), int(fixed))


def write_rules(rules: TargetRules) -> str:
    """One line for a row of the database: `7.5 2000; d45 418000 -; d46 - 390000`, in minor units.

    Rules that are equal are written alike, so two texts can be compared.
    """
    parts = [
        f"d{each} {_amount(said.fixed_minor)} {_amount(said.floor_minor)}"
        for each, said in sorted(rules.values.items())
    ]
    return "; ".join([write_markup(rules.markup), *parts])


def read_rules(text: str) -> TargetRules:
    """What `write_rules` or `write_markup` wrote."""
    markup, *parts = text.split("; ")
    values = {}
    for part in parts:
        value, fixed, floor = part.split()
        values[int(value[1:])] = ValuePrice(_minor(fixed), _minor(floor))
    return TargetRules(read_markup(markup), values)


def _amount(minor: int | None) -> str:
    return _NO_RULE if minor is None else str(minor)


def _minor(text: str) -> int | None:
    return None if text == _NO_RULE else int(text)
