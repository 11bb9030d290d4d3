"""Showing codes to their owner and hiding them again. Every repeated showing is recorded."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.code_messages import CodeMessage, is_showable, pack
from bot.domain.orders import Order
from bot.domain.records import CodeMessageKind, Customer, SentCodeMessage
from bot.domain.schedule import until_next_send
from bot.domain.supplier import Card
from bot.errors import (
    NothingToShow,
    RevealsUsedUp,
    SendFailure,
    TooManyReveals,
    Unreachable,
    required,
)
from bot.services.codes.custody import open_card
from bot.services.messaging.customers import find_customer, mark_unreachable
from bot.services.shop import Shop
from storage.transaction import Transaction

_HOUR = timedelta(hours=1)
_RECORD_WAITS = (0.0, 0.2, 0.5, 1.0)  # seconds before each read of the records
_MASK = "••••"
_TAIL = 4


def mask(code: str) -> str:
    """Four dots, plus the last four characters if the code has at least twelve.

    Characters that no message can show are left out.
    """
    tail = code[-_TAIL:] if len(code) >= 3 * _TAIL else ""
    return _MASK + "".join(c for c in tail if is_showable(c))


async def open_code_messages(shop: Shop, order: Order) -> tuple[CodeMessage, ...]:
    """The delivered codes of an order, decrypted: only for messages to its owner.

    Raises VaultFailure.
    """
    async with shop.store.reading() as tx:
        stored = await tx.codes.of_order(order.id, order.user_id)
    batches: dict[int, list[Card]] = {}
    for code in stored:
        if code.deliver:
            card = open_card(
                shop.vault, code.order_id, code.position, code.secrets, code.expires_at
            )
            batches.setdefault(code.batch, []).append(card)
    return pack(*(batches[batch] for batch in sorted(batches)))


async def show_again(shop: Shop, customer: Customer, order_id: int) -> int:
    """Send an order's codes to its owner again; returns how many times they can still be shown.

    Codes that never reached the customer are delivered instead, which is not counted. Raises
    NotFound, NothingToShow, RevealsUsedUp, TooManyReveals, SendFailure.
    """
    async with shop.store.reading() as tx:
        order = required(await tx.orders.for_owner(order_id, customer.id))
        delivered = await tx.codes.delivered_parts(order.id)
    if not order.delivered_quantity:
        raise NothingToShow
    left = await shop.store.write(_count_reveal, shop, order, first=not delivered)
    for code_message in await open_code_messages(shop, order):
        message_id = await shop.sender.send_codes(
            customer, order, code_message, again=bool(delivered)
        )
        await shop.store.write(
            record_message, shop, order, code_message, message_id, again=bool(delivered)
        )
    return left


async def _count_reveal(tx: Transaction, shop: Shop, order: Order, *, first: bool) -> int:
    now = shop.clock.now()
    limit = shop.policy.reveals_per_order
    used = await tx.codes.count_reveals(order.id)
    if first:
        return limit
    if used >= limit:
        raise RevealsUsedUp(limit)
    if (
        await tx.codes.count_reveals_since(order.user_id, now - _HOUR)
        >= shop.policy.reveals_per_hour
    ):
        raise TooManyReveals
    await tx.codes.add_reveal(order.id, order.user_id, "owner", now)
    return limit - used - 1


async def record_message(
    tx: Transaction,
    shop: Shop,
    order: Order,
    code_message: CodeMessage,
    message_id: int,
    *,
    again: bool,
) -> None:
    """Record a sent message of codes and when to hide it; `again` for a repeated showing."""
    visible_for = shop.policy.shown_again_for if again else shop.policy.codes_visible_for
    await tx.codes.add_message(
        order_id=order.id,
        user_id=order.user_id,
        message_id=message_id,
        code_message=code_message,
        hide_at=shop.clock.now() + visible_for,
        again=again,
    )


async def hide_codes(shop: Shop, customer: Customer, order_id: int, pressed_id: int | None) -> int:
    """Turn every message that shows the codes of an order into a receipt; returns how many.

    The owner may press before the delivery is recorded, so the record of the pressed message is
    waited for. A message without a record (the process ended between sending and recording) is
    hidden too. Raises NotFound.
    """
    async with shop.store.reading() as tx:
        order = required(await tx.orders.for_owner(order_id, customer.id))
    messages = await _visible_with(shop, order, pressed_id)
    for message in messages:
        await _hide(shop, customer, order, message)
    if pressed_id is not None and pressed_id not in {m.message_id for m in messages}:
        unrecorded = SentCodeMessage(
            0, order.id, customer.id, pressed_id, 0, 1, CodeMessageKind.TEXT, 0
        )
        await shop.sender.mask_codes(customer, order, unrecorded, (), 0)
    return len(messages)


async def _visible_with(
    shop: Shop, order: Order, pressed_id: int | None
) -> Sequence[SentCodeMessage]:
    messages: Sequence[SentCodeMessage] = ()
    for wait in _RECORD_WAITS:
        await shop.clock.sleep(wait)
        async with shop.store.reading() as tx:
            messages = await tx.codes.visible_messages(order.id, order.user_id)
        if pressed_id is None or pressed_id in {m.message_id for m in messages}:
            break
    return messages


async def hide_due_messages(shop: Shop) -> int:
    """Hide messages whose time is over: CODES_VISIBLE_FOR, or CODES_SHOWN_AGAIN_FOR.

    Returns how many were due. A message that cannot be changed now is tried again later.
    """
    async with shop.store.reading() as tx:
        due = await tx.codes.messages_to_hide(shop.clock.now(), 20)
    for message in due:
        async with shop.store.reading() as tx:
            order = required(await tx.orders.for_owner(message.order_id, message.user_id))
            customer = await find_customer(shop, tx, message.user_id)
        await _hide(shop, customer, order, message)
    return len(due)


async def _hide(shop: Shop, customer: Customer, order: Order, message: SentCodeMessage) -> None:
    code_messages = await open_code_messages(shop, order)
    part = next((p for p in code_messages if p.part == message.part), None)
    masks = [mask(card.leading_text) for card in part.cards] if part else []
    try:
        await shop.sender.mask_codes(customer, order, message, masks, part.first if part else 0)
    except Unreachable:
        await shop.store.write(_record_unreachable, shop, message)
    except SendFailure:
        await shop.store.write(_postpone, shop, message)
    else:
        await shop.store.write(_record_hidden, shop, message)


async def _record_hidden(tx: Transaction, shop: Shop, message: SentCodeMessage) -> None:
    await tx.codes.set_hidden(message, shop.clock.now())


async def _record_unreachable(tx: Transaction, shop: Shop, message: SentCodeMessage) -> None:
    """The customer blocked the bot, so nobody reads the chat: try again every day."""
    await mark_unreachable(tx, shop, message.user_id)
    await tx.codes.postpone_hiding(message, shop.clock.now() + timedelta(days=1))


async def _postpone(tx: Transaction, shop: Shop, message: SentCodeMessage) -> None:
    due = shop.clock.now() + timedelta(seconds=until_next_send(message.attempts))
    await tx.codes.postpone_hiding(message, due)
