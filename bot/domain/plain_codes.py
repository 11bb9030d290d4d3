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
_LINK: Final = re.compile(r"(?:https?://|www\.|(?<!\w)t\.me/)[^\s,;|]+", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<!\w)@[A-Za-z]\w+(?![\w-])")
_DATE: Final = re.compile(r"(?<!\d)(?:\d{4}([-/.])\d\d\1\d\d|\d\d([-/.])\d\d\2\d{4})(?!\d)")
_PHONE: Final = re.compile(
    r"(?<![\d-])0(?:\d{3}(?: \d\d){3}|\d(?: \d\d){4})(?!\d)"
)  # 0550 12 34 56
_NAME: Final = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]{2,5})\d{1,4}[A-Z]?[a-z]+")  # fifa24ultimate
_NUMBER: Final = re.compile(
    r"(?P<label>(?<!\w)(?:pin|code|serial|sn|s/n|كود|الكود|رمز|الرمز)\W{0,3})?"
    r"(?P<number>(?<![\d+])(?:\d{2,5}(?:[ -]\d{1,5}){2,}(?!\d)|\d{8,}))",
    re.IGNORECASE,
)
_SPACED: Final = re.compile(r"(?<!\w)[A-Z0-9]{4,6}(?: [A-Z0-9]{4,6}){2,}(?!\w)")  # XQ7L KM3P WRZ4
_MIXED: Final = re.compile(r"[A-Z]\d|\d[A-Z]")
_TOKEN: Final = re.compile(r"[\w-]{8,}")
_DIGITS_OF_PHONE: Final = 11  # written without 00 or +
_DIGITS_OF_ABROAD: Final = 15  # the most of any, with its country
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

    What is in doubt counts as codes. A single line with one link is none, nor a number that may be that
    of a phone, an order or a person; two lines with a link or such a number each are a list, whatever
    stands around them.
    """
    texts = [_without_own_words(line) for line in lines]
    if any(map(_has_code, texts)) or sum(len(_LINK.findall(line)) for line in lines) > 1:
        return True
    listed = [
        _LINK.search(line) or _longest(text) >= _DIGITS_OF_CODE
        for line, text in zip(lines, texts, strict=True)
    ]
    if sum(map(bool, listed)) >= _FEWEST_OF_LIST or _have_one_shape(texts):
        return True
    shapes = {_LETTER.sub("a", line) for line in lines}
    return len(lines) > 1 and len(shapes) == 1 and len(lines[0]) >= _SHORTEST_OF_LIST


def are_only_codes(lines: Sequence[str]) -> bool:
    """Whether a text of several lines has a code in each: no words for people, such as a guide, look like that."""
    return len(lines) >= _FEWEST_OF_LIST and all(
        _has_code(_without_own_words(line)) for line in lines
    )


def _without_own_words(line: str) -> str:
    """A line without links, addresses, @names, dates and spaced phone numbers, which are no codes."""
    for pattern in (_LINK, _ADDRESS, _DATE, _PHONE):
        line = pattern.sub(" ; ", line)
    return line


def _has_code(text: str) -> bool:
    """Whether something in a line has a code's shape, and is neither a name nor a phone number."""
    words = [match[0] for match in _CODE.finditer(text)]
    if any(not _NAME.fullmatch(word) and any(map(str.isalpha, word)) for word in words):
        return True
    if any(len(_MIXED.findall(match[0])) > 1 for match in _SPACED.finditer(text)):
        return True
    return any(map(_is_long, _NUMBER.finditer(text)))


def _is_long(found: re.Match[str]) -> bool:
    """Whether a number has more digits than that of a phone or of an order, or is called a code."""
    digits, most = _digits(found["number"]), _DIGITS_OF_PHONE
    if found["label"]:
        most = _DIGITS_OF_CODE - 1
    elif found["number"].startswith("00"):
        most = _DIGITS_OF_ABROAD
    return digits > most


def _longest(line: str) -> int:
    return max((_digits(found["number"]) for found in _NUMBER.finditer(line)), default=0)


def _have_one_shape(texts: Sequence[str]) -> bool:
    """Whether two lines hold words of one length that may be codes: with a digit, or all capitals."""
    seen: dict[str, tuple[int, str]] = {}
    for number, text in enumerate(texts):
        for word in _TOKEN.findall(text):
            if not (word.isupper() or _digits(word)):
                continue
            line, other = seen.setdefault(_LETTER.sub("a", word), (number, word))
            if line != number and other != word:
                return True
    return False


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
