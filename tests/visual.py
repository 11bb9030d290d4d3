"""What a reader of Arabic sees: the visual order of lines, by Unicode's bidirectional algorithm."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from bidi import get_display

_START, _END = "\u2066\u2068", "\u2069"
_CONTROLS: Final = re.compile("[\u061c\u200e\u200f\u2066-\u2069\ue000\ue001]")
_ATOM: Final = re.compile(
    r"[^\W\d_a-zA-Z]+"  # an Arabic word
    "|/[a-z]+(?: (?:[A-Za-z]+\\d*|\\d+|\u2068[^\u2066-\u2069]*\u2069))*"  # a command and what follows it
    r"|[a-z]+://[A-Za-z0-9_/…-]*"  # an address
    r"|\d*[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?"  # a Latin name of several words, or PIN 2, is one piece
    r"(?: (?:\d*[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\d+\b))*"
    r"|[#+\u2212-]?\d+(?:[.,:/-]\d+)*%?"
    r"|.",
    re.DOTALL,
)


def misread(line: str) -> str:
    """Where a reader who starts on the right leaves the order of the text; empty if nowhere.

    What an isolate holds from left to right, such as a name or a number with its sign, is read as one
    piece; every other word, number and sign on its own.
    """
    line = "".join(c for c in line if unicodedata.category(c) != "Mn")
    seen = _CONTROLS.sub("", get_display(line))
    rest = seen
    for piece in _pieces(line):
        if not rest.rstrip().endswith(piece):
            return f"{piece!r} is not next from the right in {seen!r}"
        rest = rest.rstrip().removesuffix(piece)
    return rest.strip()


def _pieces(text: str) -> Iterator[str]:
    """The pieces of a text as they look, in the order in which they are to be read."""
    place = 0
    while place < len(text):
        if text[place] in _START:
            end = _closing(text, place)
            inner = text[place + 1 : end]
            if inner[:1] in _START and inner and _closing(inner, 0) == len(inner) - 1:
                yield from _pieces(inner)  # nothing but another isolate
            elif text[place] == "\u2066" or not _is_right_to_left(inner):
                yield " ".join(_CONTROLS.sub("", inner).split(" ")).strip()
            else:
                yield from _pieces(inner)
            place = end + 1
            continue
        atom = _ATOM.match(text, place)
        assert atom is not None
        place = atom.end()
        shown = _CONTROLS.sub("", atom[0])
        if shown.strip():
            yield _as_seen(shown)


def _as_seen(atom: str) -> str:
    # Brackets are not mirrored: `get_display` only orders.
    return atom[::-1] if _is_right_to_left(atom) else atom


def _closing(text: str, place: int) -> int:
    depth = 0
    for at in range(place, len(text)):
        depth += (text[at] in _START) - (text[at] == _END)
        if not depth:
            return at
    raise ValueError(f"an isolate is not closed: {text!r}")


def _is_right_to_left(text: str) -> bool:
    """Whether the first letter outside isolates is one of Arabic (rule P2)."""
    depth = 0
    for character in text:
        depth += (character in _START) - (character == _END)
        kind = unicodedata.bidirectional(character)
        if not depth and kind in ("L", "R", "AL"):
            return kind != "L"
    return False
