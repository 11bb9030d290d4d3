"""Reads `.env` before it is changed, and puts a new one into its place at once, for its owner alone."""

import contextlib
import errno
import os
import signal
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.env_file import EnvFileError, read_env_file
from bot.setup.owner import Owner

_OTHERS: Final = 0o077
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED: Final = (errno.EACCES, errno.EPERM, errno.EROFS)


class CannotWrite(Exception):
    """Nothing was written. `reason` is the end of a text's key, `detail` a word of the system or lines of `.env`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class Found:
    """A `.env` as it was read; `raw` is None where there was none."""

    path: Path
    raw: bytes | None
    values: dict[str, str]
    is_open_to_others: bool

    @property
    def text(self) -> str:
        return (self.raw or b"").decode()


def find(path: Path) -> Found:
    """Read the file, and see whether a new one can be put into its place. Raises CannotWrite."""
    raw = None
    if (there := _lstat(path)) is not None:
        if stat.S_ISLNK(there.st_mode):
            raise CannotWrite("link")
        if not stat.S_ISREG(there.st_mode):
            raise CannotWrite("odd")
        if os.geteuid() not in (0, there.st_uid):
            raise CannotWrite("owner", Owner(there.st_uid, there.st_gid).user)
    if not os.access(path.absolute().parent, os.W_OK | os.X_OK, effective_ids=True):
        raise CannotWrite("folder")
    try:
        file = read_env_file(path)
        if there is not None:
            raw = path.read_bytes()
    except EnvFileError as error:
        raise CannotWrite("unreadable", str(error)) from None
    except OSError as error:
        raise CannotWrite("failed", error.strerror or "") from None
    if file.problems:
        raise CannotWrite("unreadable", "\n".join(file.problems))
    values = {name.upper(): value for name, value in file.values.items()}
    return Found(path, raw, values, there is not None and bool(there.st_mode & _OTHERS))


def _lstat(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotWrite("failed", error.strerror or "") from None


def write(found: Found, text: str, owner: Owner) -> None:
    """Put this text into the file's place, at once and on the disk, with mode 0600 and this owner.

    A process that is killed meanwhile leaves the old file. Raises CannotWrite, also where somebody
    else has changed the file since it was found.
    """
    path = found.path.absolute()
    new = path.with_name(f"{path.name}.new")
    try:
        with contextlib.suppress(FileNotFoundError):
            new.unlink()  # of a run that was killed
        _write_new(new, text.encode(), owner)
        _check_unchanged(found)
        os.replace(new, path)  # noqa: PTH105 - the tests stop here
        _sync_folder(path.parent)
    except OSError as error:
        raise CannotWrite(*_reason(error)) from None
    finally:
        with contextlib.suppress(OSError):
            new.unlink()


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl+C comes after it, so that what is said of the file is true."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are for the main thread
        return
    pressed: list[int] = []
    former = signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)
    if pressed:
        raise KeyboardInterrupt


def _write_new(path: Path, content: bytes, owner: Owner) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        if os.geteuid() == 0:
            os.fchown(file.fileno(), owner.uid, owner.gid)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _check_unchanged(found: Found) -> None:
    there = _lstat(found.path)
    if there is not None and not stat.S_ISREG(there.st_mode):
        raise CannotWrite("changed")
    if (found.path.read_bytes() if there is not None else None) != found.raw:
        raise CannotWrite("changed")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError) -> tuple[str, str]:
    if error.errno in _FULL:
        return "full", ""
    if error.errno in _REFUSED:
        return "folder", ""
    return "failed", error.strerror or ""
