"""The spaces of French before high punctuation, set when texts are loaded, whatever stands in the files."""

import re
from typing import Final

_NARROW: Final = "\u202f"
_NO_BREAK: Final = "\u00a0"
_ANY: Final = "[ \u00a0\u202f]*"
_HIGH: Final = re.compile(rf"(?<=[^\s({{\[«]){_ANY}([;!?]+)(?=[\s<}})»]|$)", re.MULTILINE)
_COLON: Final = re.compile(rf"(?<=[^\s({{\[«]){_ANY}:(?=[\s<}}]|$)", re.MULTILINE)
_PERCENT: Final = re.compile(rf"(?<=[\d}}]){_ANY}%")
_OPENING: Final = re.compile(f"«{_ANY}")
_CLOSING: Final = re.compile(f"{_ANY}»")


def set_spaces(source: str, locale: str) -> str:
    """The source of a Fluent file with the spaces of its language. Only French has any of its own.

    U+202F before `; ! ? %`, U+00A0 before a colon and inside « »; addresses and times stay.
    """
    if locale != "fr":
        return source
    source = _HIGH.sub(rf"{_NARROW}\1", source)
    source = _COLON.sub(f"{_NO_BREAK}:", source)
    source = _PERCENT.sub(f"{_NARROW}%", source)
    source = _OPENING.sub(f"«{_NO_BREAK}", source)
    return _CLOSING.sub(f"{_NO_BREAK}»", source)
