"""Money in whole minor units (centimes): conversion from decimals, and parsing of typed amounts."""

from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Final

MINOR_PER_UNIT: Final = 100
LARGEST_MINOR: Final = 10**13  # far above any wallet, and it fits into a 64-bit column

_SEPARATORS: Final = str.maketrans(
    "", "", " \u00a0\u202f\u2009'_\u066c\u061c\u200e\u200f\u2068\u2069"
)


def to_minor(amount: Decimal) -> int:
    """Minor units of a decimal amount, rounded up, so that a cost is never understated."""
    return int((amount * MINOR_PER_UNIT).to_integral_value(rounding=ROUND_CEILING))


def to_hundredths(value: Decimal) -> int:
    """A face value in hundredths of its currency."""
    return int((value * 100).to_integral_value())


def western_digits(text: str) -> str:
    """The text with the decimal digits of every script (٣, ۳, ３) as 0-9."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def parse_count(text: str, longest: int = 9) -> int | None:
    """A typed whole number of at most `longest` digits of any script; None for any other text."""
    digits = western_digits(text).translate(_SEPARATORS)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= longest else None


def parse_amount(text: str) -> int | None:
    """Typed money ("1500", "1 500,50", "-200", "٥٠٠") in minor units; None for any other text.

    A comma or point before at most two digits at the end is the decimal separator; before three
    digits it separates thousands.
    """
    plain = western_digits(text).translate(_SEPARATORS).replace("٫", ".").replace("−", "-")
    whole, mark, fraction = plain.replace(",", ".").rpartition(".")
    if mark and len(fraction) <= 2:  # noqa: PLR2004
        plain = f"{whole.replace('.', '')}.{fraction}"
    else:
        plain = (whole + fraction).replace(".", "")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return None
    if (
        not amount.is_finite()
        or abs(amount) * MINOR_PER_UNIT > LARGEST_MINOR
        or "e" in plain.lower()
    ):
        return None
    return to_minor(amount)
