"""Sending the outbox: at least once, each message by itself, with stored backoff.

Messages of orders and all others have places of their own, so that news never holds up codes.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.domain.alerts import AlertKind
from bot.domain.orders import Order
from bot.domain.outbox import CASE_KINDS, ORDER_KINDS, OutboxKind, OutboxRow, OutboxState
from bot.domain.payments import Payment
from bot.domain.records import Customer, SentCodes
from bot.domain.roles import ALERT_RIGHTS, Right
from bot.domain.schedule import (
    LONGEST_WAIT_SECONDS,
    SENDS_BEFORE_ALERT,
    SENDS_IN_ORDER,
    until_next_send,
)
from bot.errors import SendFailure, SendLater, StorageFailure, Undeliverable, Unreachable
from bot.log_fields import log_fields
from bot.refusals import NotFound, UnknownCustomer, required
from bot.services.codes.sent import record_message
from bot.services.items import Item, ItemKind
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.messaging.customers import find_customer, mark_unreachable
from bot.services.messaging.item_runs import attempt_item, place_of
from bot.services.messaging.support import note_case_messages, send_case_message
from bot.services.operations.order_messages import (
    end_wait_of_payment,
    send_codes,
    send_payment,
    send_result,
    show_progress,
    show_status,
    update_status,
)
from bot.services.operations.watches import tell_back
from bot.services.shop import Shop
from bot.services.standing import may
from storage.transaction import Transaction

_ORDERS_AT_ONCE: Final = 16
_OTHERS_AT_ONCE: Final = 8
_LONGEST_WAIT_FOR_CODES: Final = 300.0  # seconds
# The right that whoever gets such a message needs when it is sent; see also ALERT_RIGHTS.
_RIGHTS: Final = {
    OutboxKind.RECEIPT: Right.RECEIPTS,
    OutboxKind.CASE: Right.CASES,
    OutboxKind.CASE_WORDS: Right.CASES,
    OutboxKind.CLOSING: Right.STATS,
}
# How long a message of another kind may take before codes for the same person go first.
_OVERTAKE_AFTER_SECONDS: Final = 1.0


@dataclass
class Sending:
    """The messages that are being sent, by the ids of their rows; `since` is monotonic."""

    monotonic: Callable[[], float]
    rows: dict[int, OutboxRow] = field(default_factory=dict)
    since: dict[int, float] = field(default_factory=dict)

    def begin(self, row: OutboxRow) -> None:
        self.rows[row.id] = row
        self.since[row.id] = self.monotonic()

    def end(self, row: OutboxRow) -> None:
        del self.rows[row.id], self.since[row.id]

    def free_places(self, *, of_orders: bool) -> int:
        taken = sum((row.kind in ORDER_KINDS) == of_orders for row in self.rows.values())
        return max(0, (_ORDERS_AT_ONCE if of_orders else _OTHERS_AT_ONCE) - taken)

    def busy(self, *, of_orders: bool) -> set[int]:
        """The people for whom no further message may be begun."""
        long_ago = self.monotonic() - _OVERTAKE_AFTER_SECONDS
        return {
            row.user_id
            for row in self.rows.values()
            if not (of_orders and row.kind not in ORDER_KINDS and self.since[row.id] <= long_ago)
        }


async def find_messages_to_send(shop: Shop, sending: Sending) -> list[OutboxRow]:
    """The due messages for which there is a place; each is begun in `sending`.

    News comes first, since it takes no place of an order's: so messages to one person keep their order
    where nothing holds the news up.
    """
    found: list[OutboxRow] = []
    now = shop.clock.monotonic()
    for of_orders in (False, True):
        places = sending.free_places(of_orders=of_orders)
        if not places:
            continue
        async with shop.store.reading() as tx:
            find = tx.outbox.due_of_orders if of_orders else tx.outbox.due_news
            limit = places + shop.items.held(ItemKind.MESSAGE, now)
            due = await find(shop.clock.now(), limit, sending.busy(of_orders=of_orders))
        free = [row for row in due if row.id not in sending.rows and _may_begin(shop, row, now)]
        for row in free[:places]:
            sending.begin(row)
            found.append(row)
    return found


def _may_begin(shop: Shop, row: OutboxRow, now: float) -> bool:
    """False while the row rests because its result could not be stored: it is still due."""
    return shop.items.may_begin(Item(ItemKind.MESSAGE, row.id), now)


async def try_message(shop: Shop, row: OutboxRow) -> None:
    """`send_message` as an item: where its result cannot be stored, the row rests. Raises nothing."""
    with log_fields(order=row.order_id):
        await attempt_item(shop, Item(ItemKind.MESSAGE, row.id), partial(send_message, shop, row))


async def send_message(shop: Shop, row: OutboxRow) -> None:
    """Send one message and store the result: sent, postponed, unreachable or dead.

    Raises NotLeading where another process may lead, and nothing is sent then; StorageFailure if the
    result cannot be stored. A second call then sends nothing that was
    sent: it only stores that. Codes are recorded for each message; where that failed, their records
    and the result are stored together, or a process that dies in between would forget the message.
    """
    sent = shop.unrecorded.rows.get(row.id)
    if sent is None:
        shop.lease.check()
        sent = await _try_to_send(shop, row)
    if sent is None:
        return
    shop.unrecorded.rows[row.id] = sent
    codes = shop.unrecorded.of_order(row.order_id) if row.order_id else []
    await shop.store.write(_close, shop, row, sent, codes)
    shop.unrecorded.codes.difference_update(codes)
    if row.kind is OutboxKind.PAYMENT:
        shop.unrecorded.payments.discard(int(row.data["payment"]))
    shop.unrecorded.rows.pop(row.id, None)  # a second sender of this process may have stored it too


async def _try_to_send(shop: Shop, row: OutboxRow) -> Sequence[int] | None:
    """Where it was sent, the ids of the messages that its support case has to know.

    None where it was not: what is to become of the message is stored then.
    """
    try:
        return await _deliver(shop, row)
    except Unreachable:
        await shop.store.write(_set_unreachable, shop, row)
    except SendLater as later:
        wait = min(later.retry_after_seconds, LONGEST_WAIT_SECONDS)
        if row.kind in ORDER_KINDS:  # a wait may be meant for something else in that chat
            wait = min(wait, _LONGEST_WAIT_FOR_CODES)
        await shop.store.write(_postpone, shop, row, wait, count=False)
    except (Undeliverable, UnknownCustomer, NotFound) as refusal:
        await shop.store.write(_quarantine, shop, row)
        if isinstance(refusal, Undeliverable):
            await _say_where_codes_are(shop, row)
    except SendFailure:
        await shop.store.write(_retry_later, shop, row, SENDS_BEFORE_ALERT)
    except StorageFailure:  # no affair of this row: it is tried again in a second
        raise
    except Exception as error:  # whatever is wrong with this row is its own affair
        shop.items.report(
            f"message {row.id}: unforeseen {type(error).__name__} at {place_of(error)}"
        )
        await shop.store.write(_retry_later, shop, row, SENDS_IN_ORDER)
    return None


async def _deliver(shop: Shop, row: OutboxRow) -> Sequence[int]:
    """Whoever lost the right that a message needs gets nothing of it: such a row ends without one."""
    right = _right_to_read(row)
    if right is not None and not await may(shop, row.user_id, right):
        return ()
    if row.kind in CASE_KINDS or row.kind is OutboxKind.CASE_CLOSED:
        return await _send_of_case(shop, row)
    if row.kind is OutboxKind.BACK:
        await tell_back(shop, row)
        return ()
    await _send(shop, row)
    return ()


def _right_to_read(row: OutboxRow) -> Right | None:
    """None: a message to a customer."""
    if row.kind is OutboxKind.ALERT:
        return ALERT_RIGHTS[AlertKind(row.data["alert"])]
    if row.kind is OutboxKind.TEAM and row.data["what"] == "accepted":
        return Right.TEAM
    return _RIGHTS.get(row.kind)


async def _say_where_codes_are(shop: Shop, row: OutboxRow) -> None:
    """Turn the screen on which the customer waits into that of the ended order, if that works."""
    if row.kind not in ORDER_KINDS:
        return
    with contextlib.suppress(SendFailure, UnknownCustomer):
        async with shop.store.reading() as tx:
            customer = await _recipient(shop, tx, row)
            order = required(await tx.orders.for_owner(required(row.order_id), row.user_id))
        await show_status(shop, customer, order, alone=True)


async def retry_messages(shop: Shop) -> int:
    """Send at once what waits for its next try: Telegram can be reached again; returns how many."""
    return await shop.store.write(_retry_now, shop)


async def _retry_now(tx: Transaction, shop: Shop) -> int:
    return await tx.outbox.hurry(shop.clock.now())


async def _send(shop: Shop, row: OutboxRow) -> None:
    async with shop.store.reading() as tx:
        customer = await _recipient(shop, tx, row)
        order = await tx.orders.for_owner(row.order_id, row.user_id) if row.order_id else None
    tell = {
        OutboxKind.ALERT: shop.sender.send_alert,
        OutboxKind.CREDITED: shop.sender.send_credited,
        OutboxKind.TEAM: shop.sender.send_team,
        OutboxKind.CLOSING: shop.sender.send_closing,
    }.get(row.kind)
    if tell is not None:
        await tell(customer, row.data)
    elif row.kind is OutboxKind.MISSED:
        await shop.sender.send_missed(customer)
    elif row.kind is OutboxKind.PAYMENT:
        await send_payment(shop, customer, row)
    elif row.kind is OutboxKind.RECEIPT:
        await _send_receipt(shop, customer, row)
    elif order is None:
        raise NotFound
    elif row.kind is OutboxKind.ORDER_PROGRESS:
        await show_progress(shop, customer, order, row)
    elif row.kind is OutboxKind.EXPIRY:
        await _send_reminder(shop, customer, order, row)
    elif row.kind is OutboxKind.ORDER_PART:
        await send_codes(shop, customer, order)
        await update_status(shop, customer, order)
    else:
        await send_result(shop, customer, order, row)


async def _send_of_case(shop: Shop, row: OutboxRow) -> Sequence[int]:
    async with shop.store.reading() as tx:
        receiver = await _recipient(shop, tx, row)
    return await send_case_message(shop, receiver, row)


async def _recipient(shop: Shop, tx: Transaction, row: OutboxRow) -> Customer:
    try:
        customer = await find_customer(shop, tx, row.user_id)
    except UnknownCustomer:
        # An operator who has never written to the bot: the message waits until they do.
        raise Unreachable from None
    if not customer.reachable:
        raise Unreachable
    return customer


async def _send_reminder(shop: Shop, customer: Customer, order: Order, row: OutboxRow) -> None:
    """Skip if the customer has switched reminders off meanwhile, or the codes have expired."""
    expires_at = datetime.fromisoformat(row.data["expires_at"])
    async with shop.store.reading() as tx:
        wanted = await tx.customers.wants_reminders(customer.id)
    left = expires_at - shop.clock.now()
    if wanted and left > timedelta(0):
        days = round(left / timedelta(days=1))
        await shop.sender.send_reminder(customer, order, expires_at, days)


async def _send_receipt(shop: Shop, operator: Customer, row: OutboxRow) -> None:
    async with shop.store.reading() as tx:
        payment = await tx.payments.locked(int(row.data["payment"]))
        named = row.data["receipt"].split()  # more than one for an album
        receipts = [r for r in await tx.payments.receipts(payment.id) if r.unique_id in named]
        others: dict[int, Payment] = {}
        for receipt in receipts:
            for other in await tx.payments.with_same_file(receipt.unique_id, payment.id):
                others[other] = await tx.payments.locked(other)
    same = list(others.values())
    await shop.sender.send_receipt(operator, payment, receipts, same, decides=True)


async def _close(
    tx: Transaction, shop: Shop, row: OutboxRow, sent: Sequence[int], codes: Sequence[SentCodes]
) -> None:
    for message in codes:
        await record_message(tx, shop, message)
    await tx.outbox.close(row.id, OutboxState.SENT)
    if row.kind is OutboxKind.ORDER_RESULT:
        await end_wait_of_payment(tx, shop, row)
    if sent:
        await note_case_messages(tx, row, sent)
    if row.attempts:
        await resolve_alert(tx, shop, _alert_key(row))


async def _postpone(
    tx: Transaction, shop: Shop, row: OutboxRow, seconds: float, *, count: bool
) -> None:
    await tx.outbox.postpone(row.id, shop.clock.now() + timedelta(seconds=seconds), count=count)


async def _retry_later(
    tx: Transaction, shop: Shop, row: OutboxRow, failures_before_alert: int
) -> None:
    """Postpone, each time longer; after so many failures tell the operators, once."""
    await _postpone(tx, shop, row, until_next_send(row.attempts), count=True)
    if row.attempts + 1 >= failures_before_alert:
        await _tell_operators(tx, shop, row)


async def _set_unreachable(tx: Transaction, shop: Shop, row: OutboxRow) -> None:
    """Keep the message until the customer writes again; codes can also be read in /orders."""
    await tx.outbox.close(row.id, OutboxState.UNREACHABLE)
    await mark_unreachable(tx, shop, row.user_id)


async def _quarantine(tx: Transaction, shop: Shop, row: OutboxRow) -> None:
    await tx.outbox.close(row.id, OutboxState.DEAD)
    await _tell_operators(tx, shop, row)


async def _tell_operators(tx: Transaction, shop: Shop, row: OutboxRow) -> None:
    """Open an alert about a message; an alert about an alert would never end."""
    if row.kind in CASE_KINDS:
        kind, case = AlertKind.OPERATOR_CUT_OFF, row.data["case"]
        await raise_alert(tx, shop, _alert_key(row), kind, case=case, user=row.user_id)
    elif row.kind is not OutboxKind.ALERT:
        await raise_alert(
            tx,
            shop,
            _alert_key(row),
            AlertKind.MESSAGE_DEAD,
            order=row.order_id or 0,
            user=row.user_id,
        )


def _alert_key(row: OutboxRow) -> str:
    if row.kind in CASE_KINDS:  # one alert, however many messages of cases wait for them
        return f"operator_cut_off:{row.user_id}"
    return f"message_dead:{row.id}"
