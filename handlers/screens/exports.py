"""Screens about the file of a month for the bookkeeper."""

from collections.abc import Sequence
from typing import Final

from bot.domain.books import Month
from handlers.callback_data import pack
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from locales import Words

_MOST: Final = 5  # differences that are named
_LONGEST: Final = 120


def ask(words: Words, month: Month, orders: int) -> Screen:
    """What the file holds, and whether to send it."""
    screen = ScreenBuilder(words)
    screen.line("export-ask", month=_name(words, month), count=orders)
    screen.line("export-holds")
    screen.row(
        screen.make_button("button-export-send", pack("exp", month.number, 1)),
        screen.make_button("button-export-leave", pack("exp", month.number, 0)),
    )
    return screen.done()


def making(words: Words, month: Month) -> Screen:
    return _line(words, "export-making", month)


def caption(words: Words, month: Month) -> Screen:
    return _line(words, "export-caption", month)


def failed(words: Words, month: Month) -> Screen:
    """It could not be made now; the machine's own command may say more."""
    screen = ScreenBuilder(words)
    command = f"hanout export --month {month} --xlsx {month}.xlsx"
    screen.line("export-failed", month=_name(words, month), command=command)
    return screen.done()


def not_tied(words: Words, month: Month, differences: Sequence[str]) -> Screen:
    """Why there is no file."""
    screen = ScreenBuilder(words)
    screen.line("export-not-tied", month=_name(words, month))
    for difference in differences[:_MOST]:
        screen.line("export-difference", difference=difference[:_LONGEST])
    if more := len(differences[_MOST:]):
        screen.line("attention-more", count=more)
    return screen.done()


def _line(words: Words, key: str, month: Month) -> Screen:
    screen = ScreenBuilder(words)
    screen.line(key, month=_name(words, month))
    return screen.done()


def _name(words: Words, month: Month) -> str:
    return words.named_month(month.first_day)
