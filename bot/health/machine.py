"""This machine: rights and owners of files, free disk, ports, the clock."""

import os
import shutil
import socket
import stat
from collections.abc import Iterator, Mapping
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from pwd import getpwuid
from typing import Final

from bot.charts.draughtsman import EXTRA, is_installed
from bot.env_file import ENV_FILE
from bot.health.causes import span
from bot.health.finding import Finding, bad, note, well
from bot.http_server import open_listener
from bot.settings import Settings
from storage.looking import is_led
from storage.snapshot import SQLITE, kind_of, path_of

_OTHERS: Final = 0o077
_LEAST_FREE: Final = 200_000_000
_LEAST_FILES: Final = 1000
_MIB: Final = 1024 * 1024
_WRONG: Final = timedelta(minutes=5)  # the shop tells its operators from here on
_ANYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def check_files(settings: Settings | None) -> Iterator[Finding]:
    """Who may read the secrets and the database; also where the settings cannot be read."""
    secrets = [ENV_FILE]
    if settings is not None and settings.hanout_keys_file is not None:
        secrets.append(settings.hanout_keys_file)
    troubles = [trouble for path in secrets if (trouble := _open_to_others(path))]
    if settings is not None and kind_of(settings.database_url) == SQLITE:
        troubles += _database_files(path_of(settings.database_url))
    for trouble in troubles:
        yield bad("files", trouble, "rights")
    if not troubles and settings is not None:
        yield well("files", "secrets and database are for this user alone")


def _open_to_others(path: Path) -> str | None:
    try:
        found = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode) or not found.st_mode & _OTHERS:
        return None
    rights = f"{stat.S_IMODE(found.st_mode):04o}"
    return f"{path} can be read by other users ({rights}): chmod 600 {path}"


def _database_files(path: Path) -> Iterator[str]:
    try:
        file, folder = path.stat(), path.absolute().parent.stat()
    except OSError:
        return
    if file.st_uid != folder.st_uid:
        owner = _name_of(folder.st_uid)
        yield (
            f"{path} belongs to {_name_of(file.st_uid)} and its folder to {owner}, as after a command run by root: "
            f"chown {owner} {path}*"
        )
    if file.st_mode & _OTHERS and folder.st_mode & 0o011:
        yield f"{path} can be read by other users: chmod 700 {path.parent}; chmod 600 {path}*"


def _name_of(user: int) -> str:
    try:
        return getpwuid(user).pw_name
    except KeyError:  # a user of another machine, as in a container
        return str(user)


def check_pictures() -> Finding:
    """Whether figures can be drawn; without it, they are told as text."""
    if not is_installed():
        return note("pictures", f"pip install 'hanout[{EXTRA}]' has figures drawn", "extra")
    return well("pictures", "figures can be drawn")


def check_disk(settings: Settings) -> Iterator[Finding]:
    """Whether there is room for the database, its log, and a backup beside the older ones."""
    places = {"backups": settings.backup_folder} if settings.backups_kept else {}
    needed = _LEAST_FREE
    if kind_of(settings.database_url) == SQLITE:
        path = path_of(settings.database_url)
        places = {"the database": path.absolute().parent, **places}
        needed += 2 * (path.stat().st_size if path.is_file() else 0)
    least: int | None = None
    for name, folder in places.items():
        there = next(
            each for each in (folder.absolute(), *folder.absolute().parents) if each.exists()
        )
        free, files = shutil.disk_usage(there).free, os.statvfs(there)
        least = free if least is None else min(least, free)
        if free < needed:
            text = f"{free // _MIB} MiB are free for {name} in {there}, {needed // _MIB} are needed: free some space"
            yield bad("disk", text, "full")
            return
        if files.f_files and files.f_favail < _LEAST_FILES:
            yield bad("disk", f"no more files can be made in {there}: remove some", "full")
            return
        if name == "backups" and not os.access(there, os.W_OK | os.X_OK):
            text = f"this user may not write to {there}: chown it to the user of the shop"
            yield bad("disk", text, "rights")
            return
    yield well("disk", f"{(least or 0) // _MIB} MiB free")


def check_ports(settings: Settings) -> Iterator[Finding]:
    """Whether the shop can listen where it is to, or does so already."""
    wanted = {"WATCH_LISTEN": settings.watch_listen}
    if settings.public_url or settings.telegram_webhook_url:
        wanted["WEBHOOK_LISTEN"] = settings.webhook_listen
    for name, address in wanted.items():
        if address:
            yield _port(
                name, address, runs=is_running(settings) or kind_of(settings.database_url) != SQLITE
            )


def is_running(settings: Settings) -> bool:
    """Whether a shop has the SQLite database open; of PostgreSQL that is not known."""
    url = settings.database_url
    return kind_of(url) == SQLITE and is_led(path_of(url))


def _port(name: str, address: str, *, runs: bool) -> Finding:
    host, _, port = address.rpartition(":")
    try:
        open_listener(host, int(port)).close()
    except socket.gaierror:
        return bad("ports", f"{name}: the name {host} does not resolve on this machine", "name")
    except PermissionError:
        text = f"{name}: ports below 1024 are for root; take a higher one, such as 8080"
        return bad("ports", text, "rights")
    except OSError as error:
        if name == "WATCH_LISTEN" and _is_shop(host, int(port)):
            return well("ports", f"the shop answers at {name}")
        text = f"{name}: {address} cannot be taken ({error.strerror})"
        if runs:
            return note("ports", f"{text}; the shop that runs may have it", "port")
        return bad("ports", f"{text}: end the program that has it, or take another port", "port")
    return well("ports", f"{name} is free")


def _is_shop(host: str, port: int) -> bool:
    host = host.strip("[]")
    connection = HTTPConnection(_ANYWHERE.get(host, host), port, timeout=2)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200  # noqa: PLR2004
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def check_clock(ahead: Mapping[str, timedelta]) -> Iterator[Finding]:
    """Compare this machine's clock with those of the servers that answered; Telegram's counts most."""
    if not ahead:
        yield note("clock", "could not be compared: no server answered", "unknown")
        return
    measure = "telegram" if "telegram" in ahead else next(iter(ahead))
    by = ahead[measure]
    if abs(by) >= _WRONG:
        text = f"this machine's clock is {span(by)} of {measure}'s: timedatectl set-ntp true, or set it"
        yield bad("clock", text, "clock")
        return
    yield well("clock", f"agrees with {measure}'s to {abs(by).total_seconds():.0f} s")
    for name, theirs in ahead.items():
        if abs(theirs - by) >= _WRONG:
            text = f"that of {name} is {span(by - theirs)}; the shop allows for it"
            yield note("clock", text, "theirs")
