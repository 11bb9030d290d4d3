"""Protocols of what is outside the shop: clock, keys, suppliers, people, payments, backups."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

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
from bot.domain.records import Customer, Sealed, SentCodeMessage, SupportCase
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

    def monotonic(self) -> float:
        """Seconds that only grow, whatever is done to the wall clock: for what is waited for."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class Vault(Protocol):
    """Encryption of secrets; a ciphertext opens only with its own associated data."""

    @property
    def newest(self) -> str:
        """The id of the key that seals."""
        ...

    def holds(self, key_id: str) -> bool:
        """Whether the vault has a key with this id."""
        ...

    def seal(self, secret: str, associated_data: str) -> Sealed:
        """Encrypt with the newest key; `associated_data` names the row and the field."""
        ...

    def open(self, sealed: Sealed, associated_data: str) -> str:
        """Raises VaultFailure where the key is missing, or the ciphertext was altered or moved."""
        ...

    def fingerprints(self, secret: str) -> tuple[bytes, ...]:
        """Keyed hashes, one for each key, the newest first: equal secrets have equal hashes."""
        ...


class ServerTime(NamedTuple):
    """The time that a server told, and our monotonic time when its answer came."""

    time: datetime
    at: float


class Supplier(Protocol):
    """One supplier's API.

    Every failure is a SupplierFailure; only `buy` and `repeat` raise OutcomeUnknown. Amounts are in
    the shop's minor units, whatever currency the supplier counts in.
    """

    name: str
    policy: SupplierPolicy

    @property
    def rate(self) -> Rate | None:
        """None where the supplier counts in the shop's own currency."""
        ...

    @property
    def refusal(self) -> str | None:
        """The code with which the supplier refused our key, while the circuit is open."""
        ...

    @property
    def refused_at(self) -> float | None:
        """When the supplier refused our key last, while the circuit is open; monotonic."""
        ...

    @property
    def silent_since(self) -> float | None:
        """When the first call failed since the last valid response; monotonic, None if none did."""
        ...

    @property
    def server_time(self) -> ServerTime | None:
        """The supplier's clock, as its last answer told it; None before the first."""
        ...

    async def validate(self) -> KeyInfo:
        """Ask what our key may do. The only call that is sent while the circuit is open."""
        ...

    async def catalogue(self) -> tuple[OfferedCategory, ...]:
        """All products by category, without prices."""
        ...

    async def product(
        self, supplier_product_id: str, *, urgent: bool = False, purchase: Purchase | None = None
    ) -> ProductOffer:
        """Prices and stock now; `urgent` when an order waits for them.

        With a `purchase` the price of that one is enough, for its quantity: an adapter that needs a
        call for each price (`policy.prices_products` is False) then makes only that one, and names
        it in `only`. Raises UnknownAtSupplier.
        """
        ...

    def forget_prices(self, supplier_product_id: str) -> None:
        """Answer no later question about a product with a price that was asked before now."""
        ...

    async def price_value(
        self, supplier_product_id: str, of_range: Denomination, value_minor: int
    ) -> OfferedDenomination:
        """The price of a typed value, which is in hundredths of the range's currency."""
        ...

    def build_request(self, purchase: Purchase, order_id: int) -> PurchaseRequest:
        """The request that `buy` sends for an order.

        A second call makes another request, with its own key.
        """
        ...

    async def buy(
        self, request: PurchaseRequest, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        """Place an order once and return the supplier's id of it. Never repeats the call by itself.

        `commit_intent` is awaited after the rate limit, right before the call; where it returns
        False nothing is sent and None is returned. Raises NothingBought where certainly no order
        exists, and OutcomeUnknown for every other failure.
        """
        ...

    async def repeat(
        self, request: PurchaseRequest, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        """Send a request whose answer was lost again, byte for byte; returns the first order's id.

        Only within `policy.repeats_for` of the first call, while the supplier promises to order
        once. It buys where the first call never arrived, so `commit_intent` is awaited as in `buy`.
        """
        ...

    async def order(self, supplier_order_id: str, purchase: Purchase) -> SupplierOrder:
        """An order and its codes; `purchase` is what was bought. Raises UnknownAtSupplier."""
        ...

    async def orders(self, since: datetime, until: datetime) -> tuple[SupplierOrder, ...]:
        """All orders of the time window, unsorted; with codes where `policy.lists_codes`."""
        ...

    async def balance(self) -> int:
        """Our balance in minor units."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...

    async def movements(self, since: datetime, until: datetime) -> tuple[Movement, ...]:
        """What the supplier booked on our account for orders, unsorted."""
        ...


class EventReader(Protocol):
    """Checks and reads the webhook messages of a supplier."""

    def __call__(self, headers: Mapping[str, str], body: bytes) -> SupplierEvent:
        """Header names are in lower case. Raises NotGenuine."""
        ...


class Sender(Protocol):
    """Messages to people, rendered in their language. Every failure is a SendFailure."""

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
        """Turn a message of codes into a receipt of masks; `first` numbers its first code."""
        ...

    async def send_returned(self, customer: Customer, order: Order, wallet_minor: int) -> None:
        """Tell a customer that an order was refunded into the wallet."""
        ...

    async def send_lost(self, customer: Customer, order: Order) -> None:
        """Tell that the codes of an order cannot be shown any more: their key was given up."""

    async def update_status(self, customer: Customer, order: Order, step: str) -> None:
        """Edit the order's status message to its present state; nothing where there is none.

        `step` tells why an open order waits: "slow", "held" (the balance at the supplier is too
        low), or "" for no special reason.
        """
        ...

    async def send_credited(self, customer: Customer, data: Mapping[str, str]) -> None:
        """Tell a customer of an operator's credit: `amount`, `balance` and `note`."""
        ...

    async def send_alert(self, customer: Customer, data: Mapping[str, str]) -> None:
        """Tell an operator of an alert: its kind in `alert`, and its figures."""
        ...

    async def send_payment(self, customer: Customer, payment: Payment, note: "PaymentNote") -> None:
        """Tell a customer what became of a payment."""
        ...

    async def send_receipt(
        self,
        operator: Customer,
        payment: Payment,
        receipts: Sequence[Receipt],
        same: Sequence[Payment],
    ) -> None:
        """Show an operator the files of a receipt as one message, with the buttons to decide.

        There is at least one file. `same` are other payments that one of the files was sent for.
        """
        ...

    async def send_missed(self, customer: Customer) -> None:
        """Tell a customer that something they asked was not answered."""
        ...

    async def send_case(
        self, operator: Customer, case: SupportCase, order: Order | None, answered_by: int | None
    ) -> int:
        """Tell an operator that a customer's message of a case follows; returns the message id.

        `order` is the customer's newest. `answered_by`: what follows is that operator's answer.
        """
        ...

    async def copy_messages(
        self, receiver: Customer, from_chat: int, message_ids: Sequence[int]
    ) -> Sequence[int]:
        """Copy messages of another chat with the shop, in ascending order of their ids.

        Returns the ids of the copies. Where none can be copied, because its writer has deleted it,
        the receiver is told so, and the id is that of this note.
        """
        ...

    async def send_reminder(
        self, customer: Customer, order: Order, expires_at: datetime, days: int
    ) -> None:
        """Tell a customer that codes of an order expire in so many days."""
        ...

    async def send_ended(self, customer: Customer, order: Order, wallet_minor: int) -> None:
        """Tell a customer that an order ended before it was paid."""
        ...


@dataclass(frozen=True, slots=True)
class PaymentNote:
    """What a message about a payment says besides the payment itself."""

    what: str  # "credited", "held", "expired", "rejected" or "returned"
    wallet_minor: int
    order: Order | None = None  # the order that the payment was meant for
    missing_minor: int = 0  # what that order still lacks
    went_on: bool = False  # that order was paid by this payment
    rejection: str = ""  # a Rejection
    words: str = ""  # an operator's own words about a rejection


class PaymentMethod(Protocol):
    """One payment method. Amounts are in minor units. Every failure is a PaymentFailure."""

    @property
    def method(self) -> Method: ...

    @property
    def limits(self) -> Limits: ...

    @property
    def lifetime(self) -> timedelta:
        """How long a payment that was started can be paid."""
        ...

    @property
    def reusable_for(self) -> timedelta:
        """How long an equal request returns the same payment instead of starting another."""
        ...

    @property
    def can_ask(self) -> bool:
        """Whether the provider can be asked what became of a payment."""
        ...

    @property
    def can_refund(self) -> bool:
        """Whether the provider can send a payment back to its payer."""
        ...

    def charge_for(self, amount_minor: int) -> Charge:
        """What to charge so that at least this amount is credited. Raises AmountOutOfRange."""
        ...

    async def start(self, payment: Payment, customer: Customer) -> StartedPayment:
        """Create the payment at the provider.

        Raises MerchantRefused where it takes no payments for us.
        """
        ...

    async def check(self, payment: Payment) -> PaymentReport:
        """Ask the provider what became of a payment. Raises MerchantRefused."""
        ...

    async def refund(self, payment: Payment) -> None:
        """Refund the whole payment; one that was refunded already is a success.

        Raises RefundRefused.
        """
        ...


class StarsGateway(Protocol):
    """Telegram's side of payments in Stars. Every failure is a PaymentFailure."""

    async def send_invoice(self, customer: Customer, payment: Payment) -> None:
        """Send an invoice in Stars to the customer's chat."""
        ...

    async def refund(self, user_id: int, charge_id: str) -> None:
        """Refund a charge; one that was refunded already is a success. Raises RefundRefused."""
        ...

    async def movements(self, since: datetime) -> Sequence[StarMovement]:
        """Payments and refunds since then, unsorted."""
        ...


class PaymentCalls(Protocol):
    """The part of a supplier's API that takes payments; shares key, budget and circuit."""

    async def payment_call(
        self, path: str, body: Mapping[str, object] | None = None
    ) -> Mapping[str, object]:
        """GET, or POST where there is a body; returns the reply's `data`.

        Raises SupplierFailure.
        """
        ...


class Archive(Protocol):
    """Where backups are kept."""

    async def keep(self) -> Path:
        """Make a backup, read it back, and remove those that are too old; returns its path.

        Raises ArchiveFailure; then all older backups are kept.
        """
        ...
