"""Categories, products and denominations, and whether a denomination can be sold."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.domain.money import to_hundredths
from bot.domain.records import Locale
from bot.domain.supplier import OfferedDenomination


@dataclass(frozen=True, slots=True)
class Category:
    id: int
    title: str


Names = tuple[tuple[str, str], ...]  # pairs of a language and a name in it


def own_name(names: Names, locale: str) -> str:
    """The name in this language, else in English; empty: there is neither."""
    known = dict(names)
    return known.get(locale) or known.get(Locale.EN, "")


@dataclass(frozen=True, slots=True)
class Product:
    id: int
    category_id: int
    supplier: str
    supplier_product_id: str
    title: str
    region: str
    enabled: bool
    priced_at: datetime | None  # when prices and stock were last read; None: never
    names: Names = ()  # an operator's, in place of the supplier's title

    def name_in(self, locale: str) -> str:
        """What customers read: the operator's name in their language, in English, else the title."""
        return own_name(self.names, locale) or self.title


class HoldReason(StrEnum):
    """Why a value is off the shelf until an operator, or a new price, says otherwise."""

    COST = "cost"  # it fell by more than half: only an operator ends this
    DRIFT = "drift"  # the supplier charged more than it had named: a new price ends this too


@dataclass(frozen=True, slots=True)
class HeldValue:
    """A value that is off the shelf because its cost is in doubt."""

    denomination_id: int
    product: str
    label: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A value off the shelf; `cost_minor` is the cost in doubt, named or charged."""

    reason: HoldReason
    cost_minor: int


@dataclass(frozen=True, slots=True)
class FallenCost:
    """A value that is held since its cost fell from `before_minor` to `now_minor`."""

    denomination_id: int
    label: str
    before_minor: int
    now_minor: int


@dataclass(frozen=True, slots=True)
class Denomination:
    """`cost_minor` is the wholesale price, which is never shown to a customer."""

    id: int
    product_id: int
    supplier_type_id: str
    label: str
    cost_minor: int
    stock: int
    lowest_minor: int | None = None  # the face value in hundredths of its currency
    highest_minor: int | None = None
    step_minor: int | None = None  # set: a range, from which the customer types a value
    currency: str = ""
    typed: bool = False  # a value that a customer typed: sold by its id, in no list
    held: bool = False  # off the shelf, because its cost is in doubt

    @property
    def is_range(self) -> bool:
        return self.step_minor is not None

    @property
    def sellable(self) -> bool:
        return self.stock > 0 and self.cost_minor > 0 and not self.held


_SIGNS: Final = {"$": "USD", "€": "EUR", "£": "GBP"}
_FACE_VALUE: Final = re.compile(
    r"(\d+(?:[.,]\d{1,2})?)\s*([$€£]|[A-Z]{3})|([$€£])\s*(\d+(?:[.,]\d{1,2})?)"
)


def face_of(denomination: Denomination | OfferedDenomination) -> tuple[int, str] | None:
    """The face value of a code, in hundredths, and its currency; None where it is unknown.

    Some suppliers tell it only in the label: "10 $", "25 EUR".
    """
    low, high = denomination.lowest_minor, denomination.highest_minor
    if low is not None and low == high and denomination.currency:
        return low, denomination.currency
    found = _FACE_VALUE.search(denomination.label)
    if found is None:
        return None
    amount, sign = (found[1], found[2]) if found[1] else (found[4], found[3])
    value = Decimal(amount.replace(",", "."))
    return to_hundredths(value), _SIGNS.get(sign, sign)


def offered_quantities(stock: int, maximum: int) -> tuple[int, ...]:
    """The quantities for which a screen shows buttons."""
    return tuple(n for n in (1, 2, 3, 5, 10) if n <= min(stock, maximum))
