"""Operators accept or reject payments; the first decision of each payment stands."""

from dataclasses import dataclass

from bot.domain.payments import DECIDABLE_STATES, Payment, PaymentEvent, Rejection, reference_of
from bot.domain.records import ActionKind
from bot.errors import AlreadyDecided
from bot.services.messaging.alerts import resolve_alert
from bot.services.payments.crediting import credit, notify_payment, review_alert_key
from bot.services.shop import Shop
from bot.services.wallet.limits import check_cap
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Decision:
    """An operator's decision; `key` names their press, so that a second one changes nothing.

    `amount_minor` None: the amount the provider reports, or else the amount that was asked for.
    """

    key: str
    operator_id: int
    payment_id: int
    amount_minor: int | None = None


async def accept_payment(shop: Shop, decision: Decision) -> Payment:
    """Credit a payment; returns it as it is then.

    A second call raises AlreadyDecided. Raises NotFound, CapReached.
    """
    return await shop.store.write(_accept, shop, decision)


async def _accept(tx: Transaction, shop: Shop, decision: Decision) -> Payment:
    payment = await tx.payments.locked(decision.payment_id)
    if payment.state not in DECIDABLE_STATES:
        raise AlreadyDecided
    amount = decision.amount_minor or payment.paid_minor or payment.asked_minor
    await check_cap(tx, shop, decision.operator_id, amount)
    await _record(tx, shop, decision, ActionKind.PAYMENT, amount, "")
    await credit(
        tx,
        shop,
        payment,
        amount,
        f"operator:{decision.operator_id}",
        decided_by=decision.operator_id,
    )
    await resolve_alert(tx, shop, review_alert_key(payment.id))
    return await tx.payments.locked(payment.id)


async def reject_payment(
    shop: Shop, decision: Decision, rejection: Rejection, words: str = ""
) -> Payment:
    """Reject a payment and tell the customer why; `words` are the operator's own.

    A second call raises AlreadyDecided. Raises NotFound.
    """
    return await shop.store.write(_reject, shop, decision, rejection, words)


async def _reject(
    tx: Transaction, shop: Shop, decision: Decision, rejection: Rejection, words: str
) -> Payment:
    payment = await tx.payments.locked(decision.payment_id)
    if payment.state not in DECIDABLE_STATES:
        raise AlreadyDecided
    reason = words or str(rejection)
    await _record(tx, shop, decision, ActionKind.REJECT, 0, reason)
    await tx.payments.move(
        payment,
        PaymentEvent.REJECT,
        settled_at=shop.clock.now(),
        decided_by=decision.operator_id,
        paid_minor=0,
        reason=reason,
    )
    await resolve_alert(tx, shop, review_alert_key(payment.id))
    await notify_payment(
        tx,
        shop,
        payment,
        "rejected",
        again=f":{payment.attempts}",
        rejection=str(rejection),
        words=words,
    )
    return await tx.payments.locked(payment.id)


async def _record(
    tx: Transaction, shop: Shop, decision: Decision, kind: ActionKind, amount: int, note: str
) -> None:
    action_id = await tx.operators.add_action(
        key=decision.key,
        operator_id=decision.operator_id,
        kind=kind,
        target=reference_of(decision.payment_id),
        amount_minor=amount,
        note=note,
        now=shop.clock.now(),
    )
    if action_id is None:
        raise AlreadyDecided
