"""Writes the files of a month, all from one snapshot of the database."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from bot.bookkeeping.csv_files import write_csv
from bot.bookkeeping.plain_text import write_ledger
from bot.bookkeeping.sheets import Sheets
from bot.bookkeeping.workbook import fill_workbook, open_workbook
from bot.domain.books import Month, Summary
from bot.errors import ExportFailure
from bot.services.bookkeeping.month import MonthReader
from storage.store import Store

_TABLES = ("orders", "ledger", "payments", "summary")


@contextmanager
def _as_export_failure() -> Iterator[None]:
    """A file that cannot be written is no trouble of the database, as which the store would see it."""
    try:
        yield
    except OSError as error:
        if error.filename is None:  # the database's, where it is reached over the network
            raise
        raise ExportFailure(
            f"{error.filename2 or error.filename} cannot be written: {error.strerror}"
        ) from None


class _Drafts:
    """Files wait in folders beside their places until all are complete: a failure leaves what was there."""

    def __init__(self, folders: ExitStack) -> None:
        self._folders = folders
        self._files: list[tuple[Path, Path]] = []

    def begin(self, *places: Path) -> list[Path]:
        """Where to write the files that are to stand in one folder. Raises ExportFailure."""
        places = tuple(place.resolve() for place in places)  # not the link to it is replaced
        for place in places:
            if place.exists() and not place.is_file():
                raise ExportFailure(f"{place} cannot be written: it is no file")
        try:
            made = TemporaryDirectory(dir=places[0].parent, prefix="hanout-")
        except OSError as error:
            raise ExportFailure(f"{places[0]} cannot be written: {error.strerror}") from None
        folder = Path(self._folders.enter_context(made))
        drafts = [folder / place.name for place in places]
        self._files += zip(drafts, places, strict=True)
        return drafts

    def publish(self) -> None:
        for draft, place in self._files:
            draft.replace(place)


async def write_month(
    store: Store,
    month: Month,
    zone: ZoneInfo,
    *,
    workbook: Path | None = None,
    csv_folder: Path | None = None,
    ledger: Path | None = None,
) -> Summary | None:
    """Write those that have a place; returns the summary. Raises NotTied, ExportFailure, StorageFailure.

    Where it fails nothing is written, and files that are there stay.
    """
    summary: Summary | None = None
    with _as_export_failure(), ExitStack() as folders:
        drafts = _Drafts(folders)
        # A workbook takes long to close: PostgreSQL would end a transaction that waits for it.
        with ExitStack() as books:
            async with store.reading(long=True) as tx:
                with _as_export_failure():
                    bounds = month.bounds(zone)
                    if workbook is not None:
                        (draft,) = drafts.begin(workbook)
                        book = books.enter_context(open_workbook(draft))
                        sheets = Sheets(MonthReader(tx, *bounds), month, zone)
                        summary = await fill_workbook(book, sheets)
                    if csv_folder is not None:
                        first, *_ = drafts.begin(*(csv_folder / f"{it}.csv" for it in _TABLES))
                        sheets = Sheets(MonthReader(tx, *bounds), month, zone)
                        summary = await write_csv(sheets, first.parent)
                    if ledger is not None:
                        (draft,) = drafts.begin(ledger)
                        reader = MonthReader(tx, *bounds)
                        summary = await write_ledger(reader, month, zone, draft)
        drafts.publish()
    return summary
