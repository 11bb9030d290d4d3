"""A screen is data: text, entities, rows of buttons. Screens are made without I/O, so they can be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from handlers.richtext import RichText


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
