"""Backups: the whole database in one file that only HANOUT_KEYS open, read back before it counts."""

import asyncio
import contextlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta
from pathlib import Path
from typing import Final

from bot.errors import ArchiveFailure, StorageFailure
from bot.ports import Clock
from bot.sealed_file import check_file, seal_file
from storage.snapshot import kind_of, take_snapshot

_NAME: Final = "hanout-{:%Y%m%d-%H%M%S}.backup"
_OURS: Final = re.compile(r"hanout-\d{8}-\d{6}\.backup")
_PARTIAL: Final = ".{}-{}.partial"
_ABANDONED: Final = timedelta(hours=12)


class BackupFolder:
    """Implements the Archive port. `kept` 0: nothing is ever removed."""

    def __init__(
        self, folder: Path, database_url: str, keys: Mapping[str, bytes], clock: Clock, kept: int
    ) -> None:
        self._folder = folder
        self._database_url = database_url
        self._keys = keys
        self._clock = clock
        self._kept = kept

    async def keep(self) -> Path:
        name = _NAME.format(self._clock.now().astimezone(UTC))
        made = await self.write_to(self._folder / name)
        self._prune()
        return made

    async def write_to(self, target: Path) -> Path:
        """A backup at this path, which must be free. Raises ArchiveFailure."""
        folder = target.parent
        clear, sealed = (folder / _PARTIAL.format(target.name, p) for p in ("clear", "sealed"))
        with _in_words(folder):
            self._make_room(target, clear, sealed)
            try:
                await take_snapshot(self._database_url, clear)
                await asyncio.to_thread(self._seal, clear, sealed)
                sealed.rename(target)
            finally:
                self._remove(clear, sealed)
        return target

    def _make_room(self, target: Path, *partial: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if target.exists():
            raise ArchiveFailure(f"{target} is there already; choose another name")
        abandoned = (self._clock.now() - _ABANDONED).timestamp()
        left = [p for p in target.parent.glob(".*.partial") if p.stat().st_mtime < abandoned]
        self._remove(*partial, *left)  # a process that was killed leaves such behind

    def _seal(self, clear: Path, sealed: Path) -> None:
        seal_file(clear, sealed, self._keys, kind_of(self._database_url))
        if check_file(sealed, self._keys) != clear.stat().st_size:
            raise ArchiveFailure("the backup was read back, and is not what was written")

    @staticmethod
    def _remove(*paths: Path) -> None:
        for path in paths:
            for each in (path, path.with_name(path.name + "-journal")):
                each.unlink(missing_ok=True)

    def _prune(self) -> None:
        for path in self.newest_first()[self._kept :] if self._kept else ():
            path.unlink(missing_ok=True)

    def newest_first(self) -> list[Path]:
        ours = (p for p in self._folder.glob("*.backup") if _OURS.fullmatch(p.name))
        return sorted(ours, reverse=True)


@contextlib.contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveFailure(f"{folder} cannot be written: {error.strerror}") from None
    except StorageFailure as failure:
        raise ArchiveFailure(str(failure)) from None
