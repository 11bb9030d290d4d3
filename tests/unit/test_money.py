"""What is rounded, and digits of other scripts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import to_minor, western_digits


def test_digits_of_every_script_are_read():
    assert western_digits("a١۲३４b") == "a1234b"


@given(st.decimals(min_value=0, max_value=10**9, places=3))
def test_a_cost_is_never_understated(amount):
    assert 0 <= to_minor(amount) - amount * 100 < 1


@pytest.mark.parametrize(
    ("sent", "minor"),
    [
        (1.1 * 7, 770),
        (1100 * 1.1, 121_000),
        (1450.1 * 3, 435_030),
        (-(1.1 * 7), -770),
        (7.70001, 771),
    ],
)
def test_the_noise_of_binary_fractions_is_no_money(sent, minor):
    assert to_minor(Decimal(repr(sent))) == minor
