"""Splits an order's codes into messages within Telegram's limits (core.telegram.org/bots/api).

A text has at most 4096 characters and 100 entities, of which Telegram counts those first that it finds
itself: what looks like a link, a tag or a number of a card. Beyond them a spoiler is dropped without a
word, so there is room for two of each secret. More than 40 codes, a single code that is too long, or one with characters that a message
would lose, are sent as a document.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.records import CodeMessageKind
from bot.domain.results import MoneyNote
from bot.domain.supplier import SECRETS, Card

CODES_PER_MESSAGE: Final = 20
CODES_AS_TEXT: Final = 40
_SECRETS_PER_MESSAGE: Final = 45
_MAX_CODE_UNITS: Final = 3000  # UTF-16 units; the rest is for the text around the codes
_LABEL_UNITS: Final = 40  # estimate of a label and its spaces
COPY_BUTTON_LIMIT: Final = 256
# Line separators, embeddings of direction, and accents that cover other lines (server sheet 9.3).
_TAKEN_OUT: Final = frozenset({"\u0333", "\u033f", "\u030a", *map(chr, range(0x2028, 0x202F))})
_TWO_MARKS: Final = re.compile("[\u200e\u200f]{2}")


@dataclass(frozen=True, slots=True)
class CodeMessage:
    """One message with codes; `first` is the index of its first code in the order.

    `money`: what it says besides, where it also tells how the order ended.
    """

    part: int
    parts: int
    kind: CodeMessageKind
    first: int
    cards: tuple[Card, ...]
    money: MoneyNote | None = None


def _length(card: Card) -> int:
    """UTF-16 units (as Telegram counts) of a code's texts and their labels."""
    texts = [text for name in SECRETS if name != "link" and (text := getattr(card, name))]
    units = len("".join(texts).encode("utf-16-le", "surrogatepass")) // 2
    return units + _LABEL_UNITS * max(1, len(texts) - 1)


def _secrets(card: Card) -> int:
    return sum(name != "link" and bool(getattr(card, name)) for name in SECRETS)


def is_showable(text: str) -> bool:
    """Whether a message shows a text unchanged.

    Telegram's server replaces control characters, refuses halves of surrogate pairs, takes some
    characters out of every text, and turns the first of two marks of direction into another.
    """
    if any(unicodedata.category(c) in ("Cc", "Cs") or c in _TAKEN_OUT for c in text):
        return False
    return _TWO_MARKS.search(text) is None


def pack(*batches: Sequence[Card]) -> tuple[CodeMessage, ...]:
    """The messages for these codes; no code is divided between two messages.

    Every batch, which is one delivery, has messages of its own: earlier messages stay as they are.
    """
    groups = [(kind, group) for cards in batches if cards for kind, group in _groups(cards)]
    code_messages, first = [], 0
    for part, (kind, group) in enumerate(groups):
        code_messages.append(CodeMessage(part, len(groups), kind, first, tuple(group)))
        first += len(group)
    return tuple(code_messages)


def _groups(cards: Sequence[Card]) -> list[tuple[CodeMessageKind, Sequence[Card]]]:
    fits = all(
        _length(card) <= _MAX_CODE_UNITS and all(map(is_showable, card.texts)) for card in cards
    )
    if len(cards) > CODES_AS_TEXT or not fits:
        return [(CodeMessageKind.DOCUMENT, cards)]
    groups: list[list[Card]] = []
    units_left = secrets_left = 0
    for card in cards:
        fits = _length(card) <= units_left and _secrets(card) <= secrets_left
        if not groups or len(groups[-1]) == CODES_PER_MESSAGE or not fits:
            groups.append([])
            units_left, secrets_left = _MAX_CODE_UNITS, _SECRETS_PER_MESSAGE
        groups[-1].append(card)
        units_left -= _length(card)
        secrets_left -= _secrets(card)
    return [(CodeMessageKind.TEXT, group) for group in groups]
