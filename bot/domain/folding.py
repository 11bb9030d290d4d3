"""Text as it is compared: without capitals, accents, Arabic marks and forms of letters."""

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ة": "ه",
        "گ": "ك",
        "ک": "ك",
        "ڨ": "ق",
        "ڤ": "ف",
        "ـ": None,  # tatweel, which only stretches a word
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
    }
)
_LONGEST: Final = 200  # letters
_MARKS: Final = ("Mn", "Cf")  # accents and vowel signs; joiners and marks of direction
# A word of letters, which may end in "+"; a number, whose point or comma may part decimals or
# thousands; a currency sign; a flag, which is two regional indicators.
_WORD: Final = re.compile(
    r"[^\W\d_]+\+?|\d+(?:[.,]\d{3})+(?!\d)|\d+(?:[.,]\d{1,2}(?!\d))?|[$€£]|[\U0001F1E6-\U0001F1FF]{2}"
)


def fold(text: str) -> str:
    """The text in lower case, Arabic digits as 0-9, each letter in its plainest form."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (c for c in plain if unicodedata.category(c) not in _MARKS)
    return "".join(_digit(c) for c in kept).translate(_LETTERS)


def _digit(character: str) -> str:
    """A decimal digit of any script as one of 0-9; anything else unchanged."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a text; split also between a digit and a letter, as in "60uc".

    Only the beginning of an endless text is read.
    """
    return tuple(_WORD.findall(fold(text[:_LONGEST])))


def folded_title(text: str) -> str:
    """A title as suppliers' spellings of it are compared: `&` is "and", punctuation is nothing."""
    return " ".join(words_of(text.replace("&", " and ")))
