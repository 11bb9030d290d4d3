"""The columns of a file of the catalogue in which operators say what is hidden, first, limited and named."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

from bot.domain.amounts import read_count
from bot.domain.curation import LONGEST_NAME, CuratedText, OwnText, Subject, read_text
from bot.domain.pricing import MarkupKey, MarkupScope
from bot.domain.records import Locale
from bot.services.catalogue.columns import Editable, FilePolicy, FileRow, read_words, write_words
from storage.transaction import Transaction

_PRODUCTS: Final = frozenset({MarkupScope.PRODUCT})
_YES: Final = "yes"
_SAYS_YES: Final = frozenset({_YES, "y", "x", "1", "true", "oui", "vrai", "نعم"})
_SAYS_NO: Final = frozenset({"", "no", "n", "0", "false", "non", "faux", "لا", "-"})
_LOST_LETTERS: Final = "??"  # what a program writes for letters that its encoding does not have


def _parse_flag(cell: str, _policy: FilePolicy) -> bool:
    word = cell.casefold()
    if word not in _SAYS_YES | _SAYS_NO:
        raise ValueError(cell)
    return word in _SAYS_YES


def _parse_number(cell: str, highest: int | None = None) -> int | None:
    if not cell:
        return None
    number = read_count(cell)
    if number is None or number < 1 or (highest is not None and number > highest):
        raise ValueError(cell)
    return number


def _parse_rank(cell: str, _policy: FilePolicy) -> int | None:
    """People count from 1, `Marks` from 0."""
    number = _parse_number(cell)
    return None if number is None else number - 1


def _parse_name(cell: str, _policy: FilePolicy) -> str:
    if _LOST_LETTERS in cell:
        raise ValueError(cell)
    return read_text(CuratedText.NAME, read_words(cell)) if cell else ""


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


async def _hide(tx: Transaction, key: MarkupKey, value: bool, _now: datetime) -> None:
    subject = Subject.product(key[1])
    if value:
        await tx.curation.mark(subject, hidden=True)
    else:  # somebody has looked at it, also where it came hidden
        await tx.curation.mark(subject, hidden=False, arrived_at=None)


def _marking(column: str) -> Callable[[Transaction, MarkupKey, Any, datetime], Awaitable[None]]:
    async def mark(tx: Transaction, key: MarkupKey, value: Any, _now: datetime) -> None:
        await tx.curation.mark(Subject.product(key[1]), **{column: value})

    return mark


def _names(locale: Locale) -> Editable:
    async def rename(tx: Transaction, key: MarkupKey, value: str, _now: datetime) -> None:
        subject, kind = Subject.product(key[1]), CuratedText.NAME
        known = await tx.curation.text(subject, kind, locale)
        await tx.curation.set_text(subject, kind, locale, OwnText(value, known.text))

    def name(row: FileRow) -> str:
        return write_words(dict(row.names).get(locale, ""))

    takes = f"a name of at most {LONGEST_NAME} letters that can all be seen, or nothing"
    return Editable(f"name_{locale}", name, _PRODUCTS, takes, _parse_name, rename)


NAMES: Final = {_names(locale): locale for locale in Locale}
CURATED: Final = (
    Editable(
        "hidden",
        lambda row: _YES if row.marks.hidden else "",
        _PRODUCTS,
        "yes, or nothing",
        _parse_flag,
        _hide,
    ),
    Editable(
        "featured",
        lambda row: _YES if row.marks.featured else "",
        _PRODUCTS,
        "yes, or nothing",
        _parse_flag,
        _marking("featured"),
    ),
    Editable(
        "rank",
        lambda row: _number(None if row.marks.rank is None else row.marks.rank + 1),
        _PRODUCTS,
        "a whole number from 1, or nothing",
        _parse_rank,
        _marking("rank"),
    ),
    Editable(
        "max_quantity",
        lambda row: _number(row.marks.max_quantity),
        _PRODUCTS,
        "a whole number from 1 to MAX_QUANTITY, or nothing",
        lambda cell, policy: _parse_number(cell, policy.max_quantity),
        _marking("max_quantity"),
    ),
    *NAMES,
)
