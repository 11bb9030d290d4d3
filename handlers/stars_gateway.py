"""Payments in Stars at Telegram: invoices, refunds, and the list of transactions."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final

from telegram import LabeledPrice, StarTransaction, TransactionPartnerUser
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.domain.payments import Payment, StarMovement
from bot.domain.records import Customer
from bot.errors import PaymentFailure, RefundRefused
from bot.services.payments.stars import payload_of
from handlers.edge import UNREADABLE, Do, explain, is_outage, read
from handlers.middleware.threads import Threads
from handlers.priorities import Priority
from locales import words

_CURRENCY: Final = "XTR"
_START: Final = "pay"  # makes a forwarded invoice a link to the shop instead of a second invoice
_PAGE_SIZE: Final = 100
_MAX_PAGES: Final = 500


@asynccontextmanager
async def _map_telegram_errors() -> AsyncIterator[None]:
    """Raise Telegram's errors, and answers that cannot be read, as PaymentFailure."""
    try:
        yield
    except TelegramError as error:
        raise PaymentFailure(explain(error)[:64]) from None
    except UNREADABLE:
        raise PaymentFailure("UNREADABLE") from None


class TelegramStarsGateway:
    """Implements the StarsGateway port."""

    def __init__(self, bot: ExtBot[Priority], threads: Threads | None = None) -> None:
        self._bot = bot
        self._threads = threads or Threads()

    async def send_invoice(self, customer: Customer, payment: Payment) -> None:
        in_words = words(customer.locale)
        amount = in_words.money(payment.asked_minor)
        async with _map_telegram_errors():
            await self._threads.send(
                customer.id,
                self._bot.send_invoice,
                title=in_words.plain("invoice-title", reference=payment.reference),
                description=in_words.plain("invoice-description", amount=amount),
                payload=payload_of(payment),
                currency=_CURRENCY,
                prices=[LabeledPrice(in_words.plain("invoice-label"), payment.stars)],
                # Stars have no provider_token. It is left out and not empty: with `Defaults`, PTB
                # 22.8 sends an empty text as an empty list.
                start_parameter=_START,
            )

    async def refund(self, user_id: int, charge_id: str) -> None:
        """Refund a payment; one that is refunded already is no error. Raises RefundRefused."""
        async with _map_telegram_errors():
            try:
                await self._bot.refund_star_payment(user_id, charge_id)
            except BadRequest as error:
                if is_outage(error):
                    raise
                if read(error).send is not Do.DONE:
                    raise RefundRefused(str(error)[:64]) from None

    async def movements(self, since: datetime) -> Sequence[StarMovement]:
        """The transactions with customers since then.

        Telegram lists them in the order of time but does not say in which direction: all pages are
        read, unless the newest come first.
        """
        found: list[StarMovement] = []
        for page in range(_MAX_PAGES):
            async with _map_telegram_errors():
                listed = await self._bot.get_star_transactions(
                    offset=page * _PAGE_SIZE, limit=_PAGE_SIZE
                )
            rows = listed.transactions
            found += [m for row in rows if (m := _movement(row)) is not None and m.at >= since]
            newest_first = bool(rows) and rows[0].date > rows[-1].date
            if len(rows) < _PAGE_SIZE or (newest_first and rows[-1].date < since):
                break
        return found


def _movement(row: StarTransaction) -> StarMovement | None:
    """None for a transaction with anybody but a customer, such as a withdrawal."""
    partner = row.source or row.receiver
    if not isinstance(partner, TransactionPartnerUser):
        return None
    is_refund = row.source is None
    return StarMovement(
        row.id, partner.user.id, row.amount, partner.invoice_payload or "", row.date, is_refund
    )
