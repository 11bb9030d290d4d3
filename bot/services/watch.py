"""What takes long: the customer is told after five minutes, the operators after ten; and a silent supplier."""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.orders import Order
from bot.domain.records import AlertKind
from bot.domain.schedule import STUCK_AFTER_SECONDS, TELL_SLOW_AFTER_SECONDS
from bot.ports import Tables
from bot.services.alerts import (
    SUPPLIER_DOWN,
    raise_alert,
    settle_alert,
    supplier_is_silent,
)
from bot.services.shop import Shop
from bot.services.telling import tell_progress

_ALERT_EVERY = timedelta(minutes=10)
_SILENCE = timedelta(minutes=2)
_NAMED = 5


async def watch_supplier(shop: Shop) -> None:
    """One alert for a silent supplier, however many orders wait for it."""
    since = shop.supplier.silent_since
    silent = since is not None and shop.clock.now() - since >= _SILENCE
    async with shop.store.reading() as tables:
        known = await tables.operators.alert_is_open(SUPPLIER_DOWN)
    if silent != known:
        await shop.store.write(_tell_silent if silent else _tell_back, shop)


async def _tell_silent(tables: Tables, shop: Shop) -> None:
    await raise_alert(tables, shop, SUPPLIER_DOWN, AlertKind.SUPPLIER_DOWN)


async def _tell_back(tables: Tables, shop: Shop) -> None:
    await settle_alert(tables, shop, SUPPLIER_DOWN)


async def watch_waiting_orders(shop: Shop) -> None:
    now = shop.clock.now()
    async with shop.store.reading() as tables:
        slow = await tables.orders.slow(now - timedelta(seconds=TELL_SLOW_AFTER_SECONDS))
        stuck = await tables.orders.stuck(now - timedelta(seconds=STUCK_AFTER_SECONDS))
        silent = await supplier_is_silent(tables, now)
    for order in slow:
        await shop.store.write(_tell_slow, shop, order)
    if slow:
        shop.wake("send")
    if stuck and not silent:
        await shop.store.write(_alert_stuck, shop, stuck)


async def _tell_slow(tables: Tables, shop: Shop, order: Order) -> None:
    await tables.orders.change(order.id, told_slow=True)
    await tell_progress(tables, shop, order, "slow")


async def _alert_stuck(tables: Tables, shop: Shop, stuck: Sequence[Order]) -> None:
    """One alert for all that got stuck together: a night's outage is not two hundred messages."""
    await settle_alert(tables, shop, "orders_stuck")
    named = ", ".join(f"#{order.id}" for order in stuck[:_NAMED])
    if await raise_alert(
        tables,
        shop,
        "orders_stuck",
        AlertKind.ORDERS_STUCK,
        quiet_for=_ALERT_EVERY,
        count=len(stuck),
        orders=named,
        more=max(0, len(stuck) - _NAMED),
    ):
        for order in stuck:
            await tables.orders.change(order.id, alerted_stuck=True)
