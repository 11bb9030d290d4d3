"""The order of what stands from left to right in lines of a right-to-left language.

Every line hangs on the right edge, also on clients that align by its first letter. A number with a
sign (`#12`, `10%`, `2026-11-26`) and a command with what follows it (`/refund 12`) are isolated:
beside Arabic letters the rules of Unicode would turn them around.
"""

import re
from typing import Final
from unicodedata import bidirectional

_RIGHT_TO_LEFT_MARK: Final = "\u200f"
_LEFT_TO_RIGHT_MARK: Final = "\u200e"
# Telegram replaces all but the last of U+200E and U+200F beside each other; this mark stays.
_MARK_BEFORE_MARK: Final = "\u061c"
_NO_DIRECTION: Final = str.maketrans("", "", _RIGHT_TO_LEFT_MARK + _MARK_BEFORE_MARK)
_ISOLATE_STARTS: Final = "\u2066\u2068"
_LEFT_TO_RIGHT: Final = "\u2066"
_END: Final = "\u2069"
_PRIVATE: Final = ("\ue000", "\ue001")  # marks of bold text, which are no letters
_INSERTED: Final = "\u2068[^\u2066-\u2069]*\u2069"
_COMMAND: Final = re.compile(rf"(?<![\w/])/[a-z]+(?: (?:[A-Za-z]+\d*|\d+|{_INSERTED})(?![\w%]))*")
# Only what the algorithm can turn around: 2.650 and 23:05 stay as they are.
_SIGNED_NUMBER: Final = re.compile(
    r"(?<![A-Za-z0-9_.,:/-])(?:[#+\u2212-]\d+(?:[.,:/-]\d+)*%?|\d+(?:[.,:/-]\d+)*%"
    r"|\d+(?:[.,:/]\d+)*-\d+(?:[.,:/-]\d+)*)(?![\w])"
)
_PERCENT: Final = re.compile("\u2069(\u202f?%)")


def directed(text: str) -> str:
    """The text for right-to-left display: each line marked as such, what runs from left to right isolated."""
    text = _PERCENT.sub("\\1\u2069", text)
    text = _COMMAND.sub(_isolate_command, text)
    text = _outside_isolates(text)
    return "\n".join(
        line if _starts_right_to_left(line) else _mark(line) + line for line in text.split("\n")
    )


def signed(amount: str) -> str:
    """An amount whose sign stays in front of its number: both are read from left to right."""
    return _MARK_BEFORE_MARK + _LEFT_TO_RIGHT_MARK + amount


def unmarked(text: str) -> str:
    """The text without the marks of its lines, as a part of another text; isolates stay."""
    return text.translate(_NO_DIRECTION)


def is_nested(text: str) -> bool:
    """Whether every isolate in the text is closed, and none is closed that was not opened."""
    depth = 0
    for character in text:
        depth += (character in _ISOLATE_STARTS) - (character == _END)
        if depth < 0:
            return False
    return depth == 0


def _isolate_command(found: re.Match[str]) -> str:
    # The mark keeps the slash in front on clients that know no isolates.
    return f"{_LEFT_TO_RIGHT}{_LEFT_TO_RIGHT_MARK}{found[0]}{_END}"


def _outside_isolates(text: str) -> str:
    """Isolate numbers with signs where no isolate does yet."""
    pieces, depth, start = [], 0, 0
    for place, character in enumerate(text):
        opens, closes = character in _ISOLATE_STARTS, character == _END
        if opens and not depth:
            pieces.append(_isolate_numbers(text[start:place]))
            start = place
        depth = max(0, depth + opens - closes)
        if closes and not depth:
            pieces.append(text[start : place + 1])
            start = place + 1
    return "".join([*pieces, text[start:] if depth else _isolate_numbers(text[start:])])


def _isolate_numbers(text: str) -> str:
    return _SIGNED_NUMBER.sub(lambda found: f"{_LEFT_TO_RIGHT}{found[0]}{_END}", text)


def _mark(line: str) -> str:
    """The mark that makes a line right-to-left."""
    return _MARK_BEFORE_MARK if line.startswith(_LEFT_TO_RIGHT_MARK) else _RIGHT_TO_LEFT_MARK


def _starts_right_to_left(line: str) -> bool:
    """Whether the first letter of the line is a right-to-left letter, and the first outside isolates too.

    Unicode's rule P2 skips the letters inside isolates, but not every client does when it aligns a
    line: Chromium orders by the rule and aligns by the first letter.
    """
    depth, is_first = 0, True
    for character in line:
        depth += (character in _ISOLATE_STARTS) - (character == _END)
        kind = bidirectional(character)
        if kind not in ("L", "R", "AL") or character in _PRIVATE:
            continue
        if kind == "L" and (is_first or not depth):
            return False
        if kind != "L" and not depth:
            return True
        is_first = False
    return False
