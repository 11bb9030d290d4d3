"""The nightly run: a backup, then an audit.

Differences raise an alert; broken invariants pause selling.
"""

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
_SPAN: Final = timedelta(days=2)  # how far back suppliers' lists are compared
_NAMED: Final = 5  # differences that an alert names
AUDIT_DIFFERS: Final = "audit_differs"
BACKUP_FAILED: Final = "backup_failed"


def last_due(shop: Shop) -> datetime:
    """The last instant at which NIGHTLY_AT was reached, in TIME_ZONE."""
    local = shop.clock.now().astimezone(shop.policy.time_zone)
    due = datetime.combine(local.date(), shop.policy.nightly_at, shop.policy.time_zone)
    return due if due <= local else due - timedelta(days=1)


async def nightly_due(tx: Transaction, shop: Shop) -> datetime:
    """When the next nightly run is due: in the past where one was missed."""
    last, due = await tx.runs.last(_NIGHTLY), last_due(shop)
    return due + timedelta(days=1) if last is not None and last >= due else due


async def run_nightly(shop: Shop) -> bool:
    """Make a backup and audit, where due; False where it was not. A second call finds nothing due.

    A missed night is made up for. A new shop only notes the time and waits for its first night.
    """
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
    """Make a backup, if the shop keeps any; a failure is told to the operators."""
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
    """Audit and act on the result; returns the checks, and which suppliers did not answer.

    Telegram is named among them if its list of Stars cannot be read.
    """
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
    """Alert the operators of differences, and pause selling where a check of INVARIANTS differs.

    Repairs nothing. True where selling is paused for it.
    """
    failed = [audited for audited in found if not audited.is_well]
    if not failed:
        await resolve_alert(tx, shop, AUDIT_DIFFERS)
        return False
    broken = any(audited.check in INVARIANTS for audited in failed)
    if broken:
        await pause_selling(tx, shop, PauseReason.AUDIT)
    named = [d.subject for audited in failed for d in audited.differences]
    await repeat_alert(
        tx,
        shop,
        AUDIT_DIFFERS,
        AlertKind.AUDIT_DIFFERS,
        checks=" ".join(audited.check for audited in failed),
        count=len(named),
        about=", ".join(list(dict.fromkeys(named))[:_NAMED]),
        paused="yes" if broken else "no",
    )
    return broken
