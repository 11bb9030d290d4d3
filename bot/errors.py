"""Every error of the shop, in one tree; errors carry data, never text for a customer.

HanoutError
├── Refused                      a request that cannot be met, by its reason: bot/refusals.py
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
│       └── BadFile              it refuses the file in it, to whomever it is sent
├── StorageFailure               the database cannot write (disk full, locked, read only)
│   ├── StorageOutage            it cannot be reached now: nothing was changed
│   ├── StorageConflict          others worked on the same rows: nothing was changed, to be repeated
│   ├── CommitUnknown            the answer to a commit is lost: it may have been changed
│   ├── NotLeading               another process leads the shop now: nothing was changed
│   ├── DatabaseInUse            a command needs the database alone, and a shop runs on it
│   └── NoShop                   a command needs a shop, and the database has none; the text says where
├── TriedLater                   work that did not succeed, and has stored itself when it is tried again
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

from dataclasses import dataclass


class HanoutError(Exception):
    """Base class of all errors that the shop raises itself."""


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


class BadFile(Undeliverable):
    """Telegram finally refuses the file that a message carries, to whomever it is sent."""


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


class NoShop(StorageFailure):
    pass


class TriedLater(HanoutError):
    """Raised by work that did not succeed, and has stored itself when it is tried again.

    It is neither a failure, which would be postponed and counted a second time, nor a success, which
    would close the alert about it.
    """


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
