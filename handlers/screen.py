"""What a message shows, as data: text, entities and rows of buttons. Nothing here does I/O."""

from dataclasses import dataclass, field

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity


@dataclass(frozen=True, slots=True)
class Button:
    """A button with a label and one of callback data, a text to copy, or a link."""

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
    """The text of a message with its entities and rows of buttons."""

    text: str = field(repr=False)
    entities: tuple[MessageEntity, ...]
    rows: tuple[tuple[Button, ...], ...] = ()

    def keyboard(self) -> InlineKeyboardMarkup | None:
        if not self.rows:
            return None
        return InlineKeyboardMarkup([[button.to_telegram() for button in row] for row in self.rows])
