"""Text with entities, built piece by piece, so that no markup of a customer is ever parsed.

Offsets count UTF-16 units (core.telegram.org/bots/api#messageentity).
"""

import re
from collections.abc import Sequence

from telegram import MessageEntity

from locales import BOLD, BOLD_END

_BOLD = re.compile(f"([{BOLD}{BOLD_END}])")


def utf16_length(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, units: int) -> tuple[str, str]:
    """Split a text into the beginning that fits into so many UTF-16 units, and the rest.

    A character of two units is not split.
    """
    end = len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
    return text[:end], text[end:]


class RichText:
    """A text and its entities. All methods append and return the text itself."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._offset = 0
        self.entities: list[MessageEntity] = []

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def add(self, text: str) -> "RichText":
        """A text of the shop; its bold marks become entities."""
        start = None
        for piece in _BOLD.split(text):
            if piece == BOLD:
                start = self._offset
            elif piece == BOLD_END:
                if start is not None and self._offset > start:
                    self.entities.append(
                        MessageEntity(MessageEntity.BOLD, start, self._offset - start)
                    )
                start = None
            else:
                self._push(piece)
        return self

    def line(self, text: str) -> "RichText":
        """A text of the shop on a new line."""
        if self._pieces:
            self._push("\n")
        return self.add(text)

    def foreign(self, text: str) -> "RichText":
        """A person's text as a paragraph, unchanged except that bold marks are removed."""
        self._push("\n\n")
        self._push(text.replace(BOLD, "").replace(BOLD_END, ""))
        return self

    def table(self, lines: Sequence[str]) -> "RichText":
        """Lines in a typeface whose characters are all as wide, below what is there."""
        if self._pieces:
            self._push("\n")
        text = "\n".join(lines)
        self.entities.append(MessageEntity(MessageEntity.PRE, self._offset, utf16_length(text)))
        self._push(text)
        return self

    def secret(self, code: str) -> "RichText":
        """A code, unchanged, under a spoiler."""
        self.entities.append(MessageEntity(MessageEntity.SPOILER, self._offset, utf16_length(code)))
        self._push(code)
        return self

    def _push(self, piece: str) -> None:
        self._pieces.append(piece)
        self._offset += utf16_length(piece)
