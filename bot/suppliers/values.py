"""Reads single values of supplier replies in every usual form; None for what cannot be read.

Suppliers send numbers as text, amounts with separators or a currency, flags as words and instants
as ISO 8601, HTTP dates or seconds and milliseconds since 1970.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any, Final

MAX_AMOUNT: Final = Decimal(10) ** 10  # a larger price would not fit the database column
_MAX_COUNT: Final = 10**9
_MAX_NUMBER_LENGTH: Final = 40
_UNIT: Final = r"(?:[^\W\d_]{1,4}\.?|د\.ج\.?|[$€£])"
_AMOUNT: Final = re.compile(
    rf"{_UNIT}?\s*(?P<sign>[+\-\u2212]?)\s*(?P<number>\d[\d.,'\u2019\s]*){_UNIT}?"
)
_GROUPS: Final = re.compile(r"[1-9]\d{0,2}(?:(?P<mark>[.,'\u2019\s])\d{3})(?:(?P=mark)\d{3})*")
_COUNT: Final = re.compile(r"(\d[\d.,'\u2019\s]*)(?:[^\W\d_]{1,12}\.?)?")
_AT_LEAST: Final = re.compile(r"(?:>=?|≥)\s*(\d[\d.,\s]*)|(\d[\d.,\s]*)\+")
_MARKS: Final = ".,'\u2019"
_YES: Final = frozenset({"true", "yes", "y", "1", "on"})
_NO: Final = frozenset({"false", "no", "n", "0", "off"})
_SECONDS_DIGITS: Final = 10  # of an instant since 1970, from 2001 to 2286
_MILLISECONDS_DIGITS: Final = 13
# Suppliers write "never" as year 1, 1970 or 9999. Dates near the ends of the calendar overflow
# where they are converted to a time zone.
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2200


def as_text(value: Any) -> str | None:
    """A text as it came, unchanged; a number as text."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    return str(value)


def is_number(text: str) -> bool:
    """Whether the text is digits of ASCII alone: `isdigit` also takes ², which `int` does not."""
    return text.isascii() and text.isdecimal()


def is_encodable(text: str) -> bool:
    """Whether the text can be written as UTF-8: it has no half of a surrogate pair."""
    return not any("\ud800" <= c <= "\udfff" for c in text)


def is_plain(text: str) -> bool:
    """Whether the text has neither control characters nor halves of a surrogate pair."""
    return not any(unicodedata.category(c) in ("Cc", "Cs") for c in text)


def as_decimal(value: Any) -> Decimal | None:
    """A finite number, also as text: "732,50", "1 732.50", "1.732,50 DA", "-5".

    A single point before three digits in a text ("1.465") may separate thousands or decimals, so
    it is not read.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
        return number if number.is_finite() and _is_short(number) else None
    if not isinstance(value, str) or len(value) > _MAX_NUMBER_LENGTH:
        return None
    found = _AMOUNT.fullmatch(value.strip())
    plain = _plain_number(found["number"].strip()) if found else None
    if found is None or plain is None:
        return None
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return None
    return amount if found["sign"] in ("", "+") else -amount


def _is_short(number: Decimal) -> bool:
    """Whether to reckon with it takes no time: 9E-999999 is short only as it is written."""
    _, digits, exponent = number.as_tuple()
    return len(digits) <= _MAX_NUMBER_LENGTH and abs(int(exponent)) <= _MAX_NUMBER_LENGTH


def _plain_number(text: str) -> str | None:
    """Digits with a point before the decimals."""
    if not any(mark in text for mark in ".,"):
        return _without_groups(text)
    at = max(text.rfind("."), text.rfind(","))
    mark, whole, decimals = text[at], text[:at], text[at + 1 :]
    if mark in whole:  # the same mark twice separates thousands
        return _without_groups(text)
    if len(decimals) == len("000") and _GROUPS.fullmatch(text):
        return whole + decimals if mark == "," else None
    whole_plain = _without_groups(whole)
    return f"{whole_plain}.{decimals}" if whole_plain and decimals.isdecimal() else None


def _without_groups(text: str) -> str | None:
    """Digits alone, or in groups of three behind one kind of mark."""
    if text.isdecimal():
        return text
    return re.sub(r"\D", "", text) if _GROUPS.fullmatch(text) else None


def as_count(value: Any) -> int | None:
    """A whole number of 0 or more, also as text and with a unit: "1 pc", "2.0", "1,000".

    Marks between digits mean what they mean in an amount: "1.000" is not read.
    """
    if isinstance(value, str) and len(value) <= _MAX_NUMBER_LENGTH:
        found = _COUNT.fullmatch(value.strip())
        plain = _plain_number(found[1].strip()) if found else None
        value = None if plain is None else Decimal(plain)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    if not number.is_finite() or not 0 <= number <= _MAX_COUNT or number != int(number):
        return None
    return int(number)


def as_stock(value: Any) -> int | None:
    """A count, in which less than nothing is nothing: -1 is how some say that it is sold out.

    A number with a sign of more is at least that number: "100+", ">50".
    """
    text = value.strip() if isinstance(value, str) else value
    at_least = _AT_LEAST.fullmatch(text) if isinstance(text, str) else None
    number = as_decimal(at_least[1] or at_least[2] if at_least else text)
    if number is not None and number < 0:
        return 0
    return as_count(number if at_least else value)


def as_flag(value: Any) -> bool | None:
    """A boolean, also as a word or as 0 and 1."""
    if isinstance(value, bool):
        return value
    word = (as_text(value) or "").strip().lower()
    if word in _YES:
        return True
    return False if word in _NO else None


def as_instant(value: Any) -> datetime | None:
    """An instant between 2000 and 2200; without a zone in UTC, a date alone as the day's end.

    Accepts ISO 8601, HTTP dates, and seconds or milliseconds since 1970. A date such as 25/11/2026
    is not read: its zone is unknown, and often which number is the month.
    """
    text = (as_text(value) or "").strip()
    digits = text.partition(".")[0]
    try:
        if is_number(digits) and len(digits) == _SECONDS_DIGITS:
            moment = datetime.fromtimestamp(float(text), UTC)
        elif is_number(text) and len(text) == _MILLISECONDS_DIGITS:
            moment = datetime.fromtimestamp(int(text) / 1000, UTC)
        else:
            moment = _written_instant(text)
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _written_instant(text: str) -> datetime:
    """Raises ValueError."""
    if len(text) == len("2026-01-31"):
        return datetime.combine(date.fromisoformat(text), datetime.max.time())
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text)
