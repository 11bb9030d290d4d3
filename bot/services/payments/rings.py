"""Webhook messages of providers of payments: each only has its payment asked about at once."""

from bot.domain.payments import Method, PaymentRing
from bot.services.shop import Shop
from storage.transaction import Transaction


async def take_ring(shop: Shop, method: Method, ring: PaymentRing) -> bool:
    """Make an unpaid payment due now, before all others; True where there is one. No money moves.

    A second call with the message does nothing, unless its payment was not known before.
    """
    payment_id = await shop.store.write(_take, shop, method, ring)
    if payment_id is None:
        return False
    shop.rung_payments.add(payment_id)
    return True


async def _take(tx: Transaction, shop: Shop, method: Method, ring: PaymentRing) -> int | None:
    """The payment that is due now; None where there is none."""
    now = shop.clock.now()
    if await tx.payments.by_external_id(method, ring.external_id) is None:
        return None  # it may have come before the answer in which the provider names its payment
    if not await tx.suppliers.add_event(f"pay:{method}", ring.event_id, now):
        return None
    return await tx.payments.make_one_due(method, ring.external_id, now)
