"""What a customer pays: markups, steps and margins."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.price_rules import (
    PriceRules,
    TargetRules,
    read_rules,
    write_markup,
    write_rules,
)
from bot.domain.pricing import (
    NOTHING_SAID,
    Markup,
    MarkupScope,
    PricingPolicy,
    ValuePrice,
    narrowest,
)
from bot.domain.typed_rules import TypedRule, read_typed_rule
from bot.refusals import OtherCurrency

MINOR = st.none() | st.integers(1, 10**9)
MARKUPS = st.builds(Markup, st.decimals(0, 1000, places=2, allow_nan=False), st.integers(0, 10**6))
SAID = st.builds(ValuePrice, MINOR, MINOR)


@given(
    cost=st.integers(1, 10**9),
    percent=st.decimals(0, 300, places=2),
    fixed=st.integers(0, 10**6),
    step=st.sampled_from([1, 100, 500, 1000, 5000]),
    margin=st.integers(0, 10**6),
)
def test_a_price_is_a_whole_step_and_keeps_the_margin(cost, percent, fixed, step, margin):
    policy = PricingPolicy(Markup(percent, fixed), step, margin)

    price = policy.selling_price(cost)

    assert price % step == 0
    assert price >= cost + margin
    assert price >= cost * (1 + percent / 100) + fixed
    assert price - max(cost + margin, cost * (1 + percent / 100) + fixed) < step
    assert cost <= policy.highest_cost(price, cost) <= max(cost, price - margin)


@given(
    cost=st.integers(1, 10**9),
    rule=st.none() | MARKUPS,
    said=SAID,
    step=st.sampled_from([1, 100, 500, 1000, 5000]),
    margin=st.integers(0, 10**6),
)
def test_no_price_that_an_operator_fixes_is_below_cost_and_margin(cost, rule, said, step, margin):
    policy = PricingPolicy(Markup(Decimal(8)), step, margin)
    rules = PriceRules({(MarkupScope.PRODUCT, 2): rule} if rule else {}, {3: said})

    price = rules.price(policy, cost, 1, 2, 3)

    assert price % step == 0
    assert price >= max(cost + margin, said.floor_minor or 0, said.fixed_minor or 0)
    asked = policy.selling_price(cost, rule) if said.fixed_minor is None else said.fixed_minor
    assert price < max(asked, said.floor_minor or 0, cost + margin) + step
    fixed = said.fixed_minor
    assert policy.is_beaten(cost, said) == (fixed is not None and fixed < cost + margin)


@given(markup=st.none() | MARKUPS, values=st.dictionaries(st.integers(1, 10**6), SAID, max_size=4))
def test_rules_are_read_as_they_were_written(markup, values):
    rules = TargetRules(markup)
    for each, said in values.items():
        rules = rules.with_value(each, said)

    assert read_rules(write_rules(rules)) == rules
    assert read_rules(write_markup(markup)) == TargetRules(markup)
    assert NOTHING_SAID not in rules.values.values()


def test_a_targets_rules_take_the_place_of_those_before():
    product, category = (MarkupScope.PRODUCT, 1), (MarkupScope.CATEGORY, 1)
    other, five = Markup(Decimal(3)), ValuePrice(500)
    rules = PriceRules({product: Markup(Decimal(5)), category: other}, {1: five, 9: five})
    before = rules.of(product, [1, 2])

    after = rules.changed(product, before, TargetRules(None, {2: five}))

    assert before == TargetRules(Markup(Decimal(5)), {1: five})
    assert after == PriceRules({category: other}, {2: five, 9: five})
    assert after.changed(product, TargetRules(None, {2: five}), before) == rules


def test_an_action_that_recorded_no_rule_reads_as_none():
    assert read_rules("") == TargetRules()


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("7.5", Markup(Decimal("7.5"))),
        (" 7,5 % ", Markup(Decimal("7.5"))),
        ("5 20", Markup(Decimal(5), 2000)),
        ("5% 20 DA", Markup(Decimal(5), 2000)),
        ("OFF", None),
    ],
)
def test_a_typed_rule_is_read(text, markup):
    assert read_typed_rule(text) == TypedRule(markup)


@pytest.mark.parametrize("text", ["", "x", "5 x", "-1", "1001", "5 -20", "5 DA", "5 20 7"])
def test_what_is_no_rule_is_not_read(text):
    assert read_typed_rule(text) is None


def test_an_amount_of_another_currency_is_refused():
    with pytest.raises(OtherCurrency):
        read_typed_rule("5 20 €")


def test_the_narrowest_override_wins():
    category, product, value = Markup(Decimal(1)), Markup(Decimal(2)), Markup(Decimal(3))
    rules = {
        (MarkupScope.CATEGORY, 1): category,
        (MarkupScope.PRODUCT, 1): product,
        (MarkupScope.DENOMINATION, 1): value,
    }

    assert narrowest(rules, 1, 1, 1) is value
    assert narrowest(rules, 1, 1, 2) is product
    assert narrowest(rules, 1, 2, 2) is category
    assert narrowest(rules, 2, 2, 2) is None
    assert PricingPolicy(Markup(Decimal(8)), 100, 0).selling_price(10_000, value) == 10_300
