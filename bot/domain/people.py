"""What is kept of customers beside their orders: profiles, what they wait for, being forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.records import Locale, Sealed


@dataclass(frozen=True, slots=True)
class CustomerProfile:
    """All that is kept of a customer in their own row."""

    id: int  # Telegram's
    locale: Locale
    reachable: bool
    reminders: bool
    news: bool  # they want words of the shop to many
    created_at: datetime


class BanReason(StrEnum):
    FRAUD = "fraud"
    CHARGEBACK = "chargeback"
    ABUSE = "abuse"
    OTHER = "other"  # in the operator's own words


@dataclass(frozen=True, slots=True)
class Ban:
    """The shop serves somebody no more; `reason`: a BanReason, or an operator's words."""

    at: datetime
    reason: str
    operator_id: int


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """What a customer ordered and paid, for operators; money in minor units."""

    orders: Mapping[str, int]  # by state
    spent_minor: int  # for codes that came
    cost_minor: int  # of these codes, at our suppliers
    losses_minor: int  # compensation for codes that were bad
    last_order_at: datetime | None
    paid_in_minor: int
    rejected: int  # payments that an operator rejected
    cases: int
    last_case: int | None

    @property
    def profit_minor(self) -> int:
        return self.spent_minor - self.cost_minor - self.losses_minor


LONGEST_NOTE: Final = 500
MOST_NOTES: Final = 50  # about one customer


@dataclass(frozen=True, slots=True)
class SealedNote:
    id: int
    user_id: int
    operator_id: int
    at: datetime
    text: Sealed


@dataclass(frozen=True, slots=True)
class Note:
    """What an operator wrote about a customer; `text` None: no key opens it."""

    operator_id: int
    at: datetime
    text: str | None


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What has to end before a customer can be forgotten; all falsy: nothing."""

    balance_minor: int = 0  # in their wallet
    orders: int = 0  # that are open, or in front of an operator
    payments: int = 0  # that can be paid, are looked at, or go back
    codes_on_their_way: bool = False
    is_owner: bool = False
    codes_shown: bool = False  # messages show codes, and cannot be changed at this moment

    @property
    def any(self) -> bool:
        return bool(
            self.balance_minor
            or self.orders
            or self.payments
            or self.codes_on_their_way
            or self.is_owner
            or self.codes_shown
        )


# Pseudonyms lie beyond every id that Telegram gives to people and groups: no message reaches anybody by one.
PSEUDONYMS: Final = 2**61
_FIRST: Final = 2**60


def pseudonym(number: int) -> int:
    """The id in the place of a customer's who was forgotten, for a random number below PSEUDONYMS."""
    return -(_FIRST + number)


def is_pseudonym(user_id: int) -> bool:
    """Whether an id stands for a customer who was forgotten."""
    return user_id < 0


@dataclass(frozen=True, slots=True)
class Watch:
    """A customer waits for a value to be back in stock."""

    user_id: int
    denomination_id: int
    since: datetime


@dataclass(frozen=True, slots=True)
class WatchedValue:
    """A value that a customer waits for, with its names; it may be off the shelf by now."""

    denomination_id: int
    product_title: str  # its supplier's
    label: str
    since: datetime
    product_id: int = 0


@dataclass(frozen=True, slots=True)
class BackInStock:
    """A value that somebody waited for, and what one code costs now."""

    denomination_id: int
    product_title: str
    label: str
    price_minor: int
