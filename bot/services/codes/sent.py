"""Sending messages of codes and recording them, so that none is sent twice and each is hidden."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.code_messages import CodeMessage
from bot.domain.jobs import Job
from bot.domain.orders import Order
from bot.domain.records import Customer, SentCodeMessage, SentCodes
from bot.services.items import ItemKind
from bot.services.messaging.item_runs import run_items
from bot.services.shop import Shop
from storage.transaction import Transaction


async def sent_parts(shop: Shop, order_id: int) -> set[int]:
    """Which parts of an order's delivery were sent, whether or not they are recorded."""
    unrecorded = shop.unrecorded.parts(order_id)
    async with shop.store.reading() as tx:
        return unrecorded | await tx.codes.delivered_parts(order_id)


async def send_and_record(
    shop: Shop, customer: Customer, order: Order, code_message: CodeMessage, *, again: bool
) -> None:
    """Send one message of codes; `again` for a repeated showing. Raises SendFailure, NotLeading.

    A message that was sent and cannot be recorded raises nothing: the process remembers it, and
    `record_sent_codes` makes the record good.
    """
    shop.lease.check()  # whoever leads now sends them
    message_id = await shop.sender.send_codes(customer, order, code_message, again=again)
    sent = SentCodes(
        order.id,
        order.user_id,
        message_id,
        code_message.part,
        code_message.parts,
        code_message.kind,
        shop.clock.now() + visible_for(shop, again=again),
        again,
    )
    shop.unrecorded.codes.add(sent)
    try:
        await shop.store.write(record_message, shop, sent)
    except (
        Exception
    ) as failure:  # whatever it was, the customer has the message: never send it again
        shop.items.report(f"codes of order {order.id} are not recorded: {type(failure).__name__}")
        shop.store.wake(Job.RECORD)
    else:
        shop.unrecorded.codes.discard(sent)


def visible_for(shop: Shop, *, again: bool) -> timedelta:
    """How long a message of codes shows them; `again`: one of a repeated showing."""
    return shop.policy.shown_again_for if again else shop.policy.codes_visible_for


async def record_message(tx: Transaction, shop: Shop, sent: SentCodes) -> None:
    """Record a sent message of codes and when to hide it; a second call changes nothing.

    Where the clock was set back since it was sent, it is hidden no later than one that is sent now.
    """
    latest = shop.clock.now() + visible_for(shop, again=sent.again)
    await tx.codes.add_message(replace(sent, hide_at=min(sent.hide_at, latest)))


async def record_sent_codes(shop: Shop) -> None:
    """Record the messages of codes that were sent while the storage failed."""
    orders = sorted({sent.order_id for sent in shop.unrecorded.codes})
    await run_items(shop, ItemKind.RECORD, orders, partial(_record_order, shop))


async def _record_order(shop: Shop, order_id: int) -> None:
    for sent in shop.unrecorded.of_order(order_id):
        await shop.store.write(record_message, shop, sent)
        shop.unrecorded.codes.discard(sent)


async def record_due(_tx: Transaction, shop: Shop) -> datetime | None:
    """Now, while a message is not recorded."""
    return shop.clock.now() if shop.unrecorded.codes else None


def unrecorded_messages(shop: Shop, order_id: int) -> list[SentCodeMessage]:
    """The messages of an order that no row knows; their id is 0."""
    return [
        SentCodeMessage(0, s.order_id, s.user_id, s.message_id, s.part, s.parts, s.kind, attempts=0)
        for s in shop.unrecorded.of_order(order_id)
    ]


def hide_when_recorded(shop: Shop, message: SentCodeMessage) -> None:
    """Note that a message without a record is to be hidden as soon as it has one, not in a day."""
    for sent in shop.unrecorded.of_order(message.order_id):
        if sent.message_id == message.message_id:
            shop.unrecorded.codes.discard(sent)
            shop.unrecorded.codes.add(replace(sent, hide_at=shop.clock.now()))
