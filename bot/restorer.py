"""`hanout restore`: replaces the database with a backup or a replica; nothing is bought by it.

On SQLite everything is done on a copy first, so a backup that is damaged or needs other keys changes nothing. On
PostgreSQL nothing opens the database before all is done (`storage/restoring.py`).
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from pathlib import Path

from bot.auditor import compare
from bot.clock import SystemClock
from bot.domain.payments import reference_of
from bot.errors import ArchiveFailure, DatabaseInUse, HanoutError
from bot.sealed_file import open_file
from bot.services.codes.custody import check_keys
from bot.services.operations.restored import move_numbers_ahead, quarantine_restored
from bot.settings import Settings
from bot.vault import AesVault
from storage.counters import last_numbers_in
from storage.holding import held
from storage.migrate import migrate
from storage.moved import moved_to
from storage.moving import finish_file
from storage.placing import put_aside, put_in_place
from storage.restoring import begin_restore
from storage.snapshot import (
    SQLITE,
    check_sqlite,
    copy_sqlite,
    is_sqlite,
    kind_of,
    path_of,
    remove_sqlite,
    restore_postgresql,
)
from storage.store import Store

Say = Callable[[str], object]
_NUMBERED = {"orders": "orders", "payments": "payments", "cases": "support cases"}


async def restore(
    settings: Settings,
    backup: Path,
    days: int | None,
    say: Say,
    *,
    replace: bool,
    numbers_above: int = 0,
) -> bool:
    """Restore `backup`, sealed or a SQLite database, and audit the result: True where the audit finds no difference.

    `days` as in `compare`; `numbers_above`: that numbers up to this one are known to be given out.
    Raises ArchiveFailure, StorageFailure, VaultFailure.
    """
    kind = kind_of(settings.database_url)
    if kind == SQLITE:
        _check_replaceable(path_of(settings.database_url), replace=replace)
    with _unpacked(settings, backup, kind) as clear:
        try:
            async with held(
                settings.database_url
            ):  # until nothing that may have been bought is due
                if kind == SQLITE:
                    await _restore_sqlite(settings, clear, say, above=numbers_above)
                else:
                    await _restore_postgres(settings, clear, say, above=numbers_above)
        except DatabaseInUse as failure:
            raise ArchiveFailure(str(failure)) from None
    say("Restored. Now the audit of what is there:")
    return await compare(settings, days, say)


def _check_replaceable(target: Path, *, replace: bool) -> None:
    if target.exists() and not replace:
        raise ArchiveFailure(
            f"there is a database at {target}. Close the shop and add --replace: it is then put aside, "
            "not deleted"
        )


def _check_file(backup: Path) -> None:
    try:
        is_there = backup.is_file()
    except OSError as error:  # a folder on the way that this user may not enter
        raise ArchiveFailure(
            f"{backup} cannot be read: {error.strerror}; the user of the shop has to be able to read it"
        ) from None
    if not is_there:
        raise ArchiveFailure(f"there is no file {backup.absolute()}")


@contextlib.contextmanager
def _unpacked(settings: Settings, backup: Path, kind: str) -> Iterator[Path]:
    _check_file(backup)
    folder = path_of(settings.database_url).parent if kind == SQLITE else backup.parent
    clear = folder / ".hanout-restore.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        remove_sqlite(clear)
        found = _unpack(settings, backup, clear)
        if found != kind:
            raise ArchiveFailure(f"the backup is of a {found} database, DATABASE_URL names {kind}")
        yield clear
    except OSError as error:
        raise ArchiveFailure(f"{error.filename or folder}: {error.strerror}") from None
    finally:
        remove_sqlite(clear)


def _unpack(settings: Settings, backup: Path, clear: Path) -> str:
    """Write what is in a backup to `clear`, and return the kind of database.

    A SQLite database, which a tool of replication restored, is copied as it is.
    """
    if is_sqlite(backup):
        check_sqlite(backup)
        copy_sqlite(backup, clear)
        return SQLITE
    return open_file(backup, clear, settings.keys()).kind


async def _restore_sqlite(settings: Settings, clear: Path, say: Say, *, above: int) -> None:
    target = path_of(settings.database_url)
    check_sqlite(clear)
    known = await asyncio.to_thread(last_numbers_in, target)
    if elsewhere := await asyncio.to_thread(moved_to, target):
        say(f"The shop had moved to {elsewhere}: make sure that it is never opened there again.")
    await _prepare(settings, f"sqlite:///{clear}", say, _known(known, above))
    await finish_file(clear)
    aside = await asyncio.to_thread(_put_in_place, clear, target)
    if aside:
        say(f"What was there is now {aside[0]}.")


def _put_in_place(clear: Path, target: Path) -> list[Path]:
    aside = put_aside(target, "before-restore", SystemClock().now().astimezone(UTC))
    put_in_place(clear, target)
    return aside


async def _restore_postgres(settings: Settings, clear: Path, say: Say, *, above: int) -> None:
    store = Store(settings.database_url)
    try:
        if not await store.run_sync(begin_restore):
            raise ArchiveFailure(
                "the database that DATABASE_URL names is not empty. Make a new one, name that, and restore"
            )
    finally:
        await store.close()
    try:
        await restore_postgresql(settings.database_url, clear)
        await _prepare(settings, settings.database_url, say, _known({}, above))
    except HanoutError:
        say(
            "The restore has not ended, so nothing opens this database. Once the cause is mended, run the same "
            "`hanout restore` again: it begins anew."
        )
        raise


def _known(there: Mapping[str, int], above: int) -> dict[str, int]:
    """Numbers that are given out: in the database that is replaced, or as the operator knows."""
    return {name: max(there.get(name, 0), above) for name in (*there, *_NUMBERED)}


async def _prepare(
    settings: Settings, database_url: str, say: Say, known: Mapping[str, int]
) -> None:
    """Migrate the schema, check the keys, and stop what would run without an operator."""
    store = Store(database_url)
    try:
        await migrate(store, restoring=True)
        await check_keys(store, AesVault(settings.keys()))
        done = await quarantine_restored(store, SystemClock())
        above = await move_numbers_ahead(store, SystemClock(), known)
    finally:
        await store.close()
    say(
        f"{done.orders} orders that were not bought yet wait for an operator (/attention), and "
        f"{done.updates} updates are quarantined: a backup cannot tell what happened to them afterwards."
    )
    if done.batches:
        say(
            f"{done.batches} batches of own codes are off sale (/stock): what was sold since the backup lies in "
            "it unsold."
        )
    if done.staff:
        say(
            f"{done.staff} people of the team may nothing now (/team): the backup brings back who was removed "
            "since. An owner appoints anew whoever still works here."
        )
    if done.news:
        say(
            f"{done.news} news are stopped, or thrown away where they were drafts (/news): a backup cannot tell "
            "whom they have reached since."
        )
    say(
        f"New numbers begin above {_names(above)}: the backup does not know which ones were given out since."
    )


def _names(above: Mapping[str, int]) -> str:
    numbers = {**above, "payments": reference_of(above["payments"])}
    return ", ".join(f"{numbers[name]} ({words})" for name, words in _NUMBERED.items())
