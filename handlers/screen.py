"""A screen is data: text, entities, rows of buttons. Screens are made without I/O, so they can be looked at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from handlers.richtext import RichText
from locales import Words


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    data: str | None = None
    copy: str | None = field(default=None, repr=False)
    url: str | None = None

    def to_telegram(self) -> InlineKeyboardButton:
        if self.copy is not None:
            return InlineKeyboardButton(self.label, copy_text=CopyTextButton(self.copy))
        if self.url is not None:
            return InlineKeyboardButton(self.label, url=self.url)
        return InlineKeyboardButton(self.label, callback_data=self.data)


Rows = Sequence[Sequence[Button]]


@dataclass(frozen=True, slots=True)
class Screen:
    text: str = field(repr=False)
    entities: tuple[MessageEntity, ...]
    rows: tuple[tuple[Button, ...], ...] = ()

    def keyboard(self) -> InlineKeyboardMarkup | None:
        if not self.rows:
            return None
        return InlineKeyboardMarkup([[button.to_telegram() for button in row] for row in self.rows])


def screen(text: RichText, *rows: Sequence[Button]) -> Screen:
    return Screen(text.text, tuple(text.entities), tuple(tuple(row) for row in rows if row))


def mirrored(words: Words, row: Sequence[Button]) -> list[Button]:
    """A row whose order carries sense (back … next), in the direction of the language."""
    return list(reversed(row)) if words.right_to_left else list(row)


def turning(words: Words, page: int, pages: int, data: Callable[[int], str]) -> list[Button]:
    """Buttons to the page before and the page after, where there are such."""
    row = []
    if page > 0:
        row.append(Button(words.label("button-back", arrow=back_arrow(words)), data(page - 1)))
    if page + 1 < pages:
        row.append(Button(words.label("button-next", arrow=next_arrow(words)), data(page + 1)))
    return mirrored(words, row)


def back_arrow(words: Words) -> str:
    return "›" if words.right_to_left else "‹"


def next_arrow(words: Words) -> str:
    return "‹" if words.right_to_left else "›"


def grid(buttons: Sequence[Button], columns: int, words: Words) -> list[list[Button]]:
    """Rows of `columns`, read in the direction of the language."""
    return [mirrored(words, buttons[at : at + columns]) for at in range(0, len(buttons), columns)]
