"""The checks of an audit, the figures they compare, and the differences they report."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.orders import OrderState


class Check(StrEnum):
    POSTINGS = "postings"
    BALANCES = "balances"
    ORDERS = "orders"
    HOLDS = "holds"
    CODES = "codes"
    DELIVERIES = "deliveries"
    WAITING = "waiting"
    SUPPLIER = "supplier"
    MOVEMENTS = "movements"
    PAYMENTS = "payments"
    STARS = "stars"
    PROVIDER = "provider"
    STOCK = "stock"


# A difference here is a bug or a damaged database: selling stops until an operator has looked.
INVARIANTS: Final = frozenset(
    {
        Check.POSTINGS,
        Check.BALANCES,
        Check.ORDERS,
        Check.HOLDS,
        Check.CODES,
        Check.PAYMENTS,
        Check.STOCK,
    }
)
_OWN_BOOKS: Final = INVARIANTS | {Check.DELIVERIES}


@dataclass(frozen=True, slots=True)
class Difference:
    """`subject` names the record in any language (`#12`, `wallet:5`); `text` is for consoles."""

    subject: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Audited:
    """The result of one check: how many records were compared, and the differences."""

    check: Check
    looked_at: int
    differences: tuple[Difference, ...] = ()
    supplier: str = ""  # whose records were compared; empty for our own
    lost: int = 0  # codes whose key was given up: no difference, but worth saying

    @property
    def is_well(self) -> bool:
        return not self.differences


def own_books_differ(found: Iterable[Audited]) -> bool:
    """Whether our own books contradict themselves; a queue that waits, or another's list, is no contradiction."""
    return any(audited.check in _OWN_BOOKS and not audited.is_well for audited in found)


@dataclass(frozen=True, slots=True)
class AuditCounts:
    """The number of records of each kind."""

    orders: int
    ended: int
    delivered_codes: int
    with_codes: int


@dataclass(frozen=True, slots=True)
class AuditedBalance:
    account: str
    balance_minor: int  # as stored with the account
    booked_minor: int  # the sum of its entries
    may_be_negative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedOrder:
    """An order with the figures of other tables that must agree with it."""

    id: int
    state: OrderState
    attention: bool
    quantity: int
    unit_price_minor: int
    delivered_quantity: int
    returned_minor: int
    held_minor: int
    cost_minor: int
    codes: int
    delivered_codes: int
    messages: int
    message_waits: bool
    sandbox: bool
    supplier: str
    supplier_order_id: str | None
    accepted_at: datetime | None
    settled_at: datetime | None
