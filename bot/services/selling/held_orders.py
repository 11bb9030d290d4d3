"""Orders that a pause of selling held up: those that wait for money, and those that are paid."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.orders import Order, OrderState
from bot.domain.pauses import LONGEST_EXTENSION, Pause, covering, extended_until
from bot.services.shop import Shop
from storage.transaction import Transaction

_LOOK_AGAIN: Final = timedelta(hours=1)
_WAIT_SECONDS: Final = 60.0


def products_of(shop: Shop, order: Order) -> frozenset[int]:
    """The products as which an order is sold, whatever has left the shelf since."""
    shelf = shop.shelf
    bought = shelf.numbered(order.supplier, order.supplier_product_id)
    products = frozenset({order.product_id, order.product_id if bought is None else bought})
    value = shelf.on_sale(order.denomination_id)
    return products if value is None else products | shelf.sold_as(value)


async def go_on_after(tx: Transaction, shop: Shop, pause: Pause, now: datetime) -> None:
    """Let the orders go on that a pause held up, which was lifted now.

    Those that wait for money have as long as they had left when it began; paid ones are due at once.
    """
    for state in (OrderState.AWAITING_PAYMENT, OrderState.PAID):
        for one in await tx.orders.in_state(state):
            if not pause.covers(one.supplier, products_of(shop, one)):
                continue
            order = await tx.orders.locked(one.id)
            if order.state is not state or order.due_at is None:
                continue  # it has moved on since
            due_at = now
            if state is OrderState.AWAITING_PAYMENT:
                window = shop.policy.payment_window
                due_at = extended_until(pause, order.created_at, window, order.due_at, now)
            elif not pause.stops_paid:
                continue
            if due_at != order.due_at:
                await tx.orders.update(order, due_at=due_at)


async def keep_waiting(tx: Transaction, shop: Shop, order: Order) -> bool:
    """Give a locked order that was not paid in time longer, because what it is for is paused.

    False where it is not, or has been given LONGEST_EXTENSION already.
    """
    pauses = covering(await tx.pauses.open(), order.supplier, products_of(shop, order))
    now = shop.clock.now()
    end = order.created_at + shop.policy.payment_window + LONGEST_EXTENSION
    if not pauses or now >= end:
        return False
    await tx.orders.update(order, due_at=min(now + _LOOK_AGAIN, end))
    return True


async def let_wait(tx: Transaction, shop: Shop, order_id: int) -> None:
    """Let a paid order wait for the end of a pause, which makes it due, or to be refunded unbought."""
    order = await tx.orders.locked(order_id)
    if order.state is OrderState.PAID:
        wait = timedelta(seconds=wait_at_most(shop, order, _WAIT_SECONDS))
        await tx.orders.update(order, due_at=shop.clock.now() + wait)


def wait_at_most(shop: Shop, order: Order, seconds: float) -> float:
    """So many seconds, or fewer: until the order has waited RETURN_UNBOUGHT_AFTER."""
    waited = shop.clock.now() - (order.paid_at or order.created_at)
    left = (shop.policy.return_unbought_after - waited).total_seconds()
    return min(seconds, max(1.0, left))
