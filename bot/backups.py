"""Backups: the whole database in one file encrypted with HANOUT_KEYS, and read back after
writing."""

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
_NAME_PATTERN: Final = re.compile(r"hanout-\d{8}-\d{6}\.backup")
_PARTIAL: Final = ".{}-{}.partial"
_ABANDONED_AFTER: Final = timedelta(hours=12)


class BackupFolder:
    """Implements the Archive port. `kept`: how many backups stay; 0: all of them."""

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
        """Make a backup at this path, where no file may exist. Raises ArchiveFailure."""
        folder = target.parent
        clear, sealed = (
            folder / _PARTIAL.format(target.name, part) for part in ("clear", "sealed")
        )
        with _as_archive_failure(folder):
            self._prepare_folder(target, clear, sealed)
            try:
                await take_snapshot(self._database_url, clear)
                await asyncio.to_thread(self._seal, clear, sealed)
                sealed.rename(target)
            finally:
                self._remove(clear, sealed)
        return target

    def _prepare_folder(self, target: Path, *partial: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if target.exists():
            raise ArchiveFailure(f"{target} is there already; choose another name")
        oldest = (self._clock.now() - _ABANDONED_AFTER).timestamp()
        abandoned = [p for p in target.parent.glob(".*.partial") if p.stat().st_mtime < oldest]
        self._remove(*partial, *abandoned)  # a killed process leaves such files behind

    def _seal(self, clear: Path, sealed: Path) -> None:
        seal_file(clear, sealed, self._keys, kind_of(self._database_url))
        if check_file(sealed, self._keys) != clear.stat().st_size:
            raise ArchiveFailure("the backup was read back, and is not what was written")

    @staticmethod
    def _remove(*paths: Path) -> None:
        for path in paths:
            for file in (path, path.with_name(path.name + "-journal")):
                file.unlink(missing_ok=True)

    def _prune(self) -> None:
        for path in self.newest_first()[self._kept :] if self._kept else ():
            path.unlink(missing_ok=True)

    def newest_first(self) -> list[Path]:
        ours = (p for p in self._folder.glob("*.backup") if _NAME_PATTERN.fullmatch(p.name))
        return sorted(ours, reverse=True)


@contextlib.contextmanager
def _as_archive_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveFailure(f"{folder} cannot be written: {error.strerror}") from None
    except StorageFailure as failure:
        raise ArchiveFailure(str(failure)) from None
