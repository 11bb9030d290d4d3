"""Why a typed text is no amount that an operator can mean: what they read instead of a bare example."""

import re
from enum import StrEnum
from typing import Final

from bot.domain.amounts import is_numeral, plain_of, read_amount, take_amount

_NUMBER: Final = re.compile(r"[-+]?[\d.,'\u066b\u066c]*\d")
_DECIMALS: Final = re.compile(r"[-+]?(?:0|[1-9]\d*)[.,\u066b](?:\d{4,}|(?<=0.)\d{3})")


class AmountFault(StrEnum):
    ZERO = "zero"
    NO_NUMBER = "no-number"  # it does not begin with digits
    DECIMALS = "decimals"  # more than two
    GROUPS = "groups"  # digits that are no groups of three
    BELOW_ZERO = "below-zero"  # where only more makes sense
    MORE = "more"  # letters or a second number beside it: 5k, 1e3, 12 34


def amount_fault(text: str) -> AmountFault | None:
    """What is wrong with the amount at the start of a text; None for one above or below zero."""
    taken = take_amount(text)
    if taken is not None:
        return None if taken[0].minor else AmountFault.ZERO
    plain = plain_of(text)
    found = _NUMBER.match(plain)
    if found is None or any(map(is_numeral, plain.split()[0])):
        return AmountFault.NO_NUMBER
    if _DECIMALS.fullmatch(found[0]):
        return AmountFault.DECIMALS
    return AmountFault.GROUPS if read_amount(found[0]) is None else AmountFault.MORE
