"""Every error of the shop, in one tree; errors carry data, never a text for a person.

HanoutError
├── Refused                      somebody asked for what cannot be; they can act on it
│   ├── NotFound                 also for what belongs to somebody else
│   ├── SoldOut
│   ├── QuantityOutOfRange       minimum, maximum
│   ├── QuoteExpired             quote
│   ├── WalletTooSmall           missing_minor
│   ├── SellingPaused
│   ├── RevealsUsedUp            limit
│   ├── TooManyReveals
│   ├── TooFast
│   ├── NothingToShow
│   ├── NotANumber
│   ├── BadCommand               usage
│   ├── UnknownCustomer          user_id
│   ├── NotRefundable            order_id
│   ├── AlreadyDecided
│   ├── AskedTooLongAgo          a confirmation that comes hours after its question
│   ├── CapReached               left_minor: what this operator may still move today
│   ├── AmountOutOfRange         least_minor, most_minor
│   ├── MethodOff                a way to pay that the shop does not offer, or not now
│   ├── TooManyPayments          payments, or orders that wait for one, that were begun and not paid
│   ├── TooManyReceipts
│   ├── NothingToPay             the order does not wait for money any more
│   ├── NotReturnable             missing_minor: the customer has spent it, or the way cannot do it
│   ├── ValueOutOfRange          lowest_minor, highest_minor, step_minor, currency
│   ├── NoPrice                  the supplier names none now
│   └── CannotLink
├── SupplierFailure              request, code, status, request_id
│   ├── NothingBought            certain: no order exists at the supplier
│   │   ├── OutOfStock
│   │   ├── InsufficientBalance
│   │   ├── RequestRefused       our bug, or a stale id
│   │   ├── AccessRefused        the key, the address or the account; opens the circuit
│   │   └── TryLater             retry_after_seconds; not sent, or refused at the edge
│   │       └── CircuitOpen
│   ├── UnknownAtSupplier        an id that the supplier does not know
│   ├── SupplierUnavailable      a reading call that failed; may be repeated
│   └── OutcomeUnknown           an order may exist: reconcile, never send again
├── NotGenuine                   a message that its supplier did not sign, or too long ago
├── PaymentFailure               code: a provider that gave no answer that helps; may be repeated
│   ├── MerchantRefused          the provider does not take payments for this shop
│   ├── PaymentGone              an expired link, or one that the provider does not know
│   └── RefundRefused          a final refusal to give a payment back
├── SendFailure                  a message to a person
│   ├── Unreachable              blocked, deactivated, or never started the bot
│   ├── SendLater                retry_after_seconds
│   └── Undeliverable            a final refusal by Telegram: a bug of ours
├── StorageFailure               the database cannot take a write (disk full, locked, read only)
├── ArchiveFailure               a backup that cannot be made or read, in words for the operator
├── VaultFailure                 a key is missing or wrong, or a ciphertext was altered
└── Invariant                    a bug: stop, alert, change nothing
    └── IllegalTransition        state, event
"""

from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


class HanoutError(Exception):
    """Root of everything that the shop raises on purpose."""


# --- what a person can act on -------------------------------------------------------------------


class Refused(HanoutError):
    """The request cannot be met; the person is told why, and nothing has changed."""


class NotFound(Refused):
    """No such thing, or not theirs: the two are told apart by nobody."""


def required(thing: T | None) -> T:
    """What was looked up. Raises NotFound where nothing was found."""
    if thing is None:
        raise NotFound
    return thing


class SoldOut(Refused):
    pass


@dataclass(eq=False)
class QuantityOutOfRange(Refused):
    minimum: int
    maximum: int


@dataclass(eq=False)
class QuoteExpired(Refused):
    denomination_id: int
    quantity: int


@dataclass(eq=False)
class WalletTooSmall(Refused):
    missing_minor: int


class SellingPaused(Refused):
    pass


@dataclass(eq=False)
class RevealsUsedUp(Refused):
    limit: int


class TooManyReveals(Refused):
    pass


class TooFast(Refused):
    pass


class NothingToShow(Refused):
    pass


class NotANumber(Refused):
    pass


@dataclass(eq=False)
class BadCommand(Refused):
    usage: str


@dataclass(eq=False)
class UnknownCustomer(Refused):
    user_id: int


@dataclass(eq=False)
class NotRefundable(Refused):
    order_id: int


class AlreadyDecided(Refused):
    pass


class AskedTooLongAgo(Refused):
    pass


@dataclass(eq=False)
class CapReached(Refused):
    left_minor: int


@dataclass(eq=False)
class AmountOutOfRange(Refused):
    least_minor: int
    most_minor: int


class NoPrice(Refused):
    pass


@dataclass(eq=False)
class ValueOutOfRange(Refused):
    """In hundredths of the currency."""

    lowest_minor: int
    highest_minor: int
    step_minor: int
    currency: str


class CannotLink(Refused):
    pass


class MethodOff(Refused):
    pass


class TooManyPayments(Refused):
    pass


class TooManyReceipts(Refused):
    pass


class NothingToPay(Refused):
    pass


@dataclass(eq=False)
class NotReturnable(Refused):
    missing_minor: int


# --- the supplier -------------------------------------------------------------------------------


@dataclass(eq=False)
class SupplierFailure(HanoutError):
    """A call that did not give what was asked; `code` is the supplier's, normalised."""

    request: str
    code: str = ""
    status: int = 0
    request_id: str = ""


class NothingBought(SupplierFailure):
    """Certain: the supplier holds no order for this request."""


class OutOfStock(NothingBought):
    pass


class InsufficientBalance(NothingBought):
    pass


class RequestRefused(NothingBought):
    pass


class AccessRefused(NothingBought):
    pass


@dataclass(eq=False)
class TryLater(NothingBought):
    """Not sent, or refused before any work; the same call may be sent again."""

    retry_after_seconds: float = 5.0


class CircuitOpen(TryLater):
    """Not sent: an earlier refusal of the key stopped every call."""


class UnknownAtSupplier(SupplierFailure):
    pass


class SupplierUnavailable(SupplierFailure):
    pass


class OutcomeUnknown(SupplierFailure):
    pass


class NotGenuine(HanoutError):
    """A message that its supplier did not sign, or too long ago."""


# --- providers of payments ----------------------------------------------------------------------


@dataclass(eq=False)
class PaymentFailure(HanoutError):
    code: str = ""


class MerchantRefused(PaymentFailure):
    pass


class PaymentGone(PaymentFailure):
    pass


class RefundRefused(PaymentFailure):
    pass


# --- messages -----------------------------------------------------------------------------------


class SendFailure(HanoutError):
    pass


class Unreachable(SendFailure):
    pass


@dataclass(eq=False)
class SendLater(SendFailure):
    retry_after_seconds: float


class Undeliverable(SendFailure):
    pass


# --- ourselves ----------------------------------------------------------------------------------


class StorageFailure(HanoutError):
    pass


class ArchiveFailure(HanoutError):
    pass


class VaultFailure(HanoutError):
    pass


class Invariant(HanoutError):
    pass


@dataclass(eq=False)
class IllegalTransition(Invariant):
    state: str
    event: str
