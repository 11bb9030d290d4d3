"""The unit of systemd: that of deploy/, for the folder, the user and the program of this shop."""

import os
import re
import sys
import sysconfig
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Final

from bot.setup.owner import Owner

INSTALLED: Final = Path("/etc/systemd/system/hanout.service")
UNIT_NAME: Final = "hanout.service"
_SOURCES: Final = Path(__file__).parents[2]
# Folders that `ProtectHome=true` hides from a service.
_HOMES: Final = tuple(Path(each) for each in ("/home", "/root", "/run/user"))


def template(name: str, folder: str) -> str | None:
    """The text of a file of the project: beside the sources, or where the wheel put it."""
    shared = Path(sysconfig.get_path("data")) / "share/hanout"
    for place in (_SOURCES / folder, shared):
        path = place / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return None


def unit_for(folder: Path, owner: Owner, writes: Sequence[Path]) -> str | None:
    """The unit's text; None where the template is not there."""
    text = template(UNIT_NAME, "deploy/systemd")
    if text is None:
        return None
    program = _program()
    wanted = {
        "User": owner.user,
        "Group": owner.group,
        "WorkingDirectory": _escaped(str(folder)),
        "ExecStart": f"{' '.join(map(_quoted, program))} run",
        "ReadWritePaths": " ".join(_quoted(str(each)) for each in writes),
    }
    places = [folder, Path(program[0]), *writes]
    if any(home in place.parents or home == place for place in places for home in _HOMES):
        wanted["ProtectHome"] = "read-only"  # `true` would hide the shop itself
    for name, value in wanted.items():
        text = re.sub(rf"^{name}=.*$", lambda _: f"{name}={value}", text, flags=re.MULTILINE)  # noqa: B023
    return text


def _program() -> list[str]:
    script = Path(sysconfig.get_path("scripts")) / "hanout"
    return [str(script)] if script.is_file() else [sys.executable, "-m", "bot"]


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    """A word of a line of systemd."""
    text = _escaped(text)
    if re.fullmatch(r"[A-Za-z0-9/._+:@%-]+", text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'


def is_installed(text: str) -> bool:
    """Whether systemd has this unit already."""
    try:
        return INSTALLED.read_text(encoding="utf-8") == text
    except OSError:
        return False


def write_unit(path: Path, text: str) -> Path | None:
    """Put the unit there, at once, for everybody to read: there is no secret in it. Raises OSError.

    Another one that is there is kept beside it; returns where.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise FileExistsError(17, os.strerror(17), str(path))
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    try:
        number = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o644)
            file.write(text)
        former = _keep_former(path, text)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return former


def _keep_former(path: Path, text: str) -> Path | None:
    """Somebody may have changed it by hand."""
    if not path.exists() or path.read_text(encoding="utf-8", errors="replace") == text:
        return None
    names = (path.with_name(f"{path.name}.former{number or ''}") for number in count())
    former = next(each for each in names if not each.exists())
    os.link(path, former)
    return former
