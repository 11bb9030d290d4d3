"""What setup shows and does once the answers are there: the changes, the files, the next step."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.doctor import Report
from bot.health.machine import is_running
from bot.setting_errors import SettingsError
from bot.settings import load_settings
from bot.setup import unit
from bot.setup.console import Console
from bot.setup.draft import Draft, is_secret
from bot.setup.owner import Owner
from bot.setup.places import shown_url

SYSTEMD_RUNS: Final = Path("/run/systemd/system")
_HIDDEN: Final = "••••"
_IS_ROOT: Final = os.geteuid() == 0  # at the end it may be another


def show_changes(console: Console, draft: Draft, changes: dict[str, str]) -> None:
    console.say("setup-changes", file=".env")
    for name, value in changes.items():
        former = draft.former(name)
        line = f"  {name} = {_masked(name, value)}"
        console.show(f"{line}  ({_masked(name, former)})" if former else line)
    for name in draft.overruled():
        console.say("setup-overruled", name=name)


def _masked(name: str, value: str) -> str:
    if is_secret(name):
        return _HIDDEN
    return shown_url(value) if name == "DATABASE_URL" else value


def make_folders(folders: Sequence[Path], owner: Owner) -> None:
    """What the unit lets the shop write to has to be there. Raises OSError."""
    for folder in folders:
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        for each in reversed(missing):
            each.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(each, owner.uid, owner.gid)


def is_open() -> bool:
    """Whether the shop runs now, as far as this machine can tell."""
    try:
        return is_running(load_settings())
    except SettingsError:
        return False


def tell_keys(console: Console, path: Path) -> None:
    """Where the copy of the keys belongs, and what is lost without it."""
    console.show("")
    console.say("setup-keys-made", file=str(path))
    console.print_raw(f"    {_as_root('grep HANOUT_KEYS')} {path}")


def tell_unit(console: Console, path: Path, owner: Owner) -> None:
    """The commands that have systemd start the shop."""
    console.say("setup-unit-written", file=str(path))
    commands = ["systemctl daemon-reload"]
    if path != unit.INSTALLED:
        commands.insert(0, f"cp {path} {unit.INSTALLED}")
    for command in commands:
        console.print_raw(f"    {_as_root(command)}")
    if owner.uid == 0:
        console.say("setup-unit-root")


def _as_root(command: str) -> str:
    """A small machine may have no sudo, and root needs none."""
    return command if _IS_ROOT or shutil.which("sudo") is None else f"sudo {command}"


def tell_next(console: Console, report: Report, name: str, *, has_unit: bool) -> None:
    """What to do now; `name` is the bot's, where it is known."""
    console.show("")
    if not report.is_well:
        console.say("setup-next-mend", command="hanout doctor", again="hanout setup")
        return
    if is_open():
        console.say("setup-next-restart")
        console.print_raw(f"    {_as_root('systemctl restart hanout')}")
        return
    command = _as_root("systemctl enable --now hanout") if has_unit else "hanout run"
    console.say("setup-next-open")
    console.print_raw(f"    {command}")
    console.say("setup-next-buy", name=name or console.text("setup-telegram"))
