"""Alerts to operators: one message for each problem, or for several of one kind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from bot.domain.records import Alert, AlertKind, OutboxKind
from bot.services.shop import Shop
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


def down_alert_key(supplier: str) -> str:
    """The key of the alert about a silent supplier."""
    return f"supplier_down:{supplier}"


async def raise_alert(
    tx: Transaction,
    shop: Shop,
    key: str,
    kind: AlertKind,
    *,
    quiet_for: timedelta = timedelta(0),
    **data: object,
) -> bool:
    """Open an alert; `tell_alerts` sends it. False where nothing changes.

    Nothing changes while it is open, and within `quiet_for` of the last time it was opened.
    """
    now = shop.clock.now()
    before = await tx.alerts.opened_at(key)
    if before is not None and now - before < quiet_for:
        return False
    figures = {name: str(value) for name, value in data.items()}
    return await tx.alerts.open(key, kind, now, figures) is not None


async def repeat_alert(
    tx: Transaction, shop: Shop, key: str, kind: AlertKind, **data: str | int
) -> None:
    """Close and open an alert: each time counts as new, for problems that repeat without an end."""
    await resolve_alert(tx, shop, key)
    await raise_alert(tx, shop, key, kind, quiet_for=timedelta(0), **data)


async def resolve_alert(tx: Transaction, shop: Shop, key: str) -> None:
    """Close an alert: the problem is over.

    If it was not sent yet it never is; the next time counts as new.
    """
    await tx.alerts.close(key, shop.clock.now())


async def tell_alerts(shop: Shop) -> int:
    """Put alerts that were not sent yet into the outbox; returns how many."""
    async with shop.store.reading() as tx:
        if not await tx.alerts.untold():
            return 0
    return await shop.store.write(_tell, shop)


async def _tell(tx: Transaction, shop: Shop) -> int:
    now, told = shop.clock.now(), 0
    silent = {name for name in shop.suppliers if await supplier_is_silent(tx, name, now)}
    untold = sorted(await tx.alerts.untold(), key=lambda alert: alert.kind)
    for kind, group in groupby(untold, key=lambda alert: alert.kind):
        alerts = [
            alert
            for alert in group
            if not (kind in _SILENCE_EFFECTS and alert.data["supplier"] in silent)
        ]
        if not alerts:
            continue
        if kind not in _GROUPED:
            for alert in alerts:
                await _add_message(tx, shop, [alert], now)
        elif await _claim_group_message(tx, kind, now):
            await _add_message(tx, shop, alerts, now)
        else:
            continue
        told += len(alerts)
    return told


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
    if alert.kind in _SILENCE_EFFECTS and await supplier_is_silent(tx, alert.data["supplier"], now):
        over = await tx.alerts.closed_at(down_alert_key(alert.data["supplier"]))
        return over and over + _GROUP_EVERY
    last = await tx.runs.last(f"told {alert.kind}") if alert.kind in _GROUPED else None
    return now if last is None else last + _GROUP_EVERY


async def supplier_is_silent(tx: Transaction, supplier: str, now: datetime) -> bool:
    """Whether an alert of a supplier's silence is open, or was closed within _GROUP_EVERY.

    Its effects last a little longer than the silence itself.
    """
    if await tx.alerts.is_open(down_alert_key(supplier)):
        return True
    over = await tx.alerts.closed_at(down_alert_key(supplier))
    return over is not None and now - over < _GROUP_EVERY


async def _claim_group_message(tx: Transaction, kind: AlertKind, now: datetime) -> bool:
    """True, and the time is stored, where the last message of this kind is old enough."""
    name = f"told {kind}"
    last = await tx.runs.last(name)
    if last is not None and now - last < _GROUP_EVERY:
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
    for operator_id in sorted(shop.policy.admin_ids):
        key = f"alert:{first.key}:{first.times}:{operator_id}"
        await tx.outbox.add(key, operator_id, OutboxKind.ALERT, now, data=told)
    await tx.alerts.set_told([alert.key for alert in alerts], now)
