"""Transfers by CCP, BaridiMob or cash: the shop tells where to, operators look at the receipt."""

from datetime import timedelta
from typing import Final

from bot.domain.payments import (
    Asked,
    Begun,
    Limits,
    Method,
    Payment,
    PaymentReport,
)
from bot.domain.records import Customer
from bot.errors import GiveBackRefused, PaymentFailure


class Transfer:
    """Implements the PaymentWay port. There is nobody to ask but the operators."""

    method: Final = Method.TRANSFER
    lifetime: Final = timedelta(days=3)
    reusable_for: Final = timedelta(days=3)
    can_ask: Final = False
    can_give_back: Final = False

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def ask(self, amount_minor: int) -> Asked:
        return self.limits.whole_dinars(amount_minor)

    async def begin(self, _payment: Payment, _customer: Customer) -> Begun:
        return Begun()

    async def check(self, _payment: Payment) -> PaymentReport:
        raise PaymentFailure("NOBODY_TO_ASK")

    async def give_back(self, _payment: Payment) -> None:
        raise GiveBackRefused("BY_HAND")
