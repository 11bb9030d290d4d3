"""Checks of where things are: the database and its keys, the folder of backups. Nothing is made here."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from bot.errors import StorageFailure, VaultFailure
from bot.services.codes.custody import compare_keys
from bot.settings import Settings
from bot.setup.draft import Draft, default_of
from bot.setup.verdicts import FINE, Facts, Stands, Verdict
from bot.vault import AesVault
from locales import Words, words
from storage.failures import ODD_ADDRESS
from storage.looking import NoDatabase, looking, read_of
from storage.migrate import check_of_no_other_program, checked_revision
from storage.snapshot import SQLITE, kind_of, path_of
from storage.store import async_url

SECONDS: Final = 12.0

_SECRET_OPTIONS: Final = {"password", "passfile", "sslpassword"}


def database_of(draft: Draft) -> str:
    return draft.get("DATABASE_URL") or default_of("DATABASE_URL")


def check_database(draft: Draft, facts: Facts, words: Words) -> Verdict:
    """Whether it can be reached, or made, and is no other program's; and whether another one has a shop in it."""
    url, former = database_of(draft), draft.former("DATABASE_URL") or default_of("DATABASE_URL")
    try:
        asyncio.run(_check_usable(url))
    except NoDatabase:
        if former != url and has_shop(draft, former):
            return Verdict(Stands.UNKNOWN, "setup-database-other", {"command": "hanout move"})
        return FINE
    except StorageFailure as failure:
        return Verdict(Stands.UNKNOWN, "setup-database-fails", {"reason": str(failure)})
    except TimeoutError:
        return Verdict(Stands.UNKNOWN, "setup-cause-silent", {"server": shown_url(url)})
    except ODD_ADDRESS:  # their texts may hold a password
        return Verdict(Stands.UNKNOWN, "setup-database-fails", {"reason": shown_url(url)})
    return FINE


def has_shop(draft: Draft, url: str = "") -> bool:
    """Whether there is a shop in the database already, as far as it can be read."""
    return look_for_shop(draft, url) or False


def look_for_shop(draft: Draft, url: str = "") -> bool | None:
    """Whether there is a shop in the database already; None where nobody can tell."""
    try:
        return asyncio.run(_has_tables(url or database_of(draft)))
    except NoDatabase:
        return False
    except (StorageFailure, TimeoutError, *ODD_ADDRESS):
        return None


def check_keys(draft: Draft, facts: Facts, words: Words) -> Verdict:
    """Whether keys that were typed open what the database holds."""
    try:
        asyncio.run(_compare(database_of(draft), draft.settings("HANOUT_KEYS")))
    except VaultFailure:
        return Verdict(Stands.UNKNOWN, "setup-keys-misfit", {"command": "hanout keys abandon"})
    except (NoDatabase, StorageFailure, TimeoutError, *ODD_ADDRESS):
        pass
    return FINE


def have_other_keys(draft: Draft) -> bool:
    """Whether the keys that are set surely do not open what the database holds."""
    with suppress(ValidationError):  # which is told where settings are read
        return check_keys(draft, Facts(), words("en")) != FINE
    return False


async def _check_usable(url: str) -> None:
    """Raises NoDatabase, TimeoutError; StorageFailure, also where another program has its tables there."""
    if not await _has_tables(url):
        async with asyncio.timeout(SECONDS), looking(url) as connection:
            await connection.run_sync(check_of_no_other_program)


async def _has_tables(url: str) -> bool:
    """Also of an earlier version, or of a later one. Raises NoDatabase, StorageFailure, TimeoutError."""
    async with asyncio.timeout(SECONDS), looking(url) as connection:
        try:
            return await connection.run_sync(checked_revision) is not None
        except StorageFailure:
            return True


async def _compare(url: str, settings: Settings) -> None:
    """Raises VaultFailure; NoDatabase, StorageFailure, TimeoutError where it cannot be known."""
    async with asyncio.timeout(SECONDS), looking(url) as connection:
        tx = await read_of(connection)
        if tx is not None:
            await compare_keys(tx, AesVault(settings.keys()))


def check_backups(draft: Draft, facts: Facts, words: Words) -> Verdict:
    """Whether the shop's user can write there, or make the folder."""
    folder = Path(draft.get("BACKUP_FOLDER") or default_of("BACKUP_FOLDER")).absolute()
    if folder.exists() and not folder.is_dir():
        return Verdict(Stands.NO, "setup-backups-file", {"folder": str(folder)})
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not os.access(there, os.W_OK | os.X_OK, effective_ids=True):
        return Verdict(Stands.NO, "setup-backups-rights", {"folder": str(there)})
    return FINE


def folders_of(draft: Draft) -> list[Path]:
    """Those that the shop writes to, one inside another left out."""
    folders = [Path(draft.get("BACKUP_FOLDER") or default_of("BACKUP_FOLDER")).absolute()]
    with suppress(ValueError):  # a mounted one may be wrong; the doctor says so
        if kind_of(database_of(draft)) == SQLITE:
            folders.insert(0, path_of(database_of(draft)).absolute().parent)
    return [
        each
        for each in dict.fromkeys(folders)
        if not any(other in each.parents for other in folders)
    ]


def shown_url(url: str) -> str:
    """A database's address without its password."""
    try:
        shown = async_url(url).set(drivername=url.partition(":")[0])
        hidden = dict.fromkeys(_SECRET_OPTIONS & shown.query.keys(), "***")
        return shown.update_query_dict(hidden).render_as_string()
    except ValueError:
        return "••••"


def has_password(url: str) -> bool:
    try:
        address = async_url(url)
    except ValueError:
        return "@" in url
    return address.password is not None or bool(_SECRET_OPTIONS & address.query.keys())
