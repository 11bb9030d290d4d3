"""The audit of the books by night: what has changed since the last one, and everything once a week."""

from datetime import timedelta
from typing import Final

from bot.domain.audit import Audited, own_books_differ
from bot.services.operations.audit import PATIENCE, audit_small_books, audit_transaction
from bot.services.shop import Shop
from storage.repositories.audit_marks import AuditMarks
from storage.transaction import Transaction

_WHOLE: Final = "whole audit"
_WHOLE_EVERY: Final = timedelta(days=6, hours=12)  # the seventh night, also if it begins early
_COMMITTED: Final = timedelta(hours=1)  # no transaction lasts as long
_YOUNG: Final = timedelta(days=8)  # of payments: until a whole audit has seen them


async def audit_changes(shop: Shop) -> list[Audited]:
    """Every check that needs only the database, of what may have changed since all was found right.

    Where nothing is known to be right, something contradicts itself, or a week has passed, it is
    the whole audit, which names what is wrong. Until everything is right again, each night's is.
    """
    now = shop.clock.now()
    async with shop.store.reading(long=True) as tx:
        known = None if await _whole_is_due(tx, shop) else await tx.audit_marks.last()
        right = await tx.audit_marks.next(now - _COMMITTED, now - PATIENCE)
        young = shop.timeline.older_than(_YOUNG)
        if known is None or await tx.audit_marks.contradicts(known, now - PATIENCE, young):
            known, found = None, await audit_transaction(tx, now)
        else:
            found = await audit_small_books(tx, now)
    is_well = not own_books_differ(found)
    await shop.store.write(
        _note_audit, shop, right if is_well else None, whole=known is None and is_well
    )
    return found


async def _whole_is_due(tx: Transaction, shop: Shop) -> bool:
    last = await tx.runs.last(_WHOLE)
    # A note by a clock that was far ahead counts as none.
    is_past = last is not None and last <= shop.clock.now() + timedelta(days=1)
    return last is None or not is_past or last < shop.timeline.older_than(_WHOLE_EVERY)


async def _note_audit(
    tx: Transaction, shop: Shop, right: AuditMarks | None, *, whole: bool
) -> None:
    if right is None:
        await tx.audit_marks.forget()
    else:
        await tx.audit_marks.keep(right)
    if whole:
        await tx.runs.set_last(_WHOLE, shop.clock.now())
