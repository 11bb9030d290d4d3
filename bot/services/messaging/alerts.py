"""Alerts to operators, from the beginning of a problem to its end."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.alerts import AlertKind
from bot.domain.schedule import is_recent
from bot.services.shop import Shop
from storage.transaction import Transaction

# How long the effects of a supplier's silence outlast it.
SILENCE_EFFECTS_LAST: Final = timedelta(minutes=10)


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
    """Open an alert; `alert_messages.tell_alerts` sends it. False where nothing changes.

    Nothing changes while it is open, and within `quiet_for` of the last time it was opened.
    """
    now = shop.clock.now()
    before = await tx.alerts.opened_at(key)
    if is_recent(before, now, quiet_for):
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


async def supplier_is_silent(tx: Transaction, supplier: str, now: datetime) -> bool:
    """Whether an alert of a supplier's silence is open, or was closed within SILENCE_EFFECTS_LAST.

    Its effects last a little longer than the silence itself.
    """
    if await tx.alerts.is_open(down_alert_key(supplier)):
        return True
    over = await tx.alerts.closed_at(down_alert_key(supplier))
    return is_recent(over, now, SILENCE_EFFECTS_LAST)
