"""The database, its keys, its backups, and PostgreSQL's tools: read, never made or changed."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.backups import moment_of
from bot.errors import ArchiveFailure, DatabaseMoved, StorageFailure, VaultFailure
from bot.factories import build_archive
from bot.health.finding import Finding, bad, note, well
from bot.sealed_file import check_file, read_kind
from bot.services.codes.custody import compare_keys
from bot.settings import Settings
from bot.vault import AesVault
from storage.looking import NoDatabase, looking, read_of, server_version
from storage.moved import look_whether_moved
from storage.snapshot import SQLITE, kind_of
from storage.store import async_url

_OLD: Final = timedelta(hours=50)
_MOST_READ_BYTES: Final = 500_000_000
_TOOL_SECONDS: Final = 5.0


async def check_database(settings: Settings) -> AsyncIterator[Finding]:
    """The database, whether the keys open it, and whether the shop serves all who wait in it."""
    url = async_url(settings.database_url)
    kind = url.get_backend_name()
    try:
        async with looking(settings.database_url) as connection:
            tx = await read_of(connection)
            if tx is None:
                yield _empty(kind)
                return
            await look_whether_moved(tx, url)
            await compare_keys(tx, AesVault(settings.keys()))
            left_out = sorted(await tx.orders.suppliers_with_waiting() - set(settings.suppliers))
    except NoDatabase as none:
        yield note("database", f"there is none yet; `hanout run` makes it in {none.folder}", "none")
        return
    except DatabaseMoved as error:
        yield bad("database", str(error), "moved")
        return
    except StorageFailure as error:
        yield bad("database", str(error), "storage")
        return
    except VaultFailure as error:
        yield bad("keys", f"{error}; put the keys back that this shop had into HANOUT_KEYS", "keys")
        return
    yield well("database and keys", f"{kind}, up to date, opened by the keys")
    if left_out:
        names = ", ".join(left_out)
        text = f"some wait at {names}; put it back into SUPPLIERS until they have ended"
        yield bad("orders", text, "unserved")


def _empty(kind: str) -> Finding:
    return note("database", f"{kind}, empty; `hanout run` makes its tables", "none")


async def check_tools(settings: Settings) -> AsyncIterator[Finding]:
    """Backups of PostgreSQL need its client tools, not older than the server."""
    if kind_of(settings.database_url) == SQLITE:
        return
    missing = [tool for tool in ("pg_dump", "pg_restore") if shutil.which(tool) is None]
    if missing:
        names = " and ".join(missing)
        text = f"{names} missing, so no backup can be made: apt install postgresql-client"
        yield bad("postgresql tools", text, "missing")
        return
    ours = await _version_of("pg_dump")
    try:
        async with looking(settings.database_url) as connection:
            theirs = await server_version(connection)
    except StorageFailure:
        return  # told by the check of the database
    if ours < theirs:
        text = f"pg_dump {ours} is older than the server, {theirs}: apt install postgresql-client-{theirs}"
        yield bad("postgresql tools", text, "old")
        return
    yield well("postgresql tools", f"pg_dump {ours}, server {theirs}")


async def _version_of(tool: str) -> int:
    process = await asyncio.create_subprocess_exec(
        tool, "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), _TOOL_SECONDS)
    except TimeoutError:
        process.kill()
        return 0
    found = re.search(rb"(\d+)", said)
    return int(found[1]) if found else 0


def check_backups(settings: Settings) -> Iterator[Finding]:
    """Whether there is a backup of these nights, and whether these keys open it."""
    folder = settings.backup_folder
    if folder.exists() and not folder.is_dir():
        yield bad("backups", f"BACKUP_FOLDER: {folder} is a file; name a folder", "folder")
        return
    try:
        found = build_archive(settings).newest_first()
    except OSError as error:
        yield bad("backups", f"BACKUP_FOLDER: {folder} cannot be read: {error.strerror}", "rights")
        return
    if not found:
        yield _none(settings)
        return
    yield _newest(settings, found[0])


def _none(settings: Settings) -> Finding:
    if not settings.backups_kept:
        return note("backups", "none is made at night (BACKUPS_KEPT=0)", "off")
    at = f"{settings.nightly_at:%H:%M}"
    return note("backups", f"none yet: the shop makes one at {at}, `hanout backup` at once", "none")


def _newest(settings: Settings, path: Path) -> Finding:
    age = datetime.now(UTC) - moment_of(path)
    days = f"{age / timedelta(days=1):.0f} days"
    try:
        if path.stat().st_size <= _MOST_READ_BYTES:
            check_file(path, settings.keys())
        kind = read_kind(path)
    except ArchiveFailure as error:
        return bad("backups", f"{path.name}: {error}; make one by `hanout backup`", "unreadable")
    except OSError as error:
        return bad("backups", f"{path.name} cannot be read: {error.strerror}", "rights")
    if kind != kind_of(settings.database_url):
        text = f"the newest is of {kind}, from before the move: make one by `hanout backup`"
        return bad("backups", text, "kind")
    if age > _OLD and settings.backups_kept:
        text = f"the newest is {days} old: look for the failure in /attention and the log"
        return bad("backups", text, "old")
    hours = max(0, round(age / timedelta(hours=1)))
    return well("backups", f"the newest is {hours} hours old, and the keys open it")
