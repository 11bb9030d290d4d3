"""Comparing what a provider lists as paid with what is booked here, every night.

What is known here and unpaid is asked about, as a customer would have it asked. What is left, and
what is known to the list alone, is held for an operator where its customer is known: nothing is
credited on the word of a list.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.domain.audit import Audited, Check, Difference
from bot.domain.payments import (
    UNPAID_STATES,
    Doubt,
    ListedPayment,
    Method,
    Payment,
    PaymentState,
    payment_of,
)
from bot.refusals import NotFound
from bot.services.payments.crediting import flag_for_review
from bot.services.payments.provider_checks import check_payment
from bot.services.selling.access import is_sandbox
from bot.services.shop import Shop
from storage.transaction import Transaction

_PATIENCE: Final = timedelta(minutes=10)  # a younger payment is about to be asked about
_MAX_DIGITS: Final = 15


async def reconcile_provider(shop: Shop, method: Method, span: timedelta) -> list[Audited]:
    """Compare the payments that were begun in the last `span`; empty where the provider has no list.

    Raises PaymentFailure.
    """
    since = shop.clock.now() - span
    listed = await shop.payment_methods[method].listed(since)
    if listed is None:
        return []
    async with shop.store.reading() as tx:
        sandbox = await is_sandbox(tx, shop)
    before = shop.clock.now() - _PATIENCE
    # Test money in a list is no money of a real shop.
    ours = [row for row in listed if row.at <= before and (sandbox or row.sandbox is not True)]
    differences: list[Difference] = []
    for row in ours:
        differences += await _compare(shop, method, row)
    known = {row.external_id for row in listed}
    differences += await _missing(shop, method, known, span)
    return [Audited(Check.PROVIDER, len(listed), tuple(differences), str(method))]


async def _compare(shop: Shop, method: Method, row: ListedPayment) -> Sequence[Difference]:
    async with shop.store.reading() as tx:
        payment = await tx.payments.by_external_id(method, row.external_id)
    if payment is not None and payment.state in UNPAID_STATES:
        await check_payment(shop, payment.id)
    return await shop.store.write(_settle, shop, method, row)


async def _settle(
    tx: Transaction, shop: Shop, method: Method, row: ListedPayment
) -> Sequence[Difference]:
    """Hold what is listed and not paid here; a second call finds it held."""
    payer_id = await tx.payments.owner_by_external_id(method, row.external_id)
    if payer_id is None:
        payment = await _by_reference(tx, method, row)
    else:
        await tx.lock_money(payer_id)
        payment = await tx.payments.by_external_id(method, row.external_id)
    if payment is None:
        paid = "" if row.amount_minor is None else f"{row.amount_minor / 100:.2f} "
        text = f"{paid}paid by {method} ({row.external_id}), of which nothing is known here"
        return [Difference(row.external_id, text)]
    if payment.state in UNPAID_STATES:
        payment = await tx.payments.update(payment, external_id=row.external_id)
        await flag_for_review(tx, shop, payment, row.amount_minor or 0, Doubt.LISTED)
        return [_differs(payment, "listed as paid, and not reported; it is held")]
    is_own = payment.state is PaymentState.CREDITED and payment.decided_by is None
    if is_own and payment.paid_minor != row.amount_minor:
        return [_differs(payment, f"{row.amount_minor} listed, {payment.paid_minor} booked")]
    return []


async def _by_reference(tx: Transaction, method: Method, row: ListedPayment) -> Payment | None:
    """The payment that the list names, where the provider's id of it was lost."""
    number = payment_of(row.reference)
    if not (number.isascii() and number.isdecimal() and len(number) <= _MAX_DIGITS):
        return None
    try:
        payment = await tx.lock_payment(int(number))
    except NotFound:
        return None
    is_lost = payment.external_id is None and payment.state in UNPAID_STATES
    return payment if is_lost and payment.method is method else None


async def _missing(
    shop: Shop, method: Method, listed: set[str], span: timedelta
) -> list[Difference]:
    """What the provider reported as paid and does not list."""
    since = shop.clock.now() - span + _PATIENCE
    async with shop.store.reading() as tx:
        booked = await tx.payments.paid_since(method, since)
    return [
        _differs(payment, f"paid here, and not in the list of {method}")
        for payment in booked
        if payment.created_at >= since
        and payment.decided_by is None
        and payment.external_id not in listed
    ]


def _differs(payment: Payment, text: str) -> Difference:
    return Difference(payment.reference, f"payment {payment.reference}: {text}")
