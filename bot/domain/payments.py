"""Payments into wallets: methods, states, and what a provider's report means.

A payment fills a wallet and never pays an order: `order_id` only tells for which order it is meant.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypedDict

from bot.domain.money import MINOR_PER_UNIT
from bot.errors import IllegalTransition
from bot.refusals import AmountOutOfRange

_REFERENCE: Final = "HN"
_LARGE_MINOR: Final = 20_000 * MINOR_PER_UNIT
LONGEST_LIFETIME: Final = timedelta(days=3)  # of any method: how long a payment waits for its money


class Method(StrEnum):
    TRANSFER = "transfer"  # CCP, BaridiMob, cash: an operator checks a receipt
    OCPAY = "ocpay"  # an Algerian bank card, on a hosted page
    STARS = "stars"  # Telegram's own currency
    CHARGILY = "chargily"  # EDAHABIA and CIB cards, on a hosted page


class Shown(StrEnum):
    """What a customer is shown of a payment that was started."""

    INSTRUCTIONS = "instructions"  # where to pay, and to send a receipt
    LINK = "link"  # a hosted page
    INVOICE = "invoice"  # a message of its own, beside an invoice of Telegram's


class PaymentState(StrEnum):
    OPEN = "open"  # the customer can pay; no money has come
    REVIEW = "review"  # operators have a receipt to decide on
    HELD = "held"  # reported as paid with a Doubt; an operator decides
    CREDITED = "credited"  # in the wallet
    REJECTED = "rejected"  # an operator found no money
    EXPIRED = "expired"  # not paid in time; late payments are still credited
    RETURNING = "returning"  # out of the wallet; the provider is asked to refund it
    RETURNED = "returned"


class PaymentEvent(StrEnum):
    SUBMIT = "submit"  # a receipt was sent
    CONFIRM = "confirm"  # the money is there
    DOUBT = "doubt"
    REJECT = "reject"
    EXPIRE = "expire"
    START_REFUND = "start_refund"
    COMPLETE_REFUND = "complete_refund"
    CANCEL_REFUND = "cancel_refund"  # the provider refused
    CHARGE_BACK = "charge_back"  # the provider returned it without a request of ours


S, E = PaymentState, PaymentEvent

TRANSITIONS: Final[Mapping[tuple[PaymentState, PaymentEvent], PaymentState]] = MappingProxyType(
    {
        (S.OPEN, E.SUBMIT): S.REVIEW,
        (S.OPEN, E.CONFIRM): S.CREDITED,
        (S.OPEN, E.DOUBT): S.HELD,
        (S.OPEN, E.EXPIRE): S.EXPIRED,
        (S.REVIEW, E.SUBMIT): S.REVIEW,
        (S.REVIEW, E.CONFIRM): S.CREDITED,
        (S.REVIEW, E.REJECT): S.REJECTED,
        (S.HELD, E.CONFIRM): S.CREDITED,
        (S.HELD, E.REJECT): S.REJECTED,
        (S.EXPIRED, E.SUBMIT): S.REVIEW,
        (S.EXPIRED, E.CONFIRM): S.CREDITED,
        (S.EXPIRED, E.DOUBT): S.HELD,
        (S.REJECTED, E.SUBMIT): S.REVIEW,
        (S.CREDITED, E.START_REFUND): S.RETURNING,
        (S.CREDITED, E.CHARGE_BACK): S.RETURNED,
        (S.RETURNING, E.COMPLETE_REFUND): S.RETURNED,
        (S.RETURNING, E.CANCEL_REFUND): S.CREDITED,
    }
)

UNPAID_STATES: Final = frozenset({S.OPEN, S.EXPIRED})
DECIDABLE_STATES: Final = frozenset({S.REVIEW, S.HELD})
PAID_STATES: Final = frozenset({S.CREDITED, S.RETURNING, S.RETURNED})


def next_state(state: PaymentState, event: PaymentEvent) -> PaymentState:
    """The state after the event. Raises IllegalTransition for a pair that is not in the table."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise IllegalTransition(state, event) from None


class Doubt(StrEnum):
    """Why a payment that is reported as paid is held for an operator."""

    AMOUNT = "amount"  # another amount than was asked for
    SANDBOX = "sandbox"  # test money in a real shop, or the report does not say which
    REFERENCE = "reference"  # the report names another payment
    DETAILS = "details"  # the report has no amount
    FORGOTTEN = "forgotten"  # its customer was forgotten: no wallet of theirs takes it
    UNCLAIMED = "unclaimed"  # the provider lists it, and its message never came
    LISTED = "listed"  # the provider lists it as paid, and never reported it


class Rejection(StrEnum):
    """Why a payment was rejected; the customer is told it in words."""

    NOT_RECEIVED = "not_received"
    UNREADABLE = "unreadable"
    USED = "used"  # the receipt belongs to another payment
    OTHER = "other"  # in the operator's own words


def rejections_of(method: Method) -> tuple[Rejection, ...]:
    """The reasons that a payment of this method can be rejected for: only transfers have receipts."""
    if method is Method.TRANSFER:
        return tuple(Rejection)
    return (Rejection.NOT_RECEIVED, Rejection.OTHER)


class ReceiptKind(StrEnum):
    PHOTO = "photo"
    DOCUMENT = "document"


def reference_of(payment_id: int | str) -> str:
    """The reference that a customer writes on a transfer, and an operator searches for: `HN12`."""
    return f"{_REFERENCE}{payment_id}"


def payment_of(reference: str) -> str:
    """The text of the id in a typed reference: `hn12` or `12` gives `12`."""
    return reference.strip().upper().removeprefix(_REFERENCE)


def names_payment(text: str) -> bool:
    """Whether a word of a text has the form of a payment's reference."""
    return re.search(rf"(?<!\w){_REFERENCE}\d+(?!\w)", text, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Payment:
    id: int
    user_id: int
    method: Method
    state: PaymentState
    order_id: int | None  # the order that it is meant for
    asked_minor: int
    stars: int  # Stars that were asked for, or paid; 0 for other methods
    paid_minor: int  # what was credited, or what the provider reports
    external_id: str | None  # the provider's id of it; unique for each method
    url: str | None
    created_at: datetime
    expires_at: datetime
    due_at: datetime | None  # when the provider has to be asked next
    attempts: int
    settled_at: datetime | None
    decided_by: int | None
    reason: str
    message_id: int | None
    fee_minor: int = 0  # of one that is held: what the provider says that it keeps

    @property
    def reference(self) -> str:
        return reference_of(self.id)


class PaymentChanges(TypedDict, total=False):
    """The fields of a payment that may change; its state changes only by a transition."""

    stars: int
    paid_minor: int
    fee_minor: int
    external_id: str
    url: str | None
    due_at: datetime | None
    attempts: int
    settled_at: datetime
    decided_by: int
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A picture or file that a customer sent as proof; equal files have equal `unique_id`s."""

    payment_id: int
    kind: ReceiptKind
    file_id: str
    unique_id: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The smallest and largest payment of a method, in minor units.

    Above `ceiling_minor` a payer's own card may refuse without a word; 0: no ceiling is known.
    """

    least_minor: int
    most_minor: int
    ceiling_minor: int = 0

    def allow(self, amount_minor: int) -> bool:
        """Whether the amount is within the limits."""
        return self.least_minor <= amount_minor <= self.most_minor

    def check(self, amount_minor: int) -> None:
        """Raises AmountOutOfRange."""
        if not self.allow(amount_minor):
            raise AmountOutOfRange(self.least_minor, self.most_minor)

    def may_be_refused(self, amount_minor: int) -> bool:
        """Whether the payer's card may have a ceiling below this amount."""
        return 0 < self.ceiling_minor < amount_minor

    def could_be_centimes(self, amount_minor: int) -> bool:
        """Whether a typed amount may have been counted in centimes, so that it is asked back.

        It is at least 20,000 dinars, which many people call two million, or a tenth of the largest
        payment; and a hundredth of it would be taken too.
        """
        hundredth = amount_minor // MINOR_PER_UNIT
        large = min(_LARGE_MINOR, -(-self.most_minor // 10))
        return amount_minor >= large and hundredth >= self.least_minor

    def whole_dinars(self, amount_minor: int) -> "Charge":
        """The charge of a method that takes whole dinars only: at least the amount and the minimum.

        Raises AmountOutOfRange.
        """
        wanted = max(amount_minor, self.least_minor)
        amount = -(-wanted // MINOR_PER_UNIT) * MINOR_PER_UNIT
        self.check(amount)
        return Charge(amount)


@dataclass(frozen=True, slots=True)
class Charge:
    """What a customer is asked to pay so that `amount_minor` is credited."""

    amount_minor: int
    stars: int = 0


@dataclass(frozen=True, slots=True)
class StartedPayment:
    """A provider's id and link of a payment that was created there.

    `sandbox`: whether it takes test money; None where the provider does not say.
    """

    external_id: str | None = None
    url: str | None = None
    sandbox: bool | None = None


class ReportStatus(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    FAILED = "failed"  # refused, cancelled or expired


@dataclass(frozen=True, slots=True)
class PaymentReport:
    """What a provider reports of a payment; None for what it leaves out.

    `fee_minor` is what the provider keeps of it; 0 where it does not say.
    """

    status: ReportStatus
    external_id: str | None = None
    amount_minor: int | None = None
    sandbox: bool | None = None
    fee_minor: int = 0


@dataclass(frozen=True, slots=True)
class ListedPayment:
    """A payment in a provider's own list of what was paid.

    `reference` is what the shop wrote on it, or empty; `at` is when the provider knew it first.
    """

    external_id: str
    amount_minor: int | None
    reference: str
    at: datetime
    sandbox: bool | None = None


@dataclass(frozen=True, slots=True)
class PaymentRing:
    """A provider's message that something happened to a payment; it says no more than that."""

    event_id: str
    external_id: str


@dataclass(frozen=True, slots=True)
class PaymentVerdict:
    """What a report means for a payment; `event` None: nothing changes yet.

    `paid_minor` is 0 where the report has no amount.
    """

    event: PaymentEvent | None
    paid_minor: int = 0
    doubt: Doubt | None = None
    fee_minor: int = 0


def judge(payment: Payment, report: PaymentReport, *, sandbox: bool) -> PaymentVerdict:
    """What to do with a provider's report. `sandbox`: this is a test shop, which takes test money.

    Source: OneClickDz "OCPay check payment": it finds test payments and real ones alike, whatever
    the key, so the environment, the amount and the reference are all compared.
    """
    if report.status is ReportStatus.PENDING:
        return PaymentVerdict(None)
    if report.status is ReportStatus.FAILED:
        return PaymentVerdict(E.EXPIRE if payment.state is S.OPEN else None)
    doubt = _doubt(payment, report, sandbox=sandbox)
    reported = report.amount_minor or 0  # what was asked is no report
    fee = report.fee_minor if 0 < report.fee_minor < (reported or payment.asked_minor) else 0
    return PaymentVerdict(E.DOUBT if doubt else E.CONFIRM, reported, doubt, fee)


def _doubt(payment: Payment, report: PaymentReport, *, sandbox: bool) -> Doubt | None:
    if report.external_id != payment.external_id:
        return Doubt.REFERENCE
    if report.amount_minor is None:
        return Doubt.DETAILS
    if not sandbox and report.sandbox is not False:
        return Doubt.SANDBOX
    return Doubt.AMOUNT if report.amount_minor != payment.asked_minor else None


@dataclass(frozen=True, slots=True)
class StarMovement:
    """One movement of Stars as Telegram lists it; `back`: it went back to the payer."""

    charge_id: str
    user_id: int | None
    stars: int
    payload: str
    at: datetime
    back: bool


@dataclass(frozen=True, slots=True)
class StarRate:
    """What one Star is worth, in minor units."""

    minor: int

    def stars_for(self, amount_minor: int) -> int:
        """The fewest Stars that are worth this amount."""
        return -(-amount_minor // self.minor)

    def worth(self, stars: int) -> int:
        """In minor units."""
        return stars * self.minor
