"""Telling the operators, once for each thing that goes wrong."""

from datetime import timedelta

from bot.domain.records import AlertKind, OutboxKind
from bot.ports import Tables
from bot.services.shop import Shop


async def raise_alert(
    tables: Tables,
    shop: Shop,
    key: str,
    kind: AlertKind,
    *,
    quiet_for: timedelta = timedelta(0),
    **data: object,
) -> bool:
    """Tell every operator, unless this alert is open already or was raised a moment ago."""
    now = shop.clock.now()
    before = await tables.operators.alert_opened_at(key)
    if before is not None and now - before < quiet_for:
        return False
    times = await tables.operators.open_alert(key, kind, now)
    if times is None:
        return False
    told = {"alert": str(kind), **{name: str(value) for name, value in data.items()}}
    for operator_id in sorted(shop.policy.admin_ids):
        await tables.outbox.add(
            f"alert:{key}:{times}:{operator_id}", operator_id, OutboxKind.ALERT, now, data=told
        )
    shop.wake("send")
    return True


async def settle_alert(tables: Tables, shop: Shop, key: str) -> None:
    """What was wrong is over: the next time counts as new."""
    await tables.operators.close_alert(key, shop.clock.now())
