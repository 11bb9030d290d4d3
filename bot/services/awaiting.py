"""Orders that wait for money: they go on by themselves, are called off, or run out of time."""

from collections.abc import Sequence
from typing import Final

from bot.domain.ledger import hold, wallet
from bot.domain.orders import Order, OrderEvent, OrderState, next_state
from bot.errors import NothingToPay, SellingPaused, TooManyPayments
from bot.ports import Tables
from bot.services.pauses import check_open
from bot.services.shelf import required
from bot.services.shop import Shop
from bot.services.telling import tell_progress, tell_result

MOST_AWAITING: Final = 5  # of one customer


async def check_room(tables: Tables, user_id: int) -> None:
    """Raises TooManyPayments for who has as many unpaid orders as anybody may."""
    if len(await tables.orders.awaiting(user_id)) >= MOST_AWAITING:
        raise TooManyPayments


async def go_on(tables: Tables, shop: Shop, user_id: int) -> Sequence[Order]:
    """To be called wherever money comes into a wallet: pay what now suffices, the oldest first."""
    waiting = await tables.orders.awaiting(user_id)
    if not waiting:
        return ()
    left = await tables.ledger.balance(wallet(user_id))
    now, paid = shop.clock.now(), []
    for order in waiting:
        expired = order.due_at is not None and order.due_at <= now
        if order.total_minor > left or expired or not await _may_go_on(tables, shop, order):
            continue
        left -= order.total_minor
        await tables.ledger.post(
            hold(order.id, user_id, order.total_minor), now, f"customer:{user_id}"
        )
        await tables.orders.change(
            order.id, state=next_state(order.state, OrderEvent.PAY), paid_at=now, due_at=now
        )
        await tell_progress(tables, shop, order, "")
        paid.append(order)
    if paid:
        shop.wake("place")
    return paid


async def _may_go_on(tables: Tables, shop: Shop, order: Order) -> bool:
    """While its supplier stands still the money is safe in the wallet; a sweep comes back to it."""
    try:
        await check_open(tables, shop, order.supplier)
    except SellingPaused:
        return False
    return True


async def cancel_order(shop: Shop, user_id: int, order_id: int) -> Order:
    """The customer calls off what was not paid yet. Raises NotFound, NothingToPay."""
    return await shop.store.write(_cancel, shop, user_id, order_id)


async def _cancel(tables: Tables, shop: Shop, user_id: int, order_id: int) -> Order:
    required(await tables.orders.for_owner(order_id, user_id))
    order = await tables.orders.locked(order_id)
    if order.state is OrderState.CANCELLED:
        return order
    if order.state is not OrderState.AWAITING_PAYMENT:
        raise NothingToPay
    await _close(tables, shop, order, OrderEvent.CANCEL)
    return await tables.orders.locked(order_id)


async def end_unpaid_orders(shop: Shop, limit: int = 100) -> int:
    """What was not paid in time expires, and its customer is told; returns how many."""
    async with shop.store.reading() as tables:
        due = await tables.orders.due(OrderState.AWAITING_PAYMENT, shop.clock.now(), limit)
    for order in due:
        await shop.store.write(_expire, shop, order.id)
    if due:
        shop.wake("send")
    return len(due)


async def _expire(tables: Tables, shop: Shop, order_id: int) -> None:
    order = await tables.orders.locked(order_id)
    if order.state is OrderState.AWAITING_PAYMENT:
        await _close(tables, shop, order, OrderEvent.EXPIRE)
        await tell_result(tables, shop, order)


async def _close(tables: Tables, shop: Shop, order: Order, event: OrderEvent) -> None:
    await tables.orders.change(
        order.id,
        state=next_state(order.state, event),
        settled_at=shop.clock.now(),
        due_at=None,
    )


async def pay_what_can_be_paid(shop: Shop) -> int:
    """For wallets that were filled while the shop sold nothing; returns how many orders went on."""
    async with shop.store.reading() as tables:
        users = await tables.orders.able_to_pay()
    return sum([len(await shop.store.write(go_on, shop, user_id)) for user_id in users])
