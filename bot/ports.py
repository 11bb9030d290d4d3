"""The world outside the shop: its clock and keys, suppliers, people, money, and where backups lie."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.domain.catalogue import Denomination
from bot.domain.code_messages import CodeMessage
from bot.domain.orders import Order
from bot.domain.payments import (
    Charge,
    Limits,
    Method,
    Payment,
    PaymentReport,
    Receipt,
    StarMovement,
    StartedPayment,
)
from bot.domain.records import (
    Customer,
    Sealed,
    SentCodeMessage,
)
from bot.domain.supplier import (
    KeyInfo,
    Movement,
    OfferedCategory,
    OfferedDenomination,
    ProductOffer,
    Purchase,
    PurchaseRequest,
    Rate,
    SupplierEvent,
    SupplierOrder,
    SupplierPolicy,
)


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class Vault(Protocol):
    """Custody of secrets. A ciphertext opens only in the place (row and field) it was sealed for."""

    @property
    def newest(self) -> str:
        """The id of the key that seals."""
        ...

    def holds(self, key_id: str) -> bool:
        """Whether a key of this id is in hand."""
        ...

    def seal(self, secret: str, place: str) -> Sealed: ...

    def open(self, sealed: Sealed, place: str) -> str:
        """Raises VaultFailure where the key is missing, or the text was altered or moved."""
        ...

    def fingerprints(self, secret: str) -> tuple[bytes, ...]:
        """Keyed hashes, one for each key, the newest first: equal secrets can be noticed."""
        ...


class Supplier(Protocol):
    """One supplier's API. Every failure is a SupplierFailure; only `buy` and `repeat` raise
    OutcomeUnknown. Money is in the shop's minor units, whatever the supplier counts in."""

    name: str
    policy: SupplierPolicy

    @property
    def rate(self) -> Rate | None:
        """None where the supplier counts in the shop's own currency."""
        ...

    @property
    def refusal(self) -> str | None:
        """The code with which the key was refused, while the circuit is open."""
        ...

    @property
    def silent_since(self) -> datetime | None:
        """Since when no call has got a sensible answer; None while they do."""
        ...

    async def validate(self) -> KeyInfo:
        """Ask what our key may do. The one call that goes out while the circuit is open."""
        ...

    async def catalogue(self) -> tuple[OfferedCategory, ...]: ...

    async def product(
        self, supplier_product_id: str, *, urgent: bool = False, purchase: Purchase | None = None
    ) -> ProductOffer:
        """Prices and stock now; `urgent` when an order waits for it.

        With a `purchase` the price of that one is wanted, for its quantity: an adapter that has to ask for
        each price by itself then asks for no other, and says so in `only`.
        """
        ...

    async def price_value(
        self, supplier_product_id: str, of_range: Denomination, value_minor: int
    ) -> OfferedDenomination:
        """What a value costs that a customer typed, in hundredths of the range's currency."""
        ...

    def build_request(self, purchase: Purchase, order_id: int) -> PurchaseRequest:
        """What `buy` sends for an order of ours. Two calls are two requests."""
        ...

    async def buy(
        self, request: PurchaseRequest, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        """Place an order once and return the supplier's id of it. Never repeats by itself.

        `commit_intent` is awaited when the call's turn has come, right before it leaves; where it
        says False nothing is sent and None is returned.
        """
        ...

    async def repeat(self, request: PurchaseRequest) -> str:
        """Send a request whose answer was lost once more, byte for byte: the supplier orders once.

        Only within `policy.repeats_for` of the first try.
        """
        ...

    async def order(self, supplier_order_id: str, purchase: Purchase) -> SupplierOrder:
        """An order and its codes; `purchase` tells what codes have to have."""
        ...

    async def orders(self, since: datetime, until: datetime) -> tuple[SupplierOrder, ...]:
        """All orders of the time window, in any order; with codes where `policy` says so."""
        ...

    async def balance(self) -> int: ...
    async def close(self) -> None: ...

    async def movements(self, since: datetime, until: datetime) -> tuple[Movement, ...]:
        """What the supplier booked on our account for orders, in any order."""
        ...


class EventReader(Protocol):
    """Checks and reads what a supplier sends us by itself."""

    def __call__(self, headers: Mapping[str, str], body: bytes) -> SupplierEvent:
        """Header names in lower case. Raises NotGenuine."""
        ...


class Sender(Protocol):
    """Messages to people, rendered in their language. Failures are SendFailure."""

    async def send_codes(
        self, customer: Customer, order: Order, code_message: CodeMessage, *, again: bool
    ) -> int:
        """Send one message of codes and return its message id; `again` for a repeated showing."""
        ...

    async def mask_codes(
        self,
        customer: Customer,
        order: Order,
        message: SentCodeMessage,
        masks: Sequence[str],
        first: int,
    ) -> None:
        """Turn a message of codes into a receipt; `first` is the place of its first code in the order."""
        ...

    async def send_returned(self, customer: Customer, order: Order, wallet_minor: int) -> None: ...

    async def update_status(self, customer: Customer, order: Order, step: str) -> None:
        """Edit the order's status message to its present state; nothing where there is none.

        `step` tells why an open order waits: "slow", "held", or "" for the usual.
        """
        ...

    async def send_credited(self, customer: Customer, data: Mapping[str, str]) -> None: ...

    async def send_alert(self, customer: Customer, data: Mapping[str, str]) -> None: ...

    async def send_payment(self, customer: Customer, payment: Payment, note: "PaymentNote") -> None:
        """Tell a customer what became of a payment."""
        ...

    async def send_receipt(
        self, operator: Customer, payment: Payment, receipt: Receipt, same: Sequence[Payment]
    ) -> None:
        """Show an operator a receipt to decide on; `same`: other payments that it was sent for."""
        ...

    async def send_reminder(
        self, customer: Customer, order: Order, expires_at: datetime, days: int
    ) -> None:
        """Tell a customer that codes of theirs expire, in so many days."""
        ...

    async def send_ended(self, customer: Customer, order: Order, wallet_minor: int) -> None:
        """Tell a customer that an order ended before it was paid."""
        ...


@dataclass(frozen=True, slots=True)
class PaymentNote:
    """What a customer is to know besides the payment itself."""

    what: str  # the state that it came to
    wallet_minor: int
    order: Order | None = None  # the order that waits for money, or went on, or has ended
    missing_minor: int = 0  # what that order still lacks
    went_on: bool = False  # that order went on by this payment
    rejection: str = ""
    words: str = ""  # an operator's own, about a rejection


class PaymentMethod(Protocol):
    """One way to pay. Amounts are minor units. Every failure is a PaymentFailure."""

    @property
    def method(self) -> Method: ...

    @property
    def limits(self) -> Limits: ...

    @property
    def lifetime(self) -> timedelta:
        """How long a payment that was begun can be made."""
        ...

    @property
    def reusable_for(self) -> timedelta:
        """How long an equal wish finds the same payment instead of beginning another."""
        ...

    @property
    def can_ask(self) -> bool:
        """Whether the provider can be asked what became of a payment."""
        ...

    @property
    def can_refund(self) -> bool: ...

    def charge_for(self, amount_minor: int) -> Charge:
        """What to ask for so that at least this much comes. Raises AmountOutOfRange."""
        ...

    async def start(self, payment: Payment, customer: Customer) -> StartedPayment:
        """Announce a payment to the provider. Raises MerchantRefused where it takes none for us."""
        ...

    async def check(self, payment: Payment) -> PaymentReport:
        """Ask the provider. Raises MerchantRefused."""
        ...

    async def refund(self, payment: Payment) -> None:
        """Send the whole payment back; one that is back already is a success. Raises RefundRefused."""
        ...


class StarsGateway(Protocol):
    """Telegram's side of payments in Stars. Every failure is a PaymentFailure."""

    async def send_invoice(self, customer: Customer, payment: Payment) -> None: ...

    async def refund(self, user_id: int, charge_id: str) -> None:
        """Raises RefundRefused. One that was refunded already is a success."""
        ...

    async def movements(self, since: datetime) -> Sequence[StarMovement]:
        """What came and went since then, in any order."""
        ...


class PaymentCalls(Protocol):
    """The part of a supplier's API that takes payments: it shares key, budget and circuit with the rest."""

    async def payment_call(
        self, path: str, body: Mapping[str, object] | None = None
    ) -> Mapping[str, object]:
        """GET, or POST where there is a body; the reply's `data`. Raises SupplierFailure."""
        ...


class Archive(Protocol):
    """Where backups are kept."""

    async def keep(self) -> Path:
        """Make a backup of all there is, read it back, and remove those that are too old.

        Raises ArchiveFailure; then what lay there before still does.
        """
        ...
