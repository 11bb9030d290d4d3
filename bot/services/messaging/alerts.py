"""Telling the operators: once for each thing that goes wrong, and like things together."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from bot.domain.records import Alert, AlertKind, OutboxKind
from bot.services.shop import Shop
from storage.transaction import Transaction

_GROUP_EVERY: Final = timedelta(minutes=10)
# Kinds of which many can come at once: the first is told, the others follow in one message.
_GROUPED: Final = frozenset(
    {
        AlertKind.OUTCOME_UNKNOWN,
        AlertKind.ORDER_NOT_FOUND,
        AlertKind.ORDER_ATTENTION,
        AlertKind.PRICE_DRIFT,
        AlertKind.REQUEST_REFUSED,
        AlertKind.MESSAGE_DEAD,
        AlertKind.UPDATE_QUARANTINED,
    }
)
# What a silent supplier brings along says nothing new while its silence is known, or just over.
_SILENCE_EFFECTS: Final = frozenset({AlertKind.OUTCOME_UNKNOWN, AlertKind.ORDERS_STUCK})
_NAMED: Final = 10


def down_alert_key(supplier: str) -> str:
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
    """Open an alert, unless it is open already or was opened a moment ago; `tell_alerts` tells it."""
    now = shop.clock.now()
    before = await tx.alerts.opened_at(key)
    if before is not None and now - before < quiet_for:
        return False
    figures = {name: str(value) for name, value in data.items()}
    return await tx.alerts.open(key, kind, now, figures) is not None


async def repeat_alert(
    tx: Transaction, shop: Shop, key: str, kind: AlertKind, **data: str | int
) -> None:
    """For what happens again and again: each time counts as new, and joins those not yet told."""
    await resolve_alert(tx, shop, key)
    await raise_alert(tx, shop, key, kind, quiet_for=timedelta(0), **data)


async def resolve_alert(tx: Transaction, shop: Shop, key: str) -> None:
    """What was wrong is over: the next time counts as new, and what was not told yet never is."""
    await tx.alerts.close(key, shop.clock.now())


async def tell_alerts(shop: Shop) -> int:
    """Put what the operators have not heard of into the outbox; returns how many alerts those are."""
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
            it for it in group if not (kind in _SILENCE_EFFECTS and it.data["supplier"] in silent)
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
    """When the next alert may be told that nobody has heard of; None where none waits for a time."""
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
    """None for an effect of a silence that lasts: the end of it wakes the job."""
    if alert.kind in _SILENCE_EFFECTS and await supplier_is_silent(tx, alert.data["supplier"], now):
        over = await tx.alerts.closed_at(down_alert_key(alert.data["supplier"]))
        return over and over + _GROUP_EVERY
    last = await tx.runs.last(f"told {alert.kind}") if alert.kind in _GROUPED else None
    return now if last is None else last + _GROUP_EVERY


async def supplier_is_silent(tx: Transaction, supplier: str, now: datetime) -> bool:
    """Its silence is known to the operators, or ended so short ago that its effects still last."""
    if await tx.alerts.is_open(down_alert_key(supplier)):
        return True
    over = await tx.alerts.closed_at(down_alert_key(supplier))
    return over is not None and now - over < _GROUP_EVERY


async def _claim_group_message(tx: Transaction, kind: AlertKind, now: datetime) -> bool:
    name = f"told {kind}"
    last = await tx.runs.last(name)
    if last is not None and now - last < _GROUP_EVERY:
        return False
    await tx.runs.set_last(name, now)
    return True


async def _add_message(tx: Transaction, shop: Shop, alerts: Sequence[Alert], now: datetime) -> None:
    """One message for all of them: the oldest in its own words, the others by their numbers."""
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
