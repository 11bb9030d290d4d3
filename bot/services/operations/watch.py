"""What customers are told of waiting orders, and operators of stuck ones and silent suppliers."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.domain.alerts import AlertKind
from bot.domain.orders import Order, Stage
from bot.domain.schedule import LONGEST_WAIT_SECONDS
from bot.domain.waiting import Usual, slow_after, stage_of, waits
from bot.services.items import ItemKind
from bot.services.messaging.alerts import (
    down_alert_key,
    raise_alert,
    resolve_alert,
    supplier_is_silent,
)
from bot.services.messaging.item_runs import run_items
from bot.services.messaging.notifications import notify_stage
from bot.services.orders.waiting import usual_time
from bot.services.shop import Shop
from storage.store import Store
from storage.transaction import Transaction

_ALERT_EVERY = timedelta(minutes=10)
_SILENCE_SECONDS = 120.0
_LEAST_WAIT = timedelta(seconds=1)
_NAMED = 5  # orders that an alert names


class SilenceWatch:
    """One alert for a silent supplier, however many orders wait; closed when it answers.

    Caches the alert's state, so a check of a supplier that answers makes no query.
    """

    def __init__(self, shop: Shop, supplier: str) -> None:
        self._shop = shop
        self._supplier = supplier
        self._known: bool | None = None

    async def check(self) -> None:
        """Open or close the alert where the supplier has become silent or answers again."""
        shop, supplier = self._shop, self._supplier
        since = shop.suppliers[supplier].silent_since
        silent = since is not None and shop.clock.monotonic() - since >= _SILENCE_SECONDS
        if silent == self._known:
            return
        async with shop.store.reading() as tx:
            known = await tx.alerts.is_open(down_alert_key(supplier))
        if silent != known:
            await shop.store.write(_tell_silent if silent else _tell_answering, shop, supplier)
        self._known = silent


async def _tell_silent(tx: Transaction, shop: Shop, supplier: str) -> None:
    kind = AlertKind.SUPPLIER_DOWN
    await raise_alert(tx, shop, down_alert_key(supplier), kind, supplier=supplier)


async def _tell_answering(tx: Transaction, shop: Shop, supplier: str) -> None:
    await resolve_alert(tx, shop, down_alert_key(supplier))


async def find_unserved_suppliers(store: Store, suppliers: Collection[str]) -> list[str]:
    """Suppliers at which orders wait unhandled, because SUPPLIERS does not list them."""
    async with store.reading() as tx:
        return sorted(await tx.orders.suppliers_with_waiting() - set(suppliers))


async def watch_due(tx: Transaction, shop: Shop, supplier: str) -> datetime | None:
    """When the next order may wait for something else, or is stuck and nobody was told."""
    look = await tx.orders.earliest_to_tell(supplier, shop.clock.now())
    unalerted = await tx.orders.earliest_unalerted(supplier)
    stuck = unalerted and unalerted + _stuck_after(shop, supplier)
    return min(filter(None, [look, stuck]), default=None)


def _stuck_after(shop: Shop, supplier: str) -> timedelta:
    return timedelta(seconds=shop.suppliers[supplier].policy.stuck_after)


async def watch_waiting_orders(shop: Shop, supplier: str) -> None:
    """Tell customers what their orders wait for, and operators of stuck ones while the supplier is
    not silent.

    Each is told once: a second run finds other due times.
    """
    now = shop.clock.now()
    async with shop.store.reading() as tx:
        due = await tx.orders.to_tell(supplier, now)
        stuck = await tx.orders.stuck(
            supplier, shop.timeline.older_than(_stuck_after(shop, supplier))
        )
        silent = await supplier_is_silent(tx, supplier, now)
    by_id = {order.id: order for order in due}

    async def tell(order_id: int) -> None:
        usual = await usual_time(shop, by_id[order_id])
        await shop.store.write(_tell, shop, order_id, usual)

    await run_items(shop, ItemKind.SLOW, by_id, tell)
    if stuck and not silent:
        await shop.store.write(_alert_stuck, shop, supplier, stuck)


async def _tell(tx: Transaction, shop: Shop, order_id: int, usual: Usual | None) -> None:
    """Say what the order waits for where that has changed, and set when to look again."""
    order = await tx.orders.locked(order_id)
    if not waits(order):
        return
    age = shop.timeline.age(order.paid_at or order.created_at)
    stage = stage_of(order, age, usual)
    look: datetime | None = None  # what ends another stage sets a time by itself
    if stage is Stage.WAITING:
        left = max(_LEAST_WAIT, slow_after(usual) - age)
        look = shop.clock.now() + min(left, timedelta(seconds=LONGEST_WAIT_SECONDS))
    await tx.orders.update(order, tell_at=look)
    await notify_stage(tx, shop, order, stage)


async def _alert_stuck(tx: Transaction, shop: Shop, supplier: str, stuck: Sequence[Order]) -> None:
    """One alert for all orders that are stuck, since a long outage would cause hundreds."""
    key = f"orders_stuck:{supplier}"
    await resolve_alert(tx, shop, key)
    named = ", ".join(f"#{order.id}" for order in stuck[:_NAMED])
    if await raise_alert(
        tx,
        shop,
        key,
        AlertKind.ORDERS_STUCK,
        quiet_for=_ALERT_EVERY,
        supplier=supplier,
        minutes=round(shop.suppliers[supplier].policy.stuck_after / 60),
        count=len(stuck),
        orders=named,
        more=max(0, len(stuck) - _NAMED),
    ):
        for order in stuck:
            await tx.orders.update(order, alerted_stuck=True)
