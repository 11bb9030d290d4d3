"""Payments in Telegram Stars: the check before Stars move, and crediting those that were paid."""

from dataclasses import dataclass
from typing import Final

from bot.domain.payments import UNPAID_STATES, Doubt, Method, Payment, PaymentState, StarRate
from bot.refusals import NotFound, required
from bot.services.messaging.alerts import resolve_alert
from bot.services.payments.crediting import credit, flag_for_review, review_alert_key
from bot.services.payments.payable import check_payable
from bot.services.selling.served import check_served
from bot.services.shop import Shop
from storage.transaction import Transaction

_PAYLOAD: Final = "payment:"


def payload_of(payment: Payment) -> str:
    """The payload of an invoice.

    It names the payment only: the payer is taken from Telegram's message.
    """
    return f"{_PAYLOAD}{payment.id}"


def _payment_id(payload: str) -> int:
    """Raises NotFound for a payload that is not ours."""
    number = payload.removeprefix(_PAYLOAD)
    if not payload.startswith(_PAYLOAD) or not (number.isascii() and number.isdigit()):
        raise NotFound
    return int(number[:18])


async def check_star_order(
    shop: Shop, user_id: int, payload: str, *, currency: str, stars: int
) -> None:
    """The check right before Stars are paid: owner, expiry, amount, and the order they are for.

    Raises NotFound, SellingPaused, Banned; then nothing is paid.
    """
    async with shop.store.reading() as tx:
        payment = required(await tx.payments.for_owner(_payment_id(payload), user_id))
        await check_served(tx, user_id)
        off = await tx.payments.switched_off()
        order = await tx.orders.for_owner(payment.order_id, user_id) if payment.order_id else None
        if order is not None:
            await check_payable(tx, shop, order)
    fits = (currency, stars) == ("XTR", payment.stars) and payment.method is Method.STARS
    if not fits or payment.state is not PaymentState.OPEN or Method.STARS in off:
        raise NotFound
    ended_by = shop.timeline.surely(payment.expires_at - payment.created_at)
    if payment.expires_at <= ended_by or Method.STARS not in shop.payment_methods:
        raise NotFound


@dataclass(frozen=True, slots=True)
class StarCharge:
    """Stars that Telegram says were paid."""

    user_id: int
    payload: str
    stars: int
    charge_id: str


async def take_stars(shop: Shop, charge: StarCharge) -> None:
    """Credit Stars that were paid, once for each charge id.

    A payment that has expired is credited too. Where the invoice was paid before, or by somebody
    else, the charge gets a payment of its own. Where the value of a Star is unknown an operator
    decides.
    """
    await shop.store.write(_take_stars, shop, charge)


async def _take_stars(tx: Transaction, shop: Shop, charge: StarCharge) -> None:
    await tx.lock_money(charge.user_id)
    payment = await tx.payments.by_external_id(Method.STARS, charge.charge_id)
    if payment is not None and not is_unclaimed(payment):
        return
    if payment is None:
        invoiced = await _find_invoiced(tx, charge)
        if invoiced is not None and invoiced.external_id == charge.charge_id:
            return  # another process has just taken this charge
        if (
            invoiced is not None
            and invoiced.external_id is None
            and invoiced.state in UNPAID_STATES
        ):
            payment = invoiced
        else:  # a second payment of one invoice, or an invoice that is not ours: a row of its own
            payment = await add_star_payment(tx, shop, charge, invoiced)
    if not payment.stars or not payment.asked_minor:
        await flag_unclaimed(tx, shop, payment)  # the value of a Star is unknown
        return
    rate = StarRate(payment.asked_minor // payment.stars)  # the rate of the invoice
    payment = await tx.payments.update(payment, external_id=charge.charge_id, stars=charge.stars)
    actor = f"stars:{charge.user_id}"
    await credit(tx, shop, payment, rate.worth(charge.stars), actor)
    # The nightly audit may have flagged this charge before its message came: nothing is left to
    # decide.
    await resolve_alert(tx, shop, review_alert_key(payment.id))


async def _find_invoiced(tx: Transaction, charge: StarCharge) -> Payment | None:
    """The payment that the invoice was made for; None where it is not the payer's own."""
    try:
        payment = await tx.payments.locked(_payment_id(charge.payload))
    except NotFound:
        return None
    is_own = payment.user_id == charge.user_id and payment.method is Method.STARS
    return payment if is_own else None


def is_unclaimed(payment: Payment) -> bool:
    """Whether a payment is known only from Telegram's list of movements so far."""
    return payment.state is PaymentState.HELD and payment.reason == Doubt.UNCLAIMED


async def add_star_payment(
    tx: Transaction, shop: Shop, charge: StarCharge, invoiced: Payment | None = None
) -> Payment:
    """Add a payment for a charge; `invoiced` is the payment whose invoice was paid."""
    now, rate = shop.clock.now(), shop.policy.star_rate
    payment_id = await tx.payments.add(
        key=f"stars:{charge.charge_id}"[:128],
        user_id=charge.user_id,
        method=Method.STARS,
        order_id=invoiced.order_id if invoiced else None,
        asked_minor=rate.worth(charge.stars) if rate else 0,
        stars=charge.stars,
        now=now,
        expires_at=now,
        message_id=None,
        external_id=charge.charge_id,
    )
    return await tx.payments.locked(required(payment_id))


async def flag_unclaimed(tx: Transaction, shop: Shop, payment: Payment) -> None:
    """Hold a locked Stars payment for an operator; does nothing unless it is unpaid."""
    if payment.state in UNPAID_STATES:
        await flag_for_review(tx, shop, payment, payment.asked_minor, Doubt.UNCLAIMED)
