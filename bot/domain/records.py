"""Records that services and the store exchange, besides orders, payments and the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, TypedDict

from bot.domain.supplier import Environment


class Locale(StrEnum):
    EN = "en"
    FR = "fr"
    AR = "ar"

    @classmethod
    def guess(cls, language_code: str | None) -> "Locale":
        """A guess from Telegram's IETF language tag; English for a language without texts."""
        primary = (language_code or "").lower().partition("-")[0]
        return cls(primary) if primary in set(cls) else cls.EN


@dataclass(frozen=True, slots=True)
class Customer:
    id: int  # Telegram's
    locale: Locale
    reachable: bool = True  # False: the customer blocked the bot


@dataclass(frozen=True, slots=True)
class Sealed:
    """A ciphertext, bound to the row and field it was made for."""

    key_id: str
    blob: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredCode:
    order_id: int
    position: int  # within the order, from 0
    secrets: Mapping[str, Sealed]  # by the field of the card; empty fields are omitted
    fingerprint: bytes = field(repr=False)
    expires_at: datetime | None
    deliver: bool  # False: stored, but not the customer's (see Attention)
    batch: int = 0  # codes that were delivered together are shown together


@dataclass(frozen=True, slots=True)
class SealedCode:
    """The parts of a stored code that depend on a key; `environment` is its order's."""

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
    part: int  # of `parts`, where an order has several messages
    parts: int
    kind: CodeMessageKind
    attempts: int


@dataclass(frozen=True, slots=True)
class Showing:
    """Codes of an order are being sent, until then at the latest.

    `counts`: it is one of the few times that a customer may see codes again. `owner`: the process
    that sends them; empty in rows of an earlier version.
    """

    id: int
    order_id: int
    user_id: int
    counts: bool
    until: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class SentCodes:
    """A message of codes that was sent, without the codes; `again`: they were shown before."""

    order_id: int
    user_id: int
    message_id: int
    part: int
    parts: int
    kind: CodeMessageKind
    hide_at: datetime
    again: bool


class OutboxKind(StrEnum):
    ORDER_PROGRESS = "order_progress"
    ORDER_RESULT = "order_result"
    ORDER_PART = "order_part"  # some codes were delivered and the order stays open
    EXPIRY = "expiry"  # codes that expire soon
    CREDITED = "credited"
    ALERT = "alert"
    PAYMENT = "payment"  # to the customer: what became of a payment
    RECEIPT = "receipt"  # to an operator: a receipt to decide on
    MISSED = "missed"  # something that they asked was not answered: their chat took nothing
    CASE = "case"  # to an operator: whose message of which support case follows
    CASE_WORDS = "case_words"  # to an operator: that message, copied from the chat it stands in


# The messages that bring what was paid for, or say how far it is: they go before all others.
ORDER_KINDS: Final = frozenset(
    {OutboxKind.ORDER_RESULT, OutboxKind.ORDER_PART, OutboxKind.ORDER_PROGRESS}
)

# What operators get of support cases. The words are in no row: they are copied from chat to chat.
CASE_KINDS: Final = frozenset({OutboxKind.CASE, OutboxKind.CASE_WORDS})


class OutboxState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    UNREACHABLE = "unreachable"  # waits until the person writes again
    DEAD = "dead"  # Telegram refuses it for good


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message to send; `data` holds plain figures and never a code."""

    id: int
    user_id: int
    kind: OutboxKind
    order_id: int | None
    data: dict[str, str]
    attempts: int


@dataclass(frozen=True, slots=True)
class SupplierAccount:
    """What is known of our account at a supplier, and why selling from it is paused."""

    supplier: str
    environment: Environment | None = None  # None: the supplier has not confirmed our key
    balance_minor: int | None = None
    balance_at: datetime | None = None
    paused_for_balance: bool = False
    paused_for_access: bool = False

    @property
    def selling(self) -> bool:
        return not (self.paused_for_balance or self.paused_for_access or self.environment is None)


class AccountChanges(TypedDict, total=False):
    """The fields of a SupplierAccount that may change."""

    environment: Environment | None
    balance_minor: int
    balance_at: datetime
    paused_for_balance: bool
    paused_for_access: bool


class ActionKind(StrEnum):
    CREDIT = "credit"
    REFUND = "refund"
    COMPENSATION = "compensation"  # the price of a delivered code, as the shop's loss
    RESUME = "resume"
    INBOX = "inbox"
    PAYMENT = "payment"  # a payment was accepted; the amount is what was credited
    REJECT = "reject"
    PAYMENT_REFUND = "payback"  # a payment goes back to its payer
    METHOD = "method"  # a payment method was switched on again
    CASE = "case"
    LINK = "link"  # products of two suppliers were linked or unlinked
    VALUE = "value"  # a held value was put on the shelf again
    ABANDON = "abandon"  # a lost key was given up, by a command of the shell


# Actions that move money: /actions lists them, and they count towards the daily cap.
MONEY_ACTIONS = (
    ActionKind.CREDIT,
    ActionKind.REFUND,
    ActionKind.COMPENSATION,
    ActionKind.PAYMENT,
    ActionKind.REJECT,
    ActionKind.PAYMENT_REFUND,
)


@dataclass(frozen=True, slots=True)
class OperatorAction:
    """A decision of an operator, kept for ever; `done` False: it waits for a confirmation."""

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
    COST_FELL = "cost_fell"  # by more than half
    OFFER_CHANGED = "offer_changed"  # what was ordered now means something else
    BOUGHT_FOR_NOBODY = "bought_for_nobody"
    BALANCE_SHORT = "balance_short"  # too little for an order that a customer wants
    RULES_LOST = "rules_lost"  # price rules whose products or values are gone
    REQUEST_REFUSED = "request_refused"
    MESSAGE_DEAD = "message_dead"
    OPERATOR_CUT_OFF = "operator_cut_off"  # messages of support cases do not reach one operator
    CATALOGUE_STALE = "catalogue_stale"
    SUPPLIER_DOWN = "supplier_down"
    UPDATE_QUARANTINED = "update_quarantined"
    POLLING_STOPPED = "polling_stopped"
    OTHER_POLLER = "other_poller"
    AUDIT_DIFFERS = "audit_differs"
    BACKUP_FAILED = "backup_failed"
    WEBHOOK_FAILING = "webhook_failing"
    METHOD_OFF = "method_off"
    PAYMENT_HELD = "payment_held"
    PAYMENT_CHARGED_BACK = "payment_taken_back"
    PAYMENT_REFUND_FAILED = "payback_failed"
    ITEM_FAILING = "item_failing"  # one item of a sweep, several times in a row
    SWEEP_FAILING = "sweep_failing"  # all its items, several times in a row
    SWEEP_WORKS = "sweep_works"
    NIGHT_INTERRUPTED = "night_interrupted"  # a night's work that a killed process left
    CLOCK_STEPPED = "clock_stepped"  # our wall clock was set to another time
    SUPPLIER_CLOCK = "supplier_clock"  # it differs from ours
    KEY_ABANDONED = "key_abandoned"  # a lost key was given up, and the codes that it sealed


@dataclass(frozen=True, slots=True)
class Alert:
    """An open alert that was not sent yet; `data` holds plain figures."""

    key: str
    kind: AlertKind
    times: int  # how often it was opened
    opened_at: datetime
    data: dict[str, str]


class MoveState(StrEnum):
    """What a database knows of its last move (`hanout move`)."""

    ARRIVING = "arriving"  # filled from another one, which has not been given up yet
    ARRIVED = "arrived"  # the shop is here
    LEAVING = "leaving"  # written to a SQLite file, which may be in its place already
    MOVED = "moved"  # the shop is in the other one


@dataclass(frozen=True, slots=True)
class MoveMark:
    """The last move of a database, by an id that both databases have."""

    move_id: str
    state: MoveState
    place: str  # the other database, without a password
    machine: str  # on which the command ran
    at: datetime


class PauseReason(StrEnum):
    """Why nothing new is sold until an operator resumes selling."""

    AUDIT = "audit"  # the books contradict themselves


UpdateKey = tuple[int, int]  # the id of a bot, and of an update that Telegram gave to this bot
_IDENTITIES_BEGIN: Final = datetime(2020, 1, 1, tzinfo=UTC)
_ID_BITS: Final = 32  # Telegram's update ids have 31


def identity_of_update(update_id: int, received_at: datetime) -> int:
    """What tells an update from a later one with the same id; 63 bits, larger than any id.

    It fits until 2088: the seconds since 2020, then the id.
    """
    seconds = max(1, int((received_at - _IDENTITIES_BEGIN).total_seconds()))
    return seconds << _ID_BITS | update_id & ((1 << _ID_BITS) - 1)


@dataclass(frozen=True, slots=True)
class Leader:
    """The process that leads the shop, or led it last.

    `bot_id` is 0 until Telegram has accepted a bot's token. `instance` is its name in rows, `place` where it runs (host and process id). `epoch` counts leaders.
    """

    bot_id: int
    epoch: int
    instance: str
    place: str
    since: datetime


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An update of Telegram, sealed; `trouble` set: it cannot be read and is quarantined.

    `identity` is set by the inbox; None: an earlier version received it.
    """

    bot_id: int
    update_id: int
    chat_id: int | None
    payload: Sealed
    trouble: str | None = None
    identity: int | None = None

    @property
    def key(self) -> UpdateKey:
        return self.bot_id, self.update_id


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state of a customer's conversation; there is no row while no question is open."""

    user_id: int
    name: str
    state: str
    data: dict[str, int]


@dataclass(frozen=True, slots=True)
class Best:
    """A best-selling value."""

    title: str
    label: str
    codes: int
    sales_minor: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of a time span; money in minor units, waiting times in seconds."""

    orders: dict[str, int]  # by state
    sales_minor: int
    cost_minor: int
    codes: int
    median_seconds: float | None
    p95_seconds: float | None
    best: tuple[Best, ...]
    customers: dict[str, int]  # by language
    waiting: int  # orders that wait for the supplier
    suppliers: dict[str, tuple[int, int]] = field(default_factory=dict)  # sales and cost
    losses_minor: int = 0  # compensation for codes that were bad, by the time it was given

    @property
    def profit_minor(self) -> int:
        return self.sales_minor - self.cost_minor - self.losses_minor


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
