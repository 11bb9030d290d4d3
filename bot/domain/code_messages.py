"""How many messages an order's codes take, from Telegram's limits (core.telegram.org/bots/api).

A text holds 4096 characters and about 100 entities; a code takes up to three entities with its
serial. Beyond 40 codes, or where one code alone is too long, a document is sent instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.records import CodeMessageKind
from bot.domain.supplier import SECRETS, Card

CODES_PER_MESSAGE: Final = 20
CODES_AS_TEXT: Final = 40
_TEXT_BUDGET: Final = 3000  # leaves room for the words around the codes
_PER_CODE: Final = 40
COPY_BUTTON_LIMIT: Final = 256


@dataclass(frozen=True, slots=True)
class CodeMessage:
    """One message with codes; `first` is the position of its first code in the order."""

    part: int
    parts: int
    kind: CodeMessageKind
    first: int
    cards: tuple[Card, ...]


def _length(card: Card) -> int:
    """In Telegram's units, with room for the labels of what there is."""
    texts = [text for name in SECRETS if name != "link" and (text := getattr(card, name))]
    return len("".join(texts).encode("utf-16-le")) // 2 + _PER_CODE * max(1, len(texts) - 1)


def pack(*batches: Sequence[Card]) -> tuple[CodeMessage, ...]:
    """The messages for these codes, split between codes and never inside one.

    Codes that came later follow in messages of their own: those before them stay as they are.
    """
    groups = [(kind, group) for cards in batches if cards for kind, group in _groups(cards)]
    code_messages, first = [], 0
    for part, (kind, group) in enumerate(groups):
        code_messages.append(CodeMessage(part, len(groups), kind, first, tuple(group)))
        first += len(group)
    return tuple(code_messages)


def _groups(cards: Sequence[Card]) -> list[tuple[CodeMessageKind, Sequence[Card]]]:
    if len(cards) > CODES_AS_TEXT or any(_length(card) > _TEXT_BUDGET for card in cards):
        return [(CodeMessageKind.DOCUMENT, cards)]
    groups: list[list[Card]] = []
    room = 0
    for card in cards:
        if not groups or len(groups[-1]) == CODES_PER_MESSAGE or _length(card) > room:
            groups.append([])
            room = _TEXT_BUDGET
        groups[-1].append(card)
        room -= _length(card)
    return [(CodeMessageKind.TEXT, group) for group in groups]
