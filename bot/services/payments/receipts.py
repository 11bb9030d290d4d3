"""Receipts of transfers, and what operators decide of payments: the first decision stands."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.payments import (
    DECIDABLE_STATES,
    Method,
    Payment,
    PaymentEvent,
    PaymentState,
    Receipt,
    ReceiptKind,
    Rejection,
    reference_of,
)
from bot.domain.records import ActionKind, Customer, OutboxKind
from bot.errors import AlreadyDecided, NothingToPay, TooManyReceipts
from bot.services.messaging.alerts import resolve_alert
from bot.services.payments.crediting import credit, notify_payment, review_alert
from bot.services.shop import Shop
from bot.services.wallet.limits import check_cap
from storage.transaction import Transaction

MOST_RECEIPTS: Final = 5  # for one payment
_REMEMBERED: Final = timedelta(days=60)
_WAITING: Final = (
    PaymentState.OPEN,
    PaymentState.REVIEW,
    PaymentState.EXPIRED,
    PaymentState.REJECTED,
)


@dataclass(frozen=True, slots=True)
class ReceiptUpload:
    """A picture or file that a customer sent, with the words beside it."""

    kind: ReceiptKind
    file_id: str
    unique_id: str
    caption: str


async def send_receipt(shop: Shop, user_id: int, proof: ReceiptUpload) -> Payment:
    """Lay a receipt before the operators: for the transfer that its words name, or else the newest.

    Raises NothingToPay where no transfer of this customer waits for one, TooManyReceipts.
    """
    return await shop.store.write(_send, shop, user_id, proof)


async def _send(tx: Transaction, shop: Shop, user_id: int, proof: ReceiptUpload) -> Payment:
    now = shop.clock.now()
    begun = await tx.payments.of_user(user_id, _WAITING, now - _REMEMBERED, 50)
    found = _meant([p for p in begun if p.method is Method.TRANSFER], proof.caption)
    if found is None:
        raise NothingToPay
    payment = await tx.payments.locked(found.id)
    receipt = Receipt(payment.id, proof.kind, proof.file_id, proof.unique_id)
    if payment.attempts >= MOST_RECEIPTS:
        raise TooManyReceipts
    is_new = await tx.payments.add_receipt(receipt, now)
    if not is_new and payment.state is PaymentState.REVIEW:
        return payment  # the very same once more: the operators have it
    await tx.payments.move(
        payment,
        PaymentEvent.SUBMIT,
        attempts=payment.attempts + 1,
        reason="",
        due_at=None,
    )
    for operator_id in sorted(shop.policy.admin_ids):
        data = {"payment": str(payment.id), "receipt": proof.unique_id}
        key = f"receipt:{payment.id}:{payment.attempts}:{operator_id}"
        await tx.outbox.add(key, operator_id, OutboxKind.RECEIPT, now, data=data)
    return await tx.payments.locked(payment.id)


async def show_receipt(shop: Shop, operator: Customer, payment: Payment) -> bool:
    """Send an operator the newest receipt once more; False where there is none."""
    async with shop.store.reading() as tx:
        receipts = await tx.payments.receipts(payment.id)
    if receipts:
        await shop.sender.send_receipt(operator, payment, receipts[-1], ())
    return bool(receipts)


def _meant(waiting: list[Payment], caption: str) -> Payment | None:
    """The newest that waits for money before those that were looked at or given up; or the one named."""
    words = caption.upper().split()
    named = [payment for payment in waiting if payment.reference in words]
    first = [p for p in waiting if p.state in (PaymentState.OPEN, PaymentState.REVIEW)]
    return next(iter(named or first or waiting), None)


@dataclass(frozen=True, slots=True)
class Decision:
    """`amount_minor` None: what was asked, or what the provider says came."""

    key: str
    operator_id: int
    payment_id: int
    amount_minor: int | None = None


async def accept_payment(shop: Shop, decision: Decision) -> Payment:
    """Put the money into the wallet. Raises NotFound, AlreadyDecided, CapReached."""
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
    await resolve_alert(tx, shop, review_alert(payment.id))
    return await tx.payments.locked(payment.id)


async def reject_payment(
    shop: Shop, decision: Decision, rejection: Rejection, words: str = ""
) -> Payment:
    """No money was found; the customer hears why. Raises NotFound, AlreadyDecided."""
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
    await resolve_alert(tx, shop, review_alert(payment.id))
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
