"""Every night: the Stars that Telegram lists against those that are booked here.

What Telegram lists and no message ever told of is held for an operator, who credits it or not;
what went back to a payer without us is booked as such. No wallet is filled by this alone.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.domain.audit import Audited, Check, Difference
from bot.domain.payments import Method, Payment, StarMovement
from bot.services.payments.refunds import apply_chargeback
from bot.services.payments.stars import StarCharge, add_star_payment, flag_unclaimed
from bot.services.shop import Shop
from storage.transaction import Transaction

_PATIENCE: Final = timedelta(minutes=10)  # a message that tells of it may be on its way


async def reconcile_stars(shop: Shop, span: timedelta) -> list[Audited]:
    """Compare the last days, in a shop that takes Stars. Raises PaymentFailure."""
    if shop.stars_gateway is None:
        return []
    movements = await shop.stars_gateway.movements(shop.clock.now() - span)
    return [await shop.store.write(_compare, shop, movements, span)]


async def _compare(
    tx: Transaction, shop: Shop, movements: Sequence[StarMovement], span: timedelta
) -> Audited:
    now = shop.clock.now()
    came = {m.charge_id: m for m in movements if not m.back}
    went = {m.charge_id for m in movements if m.back}
    differences = []
    for charge_id, movement in came.items():
        known = await tx.payments.by_external_id(Method.STARS, charge_id)
        if known is None and charge_id not in went and movement.at < now - _PATIENCE:
            differences.append(await _add_unclaimed(tx, shop, movement))
        elif known is not None and known.stars != movement.stars:
            differences.append(
                _differs(known, f"{movement.stars} Stars came, {known.stars} are booked")
            )
    for charge_id in sorted(went):
        await apply_chargeback(tx, shop, Method.STARS, charge_id)
    # Young ones, and those at the edge of the span, may stand in one book and not yet in the other.
    inside = await tx.payments.paid_since(Method.STARS, now - span + _PATIENCE)
    differences += [
        _differs(payment, "paid here, and not in Telegram's list")
        for payment in inside
        if payment.external_id not in came and _is_old(payment, shop)
    ]
    return Audited(Check.STARS, len(movements), tuple(differences))


def _is_old(payment: Payment, shop: Shop) -> bool:
    settled = payment.settled_at
    return settled is not None and settled < shop.clock.now() - _PATIENCE


def _differs(payment: Payment, text: str) -> Difference:
    return Difference(payment.reference, f"payment {payment.reference}: {text}")


async def _add_unclaimed(tx: Transaction, shop: Shop, movement: StarMovement) -> Difference:
    """Known from the list only: laid before the operators, where the payer is a customer."""
    user_id = movement.user_id
    about = f"{movement.stars} Stars of {user_id} ({movement.charge_id}), of which no message told"
    if user_id is None or await tx.customers.get(user_id) is None:
        return Difference(f"⭐ {movement.stars}", about)
    charge = StarCharge(user_id, movement.payload, movement.stars, movement.charge_id)
    payment = await add_star_payment(tx, shop, charge)
    await flag_unclaimed(tx, shop, payment)
    return _differs(payment, about)
