"""Money in whole minor units (centimes), and conversion from decimals.

Typed amounts are read by `amounts`.
"""

from decimal import ROUND_CEILING, Decimal
from typing import Final

MINOR_PER_UNIT: Final = 100
# 1.1 × 7 is 7.700000000000001 for most programs: the last digits of such a product are no money.
_NOISE: Final = Decimal("0.0001")  # of a minor unit
LARGEST_MINOR: Final = 10**13  # far above any wallet, and it fits into a 64-bit column


def to_minor(amount: Decimal) -> int:
    """Minor units of a decimal amount, rounded up, so that a cost is never understated."""
    return int((amount * MINOR_PER_UNIT - _NOISE).to_integral_value(rounding=ROUND_CEILING))


def to_hundredths(value: Decimal) -> int:
    """A face value in hundredths of its currency."""
    return int((value * 100).to_integral_value())


def western_digits(text: str) -> str:
    """The text with the decimal digits of every script (٣, ۳, ３) as 0-9."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)
