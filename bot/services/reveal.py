"""Codes to their owner's eyes: opening, showing again, hiding. Every showing leaves a record."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.orders import Order
from bot.domain.parcels import Parcel, pack
from bot.domain.records import CodesMessage, CodesMessageKind, Customer
from bot.domain.schedule import until_next_send
from bot.domain.supplier import Card
from bot.errors import (
    NothingToShow,
    RevealsUsedUp,
    SendFailure,
    TooManyReveals,
    Unreachable,
)
from bot.ports import Tables
from bot.services.custody import open_card
from bot.services.customers import find_customer, lost_touch
from bot.services.shelf import required
from bot.services.shop import Shop

_HOUR = timedelta(hours=1)
_UNTIL_RECORDED = (0.0, 0.2, 0.5, 1.0)
_MASK = "••••"
_TAIL = 4


def mask(code: str) -> str:
    """The last four characters of a code that is long enough to keep the rest secret."""
    return _MASK + (code[-_TAIL:] if len(code) >= 3 * _TAIL else "")


async def open_parcels(shop: Shop, order: Order) -> tuple[Parcel, ...]:
    """The delivered codes of an order, in clear: for messages to its owner and nothing else."""
    async with shop.store.reading() as tables:
        stored = await tables.codes.of_order(order.id, order.user_id)
    batches: dict[int, list[Card]] = {}
    for code in stored:
        if code.deliver:
            card = open_card(
                shop.vault, code.order_id, code.position, code.secrets, code.expires_at
            )
            batches.setdefault(code.batch, []).append(card)
    return pack(*(batches[batch] for batch in sorted(batches)))


async def show_again(shop: Shop, customer: Customer, order_id: int) -> int:
    """Send an order's codes to its owner once more; returns how many showings are left.

    Codes that never reached the customer are delivered, which counts as no showing. Raises
    NotFound, NothingToShow, RevealsUsedUp, TooManyReveals.
    """
    async with shop.store.reading() as tables:
        order = required(await tables.orders.for_owner(order_id, customer.id))
        delivered = await tables.codes.delivered_parts(order.id)
    if not order.delivered_quantity:
        raise NothingToShow
    left = await shop.store.write(_count_reveal, shop, order, first=not delivered)
    for parcel in await open_parcels(shop, order):
        message_id = await shop.sender.send_codes(customer, order, parcel, again=bool(delivered))
        await shop.store.write(
            record_message, shop, order, parcel, message_id, again=bool(delivered)
        )
    return left


async def _count_reveal(tables: Tables, shop: Shop, order: Order, *, first: bool) -> int:
    now = shop.clock.now()
    limit = shop.policy.reveals_per_order
    used = await tables.codes.count_reveals(order.id)
    if first:
        return limit
    if used >= limit:
        raise RevealsUsedUp(limit)
    if (
        await tables.codes.count_reveals_since(order.user_id, now - _HOUR)
        >= shop.policy.reveals_per_hour
    ):
        raise TooManyReveals
    await tables.codes.add_reveal(order.id, order.user_id, "owner", now)
    return limit - used - 1


async def record_message(
    tables: Tables, shop: Shop, order: Order, parcel: Parcel, message_id: int, *, again: bool
) -> None:
    visible_for = shop.policy.shown_again_for if again else shop.policy.codes_visible_for
    await tables.codes.add_message(
        order_id=order.id,
        user_id=order.user_id,
        message_id=message_id,
        parcel=parcel,
        hide_at=shop.clock.now() + visible_for,
        again=again,
    )


async def hide_codes(shop: Shop, customer: Customer, order_id: int, pressed_id: int | None) -> int:
    """The owner has the codes: turn every message that shows them into a receipt.

    A quick hand presses before the delivery is recorded, so the pressed message is waited for; one
    that no record knows (the process ended between sending and recording) is hidden all the same.
    """
    async with shop.store.reading() as tables:
        order = required(await tables.orders.for_owner(order_id, customer.id))
    messages = await _visible_with(shop, order, pressed_id)
    for message in messages:
        await _hide(shop, customer, order, message)
    if pressed_id is not None and pressed_id not in {m.message_id for m in messages}:
        orphan = CodesMessage(0, order.id, customer.id, pressed_id, 0, 1, CodesMessageKind.TEXT, 0)
        await shop.sender.mask_codes(customer, order, orphan, (), 0)
    return len(messages)


async def _visible_with(shop: Shop, order: Order, pressed_id: int | None) -> Sequence[CodesMessage]:
    messages: Sequence[CodesMessage] = ()
    for wait in _UNTIL_RECORDED:
        await shop.clock.sleep(wait)
        async with shop.store.reading() as tables:
            messages = await tables.codes.visible(order.id, order.user_id)
        if pressed_id is None or pressed_id in {m.message_id for m in messages}:
            break
    return messages


async def hide_due_messages(shop: Shop) -> int:
    """Hide what has been visible long enough (CODES_VISIBLE_FOR, or ten minutes when shown again)."""
    async with shop.store.reading() as tables:
        due = await tables.codes.to_hide(shop.clock.now(), 20)
    for message in due:
        async with shop.store.reading() as tables:
            order = required(await tables.orders.for_owner(message.order_id, message.user_id))
            customer = await find_customer(shop, tables, message.user_id)
        await _hide(shop, customer, order, message)
    return len(due)


async def _hide(shop: Shop, customer: Customer, order: Order, message: CodesMessage) -> None:
    parcels = await open_parcels(shop, order)
    part = next((p for p in parcels if p.part == message.part), None)
    masks = [mask(card.mark) for card in part.cards] if part else []
    try:
        await shop.sender.mask_codes(customer, order, message, masks, part.first if part else 0)
    except Unreachable:
        await shop.store.write(_unreachable, shop, message)
    except SendFailure:
        await shop.store.write(_postpone, shop, message)
    else:
        await shop.store.write(_hidden, shop, message)


async def _hidden(tables: Tables, shop: Shop, message: CodesMessage) -> None:
    await tables.codes.set_hidden(message, shop.clock.now())


async def _unreachable(tables: Tables, shop: Shop, message: CodesMessage) -> None:
    """Nobody can read a chat that is blocked; tried again daily, should they come back."""
    await lost_touch(tables, shop, message.user_id)
    await tables.codes.postpone_hiding(message, shop.clock.now() + timedelta(days=1))


async def _postpone(tables: Tables, shop: Shop, message: CodesMessage) -> None:
    due = shop.clock.now() + timedelta(seconds=until_next_send(message.attempts))
    await tables.codes.postpone_hiding(message, due)
