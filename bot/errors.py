"""Every error of the shop, in one tree; errors carry data, never text for a customer.

HanoutError
├── Refused                      a request that cannot be met; the person can act on it
│   ├── NotFound                 also for what belongs to another customer
│   │   └── NotSold              an operator keeps it off the shelf
│   ├── SoldOut
│   ├── QuantityOutOfRange       minimum, maximum
│   ├── QuoteExpired             denomination_id, quantity
│   ├── WalletTooSmall           missing_minor
│   ├── SellingPaused            reason, texts
│   ├── Banned                   the shop serves them no more
│   ├── NotBannable              an operator
│   ├── NotHireable              why: an owner, banned, unknown to the bot, or one too many
│   ├── NoteRefused              longest, most
│   ├── RevealsUsedUp            limit
│   ├── TooManyReveals
│   ├── BeingShown
│   ├── TooFast
│   ├── NothingToShow
│   ├── CodesLost                the key that sealed them was given up
│   ├── OtherCurrency            asked, typed: codes of currencies, or `centimes`
│   ├── BadCommand               usage
│   ├── UnknownCustomer          user_id
│   ├── UnknownRecord            name, as the operator typed it: no order, payment or product
│   ├── DebitTooLarge            user_id, balance_minor: an operator's debit is above the balance
│   ├── NotRefundable            order_id
│   ├── AlreadyDecided
│   ├── AskedTooLongAgo          a confirmation that came hours after the question
│   ├── CapReached               left_minor: what this operator may still move today
│   ├── PricesChanged            others changed these price rules since they were shown
│   ├── PriceMoveTooLarge        percent: what a manager may move a price in a day
│   ├── AmountOutOfRange         least_minor, most_minor
│   ├── MethodOff                a payment method that is not configured, or paused
│   ├── TooManyPayments          too many payments, or orders that wait for one, are still unpaid
│   ├── TooManyReceipts
│   ├── NothingToPay             the order does not wait for a payment any more
│   ├── NotReturnable            missing_minor: spent already, or the method has no refunds
│   ├── CustomerForgotten        reference of the payment whose customer was forgotten
│   ├── ValueOutOfRange          lowest_minor, highest_minor, step_minor, currency
│   ├── NoPrice                  the supplier has no price for the value now
│   ├── CannotLink
│   ├── BadName                  longest: a name of an operator's that is empty or too long
│   ├── BadGuide                 fault: empty, long, or an address within the text
│   ├── NameTaken                another product of the category, or category, reads the same
│   ├── NotEnded                 month: its books are closed when it is over
│   └── BadCodes                 fault, line: a file of own codes that is not loaded
├── SupplierFailure              request, code, status, request_id
│   ├── NothingBought            certain: no order exists at the supplier
│   │   ├── OutOfStock
│   │   ├── InsufficientBalance
│   │   ├── RequestRefused       a bug of ours, or an id that is out of date
│   │   ├── AccessRefused        the key, the address or the account; opens the circuit
│   │   └── TryLater             retry_after_seconds; not sent, or rejected by the rate limit
│   │       └── CircuitOpen
│   ├── UnknownAtSupplier        an id that the supplier does not know
│   ├── SupplierUnavailable      a read that failed; may be repeated
│   └── OutcomeUnknown           an order may exist: reconcile, never send a new request
├── NotGenuine                   a webhook message with a wrong or too old signature
├── PaymentFailure               code: no usable answer of the provider; may be repeated
│   ├── MerchantRefused          the provider does not accept payments for this shop
│   ├── PaymentGone              a link that expired, or that the provider does not know
│   └── RefundRefused            the provider finally refuses to refund a payment
├── SendFailure                  a message to a person was not sent
│   ├── Unreachable              blocked, deactivated, or never started the bot
│   ├── SendLater                retry_after_seconds
│   └── Undeliverable            Telegram finally refuses the message: a bug of ours
├── StorageFailure               the database cannot write (disk full, locked, read only)
│   ├── StorageOutage            it cannot be reached now: nothing was changed
│   ├── StorageConflict          others worked on the same rows: nothing was changed, to be repeated
│   ├── CommitUnknown            the answer to a commit is lost: it may have been changed
│   ├── NotLeading               another process leads the shop now: nothing was changed
│   └── DatabaseInUse            a command needs the database alone, and a shop runs on it
├── FileRefused                  a file of the catalogue is not applied; its text is for the operator
├── NotTied                      differences: a month of the books that does not add up
├── ExportFailure                a file of a month cannot be made; its text is for the log
├── NoPicture                    figures cannot be drawn now; its text is for the log
├── ArchiveFailure               a backup cannot be made or read; its text is for the operator
├── DatabaseMoved                the shop has moved to another database; the text says where
├── VaultFailure                 a key is missing or wrong, or a ciphertext was altered
│   └── KeyMissing               HANOUT_KEYS, as the process read them, lack the key
└── Invariant                    a bug: stop, alert, change nothing
    └── IllegalTransition        state, event
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


class HanoutError(Exception):
    """Base class of all errors that the shop raises itself."""


class Refused(HanoutError):
    """The request cannot be met: nothing has changed, and the person is told the reason."""


class NotFound(Refused):
    """It does not exist or belongs to another customer; the two must look the same to them."""


class NotSold(NotFound):
    """An operator keeps it off the shelf: nothing of it is offered or sold."""


def required(thing: T | None) -> T:
    """The result of a look-up. Raises NotFound for None."""
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


@dataclass(eq=False)
class SellingPaused(Refused):
    """`reason` and `texts`, by locale: what customers read of a pause by hand."""

    reason: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


class Banned(Refused):
    """The shop serves this person no more; what they paid for stays theirs."""


class NotBannable(Refused):
    """Operators cannot be banned."""


@dataclass(eq=False)
class NotHireable(Refused):
    """`why`: `owner`, `banned`, `full`, or `unknown`, which is also somebody who blocked the bot."""

    why: str


@dataclass(eq=False)
class NoteRefused(Refused):
    longest: int
    most: int


@dataclass(eq=False)
class RevealsUsedUp(Refused):
    limit: int


class BeingShown(Refused):
    """Codes of the order are being sent at this moment."""


class TooManyReveals(Refused):
    pass


class TooFast(Refused):
    pass


class NothingToShow(Refused):
    pass


class CodesLost(Refused):
    """The key that sealed the codes of an order is lost, and was given up."""


@dataclass(eq=False)
class OtherCurrency(Refused):
    asked: str
    typed: str


@dataclass(eq=False)
class BadCommand(Refused):
    usage: str


@dataclass(eq=False)
class UnknownCustomer(Refused):
    user_id: int


@dataclass(eq=False)
class UnknownRecord(Refused):
    name: str


@dataclass(eq=False)
class DebitTooLarge(Refused):
    user_id: int
    balance_minor: int


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


class PricesChanged(Refused):
    """These price rules are not those any more that the operator was shown."""


@dataclass(eq=False)
class PriceMoveTooLarge(Refused):
    """Managers may move a value's price by so many percent on one day of the shop, all together."""

    percent: int


@dataclass(eq=False)
class AmountOutOfRange(Refused):
    least_minor: int
    most_minor: int


class NoPrice(Refused):
    pass


@dataclass(eq=False)
class ValueOutOfRange(Refused):
    """Limits and step in hundredths of the currency."""

    lowest_minor: int
    highest_minor: int
    step_minor: int
    currency: str


class CannotLink(Refused):
    pass


@dataclass(eq=False)
class BadName(Refused):
    longest: int


@dataclass(eq=False)
class BadGuide(Refused):
    """How codes are redeemed, as an operator typed it. `fault`: `empty`, `long` or `address`."""

    fault: str


class NameTaken(Refused):
    """Something else beside it reads the same in one of the languages."""


@dataclass(eq=False)
class BadCodes(Refused):
    """Nothing of it is stored; `line` is 0 where the fault is none of a single line."""

    fault: str
    line: int


@dataclass(eq=False)
class NotEnded(Refused):
    month: str


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


@dataclass(eq=False)
class CustomerForgotten(Refused):
    reference: str


@dataclass(eq=False)
class SupplierFailure(HanoutError):
    """A call that failed; `code` is the supplier's error code in upper case."""

    request: str
    code: str = ""
    status: int = 0
    request_id: str = ""


class NothingBought(SupplierFailure):
    """It is certain that the supplier has no order for this request."""


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
    """Not sent, or rejected before any work was done; the same call may be sent again."""

    retry_after_seconds: float = 5.0


class CircuitOpen(TryLater):
    """Not sent: the key was refused earlier, and the circuit is open."""


class UnknownAtSupplier(SupplierFailure):
    pass


class SupplierUnavailable(SupplierFailure):
    pass


class OutcomeUnknown(SupplierFailure):
    pass


class NotGenuine(HanoutError):
    """A webhook message whose signature is wrong or too old."""


@dataclass(eq=False)
class PaymentFailure(HanoutError):
    code: str = ""


class MerchantRefused(PaymentFailure):
    pass


class PaymentGone(PaymentFailure):
    pass


class RefundRefused(PaymentFailure):
    pass


class SendFailure(HanoutError):
    pass


class Unreachable(SendFailure):
    pass


@dataclass(eq=False)
class SendLater(SendFailure):
    retry_after_seconds: float


class Undeliverable(SendFailure):
    pass


class StorageFailure(HanoutError):
    pass


class StorageOutage(StorageFailure):
    pass


class StorageConflict(StorageFailure):
    pass


class CommitUnknown(StorageFailure):
    pass


class NotLeading(StorageFailure):
    pass


class DatabaseInUse(StorageFailure):
    pass


class FileRefused(HanoutError):
    """Nothing of the file was applied; the text names the line."""


class NotTied(HanoutError):
    def __init__(self, differences: tuple[str, ...]) -> None:
        super().__init__("; ".join(differences))
        self.differences = differences


class ExportFailure(HanoutError):
    pass


class NoPicture(HanoutError):
    pass


class ArchiveFailure(HanoutError):
    pass


class DatabaseMoved(HanoutError):
    pass


class VaultFailure(HanoutError):
    pass


class KeyMissing(VaultFailure):
    """Nothing is known of the ciphertext: with its key it may open."""


class Invariant(HanoutError):
    pass


@dataclass(eq=False)
class IllegalTransition(Invariant):
    state: str
    event: str
