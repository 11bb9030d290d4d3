"""What a payment method does where its provider offers nothing: the answers that need no provider."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.payments import ListedPayment, Payment, PaymentReport
from bot.errors import PaymentFailure, RefundRefused
from bot.payment_ports import Examined, PaymentRingReader


class WithoutProvider:
    """The part of the PaymentMethod port that an adapter overrides where its provider can do it."""

    can_ask: bool = False
    can_refund: bool = False
    when_refused: str = ""
    rings: PaymentRingReader | None = None

    async def check(self, _payment: Payment) -> PaymentReport:
        raise PaymentFailure("NOBODY_TO_ASK")

    async def refund(self, _payment: Payment) -> None:
        raise RefundRefused("BY_HAND")

    async def withdraw(self, _payment: Payment) -> None:
        """Nothing: it ends by itself."""

    async def examine(self) -> Examined:
        return Examined()

    async def listed(self, _since: datetime) -> Sequence[ListedPayment] | None:
        return None

    async def close(self) -> None:
        """Nothing: no connection is its own."""
