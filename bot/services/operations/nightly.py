"""The nightly run: a backup, the sums of the days that are over, then an audit.

Differences raise an alert; broken invariants pause selling.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.alerts import AlertKind
from bot.domain.audit import INVARIANTS, Audited, own_books_differ
from bot.domain.nights import night_begins, night_of
from bot.domain.records import PauseReason
from bot.errors import ArchiveFailure, PaymentFailure, StorageFailure, SupplierFailure
from bot.services.messaging.alerts import raise_alert, repeat_alert, resolve_alert
from bot.services.messaging.item_runs import place_of
from bot.services.operations.audit import audit_books, audit_supplier
from bot.services.operations.day_sums import close_days
from bot.services.operations.nightly_audit import audit_changes
from bot.services.payments.provider_reconciliation import reconcile_provider
from bot.services.payments.stars_reconciliation import reconcile_stars
from bot.services.selling.pauses import pause_selling
from bot.services.shop import Shop
from storage.transaction import Transaction

_NIGHTLY: Final = "nightly"
_BACKUP, _AUDIT = _PARTS = ("backup", "audit")
_BEGUN: Final = "begun"
_NOTES_KEPT: Final = timedelta(days=30)
_BELIEVED_AFTER: Final = timedelta(hours=1)  # a wall clock that was set ahead
_SPAN: Final = timedelta(days=2)  # how far back suppliers' lists are compared
_NAMED: Final = 5  # differences that an alert names
AUDIT_DIFFERS: Final = "audit_differs"
BACKUP_FAILED: Final = "backup_failed"


def last_due(shop: Shop) -> datetime:
    """The last instant at which NIGHTLY_AT was reached, in TIME_ZONE."""
    return _begins(shop, _present_night(shop))


def _begins(shop: Shop, night: date) -> datetime:
    return night_begins(night, shop.policy.nightly_at, shop.policy.time_zone)


def _present_night(shop: Shop) -> date:
    """The last night that has begun; one that the wall clock has just skipped to waits an hour."""
    moment = shop.timeline.surely(_BELIEVED_AFTER)
    return night_of(moment, shop.policy.nightly_at, shop.policy.time_zone)


async def nightly_due(tx: Transaction, shop: Shop) -> datetime:
    """When nightly work is due next: in the past where a night was missed."""
    night = _present_night(shop)
    if not await _left(tx, shop, night):
        return _begins(shop, night + timedelta(days=1))
    rests = shop.night.rests_until - shop.clock.monotonic()
    return shop.clock.now() + timedelta(seconds=rests) if rests > 0 else _begins(shop, night)


async def run_nightly(shop: Shop) -> bool:
    """Make a backup, sum up and audit, where due; False where nothing is. A second call finds nothing due.

    Each part is noted for its night when it is done. What failed is tried again, each time later; a
    night that was missed, or that a killed process left, is made up for. A new shop waits for its
    first night.
    """
    night = _present_night(shop)
    async with shop.store.reading() as tx:
        left = await _left(tx, shop, night)
        is_new = not await _any_night(tx, shop)
        interrupted = await _is_noted(tx, shop, night, _BEGUN) and shop.night.began != night
    if not left or shop.night.rests_until > shop.clock.monotonic():
        return False
    if is_new:
        await shop.store.write(_note, shop, night, *_PARTS)
        return False
    shop.night.rests_until = shop.clock.monotonic() + shop.night.wait.longer()
    await shop.store.write(_begin, shop, night, interrupted=interrupted)
    shop.night.began = night
    failed = _BACKUP in left and not await back_up(shop)
    if not failed:
        await shop.store.write(_note, shop, night, _BACKUP)
    if _AUDIT in left:
        await close_days(shop)
        await audit_now(shop, whole=False)
        await shop.store.write(_note, shop, night, _AUDIT)
    if not failed:
        shop.night.wait.end()
        shop.night.rests_until = 0.0
    return True


def _name(night: date, part: str) -> str:
    return f"{_NIGHTLY} {night} {part}"


async def _left(tx: Transaction, shop: Shop, night: date) -> list[str]:
    """The parts of a night's work that are not done."""
    before = await tx.runs.last(_NIGHTLY)  # by an edition that kept no nights apart
    if before is not None and _begins(shop, night) <= before <= shop.clock.now():
        return []
    # What was done for the next night, before the clock was set back a day, is done for this one too.
    nights = (night, night + timedelta(days=1))
    return [
        part for part in _PARTS if not any([await _is_noted(tx, shop, one, part) for one in nights])
    ]


async def _is_noted(tx: Transaction, shop: Shop, night: date, part: str) -> bool:
    return _is_past(shop, await tx.runs.last(_name(night, part)))


def _is_past(shop: Shop, noted: datetime | None) -> bool:
    """A note by a clock that was far ahead counts as none."""
    return noted is not None and noted <= shop.clock.now() + timedelta(days=1)


async def _any_night(tx: Transaction, shop: Shop) -> bool:
    known = [await tx.runs.last(_NIGHTLY), *await tx.runs.all_of(f"{_NIGHTLY} ")]
    return any(_is_past(shop, noted) for noted in known)


async def _begin(tx: Transaction, shop: Shop, night: date, *, interrupted: bool) -> None:
    await tx.runs.forget(f"{_NIGHTLY} ", shop.timeline.older_than(_NOTES_KEPT))
    await _note(tx, shop, night, _BEGUN)
    if interrupted:
        kind = AlertKind.NIGHT_INTERRUPTED
        await repeat_alert(tx, shop, "night_interrupted", kind, night=night.isoformat())


async def _note(tx: Transaction, shop: Shop, night: date, *parts: str) -> None:
    for part in parts:
        await tx.runs.set_last(_name(night, part), shop.clock.now())


async def back_up(shop: Shop) -> bool:
    """Make a backup, if the shop keeps any; False where it failed, which the operators are told."""
    if shop.archive is None:
        return True
    try:
        await shop.archive.keep()
    except ArchiveFailure as failure:
        await shop.store.write(_tell_backup_failed, shop, str(failure))
        shop.night.told = _present_night(shop)
        return False
    await shop.store.write(_resolve_backup_failed, shop)
    return True


async def _tell_backup_failed(tx: Transaction, shop: Shop, why: str) -> None:
    """Once in a night, however often the backup is tried."""
    tell = raise_alert if shop.night.told == _present_night(shop) else repeat_alert
    await tell(tx, shop, BACKUP_FAILED, AlertKind.BACKUP_FAILED, why=why)


async def _resolve_backup_failed(tx: Transaction, shop: Shop) -> None:
    await resolve_alert(tx, shop, BACKUP_FAILED)


async def audit_now(shop: Shop, *, whole: bool = True) -> tuple[list[Audited], list[str]]:
    """Audit and act on the result; returns the checks, and which suppliers did not answer.

    Telegram is named among them if its list of Stars cannot be read. Not `whole`: of our own books
    only what may have changed since they were found right, see `audit_changes`.
    """
    found = await (audit_books(shop.store, shop.clock) if whole else audit_changes(shop))
    silent = []
    for name, supplier in shop.suppliers.items():
        try:
            found += await audit_supplier(shop.store, supplier, shop.clock, _SPAN)
        except Exception as failure:  # one supplier's odd answer leaves no other check undone
            _report_silent(shop, name, failure)
            silent.append(name)
    try:
        found += await reconcile_stars(shop, _SPAN)
    except Exception as failure:  # nor does an odd row of Telegram's list
        _report_silent(shop, "telegram", failure)
        silent.append("telegram")
    for method in shop.payment_methods:
        try:
            found += await reconcile_provider(shop, method, _SPAN)
        except Exception as failure:  # nor does one provider's
            _report_silent(shop, method, failure)
            silent.append(str(method))
    await shop.store.write(act_on_audit, shop, found)
    return found, silent


def _report_silent(shop: Shop, name: str, failure: Exception) -> None:
    """What is no failure of an outside call is one of ours: it is logged, with its place."""
    if isinstance(failure, StorageFailure):
        raise failure
    if not isinstance(failure, SupplierFailure | PaymentFailure):
        shop.items.report(f"audit of {name}: {type(failure).__name__} at {place_of(failure)}")


async def act_on_audit(tx: Transaction, shop: Shop, found: Sequence[Audited]) -> bool:
    """Alert the operators of differences, and pause selling where a check of INVARIANTS differs.

    Repairs nothing. True where selling is paused for it. Where our own books differ, what was known
    to be right is forgotten: every night's audit is whole until they are right again.
    """
    if own_books_differ(found):
        await tx.audit_marks.forget()
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
