"""What an audit compares, and what it can find."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Audited:
    """One check: how much was looked at, and what did not agree, in words for the operator."""

    check: Check
    looked_at: int
    differences: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True)
class AuditedBalance:
    account: str
    balance_minor: int  # what the account says
    booked_minor: int  # what its entries sum to
    may_be_negative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedOrder:
    """An order beside all that must agree with it."""

    id: int
    state: OrderState
    attention: bool
    quantity: int
    unit_price_minor: int
    delivered_quantity: int
    returned_minor: int
    held_minor: int
    codes: int
    delivered_codes: int
    messages: int
    message_waits: bool
    supplier: str
    supplier_order_id: str | None
    accepted_at: datetime | None
    settled_at: datetime | None
