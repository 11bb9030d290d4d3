"""Rows that services and the store pass between them, besides orders and the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from bot.domain.supplier import Environment


class Locale(StrEnum):
    EN = "en"
    FR = "fr"
    AR = "ar"

    @classmethod
    def guess(cls, language_code: str | None) -> "Locale":
        """From Telegram's IETF tag, which is only a hint."""
        primary = (language_code or "").lower().partition("-")[0]
        return cls(primary) if primary in set(cls) else cls.EN


@dataclass(frozen=True, slots=True)
class Customer:
    id: int  # Telegram's
    locale: Locale
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Sealed:
    """A ciphertext bound to the row and field it was made for."""

    key_id: str
    blob: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredCode:
    order_id: int
    position: int
    secrets: Mapping[str, Sealed]  # by the name of the text; what was empty has none
    fingerprint: bytes = field(repr=False)
    expires_at: datetime | None
    deliver: bool  # False: kept, but not the customer's (see Attention)
    batch: int = 0  # codes that came together are shown together


@dataclass(frozen=True, slots=True)
class SealedCode:
    """What of a stored code depends on a key; `environment` is its order's."""

    order_id: int
    position: int
    environment: Environment | None
    secrets: Mapping[str, Sealed]
    fingerprint: bytes = field(repr=False)


class CodeMessageKind(StrEnum):
    TEXT = "text"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class SentCodeMessage:
    """A chat message that shows codes, until it is turned into a receipt."""

    id: int
    order_id: int
    user_id: int
    message_id: int
    part: int
    parts: int
    kind: CodeMessageKind
    attempts: int


class OutboxKind(StrEnum):
    ORDER_PROGRESS = "order_progress"
    ORDER_RESULT = "order_result"
    ORDER_PART = "order_part"  # some codes came, and the supplier has more to give
    EXPIRY = "expiry"  # codes that expire soon
    CREDITED = "credited"
    ALERT = "alert"
    PAYMENT = "payment"  # to the customer: what became of a payment
    RECEIPT = "receipt"  # to an operator: a receipt to look at


class OutboxState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    UNREACHABLE = "unreachable"  # waits for the person to come back
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Something to tell somebody; `data` holds plain figures and never a code."""

    id: int
    user_id: int
    kind: OutboxKind
    order_id: int | None
    data: dict[str, str]
    attempts: int


@dataclass(frozen=True, slots=True)
class SupplierAccount:
    """What we know of our account at a supplier, and why selling stands still."""

    supplier: str
    environment: Environment | None = None
    balance_minor: int | None = None
    balance_at: datetime | None = None
    paused_for_balance: bool = False
    paused_for_access: bool = False

    @property
    def selling(self) -> bool:
        return not (self.paused_for_balance or self.paused_for_access or self.environment is None)


class AccountChanges(TypedDict, total=False):
    """What may change of what we know of our account at a supplier."""

    environment: Environment | None
    balance_minor: int
    balance_at: datetime
    paused_for_balance: bool
    paused_for_access: bool


class ActionKind(StrEnum):
    CREDIT = "credit"
    REFUND = "refund"
    RESUME = "resume"
    INBOX = "inbox"
    PAYMENT = "payment"  # a payment was accepted; the amount is what came into the wallet
    REJECT = "reject"
    PAYMENT_REFUND = "payback"
    METHOD = "method"  # a way to pay that had been switched off was switched on again
    CASE = "case"
    LINK = "link"  # values of two suppliers are one to customers, or are not any more


# Those that move money: listed by /actions, and counted against the daily cap.
MONEY_ACTIONS = (
    ActionKind.CREDIT,
    ActionKind.REFUND,
    ActionKind.PAYMENT,
    ActionKind.REJECT,
    ActionKind.PAYMENT_REFUND,
)


@dataclass(frozen=True, slots=True)
class OperatorAction:
    """A decision of an operator, kept for ever; `done` False: asked, waiting for a confirmation."""

    id: int
    operator_id: int
    kind: ActionKind
    target: str
    amount_minor: int
    note: str
    done: bool
    at: datetime


class AlertKind(StrEnum):
    BALANCE_LOW = "balance_low"
    BALANCE_EMPTY = "balance_empty"
    ORDERS_STUCK = "orders_stuck"
    OUTCOME_UNKNOWN = "outcome_unknown"
    ORDER_NOT_FOUND = "order_not_found"
    ORDER_ATTENTION = "order_attention"
    CIRCUIT_OPEN = "circuit_open"
    PRICE_DRIFT = "price_drift"
    REQUEST_REFUSED = "request_refused"
    MESSAGE_DEAD = "message_dead"
    CATALOGUE_STALE = "catalogue_stale"
    SUPPLIER_DOWN = "supplier_down"
    UPDATE_QUARANTINED = "update_quarantined"
    POLLING_STOPPED = "polling_stopped"
    AUDIT_DIFFERS = "audit_differs"
    BACKUP_FAILED = "backup_failed"
    METHOD_OFF = "method_off"
    PAYMENT_HELD = "payment_held"
    PAYMENT_CHARGED_BACK = "payment_taken_back"
    PAYMENT_REFUND_FAILED = "payback_failed"


@dataclass(frozen=True, slots=True)
class Alert:
    """What went wrong and no operator has heard of; `data` holds plain figures."""

    key: str
    kind: AlertKind
    times: int
    opened_at: datetime
    data: dict[str, str]


class PauseReason(StrEnum):
    """Why nothing new is sold until an operator says otherwise."""

    AUDIT = "audit"  # the books contradict themselves


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An update as it came; `trouble` set: it cannot be read, and waits for an operator."""

    update_id: int
    chat_id: int | None
    payload: Sealed
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a customer stands in a question; gone when nothing is asked."""

    user_id: int
    name: str
    state: str
    data: dict[str, int]


@dataclass(frozen=True, slots=True)
class Best:
    title: str
    label: str
    codes: int
    sales_minor: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of a time span; money in minor units, waiting times in seconds."""

    orders: dict[str, int]
    sales_minor: int
    cost_minor: int
    codes: int
    median_seconds: float | None
    p95_seconds: float | None
    best: tuple[Best, ...]
    customers: dict[str, int]
    waiting: int
    suppliers: dict[str, tuple[int, int]] = field(default_factory=dict)  # sales and cost

    @property
    def profit_minor(self) -> int:
        return self.sales_minor - self.cost_minor


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One movement of a customer's wallet."""

    at: datetime
    kind: str
    amount_minor: int
    order_id: int | None
    note: str


@dataclass(frozen=True, slots=True)
class SupportCase:
    """A customer's conversation with support."""

    id: int
    user_id: int
    opened_at: datetime
    closed_at: datetime | None
