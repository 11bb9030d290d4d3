"""Refunding payments to their payers, and chargebacks.

The money leaves the wallet first, then the provider is asked, until it answers. In between the
money is in an account of its own, so that it cannot be spent and refunded at the same time.
"""

from datetime import timedelta
from typing import Final

from bot.domain import ledger
from bot.domain.actions import ActionKind
from bot.domain.alerts import AlertKind
from bot.domain.payments import (
    Doubt,
    Method,
    Payment,
    PaymentEvent,
    PaymentState,
    payment_of,
)
from bot.domain.schedule import until_next_send
from bot.errors import PaymentFailure, RefundRefused
from bot.refusals import AlreadyDecided, NotFound, NotReturnable, required
from bot.services.items import ItemKind
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.messaging.item_runs import run_items
from bot.services.payments.crediting import notify_payment, review_alert_key
from bot.services.payments.stars import StarCharge, add_star_payment, is_unclaimed
from bot.services.shop import Shop
from bot.services.wallet.limits import check_cap, check_fresh
from storage.transaction import Transaction

_DUE_AT_ONCE: Final = 20  # refunds of one method in one run
_REFUNDED_AT_ONCE: Final = 2  # at one provider


async def ask_payment_refund(
    shop: Shop, *, key: str, operator_id: int, payment_id: int
) -> tuple[Payment, int]:
    """Ask for a confirmation: the payment, and the id of the action to confirm. No money moves yet.

    A second call with the same `key` raises AlreadyDecided. Raises NotFound, AlreadyDecided,
    NotReturnable.
    """
    return await shop.store.write(_ask, shop, key, operator_id, payment_id)


async def _ask(
    tx: Transaction, shop: Shop, key: str, operator_id: int, payment_id: int
) -> tuple[Payment, int]:
    payment = await tx.lock_payment(payment_id)
    await _check(tx, shop, payment)
    action_id = await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.PAYMENT_REFUND,
        target=payment.reference,
        amount_minor=payment.paid_minor,
        done=False,
        now=shop.clock.now(),
    )
    if action_id is None:
        raise AlreadyDecided
    return payment, action_id


async def _check(tx: Transaction, shop: Shop, payment: Payment) -> None:
    if payment.state is not PaymentState.CREDITED:
        raise AlreadyDecided
    provider = shop.payment_methods.get(payment.method)
    if provider is None or not provider.can_refund:
        raise NotReturnable(0)
    left = await tx.ledger.balance(ledger.wallet(payment.user_id))
    if left < payment.paid_minor:
        raise NotReturnable(payment.paid_minor - left)


async def confirm_payment_refund(shop: Shop, operator_id: int, action_id: int) -> Payment:
    """Take the money out of the wallet and ask the provider to refund it; a second call is refused.

    Raises NotFound, AlreadyDecided, AskedTooLongAgo, NotReturnable, CapReached.
    """
    payment = await shop.store.write(_confirm, shop, operator_id, action_id)
    await refund_payment(shop, payment)
    async with shop.store.reading() as tx:
        return required(await tx.payments.for_owner(payment.id, payment.user_id))


async def _confirm(tx: Transaction, shop: Shop, operator_id: int, action_id: int) -> Payment:
    action = required(await tx.operators.action(action_id, operator_id))
    if action.kind is not ActionKind.PAYMENT_REFUND:
        raise NotFound
    check_fresh(shop, action)
    payment = await tx.lock_payment(int(payment_of(action.target)))
    await _check(tx, shop, payment)
    await check_cap(tx, shop, operator_id, ActionKind.PAYMENT_REFUND, payment.paid_minor)
    now = shop.clock.now()
    await tx.operators.decide(action_id, now, amount_minor=payment.paid_minor)
    posting = ledger.start_refund(
        payment.id, payment.user_id, payment.paid_minor, action_id, payment.order_id
    )
    await tx.ledger.post(posting, now, f"operator:{operator_id}")
    await tx.payments.move(
        payment,
        PaymentEvent.START_REFUND,
        decided_by=operator_id,
        due_at=now + timedelta(seconds=60),
        attempts=0,
    )
    return await tx.payments.locked(payment.id)


async def refund_payment(shop: Shop, payment: Payment) -> None:
    """Ask the provider to refund a payment in RETURNING; a sweep repeats it without an answer."""
    provider = shop.payment_methods.get(payment.method)
    if provider is None:
        await shop.store.write(_retry_later, shop, payment.id)
        return
    try:
        await provider.refund(payment)
    except RefundRefused as refusal:
        await shop.store.write(_cancel_refund, shop, payment.id, refusal.code)
    except PaymentFailure:
        await shop.store.write(_retry_later, shop, payment.id)
    else:
        await shop.store.write(_complete_refund, shop, payment.id)


async def refund_due_payments(shop: Shop) -> int:
    """Repeat refunds that were interrupted or had no answer; returns how many were due.

    A provider that is asked twice refunds once (see PaymentMethod.refund).
    """
    held = shop.items.held(ItemKind.PAYMENT_REFUND, shop.clock.monotonic())
    now, limit = shop.clock.now(), _DUE_AT_ONCE + held
    async with shop.store.reading() as tx:
        due = [
            payment
            for method in Method
            for payment in await tx.payments.due({PaymentState.RETURNING}, now, limit, method)
        ]
    by_id = {payment.id: payment for payment in due}

    async def refund(payment_id: int) -> None:
        await refund_payment(shop, by_id[payment_id])

    await run_items(
        shop,
        ItemKind.PAYMENT_REFUND,
        by_id,
        refund,
        lane=lambda payment_id: by_id[payment_id].method,
        at_once=_REFUNDED_AT_ONCE,
        postpone=_postpone,
    )
    return len(due)


async def repeat_refund(shop: Shop, payment_id: int) -> None:
    """Ask a provider once more to refund one payment, due or not. Raises NotFound."""
    async with shop.store.reading() as tx:
        payment = await tx.payments.locked(payment_id)
    if payment.state is PaymentState.RETURNING:
        await refund_payment(shop, payment)


async def _complete_refund(tx: Transaction, shop: Shop, payment_id: int) -> None:
    payment = await tx.payments.locked(payment_id)
    if payment.state is not PaymentState.RETURNING:
        return
    now = shop.clock.now()
    posting = ledger.complete_refund(payment.id, payment.method, payment.paid_minor)
    await tx.ledger.post(posting, now, str(payment.method))
    await tx.payments.move(payment, PaymentEvent.COMPLETE_REFUND, due_at=None)
    await notify_payment(tx, shop, payment, "returned")


async def _cancel_refund(tx: Transaction, shop: Shop, payment_id: int, code: str) -> None:
    payment = await tx.lock_payment(payment_id)
    if payment.state is not PaymentState.RETURNING:
        return
    attempt = await tx.payments.count_refund_attempts(payment.id)
    posting = ledger.cancel_refund(payment.id, payment.user_id, payment.paid_minor, attempt)
    await tx.ledger.post(posting, shop.clock.now(), str(payment.method))
    await tx.payments.move(payment, PaymentEvent.CANCEL_REFUND, due_at=None)
    await raise_alert(
        tx,
        shop,
        f"payback_failed:{payment.id}:{attempt}",
        AlertKind.PAYMENT_REFUND_FAILED,
        payment=payment.id,
        code=code,
        paid=payment.paid_minor,
    )


async def _retry_later(tx: Transaction, shop: Shop, payment_id: int) -> None:
    payment = await tx.payments.locked(payment_id)
    await _postpone(tx, shop, payment_id, until_next_send(payment.attempts + 3))


async def _postpone(tx: Transaction, shop: Shop, payment_id: int, seconds: float) -> None:
    payment = await tx.payments.locked(payment_id)
    if payment.state is PaymentState.RETURNING:
        due = shop.clock.now() + timedelta(seconds=seconds)
        await tx.payments.update(payment, due_at=due, attempts=payment.attempts + 1)


async def record_chargeback(shop: Shop, method: Method, external_id: str) -> None:
    """Book that the provider returned a payment to its payer.

    What is left of the payment leaves the wallet; the rest is a loss of the shop. A second call,
    and an unknown payment, change nothing.
    """
    await shop.store.write(apply_chargeback, shop, method, external_id)


async def record_star_refund(
    shop: Shop, charge_id: str, payer_id: int | None, payload: str, stars: int
) -> None:
    """Book that Telegram refunded Stars to their payer, also of a payment that is not known yet.

    The message about such a payment may still come: it is then not credited. `payer_id` None: the
    payer is not known either.
    """
    await shop.store.write(_record_star_refund, shop, charge_id, payer_id, payload, stars)


async def _record_star_refund(
    tx: Transaction, shop: Shop, charge_id: str, payer_id: int | None, payload: str, stars: int
) -> None:
    known = await tx.payments.owner_by_external_id(Method.STARS, charge_id)
    if known is None and payer_id is not None:
        charge = StarCharge(payer_id, payload, stars, charge_id)
        payment = await add_star_payment(tx, shop, charge)
        await tx.payments.move(payment, PaymentEvent.DOUBT, reason=Doubt.UNCLAIMED, due_at=None)
    await apply_chargeback(tx, shop, Method.STARS, charge_id)


async def apply_chargeback(tx: Transaction, shop: Shop, method: Method, external_id: str) -> None:
    """`record_chargeback` within a transaction."""
    owner = await tx.payments.owner_by_external_id(method, external_id)
    if owner is None:
        return
    await tx.ledger.lock_wallet(owner)
    payment = required(await tx.payments.by_external_id(method, external_id))
    if payment.state is PaymentState.RETURNING:
        await _complete_refund(tx, shop, payment.id)
    elif is_unclaimed(payment):  # the money is gone: nothing is left to decide
        await tx.payments.move(payment, PaymentEvent.REJECT, paid_minor=0)
        await resolve_alert(tx, shop, review_alert_key(payment.id))
    if payment.state is not PaymentState.CREDITED:
        return
    now = shop.clock.now()
    left = await tx.ledger.balance(ledger.wallet(payment.user_id))
    posting = ledger.chargeback(
        payment.id, payment.method, payment.user_id, payment.paid_minor, left
    )
    await tx.ledger.post(posting, now, str(method))
    await tx.payments.move(payment, PaymentEvent.CHARGE_BACK)
    await raise_alert(
        tx,
        shop,
        f"payment_taken_back:{payment.id}",
        AlertKind.PAYMENT_CHARGED_BACK,
        payment=payment.id,
        user=payment.user_id,
        paid=payment.paid_minor,
        lost=max(0, payment.paid_minor - left),
    )
    await notify_payment(tx, shop, payment, "returned")
