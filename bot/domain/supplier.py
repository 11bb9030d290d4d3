"""What any supplier tells us, in the shop's own words; adapters translate into these."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from bot.domain.money import to_minor

# Types that a sandbox key may buy to see a refund or a partial fill; a production key never.
TEST_TYPES = ("TEST_PARTIAL", "TEST_REFUND")


@dataclass(frozen=True, slots=True)
class SupplierPolicy:
    """How a supplier wants to be dealt with; all times in seconds."""

    first_check: float  # from its yes to the first question about an order
    checks: tuple[tuple[float, float], ...]  # (until this age of an order, wait so long)
    checks_old: float  # the wait of orders that are older
    stuck_after: float  # when an operator is to look at an order that still waits
    repeats_for: float = 0.0  # how long a request that was sent may be sent again; 0: never
    lists_codes: bool = True  # its list shows codes: nobody need ask for an order by itself
    list_page: int = 100

    def until_next_check(self, age_seconds: float) -> float:
        """It slows down and never stops."""
        return next((wait for below, wait in self.checks if age_seconds < below), self.checks_old)


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a supplier's currency costs in the shop's, as its owner set it."""

    currency: str
    price: Decimal  # units of the shop's currency
    since: date

    def to_minor(self, amount: Decimal) -> int:
        """The shop's minor units for an amount of that currency, rounded up."""
        return to_minor(amount * self.price)


class Environment(StrEnum):
    """What the supplier's key buys for: real money, or nothing."""

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
    """A price and a stock at one moment; `cost_minor` is what we pay for one."""

    supplier_type_id: str
    label: str
    cost_minor: int
    stock: int
    # The face value in hundredths of its currency, where the supplier tells it.
    lowest_minor: int | None = None
    highest_minor: int | None = None
    step_minor: int | None = None  # set: the customer types a value between the two
    currency: str = ""


@dataclass(frozen=True, slots=True)
class ProductOffer:
    supplier_product_id: str
    denominations: tuple[OfferedDenomination, ...]
    asked_at: datetime  # when the question left, not when the answer came
    only: str | None = None  # set: no other denomination was asked for


@dataclass(frozen=True, slots=True)
class Purchase:
    """What we ask a supplier to buy. Without a reference, equal ones cannot be told apart afterwards."""

    supplier_product_id: str
    supplier_type_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PurchaseRequest:
    """A purchase as it is sent: kept before the first try, and sent again byte for byte.

    `reference` is ours, for this one request; empty where the supplier takes none.
    """

    purchase: Purchase
    reference: str
    body: str


@dataclass(frozen=True, slots=True)
class Movement:
    """One row of the supplier's book on our account: what an order took (negative) or gave back."""

    supplier_order_id: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class SupplierEvent:
    """What a supplier's own message says: an order moved. Which way is asked, never believed."""

    event_id: str
    supplier_order_id: str


class SupplierStatus(StrEnum):
    HANDLING = "handling"
    FULFILLED = "fulfilled"
    PARTIALLY_FILLED = "partially_filled"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"  # a word we have not heard before: not final, for an operator to look at


@dataclass(frozen=True, slots=True)
class Card:
    """One code. All its texts are secrets, kept exactly as they came; never in a repr. Any may be empty."""

    value: str = field(default="", repr=False)
    serial: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)
    link: str = field(default="", repr=False)  # https, where the code is claimed
    reference: str = field(default="", repr=False)  # the supplier's, for support cases
    expires_at: datetime | None = None

    @property
    def identity(self) -> str:
        """What tells this code from all others."""
        return next(
            (text for text in (self.value, self.link, self.serial, self.pin) if text.strip()), ""
        ).strip()


# The texts of a code; each is sealed by itself.
SECRETS: Final = ("value", "serial", "pin", "link", "reference")


@dataclass(frozen=True, slots=True)
class SupplierOrder:
    """An order as its supplier reports it. `final` is the adapter's word: states differ by API."""

    supplier_order_id: str
    status: SupplierStatus
    final: bool
    quantity: int
    cards: tuple[Card, ...] = ()
    fulfilled_quantity: int | None = None
    unit_cost_minor: int | None = None
    charged_minor: int | None = None
    purchase: Purchase | None = None
    reference: str = ""  # ours, where the supplier keeps it
    shows_codes: bool = True  # False: whatever codes there are, this report has none of them
    ordered_at: datetime | None = None  # by our clock: adapters correct the supplier's
