"""How many messages an order's codes take, from Telegram's limits (core.telegram.org/bots/api).

A text holds 4096 characters and about 100 entities; a code takes up to three entities with its
serial. Beyond 40 codes, or where one code alone is too long, a document is sent instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.records import CodesMessageKind
from bot.domain.supplier import Card

CODES_PER_MESSAGE: Final = 20
CODES_AS_TEXT: Final = 40
_TEXT_BUDGET: Final = 3000  # leaves room for the words around the codes
_PER_CODE: Final = 40
COPY_BUTTON_LIMIT: Final = 256


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message with codes; `first` is the position of its first code in the order."""

    part: int
    parts: int
    kind: CodesMessageKind
    first: int
    cards: tuple[Card, ...]


def _length(card: Card) -> int:
    return len((card.value + card.serial).encode("utf-16-le")) // 2 + _PER_CODE


def pack(cards: Sequence[Card]) -> tuple[Parcel, ...]:
    """The messages for these codes, split between codes and never inside one."""
    if len(cards) > CODES_AS_TEXT or any(_length(card) > _TEXT_BUDGET for card in cards):
        return (Parcel(0, 1, CodesMessageKind.DOCUMENT, 0, tuple(cards)),) if cards else ()
    groups: list[list[Card]] = []
    room = 0
    for card in cards:
        if not groups or len(groups[-1]) == CODES_PER_MESSAGE or _length(card) > room:
            groups.append([])
            room = _TEXT_BUDGET
        groups[-1].append(card)
        room -= _length(card)
    parcels, first = [], 0
    for part, group in enumerate(groups):
        parcels.append(Parcel(part, len(groups), CodesMessageKind.TEXT, first, tuple(group)))
        first += len(group)
    return tuple(parcels)
