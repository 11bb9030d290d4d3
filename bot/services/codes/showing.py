"""One showing of an order's codes at a time: a delivery and a press never send the same codes twice.

A showing is claimed before the first message and ended after the last. Its row names the process that claimed it. That
process knows by monotonic time until when it lasts; others go by the row's own end, as far as they know that its time
has passed. So a process that dies within it holds nobody up for long; at the next start what it claimed is ended.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from bot.domain.code_messages import CodeMessage
from bot.domain.orders import Order
from bot.domain.records import Customer, Showing
from bot.errors import NotLeading, SendLater, StorageFailure, Undeliverable, Unreachable
from bot.refusals import BeingShown
from bot.services.codes.sent import send_and_record
from bot.services.shop import Shop
from storage.transaction import Transaction

# One message is sent or given up within less than half of it, however often it has to wait.
LASTS: Final = timedelta(minutes=5)
_SURELY_NOT_SENT: Final = (SendLater, Unreachable, Undeliverable, NotLeading)


async def claim_showing(tx: Transaction, shop: Shop, order: Order, *, counts: bool) -> Showing:
    """Claim the showing of an order's codes; `counts`: it is one of those the customer has few of.

    The order must be locked. Raises BeingShown while another showing is under way. One that never
    ended may have shown the codes, so it counts.
    """
    other = await tx.codes.showing(order.id)
    if other is not None:
        if _is_under_way(shop, other):
            raise BeingShown
        await _end(tx, shop, other, seen=True)
    until = shop.clock.now() + LASTS
    showing = await tx.codes.begin_showing(
        order.id, order.user_id, until, shop.process, counts=counts
    )
    _note_own(shop, showing)
    return showing


def _note_own(shop: Shop, showing: Showing) -> None:
    shop.own_showings[showing.id] = shop.clock.monotonic() + LASTS.total_seconds()


def _is_under_way(shop: Shop, showing: Showing) -> bool:
    """Whether it has neither ended nor surely lasted too long, whatever the wall clock was set to."""
    if showing.owner == shop.process:
        return shop.clock.monotonic() < shop.own_showings.get(showing.id, 0.0)
    return showing.until > shop.timeline.surely(LASTS)


@contextmanager
def only_if_committed(shop: Shop, claimed: Sequence[int]) -> Iterator[None]:
    """Forget showings, by their ids, whose claim is not known to be committed: nothing is sent in them.

    Such a row would else hold the codes back from their owner until the time of a showing is over.
    """
    try:
        yield
    except StorageFailure:
        for number in claimed:
            shop.own_showings.pop(number, None)
        raise


async def claim_delivery(shop: Shop, order: Order) -> Showing:
    """Claim the showing in which the outbox delivers codes. Raises BeingShown."""
    claimed: list[int] = []
    with only_if_committed(shop, claimed):
        return await shop.store.write(_claim_delivery, shop, order.id, claimed)


async def _claim_delivery(
    tx: Transaction, shop: Shop, order_id: int, claimed: list[int]
) -> Showing:
    order = await tx.orders.locked(order_id)
    showing = await claim_showing(tx, shop, order, counts=False)
    claimed.append(showing.id)
    return showing


async def is_being_shown(tx: Transaction, shop: Shop, order_id: int) -> bool:
    """Whether messages with codes of this order are being sent."""
    showing = await tx.codes.showing(order_id)
    return showing is not None and _is_under_way(shop, showing)


async def show_messages(
    shop: Shop,
    customer: Customer,
    order: Order,
    showing: Showing,
    messages: Sequence[tuple[CodeMessage, bool]],
) -> None:
    """Send messages of codes, each with whether it is shown again, and end the showing.

    Raises SendFailure, after which the rest is not sent. The showing counts where the customer has
    seen a code or may have: not where Telegram surely sent nothing.
    """
    seen = False
    began = shop.clock.monotonic()
    try:
        for code_message, again in messages:
            if shop.clock.monotonic() - began > LASTS.total_seconds() / 2:
                await shop.store.write(_extend, shop, showing)
                began = shop.clock.monotonic()
            try:
                await send_and_record(shop, customer, order, code_message, again=again)
            except BaseException as failure:
                seen = seen or not isinstance(failure, _SURELY_NOT_SENT)
                raise
            seen = True
    finally:
        await _try_to_end(shop, showing, seen=seen)


async def _extend(tx: Transaction, shop: Shop, showing: Showing) -> None:
    """Raises BeingShown where it lasted too long, and another has begun."""
    if not await tx.codes.extend_showing(showing, shop.clock.now() + LASTS):
        raise BeingShown
    _note_own(shop, showing)


async def _try_to_end(shop: Shop, showing: Showing, *, seen: bool) -> None:
    shop.own_showings.pop(showing.id, None)
    try:
        await shop.store.write(_end, shop, showing, seen=seen)
    except StorageFailure:  # the codes are in the chat: whoever finds the showing ends it
        shop.items.report(f"a showing of order {showing.order_id} is not ended: the storage fails")


async def _end(tx: Transaction, shop: Shop, showing: Showing, *, seen: bool) -> None:
    """Once: whoever found it over its time has counted it already."""
    if await tx.codes.end_showing(showing) and showing.counts and seen:
        await tx.codes.add_reveal(showing.order_id, showing.user_id, "owner", shop.clock.now())


async def end_interrupted_showings(shop: Shop) -> None:
    """At start, before anything is sent: end the showings in which the last process died.

    One process runs the shop (decision 19), so all that others have claimed before are such.
    """
    await shop.store.write(_end_all, shop)


async def _end_all(tx: Transaction, shop: Shop) -> None:
    for showing in await tx.codes.showings():
        if showing.owner != shop.process:
            await _end(tx, shop, showing, seen=True)
