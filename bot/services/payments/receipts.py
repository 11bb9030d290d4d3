"""Receipts of bank transfers: from the customer to the operators, who decide (decisions.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.outbox import OutboxKind
from bot.domain.payments import (
    Method,
    Payment,
    PaymentEvent,
    PaymentState,
    Receipt,
    ReceiptKind,
)
from bot.domain.records import Customer
from bot.domain.roles import Right
from bot.refusals import Banned, NothingToPay, TooManyReceipts
from bot.services.shop import Shop
from bot.services.standing import who_may
from storage.transaction import Transaction

MOST_RECEIPTS: Final = 5  # for one payment; an album counts as one
_OLDEST: Final = timedelta(days=60)  # payments that a receipt may still belong to
_TAKES_RECEIPTS: Final = (
    PaymentState.OPEN,
    PaymentState.REVIEW,
    PaymentState.EXPIRED,
    PaymentState.REJECTED,
)
# The customer was asked for a receipt of these, and has not sent the one that counts.
_WAITS_FOR_RECEIPT: Final = (PaymentState.OPEN, PaymentState.REJECTED)


@dataclass(frozen=True, slots=True)
class ReceiptFile:
    """A picture or file that a customer sent; the ids are Telegram's."""

    kind: ReceiptKind
    file_id: str
    unique_id: str


@dataclass(frozen=True, slots=True)
class ReceiptUpload:
    """What a customer sent in one message: one file or more, the files of an album in their order.

    `caption` is the only caption of all of them.
    """

    files: Sequence[ReceiptFile]
    caption: str


async def send_receipt(shop: Shop, user_id: int, upload: ReceiptUpload) -> Payment:
    """Show a receipt to the operators, for the transfer that its caption names, or else the newest.

    All its files go to that one transfer, and to each operator as one message. The same files again
    change nothing while the payment is under review. Raises NothingToPay where no transfer of this
    customer takes a receipt, TooManyReceipts, and Banned: whoever is banned may still show that they
    had paid, for what they began before.
    """
    return await shop.store.write(_send, shop, user_id, upload)


async def awaited_receipt(
    shop: Shop, user_id: int, caption: str, *, is_file: bool
) -> Payment | None:
    """The transfer whose receipt this customer may have meant to send; None where none is awaited.

    `is_file`: they sent a file, which is also meant for any other transfer that its caption names, as
    one of which support has a receipt.
    """
    async with shop.store.reading() as tx:
        transfers = await _transfers(tx, shop, user_id, _TAKES_RECEIPTS)
    named = _named(transfers, caption) if is_file else []
    waiting = [payment for payment in transfers if payment.state in _WAITS_FOR_RECEIPT]
    return next(iter(named), None) or _find_transfer(waiting, caption)


async def _transfers(
    tx: Transaction, shop: Shop, user_id: int, states: Sequence[PaymentState]
) -> list[Payment]:
    """The customer's transfers in these states; of whoever is banned, those from before."""
    ban, since = await tx.customers.ban_of(user_id), shop.clock.now() - _OLDEST
    return [
        payment
        for payment in await tx.payments.of_user(user_id, states, since, 50)
        if payment.method is Method.TRANSFER and (ban is None or payment.created_at < ban.at)
    ]


async def _send(tx: Transaction, shop: Shop, user_id: int, upload: ReceiptUpload) -> Payment:
    now = shop.clock.now()
    found = _find_transfer(await _transfers(tx, shop, user_id, _TAKES_RECEIPTS), upload.caption)
    if found is None:
        raise NothingToPay if await tx.customers.ban_of(user_id) is None else Banned
    payment = await tx.payments.locked(found.id)
    if payment.attempts >= MOST_RECEIPTS:
        raise TooManyReceipts
    added = [
        await tx.payments.add_receipt(
            Receipt(payment.id, file.kind, file.file_id, file.unique_id), now
        )
        for file in upload.files
    ]
    if not any(added) and payment.state is PaymentState.REVIEW:
        return payment  # the operators have these files already
    await tx.payments.move(
        payment,
        PaymentEvent.SUBMIT,
        attempts=payment.attempts + 1,
        reason="",
        due_at=None,
    )
    for operator_id in await who_may(tx, shop, Right.RECEIPTS):
        data = {"payment": str(payment.id), "receipt": _join_ids(upload.files)}
        key = f"receipt:{payment.id}:{payment.attempts}:{operator_id}"
        await tx.outbox.add(key, operator_id, OutboxKind.RECEIPT, now, data=data)
    return await tx.payments.locked(payment.id)


async def show_receipt(shop: Shop, operator: Customer, payment: Payment, *, decides: bool) -> bool:
    """Send an operator the newest receipt once more, with all its files; False without one.

    `decides`: whether they may decide about it, and get the buttons for that.
    """
    async with shop.store.reading() as tx:
        receipts = await tx.payments.newest_receipts(payment.id)
    if receipts:
        await shop.sender.send_receipt(operator, payment, receipts, (), decides=decides)
    return bool(receipts)


def _join_ids(files: Sequence[ReceiptFile]) -> str:
    """The `unique_id`s of files as one word list: Telegram's ids hold no spaces."""
    return " ".join(dict.fromkeys(file.unique_id for file in files))


def _find_transfer(waiting: list[Payment], caption: str) -> Payment | None:
    """The transfer that the caption names, or the newest open or reviewed one, or the newest."""
    first = [p for p in waiting if p.state in (PaymentState.OPEN, PaymentState.REVIEW)]
    return next(iter(_named(waiting, caption) or first or waiting), None)


def _named(payments: Sequence[Payment], caption: str) -> list[Payment]:
    words = caption.upper().split()
    return [payment for payment in payments if payment.reference in words]
