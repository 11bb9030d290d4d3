"""Reading a file or a text of codes: one code a line, or columns that the first line names.

What looks damaged stops the whole batch: a code that a spreadsheet has changed still looks like one.
"""

import csv
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from enum import StrEnum
from typing import Final

from bot.domain.plain_codes import are_counted, has_more, is_foreign, is_markup, is_quoted
from bot.domain.stock import MOST_BYTES, MOST_LINES
from bot.domain.supplier import Card
from bot.domain.text_files import text_of
from bot.refusals import BadCodes


class FileFault(StrEnum):
    """Why a whole batch is refused."""

    SPREADSHEET = "spreadsheet"  # XLSX, XLS or ODS: they keep 15 digits of a number
    NOT_TEXT = "not_text"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"  # lines
    NO_HEADER = "no_header"  # several columns, and no line that names them
    SHORTENED = "shortened"  # a line looks as if a spreadsheet had shortened its numbers
    QUOTED = "quoted"  # a line has quotation marks that no column takes away
    EXTRA = "extra"  # a line has something beside its code
    FOREIGN = "foreign"  # a line has letters that nobody types for a code
    DATE = "date"  # a line has a date that cannot be read
    EITHER_DATE = (
        "either_date"  # every date can be read with the day first, and with the month first
    )
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class ReadCodes:
    """The readable codes of a file, without repetitions; lines are counted from 1."""

    cards: tuple[Card, ...]
    twice: int = 0
    unreadable: tuple[int, ...] = ()
    expired: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: dict[str, str]


_COLUMNS: Final = {
    "code": "value",
    "codes": "value",
    "value": "value",
    "key": "value",
    "serial": "serial",
    "pin": "pin",
    "link": "link",
    "url": "link",
    "expires": "expires",
    "expiry": "expires",
}
_TYPED: Final = ("value", "serial", "pin")  # what a customer types
_DELIMITERS: Final = ",;\t"
_ENDS: Final = re.compile(r"\r\n|\n|\r")
_SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # zipped XML; Microsoft's older format
_LONGEST_TEXT: Final = 500
_LONGEST_LINK: Final = 2_000
# What spreadsheets write for long numbers: 1.23457E+15, 1,23E15, 123456789.0, #####
_SHORTENED: Final = re.compile(r"-?\d+(?:[.,]\d+)?E\+\d+|-?\d+[.,]\d+E\d+|\d+\.0|#+", re.IGNORECASE)
_KEPT_DIGITS: Final = 15
_SURE_OF_ROUNDING: Final = 3  # so many long numbers that all end in zeros are no chance
_QUOTED_FORMULA: Final = re.compile(r'="([^"]*)"')
# What apps put in the place of two dashes, three dots and quotes: no code has them.
_TYPOGRAPHIC: Final = frozenset("\u2013\u2014\u2026\u201c\u201d\u2018\u2019\u00ab\u00bb")
_HIDDEN: Final = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
_DATES: Final = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})"),
)
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}")  # programs write either order so
_MONTHS: Final = 12
_YEARS: Final = range(2000, 2200)


def read_file(data: bytes, earliest_end: datetime, zone: tzinfo = UTC) -> ReadCodes:
    """The codes of a file; those that end before `earliest_end` are left out. Raises BadCodes.

    A date is the end of that day in `zone`: what its screens show is the date that stands in the file.
    """
    if len(data) > MOST_BYTES:
        raise BadCodes(FileFault.TOO_LARGE, 0)
    if data.startswith(_SPREADSHEETS):
        raise BadCodes(FileFault.SPREADSHEET, 0)
    return read_text(_decode(data), earliest_end, zone)


def _decode(data: bytes) -> str:
    text = text_of(data)
    if text is None:
        raise BadCodes(FileFault.NOT_TEXT, 0)
    return text


def read_text(text: str, earliest_end: datetime, zone: tzinfo = UTC) -> ReadCodes:
    """The same for pasted lines."""
    lines = [(number, line) for number, line in enumerate(_ENDS.split(text), 1) if line.strip()]
    if len(lines) > MOST_LINES + 1:  # with a line of names
        raise BadCodes(FileFault.TOO_MANY, 0)
    rows, unreadable = _rows(lines)
    if len(rows) > MOST_LINES:
        raise BadCodes(FileFault.TOO_MANY, 0)
    _check_shortened(rows)
    _check_bare(rows)
    _check_dates(rows)
    cards: dict[str, Card] = {}
    twice = expired = 0
    for row in rows:
        card = _card(row, zone)
        if card is None:
            unreadable.append(row.line)
        elif card.expires_at is not None and card.expires_at < earliest_end:
            expired += 1
        elif card.leading_text in cards:
            twice += 1
        else:
            cards[card.leading_text] = card
    if not (cards or twice or unreadable or expired):
        raise BadCodes(FileFault.EMPTY, 0)
    return ReadCodes(tuple(cards.values()), twice, tuple(sorted(unreadable)), expired)


def _rows(lines: Sequence[tuple[int, str]]) -> tuple[list[_Row], list[int]]:
    """The lines by their columns, and the numbers of those that cannot be split."""
    if not lines:
        raise BadCodes(FileFault.EMPTY, 0)
    names, delimiter = _header(lines[0][1])
    if not names:
        is_split = any(sign in line.strip() for _, line in lines for sign in _DELIMITERS)
        if is_split or _is_title([line for _, line in lines]):
            raise BadCodes(FileFault.NO_HEADER, 0)
        return [_Row(number, {"value": _plain(line)}) for number, line in lines], []
    rows: list[_Row] = []
    unreadable: list[int] = []
    for number, line in lines[1:]:
        cells = _split(line, delimiter)
        if len(cells) < len(names) and cells:
            cells += [""] * (len(names) - len(cells))  # what is empty at the end may be left out
        is_split_otherwise = len(names) == 1 and any(sign in line for sign in _DELIMITERS)
        if len(cells) == len(names) and not is_split_otherwise:
            rows.append(_Row(number, dict(zip(names, map(_plain, cells), strict=True))))
        else:
            unreadable.append(number)
    return rows, unreadable


def _is_title(lines: Sequence[str]) -> bool:
    """Whether the first line seems to name a column by a word that nobody knows, and is no code."""
    first, *others = lines
    is_known = _plain(first).casefold() in _COLUMNS
    return is_known or bool(others and not _has_digit(first) and all(map(_has_digit, others)))


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _header(line: str) -> tuple[list[str], str]:
    """The columns that a line names, and what stands between them; none where it names none."""
    for delimiter in _DELIMITERS:
        cells = [_plain(cell).casefold() for cell in _split(line, delimiter)]
        names = [_COLUMNS[cell] for cell in cells if cell in _COLUMNS]
        redeems = set(names) - {"expires"}
        if redeems and len(names) == len(cells) == len(set(names)):
            return names, delimiter
    return [], ""


def _split(line: str, delimiter: str) -> list[str]:
    """The cells of a line; none where its quotes are not closed."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _plain(cell: str) -> str:
    """A cell without the blanks around it, and without the formula that keeps a number as text."""
    cell = cell.strip().strip("\ufeff\u200b").strip()
    formula = _QUOTED_FORMULA.fullmatch(cell)
    return formula[1] if formula else cell


def _check_shortened(rows: Sequence[_Row]) -> None:
    """Raises BadCodes for the first line that a spreadsheet seems to have shortened."""
    for row in rows:
        if any(_SHORTENED.fullmatch(row.cells.get(name, "")) for name in _TYPED):
            raise BadCodes(FileFault.SHORTENED, row.line)
    for name in _TYPED:
        cells = [(row.line, row.cells[name]) for row in rows if row.cells.get(name)]
        line = _rounded(cells) or _without_zeros(cells)
        if line:
            raise BadCodes(FileFault.SHORTENED, line)


def _check_bare(rows: Sequence[_Row]) -> None:
    """Raises BadCodes for the first line on which a code does not stand alone.

    What cannot be read is no code anyway, and is counted by `_card`.
    """
    for row in rows:
        texts = [row.cells.get(name, "") for name in _TYPED]
        readable = [text for text in texts if _is_clean(text)]
        if any(map(is_quoted, readable)):
            raise BadCodes(FileFault.QUOTED, row.line)
        if any(map(has_more, readable)) or is_markup(row.cells.get("link", "")):
            raise BadCodes(FileFault.EXTRA, row.line)
        if any(map(is_foreign, readable)):
            raise BadCodes(FileFault.FOREIGN, row.line)
    if are_counted([row.cells.get("value", "") for row in rows]):
        raise BadCodes(FileFault.EXTRA, rows[0].line)


def _check_dates(rows: Sequence[_Row]) -> None:
    """Raises BadCodes where nothing shows whether the day or the month stands first.

    A day after the 12th shows it; what then cannot be read with the day first is refused by `_read_date`.
    """
    matches = [(row.line, _SLASHED.fullmatch(row.cells.get("expires", ""))) for row in rows]
    pairs = [(line, int(found[1]), int(found[2])) for line, found in matches if found]
    if any(max(pair[1:]) > _MONTHS for pair in pairs):
        return
    line = next((line for line, first, second in pairs if first != second), 0)
    if line:
        raise BadCodes(FileFault.EITHER_DATE, line)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _rounded(cells: Sequence[tuple[int, str]]) -> int:
    """The first line of long numbers that all have nothing but zeros after the fifteenth digit."""
    long = [(line, text) for line, text in cells if _is_number(text) and len(text) > _KEPT_DIGITS]
    if len(long) < _SURE_OF_ROUNDING or any(text[_KEPT_DIGITS:].strip("0") for _, text in long):
        return 0
    return long[0][0]


def _without_zeros(cells: Sequence[tuple[int, str]]) -> int:
    """The first number that is shorter than the others of its column, where none begins with 0.

    A column whose numbers kept their zeros, or whose other texts differ in length, says nothing.
    """
    numbers = [(line, text) for line, text in cells if _is_number(text)]
    others = {len(text) for _, text in cells if not _is_number(text)}
    if (
        not numbers
        or any(text.startswith("0") and len(text) > 1 for _, text in numbers)
        or len(others) > 1
    ):
        return 0
    longest = max(others or {len(text) for _, text in numbers})
    return next((line for line, text in numbers if len(text) < longest), 0)


def _card(row: _Row, zone: tzinfo) -> Card | None:
    """The code of a row; None where it cannot be one. Raises BadCodes for a date that is none."""
    expires = row.cells.get("expires", "")
    ends = _read_date(expires, row.line, zone) if expires else None
    texts = {name: text for name, text in row.cells.items() if name != "expires"}
    card = Card(**texts, expires_at=ends)
    if card.is_blank or not all(map(_is_clean, texts.values())):
        return None
    if card.link and not (card.link.startswith("https://") and " " not in card.link):
        return None
    too_long = any(len(text) > _LONGEST_TEXT for text in (card.value, card.serial, card.pin))
    return None if too_long or len(card.link) > _LONGEST_LINK else card


def _is_clean(text: str) -> bool:
    """Whether a text has no characters that nobody sees or types, or that an app has put there."""
    return _TYPOGRAPHIC.isdisjoint(text) and not any(
        unicodedata.category(char) in _HIDDEN for char in text
    )


def _read_date(text: str, line: int, zone: tzinfo) -> datetime:
    """The end of that day. Dates of other shapes, or of no calendar, would be guesses."""
    for shape in _DATES:
        found = shape.fullmatch(text)
        if found is None or int(found["y"]) not in _YEARS:
            continue
        try:
            day = date(int(found["y"]), int(found["m"]), int(found["d"]))
        except ValueError:
            break
        return datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC)
    raise BadCodes(FileFault.DATE, line)
