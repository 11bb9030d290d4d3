"""Text with entities, built piece by piece: no markup is ever parsed from what a stranger wrote.

Offsets count UTF-16 units (core.telegram.org/bots/api#messageentity).
"""

import re

from telegram import MessageEntity

from locales import BOLD, BOLD_END

_BOLD = re.compile(f"([{BOLD}{BOLD_END}])")


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, units: int) -> tuple[str, str]:
    """The beginning of a text that fits into so many UTF-16 units, and the rest; no letter is halved."""
    end = len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
    return text[:end], text[end:]


class RichText:
    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._offset = 0
        self.entities: list[MessageEntity] = []

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def add(self, words: str) -> "RichText":
        """Words of the shop's own texts, with their bold marks."""
        start = None
        for piece in _BOLD.split(words):
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

    def line(self, words: str) -> "RichText":
        """A new line with these words."""
        if self._pieces:
            self._push("\n")
        return self.add(words)

    def foreign(self, words: str) -> "RichText":
        """What somebody wrote, on lines of its own, exactly as it is but for our marks."""
        self._push("\n\n")
        self._push(words.replace(BOLD, "").replace(BOLD_END, ""))
        return self

    def secret(self, code: str) -> "RichText":
        """A code, exactly as it is, under a spoiler."""
        self.entities.append(MessageEntity(MessageEntity.SPOILER, self._offset, utf16_length(code)))
        self._push(code)
        return self

    def _push(self, piece: str) -> None:
        self._pieces.append(piece)
        self._offset += utf16_length(piece)
