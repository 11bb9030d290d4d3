"""Operators accept or reject payments; the first decision of each payment stands."""

from dataclasses import dataclass

from bot.domain.actions import ActionKind
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.payments import (
    DECIDABLE_STATES,
    Payment,
    PaymentEvent,
    Rejection,
    payment_of,
    reference_of,
)
from bot.domain.people import is_pseudonym
from bot.refusals import AlreadyDecided, CustomerForgotten, NotFound, required
from bot.services.messaging.alerts import resolve_alert
from bot.services.payments.crediting import credit, notify_payment, review_alert_key
from bot.services.shop import Shop
from bot.services.wallet.limits import check_cap, check_fresh, needs_confirmation
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


@dataclass(frozen=True, slots=True)
class Accepted:
    """`action_id` set: nothing was credited yet, the action has to be confirmed."""

    payment: Payment
    amount_minor: int
    action_id: int | None = None


async def accept_payment(shop: Shop, decision: Decision) -> Payment:
    """Credit a payment; returns it as it is then.

    A second call raises AlreadyDecided. Raises NotFound, CapReached, CustomerForgotten.
    """
    return await shop.store.write(_accept, shop, decision)


async def accept_other_amount(
    shop: Shop, decision: Decision, *, in_doubt: bool = False
) -> Accepted:
    """Credit a payment with the amount that an operator typed, or ask for a confirmation.

    It is asked for above CONFIRM_ABOVE, and where the amount is a hundred times what was asked, or
    a hundredth of it or less: dinars and centimes were mixed up; `in_doubt`: always. A second call
    raises AlreadyDecided. Raises NotFound, CapReached, CustomerForgotten.
    """
    return await shop.store.write(_ask, shop, decision, in_doubt)


async def confirm_payment(shop: Shop, operator_id: int, action_id: int) -> Payment:
    """Carry out what `accept_other_amount` asked about; a second call raises AlreadyDecided.

    Raises NotFound, AskedTooLongAgo, CapReached, CustomerForgotten.
    """
    return await shop.store.write(_confirm, shop, operator_id, action_id)


async def _accept(tx: Transaction, shop: Shop, decision: Decision) -> Payment:
    payment = await _creditable(tx, decision.payment_id)
    amount = decision.amount_minor or payment.paid_minor or payment.asked_minor
    await check_cap(tx, shop, decision.operator_id, ActionKind.PAYMENT, amount)
    await _record(tx, shop, decision, ActionKind.PAYMENT, amount, "")
    return await _credit(tx, shop, payment, amount, decision.operator_id)


async def _ask(tx: Transaction, shop: Shop, decision: Decision, in_doubt: bool) -> Accepted:
    payment = await _creditable(tx, decision.payment_id)
    amount = decision.amount_minor or payment.asked_minor
    mixed_up = in_doubt or _is_mixed_up(amount, payment.asked_minor)
    if not mixed_up and not needs_confirmation(shop, amount):
        return Accepted(await _accept(tx, shop, decision), amount)
    await check_cap(tx, shop, decision.operator_id, ActionKind.PAYMENT, amount)
    action_id = await _record(tx, shop, decision, ActionKind.PAYMENT, amount, "", done=False)
    return Accepted(payment, amount, action_id)


def _is_mixed_up(amount_minor: int, asked_minor: int) -> bool:
    return (
        amount_minor >= asked_minor * MINOR_PER_UNIT or amount_minor * MINOR_PER_UNIT <= asked_minor
    )


async def _confirm(tx: Transaction, shop: Shop, operator_id: int, action_id: int) -> Payment:
    action = required(await tx.operators.action(action_id, operator_id))
    if action.kind is not ActionKind.PAYMENT:
        raise NotFound
    check_fresh(shop, action)
    payment = await _creditable(tx, int(payment_of(action.target)))
    await check_cap(tx, shop, operator_id, ActionKind.PAYMENT, action.amount_minor)
    await tx.operators.decide(action_id, shop.clock.now(), amount_minor=action.amount_minor)
    return await _credit(tx, shop, payment, action.amount_minor, operator_id)


async def _decidable(tx: Transaction, payment_id: int) -> Payment:
    """The payment, locked. Raises AlreadyDecided, NotFound."""
    payment = await tx.lock_payment(payment_id)
    if payment.state not in DECIDABLE_STATES:
        raise AlreadyDecided
    return payment


async def _creditable(tx: Transaction, payment_id: int) -> Payment:
    """The payment, locked. Raises AlreadyDecided, CustomerForgotten, NotFound."""
    payment = await _decidable(tx, payment_id)
    if is_pseudonym(payment.user_id):
        raise CustomerForgotten(payment.reference)
    return payment


async def _credit(
    tx: Transaction, shop: Shop, payment: Payment, amount_minor: int, operator_id: int
) -> Payment:
    actor, fee = f"operator:{operator_id}", payment.fee_minor
    # What was received may be another amount than the provider's fee was told of.
    fee_minor = fee if fee < amount_minor else 0
    await credit(
        tx, shop, payment, amount_minor, actor, decided_by=operator_id, fee_minor=fee_minor
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
    payment = await _decidable(tx, decision.payment_id)
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
    tx: Transaction,
    shop: Shop,
    decision: Decision,
    kind: ActionKind,
    amount: int,
    note: str,
    *,
    done: bool = True,
) -> int:
    """The id of the recorded action. Raises AlreadyDecided if this press has one."""
    action_id = await tx.operators.add_action(
        key=decision.key,
        operator_id=decision.operator_id,
        kind=kind,
        target=reference_of(decision.payment_id),
        amount_minor=amount,
        note=note,
        done=done,
        now=shop.clock.now(),
    )
    if action_id is None:
        raise AlreadyDecided
    return action_id
