"""The types in which every supplier adapter reports: offers, orders, codes and policies."""

import json
import math
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.domain.money import to_minor

# Types that only a sandbox key may buy, to test a refund and a partial delivery.
TEST_TYPES = ("TEST_PARTIAL", "TEST_REFUND")
OWN: Final = "own"  # the supplier that is the shop itself: its own stock


@dataclass(frozen=True, slots=True)
class SupplierPolicy:
    """Timing rules and capabilities of a supplier's API; all times in seconds."""

    first_check: float  # from the accepted order to its first status check
    checks: tuple[tuple[float, float], ...]  # (up to this age of the order, wait between checks)
    checks_old: float  # wait between checks of older orders
    stuck_after: float  # age at which an operator is told of an open order
    repeats_for: float = 0.0  # how long a sent request may be repeated; 0: never
    lists_codes: bool = True  # the order list contains codes: no call for each order is needed
    prices_products: bool = True  # one question brings all prices of a product
    list_page: int = 100
    has_account: bool = True  # False: there is no key and no balance to ask about
    # False: a refused repetition proves that the first call bought nothing, since both look into one book.
    refusals_may_be_late: bool = True

    def until_next_check(self, age_seconds: float) -> float:
        """Seconds to the next status check: the waits grow with the age, and checks never stop."""
        return next((wait for below, wait in self.checks if age_seconds < below), self.checks_old)


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of one unit of a supplier's currency in the shop's currency, set by the owner."""

    currency: str
    price: Decimal  # units of the shop's currency
    since: date

    def to_minor(self, amount: Decimal) -> int:
        """The shop's minor units for an amount of that currency, rounded up."""
        return to_minor(amount * self.price)


class Environment(StrEnum):
    """Whether the supplier's key buys with real money, or only for tests."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class KeyInfo:
    environment: Environment
    enabled: bool
    may_buy: bool


@dataclass(frozen=True, slots=True)
class OfferedProduct:
    supplier_product_id: str
    title: str
    region: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class OfferedCategory:
    title: str
    products: tuple[OfferedProduct, ...]


@dataclass(frozen=True, slots=True)
class OfferedDenomination:
    """Price and stock at one moment; `cost_minor` is what we pay for one unit."""

    supplier_type_id: str
    label: str
    cost_minor: int
    stock: int
    # Limits of the face value in hundredths of its currency, where the supplier tells them.
    lowest_minor: int | None = None
    highest_minor: int | None = None
    step_minor: int | None = None  # set: a range, from which the customer types a value
    currency: str = ""
    asked_at: datetime | None = None  # where this price is older than its offer: when it was asked


@dataclass(frozen=True, slots=True)
class ProductOffer:
    supplier_product_id: str
    denominations: tuple[OfferedDenomination, ...]
    asked_at: datetime  # when the request was sent, not when the response came
    only: str | None = None  # set: the offer contains only this supplier_type_id
    complete: bool = (
        True  # False: some prices could not be read, so what is missing may be on offer
    )
    asked_monotonic: float = -math.inf  # `asked_at` by Clock.monotonic; unset: too old to be shared


@dataclass(frozen=True, slots=True)
class Purchase:
    """What we buy from a supplier. Without a reference, equal purchases cannot be distinguished."""

    supplier_product_id: str
    supplier_type_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PurchaseRequest:
    """A purchase as it is sent: stored before the first try, and repeated byte for byte.

    `reference` is our unique id of this request; empty where the supplier accepts none.
    """

    purchase: Purchase
    reference: str
    body: str


@dataclass(frozen=True, slots=True)
class Movement:
    """A transaction on our supplier account: the cost of an order (negative) or its refund."""

    supplier_order_id: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class SupplierEvent:
    """A webhook message: an order changed. Its new state is not read from the message."""

    event_id: str
    supplier_order_id: str


class SupplierStatus(StrEnum):
    HANDLING = "handling"
    FULFILLED = "fulfilled"
    PARTIALLY_FILLED = "partially_filled"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"  # a status we do not know: not final, an operator has to look


@dataclass(frozen=True, slots=True)
class Card:
    """One code. Its texts are secrets, kept unchanged and hidden from repr. Any may be empty."""

    value: str = field(default="", repr=False)
    serial: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)
    link: str = field(default="", repr=False)  # https URL where the code is claimed
    reference: str = field(default="", repr=False)  # the supplier's, for support cases
    expires_at: datetime | None = None

    @property
    def is_blank(self) -> bool:
        """Whether it has no text that anybody could use."""
        return not self.leading_text

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts, in the order of SECRETS."""
        return (self.value, self.serial, self.pin, self.link, self.reference)

    @property
    def leading_text(self) -> str:
        """The text that stands for the code on a screen: the first of value, link, serial, PIN."""
        return next(
            (text for text in (self.value, self.link, self.serial, self.pin) if text.strip()), ""
        ).strip()

    @property
    def identity(self) -> str:
        """The text that identifies the code among those of all orders: what redeems it, together.

        The reference and the expiry date do not belong to it: they redeem nothing, and a supplier
        may add or change them later. A code of one text is identified by that text alone.
        """
        texts = [text.strip() for text in (self.value, self.link, self.serial, self.pin)]
        if sum(map(bool, texts)) <= 1:
            return self.leading_text
        return json.dumps(texts)

    def repeats(self, other: "Card") -> bool:
        """Whether both are one code of an order.

        Where nothing but the reference differs, it tells two codes apart if both have one.
        """
        references = {self.reference.strip(), other.reference.strip()} - {""}
        return self.identity == other.identity and len(references) <= 1

    def agrees_with(self, other: "Card") -> bool:
        """Whether both may be one code of an order of which one report tells less than the other.

        A PIN or a link may come later than the number. What both tell is equal, and that is more
        than nothing.
        """
        pairs = [
            (mine.strip(), theirs.strip())
            for mine, theirs in zip(self.texts, other.texts, strict=True)
        ]
        both = [(mine, theirs) for mine, theirs in pairs if mine and theirs]
        redeeming = any(mine and theirs for mine, theirs in pairs[:-1])
        return redeeming and all(mine == theirs for mine, theirs in both)

    def completed_by(self, other: "Card") -> "Card":
        """This card, with the texts of the other where it has none."""
        return replace(
            self,
            value=self.value or other.value,
            serial=self.serial or other.serial,
            pin=self.pin or other.pin,
            link=self.link or other.link,
            reference=self.reference or other.reference,
        )


# The secret texts of a code; each is encrypted separately.
SECRETS: Final = ("value", "serial", "pin", "link", "reference")


@dataclass(frozen=True, slots=True)
class SupplierOrder:
    """An order as its supplier reports it. `final` depends on the API, so the adapter sets it."""

    supplier_order_id: str
    status: SupplierStatus
    final: bool
    quantity: int  # 0: not told
    cards: tuple[Card, ...] = ()
    fulfilled_quantity: int | None = None
    unit_cost_minor: int | None = None
    charged_minor: int | None = None
    # What the supplier says was bought; a part that it does not tell is empty, or 0.
    purchase: Purchase | None = None
    reference: str = ""  # ours, where the supplier stores it
    shows_codes: bool = True  # False: this kind of report never contains codes
    ordered_at: datetime | None = None  # by our clock: adapters correct the supplier's
    withhold: bool = False  # the codes are stored, and not delivered by this report
    # What could not be read as a code, as JSON in `value`: to be stored sealed, and shown to an
    # operator, never delivered. A report with unreadable parts is never final.
    unreadable_cards: tuple[Card, ...] = ()
    unreadable: tuple[str, ...] = ()  # names of needed fields that could not be read

    @property
    def is_readable(self) -> bool:
        """Whether everything that money and codes depend on could be read."""
        return not self.unreadable and not self.unreadable_cards
