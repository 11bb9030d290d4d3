"""Receipts of bank transfers: from the customer to the operators, who decide (decisions.py)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.payments import (
    Method,
    Payment,
    PaymentEvent,
    PaymentState,
    Receipt,
    ReceiptKind,
)
from bot.domain.records import Customer, OutboxKind
from bot.errors import NothingToPay, TooManyReceipts
from bot.services.shop import Shop
from storage.transaction import Transaction

MOST_RECEIPTS: Final = 5  # for one payment
_OLDEST: Final = timedelta(days=60)  # payments that a receipt may still belong to
_TAKES_RECEIPTS: Final = (
    PaymentState.OPEN,
    PaymentState.REVIEW,
    PaymentState.EXPIRED,
    PaymentState.REJECTED,
)


@dataclass(frozen=True, slots=True)
class ReceiptUpload:
    """A picture or file that a customer sent, with its caption; the ids are Telegram's."""

    kind: ReceiptKind
    file_id: str
    unique_id: str
    caption: str


async def send_receipt(shop: Shop, user_id: int, upload: ReceiptUpload) -> Payment:
    """Show a receipt to the operators, for the transfer that its caption names, or else the newest.

    The same file again changes nothing while the payment is under review. Raises NothingToPay where
    no transfer of this customer takes a receipt, and TooManyReceipts.
    """
    return await shop.store.write(_send, shop, user_id, upload)


async def _send(tx: Transaction, shop: Shop, user_id: int, upload: ReceiptUpload) -> Payment:
    now = shop.clock.now()
    recent = await tx.payments.of_user(user_id, _TAKES_RECEIPTS, now - _OLDEST, 50)
    found = _find_transfer([p for p in recent if p.method is Method.TRANSFER], upload.caption)
    if found is None:
        raise NothingToPay
    payment = await tx.payments.locked(found.id)
    receipt = Receipt(payment.id, upload.kind, upload.file_id, upload.unique_id)
    if payment.attempts >= MOST_RECEIPTS:
        raise TooManyReceipts
    is_new = await tx.payments.add_receipt(receipt, now)
    if not is_new and payment.state is PaymentState.REVIEW:
        return payment  # the operators have this file already
    await tx.payments.move(
        payment,
        PaymentEvent.SUBMIT,
        attempts=payment.attempts + 1,
        reason="",
        due_at=None,
    )
    for operator_id in sorted(shop.policy.admin_ids):
        data = {"payment": str(payment.id), "receipt": upload.unique_id}
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


def _find_transfer(waiting: list[Payment], caption: str) -> Payment | None:
    """The transfer that the caption names, or the newest open or reviewed one, or the newest."""
    words = caption.upper().split()
    named = [payment for payment in waiting if payment.reference in words]
    first = [p for p in waiting if p.state in (PaymentState.OPEN, PaymentState.REVIEW)]
    return next(iter(named or first or waiting), None)
