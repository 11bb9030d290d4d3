"""The clean-up of texts: what the server removes or replaces before it stores a text.

Source: server sheet 9.3 and 9.4. Offsets and lengths of entities are UTF-16 code units.
"""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from bot.sandbox.telegram.rules import bad

Entity = dict[str, Any]

MAX_TEXT_BYTES = 32_768
_REMOVED = frozenset({"\r", "\u0333", "\u033f", "\u030a", *map(chr, range(0x2028, 0x202F))})
_DIRECTION_MARKS = ("\u200e", "\u200f")
_NON_JOINER = "\u200c"
_ASTRAL = "\uffff"


def clean(text: str) -> str:
    """A text without entities, also that of a button. Raises ApiError."""
    return clean_with_entities(text, [])[0]


def clean_with_entities(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """The text as it is stored, and its entities moved with it; empty ones are dropped.

    Raises ApiError for bytes that are no UTF-8, for texts over 32,768 bytes and for entities
    outside of the text.
    """
    try:
        if len(text.encode()) > MAX_TEXT_BYTES:
            raise bad("text is too long")
    except UnicodeEncodeError:
        raise bad("strings must be encoded in UTF-8") from None
    replaced, moved = _replace(text, entities)
    return _trim(_join_marks(replaced), moved)


def _replace(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without the removed characters, and with a space for each control character."""
    kept: list[str] = []
    position, new_position = 0, 0
    new_by_old = {}  # UTF-16 offsets of the beginnings of characters
    for character in text:
        new_by_old[position] = new_position
        units = 2 if character > _ASTRAL else 1
        position += units
        if character in _REMOVED:
            continue
        kept.append(" " if character < " " and character != "\n" else character)
        new_position += units
    new_by_old[position] = new_position
    return "".join(kept), [
        moved for entity in entities if (moved := _move(entity, new_by_old, position)) is not None
    ]


def _move(entity: Entity, new_by_old: Mapping[int, int], end: int) -> Entity | None:
    offset, length = int(entity.get("offset", 0)), int(entity.get("length", 0))
    stop = offset + length
    if offset < 0:
        raise bad(f"receive an entity with incorrect offset {offset}")
    if length < 0:
        raise bad(f"receive an entity with incorrect length {length}")
    if length == 0:
        return None
    if offset > end:
        raise bad(f"entity begins after the end of the text at UTF-16 offset {offset}")
    subject = f"entity beginning at UTF-16 offset {offset}"
    if stop > end:
        raise bad(f"{subject} ends after the end of the text at UTF-16 offset {stop}")
    if offset not in new_by_old:
        raise bad(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {offset}")
    if stop not in new_by_old:
        raise bad(f"{subject} ends in a middle of a UTF-16 symbol at UTF-16 offset {stop}")
    start = new_by_old[offset]
    return {**entity, "offset": start, "length": new_by_old[stop] - start}


def _join_marks(text: str) -> str:
    """Of direction marks beside each other all but the last become U+200C."""
    return "".join(
        _NON_JOINER
        if character in _DIRECTION_MARKS and following in _DIRECTION_MARKS
        else character
        for character, following in zip_longest(text, text[1:], fillvalue="")
    )


def _trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Cut spaces and newlines: all at the end, at the start up to the first entity."""
    cut = text.rstrip(" \n")
    first = min((entity["offset"] for entity in entities), default=len(text))
    # Only spaces and newlines are counted, so a character is one UTF-16 unit.
    leading = min(len(cut) - len(cut.lstrip(" \n")), first)
    cut = cut[leading:]
    end = sum(2 if character > _ASTRAL else 1 for character in cut)
    moved = []
    for entity in entities:
        start = entity["offset"] - leading
        stop = min(start + entity["length"], end)
        if stop > start:
            moved.append({**entity, "offset": start, "length": stop - start})
    return cut, moved
