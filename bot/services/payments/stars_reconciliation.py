"""Comparing the Stars that Telegram lists with those that are booked here, every night.

A payment that Telegram lists and whose message never came is held for an operator, who credits it
or not; one that went back to its payer is booked as a chargeback. Nothing is credited without an
operator.
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

_PATIENCE: Final = timedelta(minutes=10)  # the message about a younger payment may still come


async def reconcile_stars(shop: Shop, span: timedelta) -> list[Audited]:
    """Compare the movements of the last `span`; empty in a shop without Stars.

    Raises PaymentFailure.
    """
    if shop.stars_gateway is None:
        return []
    movements = await shop.stars_gateway.movements(shop.clock.now() - span)
    return [await shop.store.write(_compare, shop, movements, span)]


async def _compare(
    tx: Transaction, shop: Shop, movements: Sequence[StarMovement], span: timedelta
) -> Audited:
    now = shop.clock.now()
    incoming = {m.charge_id: m for m in movements if not m.back}
    returned = {m.charge_id for m in movements if m.back}
    for payer_id in await _payers(tx, returned):
        await tx.ledger.lock_wallet(payer_id)
    differences = []
    for charge_id, movement in incoming.items():
        known = await tx.payments.by_external_id(Method.STARS, charge_id)
        if known is None and charge_id not in returned and movement.at < now - _PATIENCE:
            differences.append(await _add_unclaimed(tx, shop, movement))
        elif known is not None and known.stars != movement.stars:
            differences.append(
                _differs(known, f"{movement.stars} Stars came, {known.stars} are booked")
            )
    for charge_id in sorted(returned):
        await apply_chargeback(tx, shop, Method.STARS, charge_id)
    # Young payments, and those at the start of the span, may be in one list only.
    booked = await tx.payments.paid_since(Method.STARS, now - span + _PATIENCE)
    differences += [
        _differs(payment, "paid here, and not in Telegram's list")
        for payment in booked
        if payment.external_id not in incoming and _is_old(payment, shop)
    ]
    return Audited(Check.STARS, len(movements), tuple(differences))


async def _payers(tx: Transaction, charge_ids: set[str]) -> list[int]:
    """The customers whose payments these are, by ascending id."""
    found = [await tx.payments.owner_by_external_id(Method.STARS, c) for c in sorted(charge_ids)]
    return sorted({payer_id for payer_id in found if payer_id is not None})


def _is_old(payment: Payment, shop: Shop) -> bool:
    settled = payment.settled_at
    return settled is not None and settled < shop.clock.now() - _PATIENCE


def _differs(payment: Payment, text: str) -> Difference:
    return Difference(payment.reference, f"payment {payment.reference}: {text}")


async def _add_unclaimed(tx: Transaction, shop: Shop, movement: StarMovement) -> Difference:
    """Hold a payment that only the list knows for an operator, where the payer is a customer."""
    user_id = movement.user_id
    text = f"{movement.stars} Stars of {user_id} ({movement.charge_id}), of which no message told"
    if user_id is None or await tx.customers.get(user_id) is None:
        return Difference(f"⭐ {movement.stars}", text)
    charge = StarCharge(user_id, movement.payload, movement.stars, movement.charge_id)
    payment = await add_star_payment(tx, shop, charge)
    await flag_unclaimed(tx, shop, payment)
    return _differs(payment, text)
