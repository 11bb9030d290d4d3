"""Protocols of payments: what a method of payment is, and what stands behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.payments import (
    Charge,
    Limits,
    ListedPayment,
    Method,
    Payment,
    PaymentReport,
    PaymentRing,
    Shown,
    StarMovement,
    StartedPayment,
)
from bot.domain.records import Customer
from bot.domain.supplier import Environment


@dataclass(frozen=True, slots=True)
class Examined:
    """What a provider says of this shop's access; `note` is for the owner, in English.

    `environment` None: it has none of its own, or does not say.
    """

    note: str = ""
    environment: Environment | None = None


class PaymentRingReader(Protocol):
    """Checks and reads the webhook messages of a provider of payments."""

    def __call__(self, headers: Mapping[str, str], body: bytes) -> PaymentRing:
        """Header names are in lower case. Raises NotGenuine."""
        ...


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
    def shown(self) -> Shown:
        """What a customer is shown once a payment was started."""
        ...

    @property
    def terms(self) -> str:
        """What Telegram's terms say of this method, for the owner, in English."""
        ...

    @property
    def when_refused(self) -> str:
        """What the owner can do where the provider takes no payments for the shop, in English."""
        ...

    @property
    def rings(self) -> PaymentRingReader | None:
        """What reads the provider's webhook messages; None where it sends none."""
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

    async def withdraw(self, payment: Payment) -> None:
        """Have the provider take no money for a payment any more, as far as it can."""
        ...

    async def examine(self) -> Examined:
        """Ask the provider whether it takes payments for this shop. Raises MerchantRefused."""
        ...

    async def listed(self, since: datetime) -> Sequence[ListedPayment] | None:
        """What was paid, of the payments that were begun since then; None where nobody lists it."""
        ...

    async def close(self) -> None:
        """Close the connections."""
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
