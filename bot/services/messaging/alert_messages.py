"""Messages about alerts: one for each problem, or for several of one kind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.domain.alerts import Alert, AlertKind
from bot.domain.outbox import OutboxKind
from bot.domain.roles import ALERT_RIGHTS
from bot.domain.schedule import due_after, is_recent
from bot.services.items import ItemKind
from bot.services.messaging.alerts import down_alert_key, supplier_is_silent
from bot.services.messaging.item_runs import run_items
from bot.services.shop import Shop
from bot.services.standing import who_may
from storage.transaction import Transaction

_GROUP_EVERY: Final = timedelta(minutes=10)
# Kinds of which many can open at once: the first is sent alone, the next ones share one message.
_GROUPED: Final = frozenset(
    {
        AlertKind.OUTCOME_UNKNOWN,
        AlertKind.ORDER_NOT_FOUND,
        AlertKind.ORDER_ATTENTION,
        AlertKind.PRICE_DRIFT,
        AlertKind.COST_FELL,
        AlertKind.OFFER_CHANGED,
        AlertKind.PICTURE_REFUSED,
        AlertKind.REQUEST_REFUSED,
        AlertKind.MESSAGE_DEAD,
        AlertKind.UPDATE_QUARANTINED,
        AlertKind.ITEM_FAILING,
    }
)
# A silent supplier causes alerts of these kinds: they say nothing new while the operators know of
# the silence, or shortly after its end.
_SILENCE_EFFECTS: Final = frozenset({AlertKind.OUTCOME_UNKNOWN, AlertKind.ORDERS_STUCK})
_NAMED: Final = 10  # orders that a shared message names


async def tell_alerts(shop: Shop) -> int:
    """Put alerts that were not sent yet into the outbox; returns how many.

    Each message by itself: an alert whose message cannot be made holds up no other.
    """
    async with shop.store.reading() as tx:
        groups = {_message_of(alert): None for alert in await tx.alerts.untold()}
    return sum(await run_items(shop, ItemKind.ALERT, groups, partial(_tell_group, shop), at_once=1))


def _message_of(alert: Alert) -> str:
    """Alerts with the same answer share a message."""
    return alert.kind if alert.kind in _GROUPED else alert.key


async def _tell_group(shop: Shop, message: str) -> int:
    return await shop.store.write(_tell, shop, message)


async def _tell(tx: Transaction, shop: Shop, message: str) -> int:
    now = shop.clock.now()
    alerts = [
        alert
        for alert in await tx.alerts.untold()
        if _message_of(alert) == message and not await _is_withheld(tx, alert, now)
    ]
    if not alerts:
        return 0
    kind = alerts[0].kind
    if kind in _GROUPED and not await _claim_group_message(tx, kind, now):
        return 0
    await _add_message(tx, shop, alerts, now)
    return len(alerts)


async def _is_withheld(tx: Transaction, alert: Alert, now: datetime) -> bool:
    """An effect of a silence that lasts says nothing new."""
    effect = alert.kind in _SILENCE_EFFECTS
    return effect and await supplier_is_silent(tx, alert.data["supplier"], now)


async def alerts_due(tx: Transaction, shop: Shop) -> datetime | None:
    """When the next alert that was not sent yet may be sent; None where none waits for a time."""
    now = shop.clock.now()
    return min(
        [
            at
            for alert in await tx.alerts.untold()
            if (at := await _earliest_message(tx, alert, now))
        ],
        default=None,
    )


async def _earliest_message(tx: Transaction, alert: Alert, now: datetime) -> datetime | None:
    """None for an effect of a silence that lasts: its end wakes the job."""
    supplier = alert.data.get("supplier", "")
    if alert.kind in _SILENCE_EFFECTS and await supplier_is_silent(tx, supplier, now):
        over = await tx.alerts.closed_at(down_alert_key(supplier))
        return over and over + _GROUP_EVERY
    last = await tx.runs.last(f"told {alert.kind}") if alert.kind in _GROUPED else None
    return due_after(last, _GROUP_EVERY, now)


async def _claim_group_message(tx: Transaction, kind: AlertKind, now: datetime) -> bool:
    """True, and the time is stored, where the last message of this kind is old enough."""
    name = f"told {kind}"
    last = await tx.runs.last(name)
    if is_recent(last, now, _GROUP_EVERY):
        return False
    await tx.runs.set_last(name, now)
    return True


async def _add_message(tx: Transaction, shop: Shop, alerts: Sequence[Alert], now: datetime) -> None:
    """One message for all: the first alert in full, the others by the numbers of their orders."""
    first, others = alerts[0], alerts[1:]
    told = {"alert": str(first.kind), **first.data}
    if others:
        orders = sorted({int(a.data["order"]) for a in others if a.data.get("order", "0") != "0"})
        told["others"] = str(len(others))
        told["named"] = " ".join(f"#{order}" for order in orders[:_NAMED])
    for operator_id in await who_may(tx, shop, ALERT_RIGHTS[first.kind]):
        key = f"alert:{first.key}:{first.times}:{operator_id}"
        await tx.outbox.add(key, operator_id, OutboxKind.ALERT, now, data=told)
    await tx.alerts.set_told([alert.key for alert in alerts], now)
