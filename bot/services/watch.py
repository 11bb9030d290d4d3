"""What takes long: the customer is told after five minutes, the operators in time; and a silent supplier."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.domain.orders import Order
from bot.domain.records import AlertKind
from bot.domain.schedule import TELL_SLOW_AFTER_SECONDS
from bot.ports import Store, Tables
from bot.services.alerts import (
    down_alert,
    raise_alert,
    settle_alert,
    supplier_is_silent,
)
from bot.services.shop import Shop
from bot.services.telling import tell_progress

_ALERT_EVERY = timedelta(minutes=10)
_SILENCE = timedelta(minutes=2)
_NAMED = 5


async def watch_supplier(shop: Shop, supplier: str) -> None:
    """One alert for a silent supplier, however many orders wait for it."""
    since = shop.suppliers[supplier].silent_since
    silent = since is not None and shop.clock.now() - since >= _SILENCE
    async with shop.store.reading() as tables:
        known = await tables.operators.alert_is_open(down_alert(supplier))
    if silent != known:
        await shop.store.write(_tell_silent if silent else _tell_back, shop, supplier)


async def _tell_silent(tables: Tables, shop: Shop, supplier: str) -> None:
    kind = AlertKind.SUPPLIER_DOWN
    await raise_alert(tables, shop, down_alert(supplier), kind, supplier=supplier)


async def _tell_back(tables: Tables, shop: Shop, supplier: str) -> None:
    await settle_alert(tables, shop, down_alert(supplier))


async def find_left_out(store: Store, suppliers: Collection[str]) -> list[str]:
    """Suppliers at which paid orders wait, and that the owner has switched off: nobody asks for those."""
    async with store.reading() as tables:
        return sorted(await tables.orders.waiting_at() - set(suppliers))


async def watch_waiting_orders(shop: Shop, supplier: str) -> None:
    now = shop.clock.now()
    patience = timedelta(seconds=shop.suppliers[supplier].manners.stuck_after)
    async with shop.store.reading() as tables:
        slow = await tables.orders.slow(supplier, now - timedelta(seconds=TELL_SLOW_AFTER_SECONDS))
        stuck = await tables.orders.stuck(supplier, now - patience)
        silent = await supplier_is_silent(tables, supplier, now)
    for order in slow:
        await shop.store.write(_tell_slow, shop, order)
    if slow:
        shop.wake("send")
    if stuck and not silent:
        await shop.store.write(_alert_stuck, shop, supplier, stuck)


async def _tell_slow(tables: Tables, shop: Shop, order: Order) -> None:
    await tables.orders.change(order.id, told_slow=True)
    await tell_progress(tables, shop, order, "slow")


async def _alert_stuck(tables: Tables, shop: Shop, supplier: str, stuck: Sequence[Order]) -> None:
    """One alert for all that got stuck together: a night's outage is not two hundred messages."""
    key = f"orders_stuck:{supplier}"
    await settle_alert(tables, shop, key)
    named = ", ".join(f"#{order.id}" for order in stuck[:_NAMED])
    if await raise_alert(
        tables,
        shop,
        key,
        AlertKind.ORDERS_STUCK,
        quiet_for=_ALERT_EVERY,
        supplier=supplier,
        minutes=round(shop.suppliers[supplier].manners.stuck_after / 60),
        count=len(stuck),
        orders=named,
        more=max(0, len(stuck) - _NAMED),
    ):
        for order in stuck:
            await tables.orders.change(order.id, alerted_stuck=True)
