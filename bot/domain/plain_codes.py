"""Whether a text is a code and nothing else, and how else the same code may have been written.

A code is delivered exactly as it was loaded, so what is doubtful is refused and never repaired.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_QUOTES: Final = "\"'`\u00b4"
_LABELS: Final = (
    r"codes?|keys?|pins?|serials?|links?|urls?|vouchers?|coupons?|cards?|numbers?|values?|"
    r"expir(?:es|y)|exp|passwords?|logins?|cl[eé]s?|num[eé]ros?|الكود|كود|الرمز|رمز"
)
_MORE: Final = re.compile(
    r"^\(?\d{1,4}(?:[.:]\s|[)\]])"  # 1. CODE, (1) CODE
    r"|^[-*+>\u2022]\s"  # - CODE
    rf"|(?<!\S)(?:{_LABELS})(?:\s*[:=#]|\s)"  # Code: CODE, CODE PIN 1234
    r"|[:=]\s"  # Netflix TR: CODE
    r"|\s(?:[-|]\s|[(\[#/])"  # CODE - 200 TRY, CODE (new)
    r"|^[<{\[]|<[A-Za-z!/?]|&(?:#\d+|[A-Za-z]+);",  # a line of a web page or of JSON
    re.IGNORECASE,
)
_IN_MARKUP: Final = re.compile(r"[<>]|&(?:#\d+|[A-Za-z]+);")
_COUNTED: Final = re.compile(r"(\d{1,4})[^0-9A-Za-z]+[0-9A-Za-z]")
_SURE_OF_COUNTING: Final = 3  # lines that begin with 1, 2, 3 by chance are none
_TO_FULL_WIDTH: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def is_quoted(text: str) -> bool:
    """Whether a quotation mark stands at an end: no code has one there, lists of codes do."""
    return text.startswith(tuple(_QUOTES)) or text.endswith(tuple(_QUOTES))


def has_more(text: str) -> bool:
    """Whether something seems to stand beside the code: a number, a word, brackets, a web page's signs."""
    return _MORE.search(text) is not None


def is_markup(link: str) -> bool:
    """Whether a link still has the signs of the page that it was taken from, such as `&amp;`."""
    return _IN_MARKUP.search(link) is not None


def is_foreign(text: str) -> bool:
    """Whether a text has characters that nobody types for a code, such as letters of full width."""
    return not text.isascii()


def are_counted(texts: Sequence[str]) -> bool:
    """Whether every line begins with its own number."""
    found = [match and int(match[1]) for match in map(_COUNTED.match, texts)]
    return len(found) >= _SURE_OF_COUNTING and found == list(range(1, len(found) + 1))


def forms_of(text: str) -> tuple[str, ...]:
    """The text itself, and how the same code may have been stored before such lists were refused."""
    plain = plain_form(text)
    forms = (text, plain, f'"{plain}"', f"'{plain}'", f"'{plain}", plain.translate(_TO_FULL_WIDTH))
    return tuple(dict.fromkeys(forms))


def plain_form(text: str) -> str:
    """The text without quotation marks around it, in letters of common width."""
    folded = unicodedata.normalize("NFKC", text).strip()
    return folded.strip(_QUOTES).strip() or folded
