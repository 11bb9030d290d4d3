"""Items that no sweep finds any more: what failed of them is forgotten, and their alerts are closed."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final

from bot.domain.orders import OrderState
from bot.domain.payments import UNPAID_STATES, PaymentState
from bot.refusals import NotFound
from bot.services.items import Item, ItemKind
from bot.services.messaging.alerts import resolve_alert
from bot.services.messaging.item_runs import failing_items
from bot.services.operations.watches import watched_products
from bot.services.shop import Shop
from storage.transaction import Transaction

_HasWork = Callable[[Transaction, Shop, int], Awaitable[bool]]

_WAITING: Final = frozenset(
    {OrderState.PAID, OrderState.PLACING, OrderState.UNCONFIRMED, OrderState.HANDLING}
)


async def forget_gone_items(shop: Shop) -> int:
    """Forget the failing items whose rows have left the state in which they had work; returns how many.

    Each by itself: a row that cannot be read keeps its alert. Raises StorageFailure. A second call
    finds none.
    """
    known = dict.fromkeys([*shop.items.troubles, *(item for item, _ in await failing_items(shop))])
    gone = 0
    for item in known:
        try:
            gone += await _forget_if_gone(shop, item)
        except Exception as failure:
            shop.items.report(f"{item.kind} {item.id} is not looked at: {type(failure).__name__}")
    return gone


async def _forget_if_gone(shop: Shop, item: Item) -> bool:
    if item.kind not in HAVE_WORK or not shop.items.may_begin(item, float("inf")):
        return False  # an alert ends with its own success; what is at work is there
    is_gone = await shop.store.write(_close_if_gone, shop, item)
    if is_gone:
        shop.items.troubles.pop(item, None)
    return is_gone


async def _close_if_gone(tx: Transaction, shop: Shop, item: Item) -> bool:
    try:
        if await HAVE_WORK[item.kind](tx, shop, int(item.id)):
            return False
    except NotFound:
        pass  # the row is gone, and the item with it
    await resolve_alert(tx, shop, item.alert_key)
    return True


async def _order_is_in(
    tx: Transaction, _shop: Shop, order_id: int, *, states: frozenset[OrderState]
) -> bool:
    return (await tx.orders.locked(order_id)).state in states


async def _payment_is_in(
    tx: Transaction, _shop: Shop, payment_id: int, *, states: frozenset[PaymentState]
) -> bool:
    return (await tx.payments.locked(payment_id)).state in states


async def _is_searched_for(tx: Transaction, _shop: Shop, order_id: int) -> bool:
    """A refunded order has a time of its next look for as long as its supplier may deliver it."""
    order = await tx.orders.locked(order_id)
    is_watched = order.state is OrderState.REFUNDED and order.due_at is not None
    return is_watched or order.state is OrderState.UNCONFIRMED


async def _has_unpaid(tx: Transaction, _shop: Shop, user_id: int) -> bool:
    return bool(await tx.orders.locked_unpaid(user_id))


async def _is_visible(tx: Transaction, _shop: Shop, row_id: int) -> bool:
    return await tx.codes.visible_message(row_id) is not None


async def _is_unrecorded(_tx: Transaction, shop: Shop, order_id: int) -> bool:
    return bool(shop.unrecorded.of_order(order_id))


async def _is_in_outbox(tx: Transaction, _shop: Shop, row_id: int) -> bool:
    return await tx.outbox.is_open(row_id)


async def _expires_soon(tx: Transaction, shop: Shop, order_id: int) -> bool:
    now, ahead = shop.clock.now(), timedelta(days=max(shop.policy.expiry_reminders, default=0))
    return any(order.id == order_id for order, _ in await tx.codes.expiring(now, now + ahead))


async def _is_to_be_looked_at(tx: Transaction, _shop: Shop, order_id: int) -> bool:
    order = await tx.orders.locked(order_id)
    return order.state in _WAITING and order.tell_at is not None


async def _is_watched(tx: Transaction, shop: Shop, product_id: int) -> bool:
    return product_id in watched_products(shop, await tx.watches.watched())


def _order_in(state: OrderState) -> _HasWork:
    return partial(_order_is_in, states=frozenset({state}))


HAVE_WORK: Final[dict[ItemKind, _HasWork]] = {
    ItemKind.PLACE: _order_in(OrderState.PAID),
    ItemKind.OVERDUE: _order_in(OrderState.PAID),
    ItemKind.INTERRUPTED: _order_in(OrderState.PLACING),
    ItemKind.RECONCILE: _is_searched_for,
    ItemKind.POLL: _order_in(OrderState.HANDLING),
    ItemKind.PAY: _has_unpaid,
    ItemKind.EXPIRE: _order_in(OrderState.AWAITING_PAYMENT),
    ItemKind.PAYMENT: partial(_payment_is_in, states=frozenset(UNPAID_STATES)),
    ItemKind.PAYMENT_REFUND: partial(_payment_is_in, states=frozenset({PaymentState.RETURNING})),
    ItemKind.HIDE: _is_visible,
    ItemKind.RECORD: _is_unrecorded,
    ItemKind.MESSAGE: _is_in_outbox,
    ItemKind.REMINDER: _expires_soon,
    ItemKind.SLOW: _is_to_be_looked_at,
    ItemKind.WATCHED: _is_watched,
}
