"""Builds a screen from top to bottom: lines of text by their Fluent key, and rows of buttons.

Text and buttons are stored separately, so a line and its button can be added together.
Rows are laid out in the direction of the language.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from handlers.callback_data import pack
from handlers.label_width import cut, fits, room, width
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
        """Make a button for `row`, `grid` or `home`, without placing it.

        The widest of its values is cut where the label would not fit into a row of its own.
        """
        return Button(self._label(key, values), data, copy, url, style)

    def _label(self, key: str, values: Mapping[str, str | int]) -> str:
        label = self.words.label(key, **values)
        texts = {name: value for name, value in values.items() if isinstance(value, str)}
        if fits(label) or not texts:
            return label
        name = max(texts, key=lambda each: width(texts[each]))
        beside = width(label) - width(texts[name])
        return self.words.label(key, **{**values, name: cut(texts[name], room(1) - beside)})

    def name_button(self, name: str, data: str) -> Button:
        """A button with a name that no Fluent file holds; cut where it would not fit."""
        return Button(cut(name, room(1)), data)

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
        """Buttons side by side, the first at the reading start of the language.

        In as many rows as are needed for no label to be cut on a narrow phone.
        """
        for row in _rows(buttons):
            self._rows.append(row[::-1] if self.words.right_to_left else row)

    def fixed_row(self, *buttons: Button) -> None:
        """Buttons side by side, the first on the left in every language."""
        self._rows += _rows(buttons)

    def grid(self, buttons: Sequence[Button], columns: int = 2) -> None:
        """Rows of at most so many columns, of fewer where a label would be cut on a narrow phone."""
        rest = list(buttons)
        while rest:
            side_by_side = next(
                count
                for count in range(min(columns, len(rest)), 0, -1)
                if count == 1 or _fit(rest[:count], count)
            )
            self.row(*rest[:side_by_side])
            rest = rest[side_by_side:]

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


def _fit(buttons: Sequence[Button], columns: int) -> bool:
    return all(fits(button.label, columns) for button in buttons)


def _rows(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    """One row where no label of it would be cut; else as few rows as that takes, about as long."""
    for rows in range(1, len(buttons) + 1):
        columns = ceil(len(buttons) / rows)
        if columns == 1 or _fit(buttons, columns):
            return [tuple(buttons[at : at + columns]) for at in range(0, len(buttons), columns)]
    return []
