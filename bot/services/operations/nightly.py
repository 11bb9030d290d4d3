"""Once a night: a backup, then an audit. What differs is told; what cannot be right stops the selling."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.domain.audit import INVARIANTS, Audited
from bot.domain.records import AlertKind, PauseReason
from bot.errors import ArchiveFailure, PaymentFailure, SupplierFailure
from bot.services.messaging.alerts import repeat_alert, resolve_alert
from bot.services.operations.audit import audit_books, audit_supplier
from bot.services.payments.stars_reconciliation import reconcile_stars
from bot.services.selling.pauses import pause_selling
from bot.services.shop import Shop
from storage.transaction import Transaction

_NIGHTLY: Final = "nightly"
_SPAN: Final = timedelta(days=2)
_NAMED: Final = 5
AUDIT_DIFFERS: Final = "audit_differs"
BACKUP_FAILED: Final = "backup_failed"


def last_due(shop: Shop) -> datetime:
    """The most recent instant at which the night's work was to be done, in the shop's time zone."""
    local = shop.clock.now().astimezone(shop.policy.time_zone)
    due = datetime.combine(local.date(), shop.policy.nightly_at, shop.policy.time_zone)
    return due if due <= local else due - timedelta(days=1)


async def nightly_due(tx: Transaction, shop: Shop) -> datetime:
    """When the night's work is due that was not done. A shop that has never run waits for its first night."""
    last, due = await tx.runs.last(_NIGHTLY), last_due(shop)
    return due + timedelta(days=1) if last is not None and last >= due else due


async def run_nightly(shop: Shop) -> bool:
    """Do the night's work where it is due and was not done; a night that was missed is made up for."""
    async with shop.store.reading() as tx:
        last = await tx.runs.last(_NIGHTLY)
        due_at = await nightly_due(tx, shop)
    if due_at > shop.clock.now():
        return False
    await shop.store.write(_note_run, shop)
    if last is None:
        return False
    await back_up(shop)
    await audit_now(shop)
    return True


async def _note_run(tx: Transaction, shop: Shop) -> None:
    await tx.runs.set_last(_NIGHTLY, shop.clock.now())


async def back_up(shop: Shop) -> None:
    if shop.archive is None:
        return
    try:
        await shop.archive.keep()
    except ArchiveFailure as failure:
        await shop.store.write(_tell_backup_failed, shop, str(failure))
    else:
        await shop.store.write(_resolve_backup_failed, shop)


async def _tell_backup_failed(tx: Transaction, shop: Shop, why: str) -> None:
    await repeat_alert(tx, shop, BACKUP_FAILED, AlertKind.BACKUP_FAILED, why=why)


async def _resolve_backup_failed(tx: Transaction, shop: Shop) -> None:
    await resolve_alert(tx, shop, BACKUP_FAILED)


async def audit_now(shop: Shop) -> tuple[list[Audited], list[str]]:
    """Audit and act on it; what was found, and whose books could not be had."""
    found = await audit_books(shop.store, shop.clock)
    silent = []
    for name, supplier in shop.suppliers.items():
        try:
            found += await audit_supplier(shop.store, supplier, shop.clock, _SPAN)
        except SupplierFailure:
            silent.append(name)
    try:
        found += await reconcile_stars(shop, _SPAN)
    except PaymentFailure:
        silent.append("telegram")
    await shop.store.write(act_on_audit, shop, found)
    return found, silent


async def act_on_audit(tx: Transaction, shop: Shop, found: Sequence[Audited]) -> bool:
    """Tell the operators what differs; True where selling stands still for it. Repairs nothing."""
    off = [it for it in found if not it.is_well]
    if not off:
        await resolve_alert(tx, shop, AUDIT_DIFFERS)
        return False
    broken = any(it.check in INVARIANTS for it in off)
    if broken:
        await pause_selling(tx, shop, PauseReason.AUDIT)
    named = [d.subject for it in off for d in it.differences]
    await repeat_alert(
        tx,
        shop,
        AUDIT_DIFFERS,
        AlertKind.AUDIT_DIFFERS,
        checks=" ".join(it.check for it in off),
        count=len(named),
        about=", ".join(list(dict.fromkeys(named))[:_NAMED]),
        paused="yes" if broken else "no",
    )
    return broken
