"""Builds a screen from top to bottom: lines of text by their Fluent key, and rows of buttons.

Text and buttons are stored separately, so a line and its button can be added together.
Rows are laid out in the direction of the language.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from handlers.callback_data import pack
from handlers.richtext import RichText
from handlers.screen import Button, Screen, Style
from handlers.table import lay_out
from locales import Words

_GAP: Final = "  "
_LEFT, _RIGHT = "‹", "›"


class ScreenBuilder:
    """Collects lines and rows, in the language of `words`; `done` returns the screen."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._text = RichText()
        self._rows: list[tuple[Button, ...]] = []

    def done(self) -> Screen:
        return Screen(self._text.text, tuple(self._text.entities), tuple(self._rows))

    def line(self, key: str, **values: str | int) -> None:
        """The message of this key, on a line of its own."""
        self._text.line(self.words.text(key, **values))

    def date_line(self, key: str, moment: datetime, zone: ZoneInfo) -> None:
        """The message of this key with its date; no line for a date that cannot be written.

        The last day of the calendar, in a zone east of Greenwich, is one (a supplier's "never").
        """
        try:
            date = self.words.date(moment, zone)
        except (OverflowError, ValueError):
            return
        self.line(key, date=date)

    def literal_line(self, text: str) -> None:
        """A line that no Fluent file holds, marked with the direction of the language."""
        self._text.line(self.words.directed(text))

    def start_line(self, text: str) -> None:
        """A line that begins with this text, without marks: a code that follows may be copied."""
        self._text.line(text)

    def add(self, key: str, **values: str | int) -> None:
        """The message of this key, at the end of the current line."""
        self._text.add(self.words.text(key, **values))

    def gap(self) -> None:
        """Two spaces, at the end of the current line."""
        self._text.add(_GAP)

    def paragraph(self) -> None:
        """An empty line before the next, unless nothing stands above."""
        if self._text.text:
            self._text.line("")

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], tails: Sequence[str] = ()
    ) -> None:
        """An aligned table (see `lay_out`); `head`: the keys of its columns' names."""
        names = [self.words.plain(key) for key in head]
        self._text.table(lay_out(self.words, names, rows, tails))

    def secret(self, code: str) -> None:
        """A code under a spoiler, at the end of the current line."""
        self._text.secret(code)

    def labelled_secret(self, key: str, code: str) -> None:
        """A label and its code, in a row that runs from left to right in every language.

        Within a right-to-left line 1234-ABCD would be shown as ABCD-1234, and marks against that
        would be copied with the code. So the label is Latin there, and has no marks either.
        """
        self.start_line(self.words.plain(key))
        self.gap()
        self.secret(code)

    def foreign(self, text: str) -> None:
        """A person's text as a paragraph; nothing for an empty text."""
        if text:
            self._text.foreign(text)

    def page_number(self, page: int, pages: int) -> None:
        """The line that names the page (counted from 0), if there is more than one."""
        if pages > 1:
            self.line("products-page", page=page + 1, pages=pages)

    def make_button(
        self,
        key: str,
        data: str | None = None,
        *,
        copy: str | None = None,
        url: str | None = None,
        style: Style | None = None,
        **values: str | int,
    ) -> Button:
        """Make a button for `row`, `grid` or `home`, without placing it."""
        return Button(self.words.label(key, **values), data, copy, url, style)

    def button(
        self,
        key: str,
        data: str | None = None,
        *,
        copy: str | None = None,
        url: str | None = None,
        style: Style | None = None,
        **values: str | int,
    ) -> None:
        """A button in a row of its own."""
        self.row(self.make_button(key, data, copy=copy, url=url, style=style, **values))

    def row(self, *buttons: Button) -> None:
        """Buttons side by side, the first at the reading start of the language."""
        self.fixed_row(*(reversed(buttons) if self.words.right_to_left else buttons))

    def fixed_row(self, *buttons: Button) -> None:
        """Buttons side by side, the first on the left in every language."""
        if buttons:
            self._rows.append(tuple(buttons))

    def grid(
        self, buttons: Sequence[Button], columns: int, *, longest_label: int | None = None
    ) -> None:
        """Rows of so many columns, or of one column if a label is longer than `longest_label`."""
        if longest_label and any(len(button.label) > longest_label for button in buttons):
            columns = 1
        for start in range(0, len(buttons), columns):
            self.row(*buttons[start : start + columns])

    def pairs(self, buttons: Sequence[Button], longest_label: int) -> None:
        """Two buttons a row; one with a label longer than `longest_label` has a row of its own."""
        first: Button | None = None
        for button in buttons:
            is_long = len(button.label) > longest_label
            if first is None and not is_long:
                first = button
                continue
            if first is None or not is_long:
                self.row(*([first] if first else []), button)
            else:
                self.row(first)
                self.row(button)
            first = None
        if first is not None:
            self.row(first)

    def pages(
        self, page: int, pages: int, data: Callable[[int], str], *, numbered: bool = False
    ) -> None:
        """Buttons to the previous page and to the next, as far as they exist (counted from 0).

        `numbered`: the button to the previous page also says its number, counted from 1.
        """
        row = []
        if page > 0:
            back = self._back_button("button-back", data(page - 1))
            row.append(Button(f"{back.label} {page}", back.data) if numbered else back)
        if page + 1 < pages:
            row.append(self.make_button("button-next", data(page + 1), arrow=self._next_arrow))
        self.row(*row)

    def back(self, data: str, key: str = "button-back") -> None:
        """The last row: back to where the customer came from, and home."""
        self.home(self._back_button(key, data))

    def home(self, *before: Button) -> None:
        """The last row: these buttons, and home."""
        self.row(*before, self.make_button("button-home", pack("home")))

    def _back_button(self, key: str, data: str) -> Button:
        return self.make_button(key, data, arrow=self._back_arrow)

    @property
    def _back_arrow(self) -> str:
        return _RIGHT if self.words.right_to_left else _LEFT

    @property
    def _next_arrow(self) -> str:
        return _LEFT if self.words.right_to_left else _RIGHT
