"""What a customer pays: markups, steps and margins."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pricing import Markup, MarkupScope, PricingPolicy, narrowest


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
