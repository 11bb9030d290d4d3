"""Orders, their states, and the table of all transitions between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypedDict

from bot.domain.supplier import Environment, Purchase
from bot.errors import IllegalTransition


class OrderState(StrEnum):
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    PLACING = "placing"
    UNCONFIRMED = "unconfirmed"
    HANDLING = "handling"
    FULFILLED = "fulfilled"
    PARTIAL = "partial"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class OrderEvent(StrEnum):
    PAY = "pay"
    CANCEL = "cancel"
    EXPIRE = "expire"
    SEND = "send"  # the intent is committed, the call follows
    DEFER = "defer"  # certainly not bought; it is tried again
    LOSE = "lose"  # the answer is lost: an order may exist
    ACCEPT = "accept"  # the supplier's order id is known
    REFUSE = "refuse"  # certainly not bought; it is not tried again
    FILL = "fill"
    FILL_PART = "fill_part"
    RETURN = "return"  # the supplier delivered nothing and charged nothing
    RELEASE = "release"  # an operator refunds the order


S, E = OrderState, OrderEvent

TRANSITIONS: Final[Mapping[tuple[OrderState, OrderEvent], OrderState]] = MappingProxyType(
    {
        (S.AWAITING_PAYMENT, E.PAY): S.PAID,
        (S.AWAITING_PAYMENT, E.CANCEL): S.CANCELLED,
        (S.AWAITING_PAYMENT, E.EXPIRE): S.EXPIRED,
        (S.PAID, E.SEND): S.PLACING,
        (S.PAID, E.REFUSE): S.REFUNDED,
        (S.PAID, E.RELEASE): S.REFUNDED,
        (S.PLACING, E.ACCEPT): S.HANDLING,
        (S.PLACING, E.DEFER): S.PAID,
        (S.PLACING, E.REFUSE): S.REFUNDED,
        (S.PLACING, E.LOSE): S.UNCONFIRMED,
        # A call whose answer counted as lost (after a restart) may still get its answer.
        (S.UNCONFIRMED, E.ACCEPT): S.HANDLING,
        (S.UNCONFIRMED, E.DEFER): S.PAID,
        (S.UNCONFIRMED, E.REFUSE): S.REFUNDED,
        (S.UNCONFIRMED, E.RELEASE): S.REFUNDED,
        (S.HANDLING, E.FILL): S.FULFILLED,
        (S.HANDLING, E.FILL_PART): S.PARTIAL,
        (S.HANDLING, E.RETURN): S.REFUNDED,
        (S.HANDLING, E.RELEASE): S.REFUNDED,
    }
)

OPEN_STATES: Final = frozenset({S.AWAITING_PAYMENT, S.PAID, S.PLACING, S.UNCONFIRMED, S.HANDLING})
FINAL_STATES: Final = frozenset(S) - OPEN_STATES
WAITING_STATES: Final = frozenset({S.PAID, S.PLACING, S.UNCONFIRMED, S.HANDLING})


def next_state(state: OrderState, event: OrderEvent) -> OrderState:
    """The state after the event. Raises IllegalTransition for a pair that is not in the table."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(state, event) from None


class ReturnReason(StrEnum):
    """Why an order was refunded; the customer is told it in words."""

    SOLD_OUT = "sold_out"
    PRICE_ROSE = "price_rose"
    NOT_AVAILABLE = "not_available"  # the supplier refused or returned it
    SUPPLIER_DOWN = "supplier_down"  # it could not be bought in time
    OPERATOR = "operator"


class Attention(StrEnum):
    """Why an operator has to look at an order."""

    NOT_FOUND = "not_found"  # the answer was lost and no trace of the order is found
    CONTRADICTION = "contradiction"  # status, counts and codes do not agree
    DUPLICATE_CODE = "duplicate_code"  # a code that another order already holds
    SANDBOX_CODE = "sandbox_code"  # a test code for a real order
    SURPLUS = "surplus"  # more codes came than were ordered


class Stage(StrEnum):
    """What the customer of a paid order is told that it waits for (see bot/domain/waiting.py)."""

    WAITING = "waiting"
    SLOW = "slow"  # longer than usual
    HELD = "held"  # our balance at the supplier is too low
    SEARCHING = "searching"  # the answer to the purchase is lost
    SUPPORT = "operator"  # an operator looks at it


@dataclass(frozen=True, slots=True)
class Quote:
    """The price that a confirm screen promised, until `expires_at`; used once."""

    id: int
    user_id: int
    denomination_id: int
    quantity: int
    unit_price_minor: int
    unit_cost_minor: int
    highest_cost_minor: int  # of one code: above it the order is refunded instead of bought
    expires_at: datetime
    used: bool
    # What was promised, as the supplier named it when the quote was made.
    label: str = ""
    face_minor: int | None = None  # in hundredths of `currency`; None: unknown
    currency: str = ""

    @property
    def total_minor(self) -> int:
        return self.unit_price_minor * self.quantity


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase. Names and prices are copies: the catalogue may change after the order."""

    id: int
    user_id: int
    quote_id: int
    product_id: int
    denomination_id: int
    product_title: str
    denomination_label: str
    quantity: int
    unit_price_minor: int
    unit_cost_minor: int
    highest_cost_minor: int
    environment: Environment
    state: OrderState
    supplier: str
    supplier_product_id: str
    supplier_type_id: str
    supplier_order_id: str | None
    created_at: datetime
    paid_at: datetime | None
    sent_at: datetime | None  # when the intent to buy was committed
    accepted_at: datetime | None
    settled_at: datetime | None
    due_at: datetime | None  # when a sweep has to handle it next
    attempts: int  # in the present state
    delivered_quantity: int
    returned_minor: int
    cost_minor: int  # what the supplier charged for the delivered codes
    return_reason: ReturnReason | None
    attention: Attention | None
    alerted_stuck: bool  # the operators were
    status_message_id: int | None
    stage: Stage = Stage.WAITING  # that the status message says
    tell_at: datetime | None = None  # when it is looked whether it has to say another

    @property
    def total_minor(self) -> int:
        return self.unit_price_minor * self.quantity

    @property
    def purchase(self) -> Purchase:
        return Purchase(self.supplier_product_id, self.supplier_type_id, self.quantity)

    @property
    def is_delivered(self) -> bool:
        """Whether the customer has all codes that were not refunded."""
        settled = self.delivered_quantity * self.unit_price_minor + self.returned_minor
        return self.delivered_quantity > 0 and settled == self.total_minor

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class OrderChanges(TypedDict, total=False):
    """The fields of an order that may change; its state changes only by a transition."""

    supplier_order_id: str
    paid_at: datetime
    sent_at: datetime | None
    accepted_at: datetime
    settled_at: datetime
    due_at: datetime | None
    attempts: int
    delivered_quantity: int
    returned_minor: int
    cost_minor: int
    return_reason: ReturnReason | None
    attention: Attention | None
    alerted_stuck: bool
    stage: Stage
    tell_at: datetime | None
