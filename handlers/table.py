"""Aligned tables for narrow phones: rows of one width in a typeface whose characters are all as wide."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from locales import Words

WIDEST: Final = 42  # columns that fit on a narrow phone without breaking a row
_SHORTEST_NAME: Final = 6
_CUT: Final = "…"
_GAP: Final = " "
_GROUP: Final = re.compile(r"(?<=\d)[\u00a0\u202f,.](?=\d{3}(?!\d))")


def lay_out(
    words: Words, head: Sequence[str], rows: Sequence[Sequence[str]], tails: Sequence[str] = ()
) -> list[str]:
    """The lines of a table whose first column has names, and all others numbers.

    None is longer than WIDEST: names are cut, and numbers that leave no room for them lose the marks
    between their groups. `tails`: what follows the name of each row, and is never cut. In a
    right-to-left language the first column stands on the right; every cell is isolated, so that no
    number changes places with another.
    """
    cells = [list(head), *map(list, rows)]
    ends = ["", *(tails or [""] * len(rows))]
    if _room(cells) < _SHORTEST_NAME + max(map(_width, ends)):
        cells = [[row[0], *map(_ungrouped, row[1:])] for row in cells]
    room = _room(cells)
    for row, end in zip(cells, ends, strict=True):
        row[0] = _cut(row[0], room - _width(end)) + end
    widths = [max(_width(row[column]) for row in cells) for column in range(len(head))]
    return [_line(words, row, widths) for row in cells]


def _room(cells: Sequence[Sequence[str]]) -> int:
    """How wide the names may be."""
    numbers = range(1, len(cells[0]))
    return WIDEST - sum(max(_width(row[column]) for row in cells) + len(_GAP) for column in numbers)


def _width(text: str) -> int:
    """How many columns a text takes; marks of direction and those above letters take none."""
    return sum(unicodedata.category(each) not in ("Mn", "Cf") for each in text)


def _cut(text: str, room: int) -> str:
    if _width(text) <= room:
        return text
    while text and _width(text) > room - len(_CUT):
        text = text[:-1]
    return text.rstrip() + _CUT


def _ungrouped(number: str) -> str:
    return _GROUP.sub("", number)


def _line(words: Words, row: Sequence[str], widths: Sequence[int]) -> str:
    """Names begin at the reading start of their column, numbers hang on the right of theirs."""
    parts = []
    for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
        padding = " " * (width - _width(cell))
        shown = words.isolated(cell)
        is_after = column == 0 or words.right_to_left
        parts.append(shown + padding if is_after else padding + shown)
    return words.directed(_GAP.join(parts).rstrip())
