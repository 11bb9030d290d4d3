"""A month as a workbook (XLSX), in which types are ours: amounts are numbers, and text is never a formula."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from bot.bookkeeping.sheets import LEDGER, ORDERS, PAYMENTS, SUMMARY, Money, Row, Sheets
from bot.domain.books import Summary
from bot.domain.money import MINOR_PER_UNIT
from bot.errors import ExportFailure

# In constant memory a sheet is written when it is complete, so the summary, which stands first, is kept until then.
_OPTIONS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_WIDTH, _WIDE = 16, 34
_WIDE_COLUMNS: Final = ("Product", "Id at the provider", "")
# Of a sheet (xlsxwriter.readthedocs.io/worksheet.html#worksheet-write-string): 1,048,576 rows, 32,767 letters.
_REFUSED: Final = {
    -1: "more rows than a workbook holds",
    -2: "a text that is longer than a cell holds",
}
_DAY_ZERO: Final = datetime(1899, 12, 30, tzinfo=UTC).replace(tzinfo=None)
_DAY_SECONDS: Final = 86_400
# The time of the making would make two files of one month differ.
_MADE: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@contextmanager
def open_workbook(path: Path) -> Iterator[Any]:
    """A workbook for `fill_workbook`, which is written at the end. Raises ExportFailure.

    Its rows wait in files beside it until then, and would be left there where it is never closed.
    """
    book = xlsxwriter.Workbook(str(path), {**_OPTIONS, "tmpdir": str(path.parent)})
    book.set_properties({"created": _MADE, "title": "Hanout"})
    try:
        yield book
    finally:
        try:
            book.close()
        except XlsxWriterException as error:
            raise ExportFailure(f"{path} cannot be written: {error}") from None


async def fill_workbook(book: Any, sheets: Sheets) -> Summary:
    """Raises NotTied, ExportFailure; then the file is not complete. The same month is the same bytes."""
    formats = _Formats(book)
    first = book.add_worksheet("Summary")
    for name, columns, rows in (
        ("Orders", ORDERS, sheets.orders()),
        ("Ledger", LEDGER, sheets.ledger()),
        ("Payments", PAYMENTS, sheets.payments()),
    ):
        sheet = formats.begin(book.add_worksheet(name), columns)
        number = 0
        async for row in rows:
            number += 1
            formats.write(sheet, number, row)
    summary, lines = await sheets.summary()
    formats.begin(first, SUMMARY)
    for number, row in enumerate(lines, 1):
        formats.write(first, number, row)
    return summary


class _Formats:
    def __init__(self, book: Any) -> None:
        self._head = book.add_format({"bold": True})
        self._money = book.add_format({"num_format": "#,##0.00"})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def begin(self, sheet: Any, columns: Sequence[str]) -> Any:
        for place, name in enumerate(columns):
            sheet.set_column(place, place, _WIDE if name in _WIDE_COLUMNS else _WIDTH)
            sheet.write_string(0, place, name, self._head)
        sheet.freeze_panes(1, 0)
        return sheet

    def write(self, sheet: Any, number: int, row: Row) -> None:
        """Raises ExportFailure: the library only answers that it left out or cut something.

        In one loop, and with times as numbers: a month may have millions of cells.
        """
        for place, cell in enumerate(row):
            if cell is None:
                continue
            if isinstance(cell, str):
                refused = sheet.write_string(number, place, cell)
            elif isinstance(cell, int):
                refused = sheet.write_number(number, place, cell)
            elif isinstance(cell, Money):
                refused = sheet.write_number(
                    number, place, cell.minor / MINOR_PER_UNIT, self._money
                )
            else:
                refused = sheet.write_number(number, place, _serial(cell), self._time)
            if refused:
                raise ExportFailure(f"{sheet.name} has {_REFUSED[refused]}: use --csv")


def _serial(at: datetime) -> float:
    """A time as a workbook has it: in days since a day that makes 1 March 1900 the 61st."""
    since = at - _DAY_ZERO
    return since.days + since.seconds / _DAY_SECONDS
