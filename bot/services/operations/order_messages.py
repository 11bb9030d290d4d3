"""Messages about orders and their payments: one event is told in one message.

The message that tells how an order ended says the money and brings the codes. The status message is
edited besides, and only says where it stands.
"""

import contextlib
from dataclasses import replace
from functools import partial
from typing import Final

from bot.domain.ledger import wallet
from bot.domain.orders import Order, OrderState
from bot.domain.outbox import OutboxRow
from bot.domain.payments import Payment
from bot.domain.records import Customer
from bot.domain.results import MoneyNote
from bot.errors import SendFailure, SendLater, StorageFailure
from bot.ports import PaymentNote
from bot.refusals import BeingShown, CodesLost, required
from bot.services.codes.reveal import open_code_messages
from bot.services.codes.sent import sent_parts
from bot.services.codes.showing import claim_delivery, only_if_committed, show_messages
from bot.services.messaging.notifications import credited_key, notify_end, result_key
from bot.services.orders.waiting import waiting_of
from bot.services.shop import Shop
from bot.services.turns import OUTBOX_WAITS_SECONDS
from storage.transaction import Transaction

_WHILE_RESULT_WAITS_SECONDS: Final = 15.0  # a payment is told with the result, or after it failed
_WHILE_SHOWN_SECONDS: Final = 2.0  # until codes are sent that a press shows at this moment


async def send_result(shop: Shop, customer: Customer, order: Order, row: OutboxRow) -> None:
    """Tell how an order ended in one message: that of its codes, or one of its own."""
    async with shop.store.reading() as tx:
        payment = await _untold_payment(tx, shop, order)
        money = await _money_note(tx, order, payment, row)
        delivered = await tx.codes.delivered_parts(order.id)
    # A row of an earlier version does not say whether codes came with it.
    has_codes = "codes" in row.data or (order.delivered_quantity > 0 and not delivered)
    if has_codes or order.state is OrderState.FULFILLED:
        is_told = await send_codes(shop, customer, order, money)
        if payment is not None and not is_told:  # a press has shown the codes, without the money
            note = PaymentNote("credited", money.wallet_minor, order, 0, (order.id,))
            await shop.sender.send_payment(customer, payment, note)
    elif order.state is OrderState.EXPIRED:
        await shop.sender.send_ended(customer, order, money.wallet_minor)
    else:
        await shop.sender.send_returned(customer, order, money)
    await update_status(shop, customer, order)


async def _untold_payment(tx: Transaction, shop: Shop, order: Order) -> Payment | None:
    """The payment that paid for an order, unless a message of its own tells of it."""
    payment = await tx.payments.that_paid(order)
    if payment is None or payment.id in shop.unrecorded.payments:
        return None
    return None if await tx.outbox.is_sent(credited_key(payment.id)) else payment


async def _money_note(
    tx: Transaction, order: Order, payment: Payment | None, row: OutboxRow
) -> MoneyNote:
    """What the message about an order's end says of money, as it is when it is sent."""
    paid_minor, paid_by = 0, None
    if payment is not None:
        paid_minor, paid_by = payment.paid_minor, payment.method
    return MoneyNote(
        await tx.ledger.balance(wallet(order.user_id)), paid_minor, paid_by, _orders_of(row)
    )


def _orders_of(row: OutboxRow) -> tuple[int, ...]:
    return tuple(int(number) for number in row.data.get("orders", "").split())


async def update_status(shop: Shop, customer: Customer, order: Order) -> None:
    """Edit the status message after a message about the order was sent.

    Where that fails, the edit alone is tried again: the message would come twice.
    """
    try:
        await show_status(shop, customer, order)
    except SendFailure:
        with contextlib.suppress(StorageFailure):
            await shop.store.write(notify_end, shop, order)


async def show_status(
    shop: Shop, customer: Customer, order: Order, *, alone: bool = False, only_open: bool = False
) -> None:
    """Edit the status message to what the order is when its turn comes: a press may be showing it.

    `only_open`: nothing is edited if it has ended by then. Raises SendFailure, and SendLater where
    the press takes long.
    """
    async with shop.order_screens.of(order.id, patience=OUTBOX_WAITS_SECONDS):
        now = await _read_again(shop, order)
        if now.is_open or not only_open:
            waiting = await waiting_of(shop, now)
            edit = shop.sender.update_status
            if alone:
                edit = partial(edit, alone=True)
            await edit(customer, now, waiting)


async def _read_again(shop: Shop, order: Order) -> Order:
    """As it was read before where that fails: a message that was sent is not sent again for it."""
    try:
        async with shop.store.reading() as tx:
            return await tx.orders.for_owner(order.id, order.user_id) or order
    except StorageFailure:
        return order


async def show_progress(shop: Shop, customer: Customer, order: Order, row: OutboxRow) -> None:
    """Edit the status message to the present state; that an order has ended, its own message says.

    An edit that failed may reach Telegram late, over the one that followed that message: then it is
    made good.
    """
    if order.is_open:
        await show_status(shop, customer, order, only_open=not row.attempts)
    elif "end" in row.data or (row.attempts and await _is_told(shop, order)):
        await show_status(shop, customer, order)


async def _is_told(shop: Shop, order: Order) -> bool:
    async with shop.store.reading() as tx:
        return await tx.outbox.is_sent(result_key(order.id))


async def send_codes(
    shop: Shop, customer: Customer, order: Order, money: MoneyNote | None = None
) -> bool:
    """Send the parts that were not sent yet; while a press shows codes, a moment later.

    The last says `money`; False where none was left to say it.

    Where their key was given up, the customer is told. Also where all were sent: what a press has sent is recorded only when its showing has ended.
    """
    try:
        messages = await open_code_messages(shop, order)
    except CodesLost:
        await shop.sender.send_lost(customer, order)
        return False
    try:
        showing = await claim_delivery(shop, order)
    except BeingShown:
        raise SendLater(_WHILE_SHOWN_SECONDS) from None
    with only_if_committed(shop, [showing.id]):  # else nothing is sent in it either
        sent = await sent_parts(shop, order.id)
    rest = [(message, False) for message in messages if message.part not in sent]
    if rest:
        rest[-1] = (replace(rest[-1][0], money=money), False)
    await show_messages(shop, customer, order, showing, rest)
    return bool(rest)


async def end_wait_of_payment(tx: Transaction, shop: Shop, row: OutboxRow) -> None:
    """An order's end was told: what its payment still had to tell is looked at now.

    News to one person come in order, so others would wait for it.
    """
    order = await tx.orders.for_owner(required(row.order_id), row.user_id)
    payment = order and await tx.payments.that_paid(order)
    if payment:
        await tx.outbox.hurry_one(credited_key(payment.id), shop.clock.now())


async def send_payment(shop: Shop, customer: Customer, row: OutboxRow) -> None:
    """Reads the current state, not the state when the row was added.

    Where the order that was paid has ended meanwhile, the message about its end tells of the payment.
    """
    async with shop.store.reading() as tx:
        payment = required(await tx.payments.for_owner(int(row.data["payment"]), row.user_id))
        balance = await tx.ledger.balance(wallet(row.user_id))
        order = (
            await tx.orders.for_owner(payment.order_id, row.user_id) if payment.order_id else None
        )
        if order is not None and _orders_of(row) == (order.id,) and not order.is_open:
            if await tx.outbox.is_sent(result_key(order.id)):
                return
            if await tx.outbox.is_pending(result_key(order.id)):
                raise SendLater(_WHILE_RESULT_WAITS_SECONDS)
    missing = 0
    if order is not None and order.state is OrderState.AWAITING_PAYMENT:
        missing = max(0, order.total_minor - balance)
    note = PaymentNote(
        row.data["what"],
        balance,
        order,
        missing,
        _orders_of(row),
        rejection=row.data.get("rejection", ""),
        words=row.data.get("words", ""),
    )
    shop.unrecorded.payments.add(payment.id)
    try:
        await shop.sender.send_payment(customer, payment, note)
    except BaseException:
        shop.unrecorded.payments.discard(payment.id)
        raise
