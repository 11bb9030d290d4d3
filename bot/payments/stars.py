"""Telegram Stars: an invoice in the chat, a service message when it is paid (Bot API "Stars")."""

from datetime import timedelta
from typing import Final

from bot.domain.payments import (
    Charge,
    Limits,
    Method,
    Payment,
    Shown,
    StarRate,
    StartedPayment,
)
from bot.domain.records import Customer
from bot.payment_ports import StarsGateway
from bot.payments.base import WithoutProvider
from bot.refusals import AmountOutOfRange


class Stars(WithoutProvider):
    """Implements the PaymentMethod port. `most`: the largest number of Stars on one invoice.

    Telegram reports a payment in a message, so that nobody is asked.
    """

    method: Final = Method.STARS
    lifetime: Final = timedelta(hours=1)
    reusable_for: Final = timedelta(minutes=10)
    shown: Final = Shown.INVOICE
    terms: Final = "what Telegram's terms ask for when digital goods are sold inside Telegram"
    can_refund = True

    def __init__(self, stars_gateway: StarsGateway, rate: StarRate, most: int) -> None:
        self._gateway = stars_gateway
        self._rate = rate
        self._most = most
        self.limits = Limits(rate.worth(1), rate.worth(most))

    def charge_for(self, amount_minor: int) -> Charge:
        stars = max(1, self._rate.stars_for(amount_minor))
        if stars > self._most:
            raise AmountOutOfRange(self.limits.least_minor, self.limits.most_minor)
        return Charge(self._rate.worth(stars), stars)

    async def start(self, payment: Payment, customer: Customer) -> StartedPayment:
        await self._gateway.send_invoice(customer, payment)
        return StartedPayment()

    async def refund(self, payment: Payment) -> None:
        await self._gateway.refund(payment.user_id, payment.external_id or "")
