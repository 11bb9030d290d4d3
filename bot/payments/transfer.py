"""Transfers by CCP, BaridiMob or cash: the shop shows its account, operators check the receipt."""

from datetime import timedelta
from typing import Final

from bot.domain.payments import (
    LONGEST_LIFETIME,
    Charge,
    Limits,
    Method,
    Payment,
    Shown,
    StartedPayment,
)
from bot.domain.records import Customer
from bot.payments.base import WithoutProvider


class Transfer(WithoutProvider):
    """Implements the PaymentMethod port. No provider can be asked: operators decide."""

    method: Final = Method.TRANSFER
    lifetime: Final = LONGEST_LIFETIME
    reusable_for: Final = timedelta(days=3)
    shown: Final = Shown.INSTRUCTIONS
    terms: Final = (
        "credit for money settled elsewhere: not clearly inside the terms when it pays for digital "
        "goods; your decision (docs/payments.md, Telegram's rules)"
    )

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def charge_for(self, amount_minor: int) -> Charge:
        return self.limits.whole_dinars(amount_minor)

    async def start(self, _payment: Payment, _customer: Customer) -> StartedPayment:
        return StartedPayment()
