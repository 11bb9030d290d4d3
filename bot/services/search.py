"""Finding orders whose answer was lost, in the supplier's own list (OneClickDz has no idempotency).

Equal purchases are the same to everybody, so any order of that kind which nobody has claimed is
adopted, oldest first; the unique index on the supplier's id is the last guard.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.orders import Attention, Order, OrderState
from bot.domain.records import AlertKind
from bot.domain.schedule import GIVE_UP_SEARCH_AFTER_SECONDS, until_next_search
from bot.domain.supplier import Purchase, SupplierOrder
from bot.errors import AccessRefused, SupplierFailure
from bot.ports import Tables
from bot.services.access import close_shop_for_access
from bot.services.alerts import raise_alert
from bot.services.place import accept_order
from bot.services.shop import Shop

_MARGIN = timedelta(minutes=2)


async def search_lost_orders(shop: Shop) -> int:
    """One look for every lost order that is due; returns how many were found."""
    now = shop.clock.now()
    async with shop.store.reading() as tables:
        due = await tables.orders.due(OrderState.UNCONFIRMED, now, 200)
        unconfirmed = await tables.orders.in_state(OrderState.UNCONFIRMED)
        flying = {order.purchase for order in await tables.orders.in_state(OrderState.PLACING)}
    # What a restored backup cannot know whether it was bought has no time of sending: see restored.py.
    lost = sorted((order for order in unconfirmed if order.sent_at is not None), key=_sent_at)
    if not due or not lost:
        return 0
    try:
        listed = await shop.supplier.orders(_sent_at(lost[0]) - _MARGIN, now + _MARGIN)
    except SupplierFailure as failure:
        if isinstance(failure, AccessRefused):
            await close_shop_for_access(shop, failure)
        await shop.store.write(_look_again, shop, [order.id for order in due], now, seen=False)
        return 0
    candidates = sorted(listed, key=lambda found: found.ordered_at or now)
    found = 0
    for order in lost:
        # While an equal purchase is on its way, a new row of the list may be that one's.
        if order.purchase not in flying and await shop.store.write(
            _adopt, shop, order.id, candidates
        ):
            found += 1
    await shop.store.write(_look_again, shop, [order.id for order in due], now, seen=True)
    if found:
        shop.wake("poll")
    return found


def _sent_at(order: Order) -> datetime:
    return order.sent_at or order.created_at


def _matches(purchase: Purchase, sent_at: datetime, listed: SupplierOrder) -> bool:
    if listed.purchase != purchase:
        return False
    return listed.ordered_at is None or listed.ordered_at >= sent_at - _MARGIN


async def _adopt(
    tables: Tables, shop: Shop, order_id: int, candidates: Sequence[SupplierOrder]
) -> bool:
    order = await tables.orders.locked(order_id)
    if order.state is not OrderState.UNCONFIRMED:
        return False
    matching = [c for c in candidates if _matches(order.purchase, _sent_at(order), c)]
    taken = await tables.orders.bound(shop.supplier.name, [c.supplier_order_id for c in matching])
    free = [c for c in matching if c.supplier_order_id not in taken]
    return bool(free) and await accept_order(tables, shop, order, free[0].supplier_order_id)


async def _look_again(
    tables: Tables, shop: Shop, order_ids: Sequence[int], now: datetime, *, seen: bool
) -> None:
    looks = []
    for order in await tables.orders.locked_many(order_ids):
        if order.state is not OrderState.UNCONFIRMED:
            continue
        age = (now - _sent_at(order)).total_seconds()
        wait = until_next_search(age, order.attempts + 1)
        looks.append((order.id, order.attempts + 1, now + timedelta(seconds=wait)))
        if seen and age >= GIVE_UP_SEARCH_AFTER_SECONDS and order.attention is None:
            await tables.orders.change(order.id, attention=Attention.NOT_FOUND)
            await raise_alert(
                tables, shop, f"not_found:{order.id}", AlertKind.ORDER_NOT_FOUND, order=order.id
            )
    await tables.orders.reschedule(looks)
