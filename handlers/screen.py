"""What a message shows, as data: text, entities and rows of buttons. Nothing here does I/O."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
)
from telegram.ext import Defaults

# A preview is fetched from the link, which may be one that works only once. Every edit decides anew,
# so this holds for all messages and edits that do not say otherwise.
MESSAGE_DEFAULTS: Final = Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True))


class Style(StrEnum):
    """The colours of buttons that Telegram knows (Bot API 9.4) and the shop uses."""

    PAY = "success"  # green: money is spent
    DESTROY = "danger"  # red: refuses, gives back or ends something


@dataclass(frozen=True, slots=True)
class Button:
    """A button with a label and one of callback data, a text to copy, or a link."""

    label: str
    data: str | None = None
    copy: str | None = field(default=None, repr=False)
    url: str | None = None
    style: Style | None = None

    def to_telegram(self) -> InlineKeyboardButton:
        if self.copy is not None:
            copy = CopyTextButton(self.copy)
            return InlineKeyboardButton(self.label, copy_text=copy, style=self.style)
        if self.url is not None:
            return InlineKeyboardButton(self.label, url=self.url, style=self.style)
        return InlineKeyboardButton(self.label, callback_data=self.data, style=self.style)


@dataclass(frozen=True, slots=True)
class Screen:
    """The text of a message with its entities and rows of buttons."""

    text: str = field(repr=False)
    entities: tuple[MessageEntity, ...]
    rows: tuple[tuple[Button, ...], ...] = ()

    def keyboard(self) -> InlineKeyboardMarkup | None:
        if not self.rows:
            return None
        return InlineKeyboardMarkup([[button.to_telegram() for button in row] for row in self.rows])
