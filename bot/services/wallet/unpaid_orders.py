"""Orders that wait for money: they are paid from the wallet, cancelled, or expire."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.ledger import reserve, wallet
from bot.domain.orders import Order, OrderEvent, OrderState
from bot.domain.payments import Method
from bot.domain.schedule import LOOK_AFTER_SECONDS
from bot.refusals import NothingToPay, SellingPaused, TooManyPayments, required
from bot.services.items import ItemKind
from bot.services.messaging.item_runs import run_items
from bot.services.messaging.notifications import notify_paid, notify_result
from bot.services.selling.held_orders import keep_waiting
from bot.services.selling.pauses import check_order_open
from bot.services.shop import Shop
from bot.services.wallet.methods import list_methods
from storage.transaction import Transaction

MOST_UNPAID: Final = 5  # of one customer
_DUE_AT_ONCE: Final = 100  # orders of one run


@dataclass(frozen=True, slots=True)
class UnpaidOrderView:
    """An order that waits for money, as its customer sees it."""

    order: Order
    wallet_minor: int
    methods: tuple[Method, ...]

    @property
    def missing_minor(self) -> int:
        return max(0, self.order.total_minor - self.wallet_minor)


async def view_unpaid_order(shop: Shop, user_id: int, order_id: int) -> UnpaidOrderView:
    """Raises NotFound."""
    async with shop.store.reading() as tx:
        order = required(await tx.orders.for_owner(order_id, user_id))
        balance = await tx.ledger.balance(wallet(user_id))
        return UnpaidOrderView(order, balance, await list_methods(tx, shop))


async def check_unpaid_limit(tx: Transaction, user_id: int) -> None:
    """Raises TooManyPayments for a customer with MOST_UNPAID unpaid orders."""
    if len(await tx.orders.locked_unpaid(user_id)) >= MOST_UNPAID:
        raise TooManyPayments


def unpaid_ended_by(shop: Shop) -> datetime:
    """Orders that were to be paid by then have expired, whatever the wall clock skipped."""
    return shop.timeline.surely(shop.policy.payment_window)


async def pay_waiting_orders(tx: Transaction, shop: Shop, user_id: int) -> Sequence[Order]:
    """Pay a customer's unpaid orders from the wallet, the oldest first; returns the paid ones.

    Call it wherever money comes into a wallet. Orders that have expired, that the rest does not pay
    for, or that are not sold now, keep waiting.
    """
    await tx.ledger.lock_wallet(user_id)
    waiting = await tx.orders.locked_unpaid(user_id)
    if not waiting:
        return ()
    left = await tx.ledger.balance(wallet(user_id))
    now, paid = shop.clock.now(), []
    ended_by = unpaid_ended_by(shop)
    for order in waiting:
        expired = order.due_at is not None and order.due_at <= ended_by
        if order.total_minor > left or expired or not await _may_be_sold(tx, shop, order):
            continue
        left -= order.total_minor
        await tx.ledger.post(
            reserve(order.id, user_id, order.total_minor), now, f"customer:{user_id}"
        )
        look = now + timedelta(seconds=LOOK_AFTER_SECONDS)
        await tx.orders.move(order, OrderEvent.PAY, paid_at=now, due_at=now, tell_at=look)
        await notify_paid(tx, shop, order)
        paid.append(order)
    return paid


async def _may_be_sold(tx: Transaction, shop: Shop, order: Order) -> bool:
    """While it does not, the money stays in the wallet; `pay_affordable_orders` tries again."""
    try:
        await check_order_open(tx, shop, order)
    except SellingPaused:
        return False
    return True


async def cancel_order(shop: Shop, user_id: int, order_id: int) -> Order:
    """Cancel an unpaid order; a second call returns it unchanged.

    Raises NotFound, and NothingToPay for an order in any other state.
    """
    return await shop.store.write(_cancel, shop, user_id, order_id)


async def _cancel(tx: Transaction, shop: Shop, user_id: int, order_id: int) -> Order:
    required(await tx.orders.for_owner(order_id, user_id))
    order = await tx.orders.locked(order_id)
    if order.state is OrderState.CANCELLED:
        return order
    if order.state is not OrderState.AWAITING_PAYMENT:
        raise NothingToPay
    await _close(tx, shop, order, OrderEvent.CANCEL)
    return await tx.orders.locked(order_id)


async def cancel_unpaid_orders(tx: Transaction, shop: Shop, user_id: int) -> int:
    """Cancel all orders of a customer that wait for money, and tell them; returns how many.

    To be called with their money locked.
    """
    waiting = await tx.orders.locked_unpaid(user_id)
    for order in waiting:
        await close_unpaid(tx, shop, order)
    return len(waiting)


async def close_unpaid(tx: Transaction, shop: Shop, order: Order) -> None:
    """Cancel a locked order that waits for money, and tell its customer."""
    await _close(tx, shop, order, OrderEvent.CANCEL)
    await notify_result(tx, shop, order)


async def end_unpaid_orders(shop: Shop) -> int:
    """Expire orders that were not paid in time, tell their customers; returns how many were due."""
    limit = _DUE_AT_ONCE + shop.items.held(ItemKind.EXPIRE, shop.clock.monotonic())
    async with shop.store.reading() as tx:
        due = await tx.orders.unpaid_since(unpaid_ended_by(shop), limit)

    async def expire(order_id: int) -> None:
        await shop.store.write(_expire, shop, order_id)

    await run_items(shop, ItemKind.EXPIRE, [order.id for order in due], expire)
    return len(due)


async def _expire(tx: Transaction, shop: Shop, order_id: int) -> None:
    order = await tx.orders.locked(order_id)
    if order.state is OrderState.AWAITING_PAYMENT and not await keep_waiting(tx, shop, order):
        await _close(tx, shop, order, OrderEvent.EXPIRE)
        await notify_result(tx, shop, order)


async def _close(tx: Transaction, shop: Shop, order: Order, event: OrderEvent) -> None:
    await tx.orders.move(order, event, settled_at=shop.clock.now(), due_at=None)


async def pay_affordable_orders(shop: Shop) -> int:
    """Pay orders of wallets that were filled while the shop sold nothing; returns how many."""
    async with shop.store.reading() as tx:
        users = await tx.orders.customers_able_to_pay()

    async def pay(user_id: int) -> int:
        return len(await shop.store.write(pay_waiting_orders, shop, user_id))

    return sum(await run_items(shop, ItemKind.PAY, users, pay))
