"""`hanout move`: takes a shop from SQLite to PostgreSQL, or back.

The target is filled, compared and marked in one transaction. The source is locked against writing from the
snapshot until it is marked as given up. What every order of marks means: `storage/moved.py`.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.audit import Audited
from bot.domain.records import MoveMark, MoveState
from bot.errors import StorageFailure
from bot.services.operations.audit import audit_transaction
from storage.copying import COPIED, Progress, contents, copy_rows, ledger_totals
from storage.failures import as_storage_failure
from storage.holding import held
from storage.migrate import check_server, has_tables, revision_of, unknown_schema, upgrade
from storage.migrations import EARLIER, HEAD
from storage.moved import describe, this_machine
from storage.moving import (
    Database,
    drop_all,
    finish_file,
    lock_tables,
    mark_of,
    set_mark,
    transaction,
)
from storage.placing import put_aside, put_in_place
from storage.restoring import check_restored
from storage.snapshot import SQLITE, kind_of, path_of, remove_sqlite
from storage.transaction import Transaction


class Step(StrEnum):
    """What was just done; tests end the process there."""

    HELD = "held"
    FILLED = "filled"
    COMPARED = "compared"
    COMMITTED = "committed"  # the target
    LEFT = "left"  # the source says that it is given up, or about to be
    PUT_ASIDE = "put aside"
    IN_PLACE = "in place"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Report:
    """Where the command tells how far it is."""

    say: Callable[[str], object]
    progress: Progress
    step: Callable[[Step], object] = lambda _: None


async def move(source: str, target: str, report: Report) -> None:
    """Move a shop from one database to an empty one. A second call ends an interrupted move.

    Raises StorageFailure: the shop is then where it was, or the message says that it has moved.
    """
    if kind_of(source) == kind_of(target):
        raise StorageFailure(
            "one of the two has to be SQLite and the other PostgreSQL; for the same system, use "
            "`hanout backup` and `hanout restore`"
        )
    with as_storage_failure():
        if kind_of(source) == SQLITE and not path_of(source).exists():
            raise StorageFailure(f"there is no database at {path_of(source)}")
        async with held(source), held(target):
            report.step(Step.HELD)
            if await _end_interrupted(source, target, report):
                return
            await _check_source(source)
            direction = _to_postgresql if kind_of(source) == SQLITE else _to_sqlite
            await direction(source, target, report)
    report.say(
        f"The shop is now in {describe(target)}: name it in DATABASE_URL, then `hanout run`."
    )
    report.say(
        f"{describe(source)} is kept, and refuses to run. Its backups fit {kind_of(source)} alone."
    )


async def _end_interrupted(source: str, target: str, report: Report) -> bool:
    """Write the last mark of a move that has handed over the shop already; False if there is none."""
    if kind_of(target) == SQLITE and not path_of(target).exists():
        return False
    async with transaction(source) as db:
        left = await mark_of(db)
    async with transaction(target) as db:
        reached = await mark_of(db)
    if left is None or reached is None or left.move_id != reached.move_id:
        return False
    states = left.state, reached.state
    if states == (MoveState.MOVED, MoveState.ARRIVING):
        async with transaction(target) as db:
            await set_mark(db, reached, MoveState.ARRIVED, reached.place)
    elif states == (MoveState.LEAVING, MoveState.ARRIVED):
        async with transaction(source) as db:
            await set_mark(db, left, MoveState.MOVED, left.place)
    elif states != (MoveState.MOVED, MoveState.ARRIVED):
        return False
    report.say(f"This move has ended: the shop is in {describe(target)}.")
    return True


async def _to_postgresql(source: str, target: str, report: Report) -> None:
    mark = _new_mark()
    async with transaction(source) as old:
        async with transaction(target) as new:
            await _empty_target(new, target, describe(source))
            await new.run_sync(upgrade)
            await _fill(old, new, report)
            await set_mark(new, mark, MoveState.ARRIVING, describe(source))
        report.step(Step.COMMITTED)
        await set_mark(old, mark, MoveState.MOVED, describe(target))
    report.step(Step.LEFT)
    async with transaction(target) as new:
        await set_mark(new, mark, MoveState.ARRIVED, describe(source))
    report.step(Step.ENDED)


async def _to_sqlite(source: str, target: str, report: Report) -> None:
    mark, path = _new_mark(), path_of(target)
    await _check_file(target, describe(source))
    partial = path.with_name(f".{path.name}.move.partial")
    try:
        async with transaction(source) as old:
            await lock_tables(old)
            await asyncio.to_thread(remove_sqlite, partial)
            async with transaction(f"sqlite:///{partial}") as new:
                await new.run_sync(upgrade)
                await _fill(old, new, report)
                await set_mark(new, mark, MoveState.ARRIVED, describe(source))
            await finish_file(partial)
            report.step(Step.COMMITTED)
            await set_mark(old, mark, MoveState.LEAVING, describe(target))
        report.step(Step.LEFT)
        await asyncio.to_thread(_put_in_place, partial, path, report)
        report.step(Step.IN_PLACE)
    finally:
        await asyncio.to_thread(remove_sqlite, partial)
    async with transaction(source) as old:
        await set_mark(old, mark, MoveState.MOVED, describe(target))
    report.step(Step.ENDED)


def _new_mark() -> MoveMark:
    now = SystemClock().now()
    return MoveMark(secrets.token_hex(8), MoveState.LEAVING, "", this_machine(), now)


async def _check_source(source: str) -> None:
    """Raises StorageFailure unless a shop of the current schema is there."""
    async with transaction(source) as db:
        await db.run_sync(check_restored)
        revision = await db.run_sync(revision_of)
        mark = await mark_of(db)
    if revision is None:
        raise StorageFailure(f"there is no shop in {describe(source)}")
    if revision in EARLIER:
        raise StorageFailure(
            f"{describe(source)} has an earlier schema ({revision}); `hanout migrate` brings it up to "
            f"date ({HEAD}), then repeat this"
        )
    if revision != HEAD:
        raise StorageFailure(unknown_schema(revision))
    if mark is not None and mark.state in (MoveState.MOVED, MoveState.ARRIVING):
        raise StorageFailure(f"the shop is not in {describe(source)}, but in {mark.place}")


async def _empty_target(db: Database, target: str, place: str) -> None:
    """Remove an unfinished move of this source; raises StorageFailure where anything else is."""
    await db.run_sync(check_server)
    if not await db.run_sync(has_tables):
        return
    mark = await mark_of(db)
    if mark is None or mark.state is not MoveState.ARRIVING or mark.place != place:
        raise StorageFailure(f"{describe(target)} is not empty; make a new database, and name that")
    await db.run_sync(drop_all)


async def _check_file(target: str, place: str) -> None:
    """Raises StorageFailure unless the file is new, empty, or the one that this shop has left before."""
    path = path_of(target)
    if not path.exists():
        return
    async with transaction(target) as db:
        is_empty = not await db.run_sync(has_tables)
        mark = await mark_of(db)
    if not is_empty and (mark is None or mark.state is not MoveState.MOVED or mark.place != place):
        raise StorageFailure(f"{path} is not empty; name a new file")


async def _fill(old: Database, new: Database, report: Report) -> None:
    """Copy every table, and compare both sides. Raises StorageFailure where anything differs."""
    copied = {t.name: await copy_rows(old, new, t, report.progress) for t in COPIED}
    report.step(Step.FILLED)
    for t in COPIED:
        if await contents(new, t) != copied[t.name]:
            raise StorageFailure(f"{t.name} differs after it was copied; nothing was moved")
    rows = sum(found.rows for found in copied.values())
    report.say(
        f"{rows} rows of {len(copied)} tables are the same on both sides, by their checksums."
    )
    await _compare_audits(old, new, report)
    report.step(Step.COMPARED)


async def _compare_audits(old: Database, new: Database, report: Report) -> None:
    now = SystemClock().now()
    before = await audit_transaction(Transaction(old), now)
    after = await audit_transaction(Transaction(new), now)
    if _as_compared(before) != _as_compared(after):
        raise StorageFailure("the audits of both sides differ; nothing was moved")
    differences = [d for audited in after for d in audited.differences]
    looked_at = sum(audited.looked_at for audited in after)
    report.say(
        f"The audits of both sides agree: {looked_at} records, {len(differences)} differences."
    )
    for difference in differences:
        report.say(f"       {difference.text}")
    totals = await ledger_totals(old)
    if totals != await ledger_totals(new):
        raise StorageFailure("the ledgers of both sides differ; nothing was moved")
    report.say("Ledger of both: " + ", ".join(f"{k} {v / 100:,.2f}" for k, v in totals.items()))


def _as_compared(found: list[Audited]) -> list[tuple[str, int, list[str]]]:
    return [(a.check, a.looked_at, sorted(d.text for d in a.differences)) for a in found]


def _put_in_place(partial: Path, path: Path, report: Report) -> None:
    """Rename the new file, after one that this shop has left before; it is kept beside."""
    if aside := put_aside(path, "before-move", SystemClock().now().astimezone(UTC)):
        report.say(f"What was there is now {aside[0]}.")
    report.step(Step.PUT_ASIDE)
    put_in_place(partial, path)
