"""Transfers by CCP, BaridiMob or cash: the shop shows its account, operators check the receipt."""

from datetime import timedelta
from typing import Final

from bot.domain.payments import (
    LONGEST_LIFETIME,
    Charge,
    Limits,
    Method,
    Payment,
    PaymentReport,
    StartedPayment,
)
from bot.domain.records import Customer
from bot.errors import PaymentFailure, RefundRefused


class Transfer:
    """Implements the PaymentMethod port. No provider can be asked: operators decide."""

    method: Final = Method.TRANSFER
    lifetime: Final = LONGEST_LIFETIME
    reusable_for: Final = timedelta(days=3)
    can_ask: Final = False
    can_refund: Final = False

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def charge_for(self, amount_minor: int) -> Charge:
        return self.limits.whole_dinars(amount_minor)

    async def start(self, _payment: Payment, _customer: Customer) -> StartedPayment:
        return StartedPayment()

    async def check(self, _payment: Payment) -> PaymentReport:
        raise PaymentFailure("NOBODY_TO_ASK")

    async def refund(self, _payment: Payment) -> None:
        raise RefundRefused("BY_HAND")
