"""Backups: the whole database in one file encrypted with HANOUT_KEYS, and read back after
writing."""

import asyncio
import contextlib
import logging
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.errors import ArchiveFailure, DatabaseMoved, StorageFailure
from bot.ports import Clock
from bot.sealed_file import check_file, seal_file
from storage.existing import look_for_shop
from storage.snapshot import kind_of, take_snapshot

_log = logging.getLogger("hanout")

_NAME_FORMAT: Final = "hanout-%Y%m%d-%H%M%S.backup"
_NAME_PATTERN: Final = re.compile(r"hanout-\d{8}-\d{6}\.backup")
_PARTIAL: Final = ".{}.hanout-{}.partial"
# Also those of earlier versions, and what a restore into PostgreSQL unpacks beside the backup.
_OUR_PARTIAL: Final = re.compile(
    r"\..+(\.hanout-|\.backup-)(clear|sealed)\.partial|\.hanout-restore\.partial"
)
_AHEAD: Final = timedelta(days=1)
_ABANDONED_AFTER: Final = timedelta(hours=12)


class BackupFolder:
    """Implements the Archive port.

    `kept`: of how many nights the newest backup stays; 0: all stay. `night_of`: the night of a moment.
    """

    def __init__(
        self,
        folder: Path,
        database_url: str,
        keys: Mapping[str, bytes],
        clock: Clock,
        kept: int,
        night_of: Callable[[datetime], date] = datetime.date,
    ) -> None:
        self._folder = folder
        self._database_url = database_url
        self._keys = keys
        self._clock = clock
        self._kept = kept
        self._night_of = night_of

    async def keep(self) -> Path:
        name = self._clock.now().astimezone(UTC).strftime(_NAME_FORMAT)
        made = await self.write_to(self._folder / name)
        self._prune(made)
        return made

    async def make(
        self, to: Path | None, check_keys: Callable[[], Awaitable[None]] | None = None
    ) -> tuple[Path, str]:
        """What a command makes, and that the shop has left this database, if it has. Raises ArchiveFailure.

        Of a database that is left, or whose keys are others, only `to` is written: in the folder it
        would push out a backup of the shop.
        """
        left = ""
        with _as_archive_failure(self._folder):
            try:
                await look_for_shop(self._database_url)
            except DatabaseMoved as moved:
                left = str(moved)
        if left and to is None:
            raise ArchiveFailure(f"{left}. Of what it has left, --to FILE makes one")
        if to is None and check_keys is not None:
            with _as_archive_failure(self._folder):
                await check_keys()
        return await (self.write_to(to) if to else self.keep()), left

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
        is_ours = target.parent.absolute() == self._folder.absolute()
        if not is_ours and not target.parent.exists():  # a mistyped path
            raise ArchiveFailure(f"there is no folder {target.parent}; make it, or choose another")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if target.exists():
            raise ArchiveFailure(f"{target} is there already; choose another name")
        oldest = (self._clock.now() - _ABANDONED_AFTER).timestamp()
        ours = (p for p in target.parent.glob(".*.partial") if _OUR_PARTIAL.fullmatch(p.name))
        abandoned = [p for p in ours if p.stat().st_mtime < oldest]
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

    def _prune(self, made: Path) -> None:
        """Keep the newest backup of each of the last nights, whatever number of them one night has.

        Backups of a clock that was far ahead count by themselves, so that they push out none.
        """
        soon = self._clock.now() + _AHEAD
        for ahead in (False, True):
            nights: set[date] = set()
            for path in self.newest_first():
                moment = moment_of(path)
                if (moment > soon) is not ahead:
                    continue
                night = self._night_of(moment)
                is_first = night not in nights and len(nights) < self._kept
                nights.add(night)
                if self._kept and not is_first and path != made:
                    self._remove_old(path)

    def _remove_old(self, path: Path) -> None:
        """One that cannot be removed keeps no night from having its backup and its audit."""
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("the old backup %s stays: %s", path, error.strerror)

    def newest_first(self) -> list[Path]:
        ours = (p for p in self._folder.glob("*.backup") if _is_ours(p))
        return sorted(ours, reverse=True)


def _is_ours(path: Path) -> bool:
    if not _NAME_PATTERN.fullmatch(path.name):
        return False
    try:
        moment_of(path)
    except ValueError:  # digits that are no date
        return False
    return True


def moment_of(path: Path) -> datetime:
    """When it was made, by its name. Raises ValueError for a name of another form."""
    return datetime.strptime(path.name, _NAME_FORMAT).replace(tzinfo=UTC)


@contextlib.contextmanager
def _as_archive_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveFailure(f"{folder.absolute()} cannot be written: {error.strerror}") from None
    except StorageFailure as failure:
        raise ArchiveFailure(str(failure)) from None
