"""A month as four CSV files: commas, UTF-8, 1234.50, 2026-10-31 23:59:59; for programs, which read no locale."""

import csv
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bot.bookkeeping.sheets import LEDGER, ORDERS, PAYMENTS, SUMMARY, Cell, Money, Row, Sheets
from bot.domain.books import Summary
from bot.domain.money import MINOR_PER_UNIT
from bot.domain.text_files import FORMULA_SIGNS

# What a spreadsheet takes for a formula gets an apostrophe in front, which it shows and does not run. Amounts below
# zero are numbers and stay as they are.
_FORMULA: Final = (*FORMULA_SIGNS, "\t", "\r")


async def write_csv(sheets: Sheets, folder: Path) -> Summary:
    """Write orders, ledger, payments and summary into a folder. Raises NotTied; then no summary is written."""
    for name, columns, rows in (
        ("orders", ORDERS, sheets.orders()),
        ("ledger", LEDGER, sheets.ledger()),
        ("payments", PAYMENTS, sheets.payments()),
    ):
        with _open(folder / f"{name}.csv") as file:
            await _write(csv.writer(file), columns, rows)
    summary, lines = await sheets.summary()
    with _open(folder / "summary.csv") as file:
        _write_rows(csv.writer(file), [SUMMARY, *lines])
    return summary


def _open(path: Path) -> Any:
    return path.open("w", encoding="utf-8", newline="")


async def _write(writer: Any, columns: Sequence[str], rows: AsyncIterator[Row]) -> None:
    writer.writerow(columns)
    async for row in rows:
        _write_rows(writer, [row])


def _write_rows(writer: Any, rows: Iterable[Row]) -> None:
    writer.writerows([_plain(cell) for cell in row] for row in rows)


def _plain(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return decimal(cell.minor)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


def decimal(minor: int) -> str:
    """Dinars with two decimals: -12.50."""
    whole, rest = divmod(abs(minor), MINOR_PER_UNIT)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:02d}"
