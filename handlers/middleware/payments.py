"""Books payments and refunds that Telegram reports, before anything else decides on the update.

`chat_key` gives them an order of their own, so they wait for nothing else of their chat.
"""

import logging

from telegram import Chat, Message, Update

from bot.services.messaging.customers import ensure_customer
from bot.services.payments.refunds import record_star_refund
from bot.services.payments.stars import StarCharge, take_stars
from bot.services.shop import Shop
from handlers.context import ShopContext
from handlers.middleware import CallNext, ShopApplication

_STARS = "XTR"
_log = logging.getLogger(__name__)


async def take_payments(update: Update, application: ShopApplication, call_next: CallNext) -> None:
    """Middleware: book a payment in Stars, or a refund; no other layer sees such an update.

    Telegram sends a payment as a message of the payer and a refund as one of the bot itself, in the
    payer's chat. Neither depends on who may talk to the shop, or how often.
    """
    message = update.message
    if message is None or not (message.successful_payment or message.refunded_payment):
        await call_next(update)
        return
    shop = ShopContext.from_update(update, application).shop
    if message.successful_payment:
        await _take_payment(shop, message)
    if message.refunded_payment:
        await _take_refund(shop, message)


async def _take_payment(shop: Shop, message: Message) -> None:
    """Credit the payer: this message, and not the checkout, proves that Stars were paid."""
    paid, payer = message.successful_payment, message.from_user
    if paid is None:
        return
    if paid.currency != _STARS:
        _log.error("a payment in a currency that the shop does not take is not booked")
        return
    if payer is None or payer.is_bot:
        _log.error("a payment names no payer; the nightly reconciliation has to find it")
        return
    await ensure_customer(shop, payer.id, payer.language_code)
    charge_id = paid.telegram_payment_charge_id
    await take_stars(shop, StarCharge(payer.id, paid.invoice_payload, paid.total_amount, charge_id))


async def _take_refund(shop: Shop, message: Message) -> None:
    """Book a chargeback. The charge names the customer; the chat does, where it is unknown."""
    refunded = message.refunded_payment
    if refunded is None:
        return
    payer_id = message.chat.id if message.chat.type == Chat.PRIVATE else None
    if payer_id is not None:
        await ensure_customer(shop, payer_id, None)
    charge_id = refunded.telegram_payment_charge_id
    await record_star_refund(
        shop, charge_id, payer_id, refunded.invoice_payload, refunded.total_amount
    )
