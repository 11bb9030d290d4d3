"""How wide the labels of buttons are, and how many fit side by side on the narrowest phone.

Telegram does not tell a bot how wide a phone is, and cuts a label that is wider than its button. So
the width is estimated letter by letter, in pixels, for the letters of Noto Sans at the size that
messengers use. A browser test compares the estimate with Chromium.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import Final

NARROWEST: Final = 320
_MARGIN: Final = 8  # of the chat, on either side
_GAP: Final = 5  # between buttons
_PADDING: Final = 8  # of a button, on either side

_CUT: Final = "…"
_AS_EMOJI: Final = re.compile(".\ufe0f")
_EMOJI: Final = "📦"
_SYMBOL, _LETTER, _CAPITAL, _MARK = 18.8, 12.0, 14.1, 9.0  # those without a width of their own
_WIDTHS: Final = {
    letter: width
    for letters, width in {
        " !',.:;ijlJ·’‘،؛\u00a0\u202f": 4.1,
        "()-[]I‹›": 5.1,
        "/ft": 5.5,
        '"r': 6.3,
        "?csz–“”؟": 7.3,
        "vyFL↑↓": 7.8,
        "kx": 8.1,
        "aeEST": 8.5,
        "0123456789٠١٢٣٤٥٦٧٨٩$€£+<=>~^*−XYZ|": 8.7,
        "bdghnopquKPRV": 9.3,
        "ABC": 9.8,
        "DGHNU&": 11.2,
        "OQw…": 11.9,
        "%↻↩↶↗✓": 12.7,
        "mMW@": _CAPITAL,
        "اأإآ": 3.6,
        "بتثنيىئلرز": 5.6,
        "دذوؤةء": 7.2,
        "فقكهعغم": 9.0,
        "جحخ": 9.9,
        "طظ": 11.8,
        "سش": 13.0,
        "صض": 14.7,
    }.items()
    for letter in letters
}
# Arabic letters that end a word, or stand alone, are wider.
_TAILS: Final = {
    letter: width
    for letters, width in {
        "بتثف": 15.4,
        "ئىي": 11.5,
        "سش": 18.1,
        "صض": 19.6,
        "قلن": 11.6,
        "ك": 13.2,
    }.items()
    for letter in letters
}


@lru_cache(maxsize=4096)  # most labels are shown again and again
def width(label: str) -> float:
    """About how many pixels a label takes; rather too many than too few."""
    return _measure(label)


def _measure(text: str) -> float:
    pixels = 0.0
    is_joined = False  # to the letter that follows
    for letter in reversed(_AS_EMOJI.sub(_EMOJI, text)):
        inside, at_the_end, joins = _letter(letter)
        pixels += inside if is_joined else at_the_end
        is_joined = is_joined if joins is None else joins
    return pixels


@lru_cache(maxsize=4096)
def _letter(letter: str) -> tuple[float, float, bool | None]:
    """The width inside and at the end of a word, and whether the letter before it is joined to it.

    None for a vowel sign, which stands above its letter.
    """
    kind = unicodedata.category(letter)
    if kind in ("Mn", "Me", "Cf"):
        return 0.0, 0.0, (False if kind == "Cf" else None)
    inside = _inside(letter, kind)
    return inside, _TAILS.get(letter, inside), "ء" < letter <= "ي"


def _inside(letter: str, kind: str) -> float:
    plain = unicodedata.normalize("NFD", letter)[0]
    found = _WIDTHS.get(letter, _WIDTHS.get(plain))
    if found is not None:
        return found
    if unicodedata.east_asian_width(letter) in "WF" or kind == "So":
        return _SYMBOL
    if kind == "Lu":
        return _CAPITAL
    return _LETTER if kind.startswith("L") else _MARK


def room(columns: int) -> float:
    """How many pixels a label has in a row of so many buttons, all as wide."""
    row = NARROWEST - 2 * _MARGIN - _GAP * (columns - 1)
    return row / columns - 2 * _PADDING


def fits(label: str, columns: int = 1) -> bool:
    return width(label) <= room(columns)


def cut(text: str, pixels: float) -> str:
    """A text, or its beginning and last word around a sign that something is left out.

    The last word of a product's name often is its region, and all that sets it apart.
    """
    if _measure(text) <= pixels:
        return text
    start, _, last = text.rstrip().rpartition(" ")
    end = f"{_CUT} {last}"
    if _measure(end) > pixels / 2:
        start, end = text, _CUT
    lengths = range(1, len(start) + 1)
    longest = bisect_right(lengths, pixels, key=lambda length: _measure(start[:length] + end))
    return start[:longest].rstrip() + end
