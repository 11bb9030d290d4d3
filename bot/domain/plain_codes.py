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
_CODE: Final = re.compile(
    r"https?://"
    r"|(?<!\w)[A-Z0-9]{3,}(?:-[A-Z0-9]{3,}){2,}(?!\w)"  # ABCD-EFGH-IJKL
    r"|(?<!\w)(?=\w*[a-zA-Z]\d)(?=\w*\d[a-zA-Z])\w{8,}(?!\w)"  # X7Q2M9P4
    r"|(?<!\w)[A-Z0-9]{4,}-(?!(?:19|20)\d\d\b)(?=\w*\d)[A-Z0-9]{4,}(?!\w)"  # ABCD-12EF, not FIFA-2025
)
_DIGITS_OF_CODE: Final = 10  # of one line; a value such as 1,000,000 IDR has fewer
_LETTER: Final = re.compile(r"\w")
_SHORTEST_OF_LIST: Final = 8
_FEWEST_OF_LIST: Final = 2
# What is pasted outside any question may as well be an operator's own words.
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_WORDS_OF_CODES: Final = re.compile(
    r"(?<![\w@.-])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![\w@-])", re.ASCII
)
_LONG_NUMBER: Final = re.compile(r"(?<![\w+])\d{16,}(?!\w)|(?<!\w)\d{4}(?:[ -]\d{4}){3,}(?!\w)")
_CHANGE: Final = re.compile(
    r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])"
)  # from letters to digits
_MIXED: Final = 3  # such changes, which no name has
_SHORTEST_GROUP: Final = 3
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


def are_codes(lines: Sequence[str]) -> bool:
    """Whether lines that should be names seem to be codes.

    A code has many digits, or groups of letters or digits; and codes of one list have one shape.
    """
    if any(_CODE.search(line) or _digits(line) >= _DIGITS_OF_CODE for line in lines):
        return True
    shapes = {_LETTER.sub("a", line) for line in lines}
    return len(lines) > 1 and len(shapes) == 1 and len(lines[0]) >= _SHORTEST_OF_LIST


def are_pasted_codes(lines: Sequence[str]) -> bool:
    """Whether a text that answers no question seems to be codes, and not somebody's own words.

    Several lines are a list where all are links, or numbers, or of one shape. Of a single line, a link
    is none, nor are up to 15 digits: that may be a phone number or an id, an order or a payment.
    """
    texts = [_LINK.sub(" ", line) for line in lines]
    if any(_is_code(word) for text in texts for word in _WORDS_OF_CODES.findall(text)):
        return True
    if any(_LONG_NUMBER.search(text) for text in texts):
        return True
    if len(lines) < _FEWEST_OF_LIST:
        return False
    if all(_LINK.fullmatch(line) or _digits(line) >= _SHORTEST_OF_LIST for line in lines):
        return True
    return (
        len({_LETTER.sub("a", line) for line in lines}) == 1 and len(lines[0]) >= _SHORTEST_OF_LIST
    )


def _is_code(word: str) -> bool:
    """Whether a word has a code's shape: groups of capitals and digits, or letters and digits mixed."""
    groups = word.split("-")
    if len(groups) > 1:
        is_grouped = all(len(group) >= _SHORTEST_GROUP for group in groups) and word.isupper()
        return is_grouped and _CODE.search(word) is not None
    changes = len(_CHANGE.findall(word))
    return len(word) >= _SHORTEST_OF_LIST and (
        changes >= _MIXED or (changes > 1 and word.isupper())
    )


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def forms_of(text: str) -> tuple[str, ...]:
    """The text itself, and how the same code may have been stored before such lists were refused."""
    plain = plain_form(text)
    forms = (text, plain, f'"{plain}"', f"'{plain}'", f"'{plain}", plain.translate(_TO_FULL_WIDTH))
    return tuple(dict.fromkeys(forms))


def plain_form(text: str) -> str:
    """The text without quotation marks around it, in letters of common width."""
    folded = unicodedata.normalize("NFKC", text).strip()
    return folded.strip(_QUOTES).strip() or folded
