"""Amounts and counts as they are typed, and what is rounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import (
    LARGEST_MINOR,
    parse_amount,
    parse_count,
    to_minor,
    western_digits,
)


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
def test_typed_amounts_are_read_in_minor_units(text, minor):
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
def test_typed_counts_are_whole_numbers(text, count):
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


def test_numbers_are_read_up_to_their_limits():
    assert parse_count("9" * 9) == 999_999_999
    assert parse_count("9" * 10) is None
    assert parse_amount(str(LARGEST_MINOR // 100)) == LARGEST_MINOR
    assert parse_amount(str(LARGEST_MINOR // 100 + 1)) is None
    assert parse_amount("1.234.567,5") == 123_456_750
    assert parse_amount("1,234.50") == 123_450
