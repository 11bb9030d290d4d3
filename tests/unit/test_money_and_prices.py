"""Money: what is typed, what is rounded, and what a customer pays."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ledger import (
    Entry,
    Posting,
    PostingKind,
    credit,
    may_be_negative,
    release_escrow,
    reserve,
    sale,
)
from bot.domain.money import (
    LARGEST_MINOR,
    parse_amount,
    parse_count,
    to_minor,
    western_digits,
)
from bot.domain.pricing import Markup, MarkupScope, PricingPolicy, narrowest
from bot.errors import Invariant


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1500", 150_000),
        ("1 500,50", 150_050),
        ("1,500", 150_000),
        ("1.500.000", 150_000_000),
        ("12,5", 1_250),
        ("٥٠٠", 50_000),
        ("۵۰۰٫۵", 50_050),
        ("-200", -20_000),
        ("−200", -20_000),
        ("0", 0),
        ("abc", None),
        ("", None),
        ("1e9", None),
        ("NaN", None),
        ("Infinity", None),
        ("9" * 30, None),
    ],
)
def test_typed_amounts(text, minor):
    assert parse_amount(text) == minor


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("3", 3),
        (" ٣ ", 3),
        ("１０", 10),
        ("1 000", 1000),
        ("2.5", None),
        ("-1", None),
        ("two", None),
        ("", None),
        ("²", None),
        ("9" * 12, None),
    ],
)
def test_typed_counts(text, count):
    assert parse_count(text) == count


def test_digits_of_every_script_are_read():
    assert western_digits("a١۲३４b") == "a1234b"


@given(st.decimals(min_value=0, max_value=10**9, places=3))
def test_a_cost_is_never_understated(amount):
    assert 0 <= to_minor(amount) - amount * 100 < 1


@given(st.text(max_size=30))
def test_any_text_is_an_amount_in_range_or_none(text):
    minor = parse_amount(text)
    assert minor is None or abs(minor) <= LARGEST_MINOR


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


@given(st.integers(1, 10**12))
def test_every_posting_sums_to_zero(amount):
    for posting in (
        credit("k", 1, amount, ""),
        credit("k", 1, -amount, ""),
        reserve(1, 1, amount),
        sale(1, amount),
        release_escrow(1, 1, amount),
    ):
        assert sum(entry.amount_minor for entry in posting.entries) == 0


def test_a_posting_that_does_not_add_up_cannot_be_made():
    with pytest.raises(Invariant, match="posting k does not sum to zero"):
        Posting("k", PostingKind.SALE, (Entry("sales", 1),))
    with pytest.raises(Invariant, match="nothing to move from wallet:1 to escrow:2"):
        reserve(2, 1, 0)
    with pytest.raises(Invariant, match="nothing to move from funding to wallet:1"):
        credit("k", 1, 0, "")
    assert may_be_negative("funding")
    assert not may_be_negative("wallet:1")
