"""What any supplier tells us, in the shop's own words; adapters translate into these."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

# Types that a sandbox key may buy to see a refund or a partial fill; a production key never.
TEST_TYPES = ("TEST_PARTIAL", "TEST_REFUND")


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


@dataclass(frozen=True, slots=True)
class ProductOffer:
    supplier_product_id: str
    denominations: tuple[OfferedDenomination, ...]
    asked_at: datetime  # when the question left, not when the answer came


@dataclass(frozen=True, slots=True)
class Purchase:
    """What we ask a supplier to buy; two equal purchases cannot be told apart afterwards."""

    supplier_product_id: str
    supplier_type_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One row of the supplier's book on our account: what an order took (negative) or gave back."""

    supplier_order_id: str
    amount_minor: int


class SupplierStatus(StrEnum):
    HANDLING = "handling"
    FULFILLED = "fulfilled"
    PARTIALLY_FILLED = "partially_filled"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"  # a word we have not heard before: not final, for an operator to look at


@dataclass(frozen=True, slots=True)
class Card:
    """One code. Both fields are secrets, kept as the exact text received; never in a repr."""

    value: str = field(repr=False)
    serial: str = field(default="", repr=False)
    expires_at: datetime | None = None


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
    ordered_at: datetime | None = None  # by our clock: adapters correct the supplier's
