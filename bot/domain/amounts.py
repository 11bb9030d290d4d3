"""The one reader of amounts that people type: customers, operators, and the owner in settings."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.domain.money import LARGEST_MINOR, western_digits
from bot.refusals import OtherCurrency

DINARS: Final = "DZD"
CENTIMES: Final = "centimes"  # named like a currency, so that it contradicts every other one

LARGEST_TELEGRAM_ID: Final = 2**52 - 1

_UNITS: Final = {
    DINARS: (
        *("dzd", "da", "d.a.", "d.a", "dinar(s)", "dinars", "dinar", "دج.", "دج", "د.ج.", "د.ج"),
        *("دينار جزائري", "دينار", "دينارا", "دنانير"),
    ),
    CENTIMES: (
        *("centime(s)", "centimes", "centime", "centim", "centm", "ctimes", "ctime", "ctms", "ctm"),
        *("ct(s)", "cts", "ct", "cmes", "santimes", "santime", "santims", "santim"),
        *("سنتيمات", "سنتيما", "سنتيم", "صنتيمات", "صنتيم", "سنتات", "سنت", "م"),
    ),
    "EUR": ("eur", "€", "euro(s)", "euros", "euro", "أورو", "اورو", "يورو"),
    "USD": (
        "usd",
        "us$",
        "$us",
        "$",
        "dollar(s)",
        "dollars",
        "dollar",
        "دولارات",
        "دولارا",
        "دولار",
    ),
    "GBP": ("gbp", "£"),
    "JPY": ("jpy", "¥"),
    "INR": ("inr", "₹"),
    "TRY": ("try", "₺"),
    "CAD": ("cad",),
    "CHF": ("chf",),
    "AED": ("aed",),
    "SAR": ("sar",),
    "MAD": ("mad",),
    "TND": ("tnd",),
    "BRL": ("brl", "r$"),
}
_INVISIBLE: Final = frozenset(
    "\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
    "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"  # as in دينارًا
)
_SAME: Final = {
    **{wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},  # fullwidth forms
    **dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\ufe63"), "-"),
    **dict.fromkeys(map(ord, "\u2019\u2018\u02bc\u00b4`"), "'"),
    ord("\u060c"): ",",  # the comma of Arabic keyboards
}
_BLANK: Final = " \t\u00a0\u2000-\u200a\u202f\u205f\u3000"
_SIGN: Final = f"([-+])[{_BLANK}]*"
_GROUPS: Final = "|".join(
    rf"[1-9]\d{{0,2}}(?:{mark}\d{{3}})+(?:[{decimal}]\d{{1,2}})?"
    for mark, decimal in (
        (f"[{_BLANK}]", ".,\u066b"),
        ("'", ".,\u066b"),
        ("\u066c", ".,\u066b"),
        (r"\.", ",\u066b"),
        (",", ".\u066b"),
    )
)
# The single words that units are made of, as they are typed beside a number.
UNIT_WORDS: Final = frozenset(
    word
    for names in _UNITS.values()
    for name in names
    for word in re.findall(r"[^\W\d_]+", name)
    if len(name) == len(word) or " " in name or "(" in name
)
# What a number may not stand beside: then only a part of what was typed would be read.
_NUMBER: Final = rf"(?P<number>{_GROUPS}|\d+(?:[.,\u066b]\d{{1,2}})?)(?![\d'\u066b\u066c]|[.,]\d)"
_WHOLE: Final = re.compile(r"\d+")
_END: Final = re.compile(r"[.,;:]?(?=\s|$)")
_CARRIED_ON: Final = re.compile(
    # a further number, a sign, a percentage, another symbol of money, or a word of scale
    r"[.,'\u066b\u066c]*\d[\d.,'\u066b\u066c]*(?:\s|$)|[-+%٪‰\u20a0-\u20cf¢£¤¥$]"
    # of any language, also short, before dinars, or of the street: a brique is a million centimes
    r"|(?:k|m|b|md|mds|mrd|bn|mn|mln|mio|mill)(?:da|dzd)?(?!\w)"
    r"|(?:c|cent|centaine|hundred|mille|mil|millier|thousand|thou|grand|tsd|million|milion|millon|melyoun"
    r"|mlyoun|milliard|miliard|billion|alf|elf|brique|brika|baton|bâton|douro|doro|مائة|مئة|مية|ميات"
    r"|مئات|مئتان|مئتين|مائتين|ميتين|ألف|الف|ألفا|ألفان|ألفين|الفين|آلاف|الاف|ألاف|مليون|مليونا|مليونان"
    r"|مليونين|ملايين|مليار|مليارا|مليارات|ملاير|بريكة|دورو|ك)s?(?![\w'])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """`minor` is in hundredths; `currency` is the code of the typed unit, None if none was typed."""

    minor: int
    currency: str | None = None

    def within(self, currency: str) -> int:
        """The hundredths, as an amount of this currency.

        Raises OtherCurrency where another unit was typed.
        """
        if self.currency not in (None, currency):
            raise OtherCurrency(currency, self.currency or "")
        return self.minor


def take_amount(text: str, currency: str = DINARS) -> tuple[Amount, str] | None:
    """The longest amount at the start of a text, its unit included, and the text after it.

    Digits of every script; groups of three with a space, point, comma, apostrophe or U+066C, one of
    them throughout; after the last comma, point or U+066B one or two digits are decimals. So
    `1.500` and `1,500` are 1500, `1.50` and `1,5` are 1.50 and 1.5, and `1.5000`, `1,50,000`, and
    `12 34` are none. A sign and a unit may be on either side; `currency`'s own code is always one.
    Marks of direction are skipped. None where the text does not begin with an amount, or where only
    a part of a number would be read: a rest that begins with digits and nothing else, with a
    percent sign, a lone sign, a numeral such as ½ or a word such as "mille".
    """
    kept = [(at, shown) for at, shown in enumerate(text) if shown not in _INVISIBLE]
    plain = western_digits("".join(shown for _, shown in kept).translate(_SAME))
    found = _pattern(currency).match(plain)
    if found is None:
        return None
    amount = _amount(found, currency)
    end = _END.match(plain, found.end())
    rest = plain[end.end() :].lstrip() if end else ""
    if amount is None or end is None or _CARRIED_ON.match(rest) or _goes_on_in_numerals(rest):
        return None
    return amount, text[kept[-len(rest)][0] :] if rest else ""


def is_numeral(mark: str) -> bool:
    """Whether a mark is a number, but no decimal digit: ½, ², ①, Ⅳ. No amount is read with one.

    The ideographs that are numbers are letters of words.
    """
    return unicodedata.category(mark) in ("No", "Nl")


def _goes_on_in_numerals(rest: str) -> bool:
    """Whether the number that was read goes on in what is no decimal digit, as in "5 ½" or "1 500½"."""
    after = rest.lstrip("0123456789.,'\u066b\u066c")[:1]
    return bool(after) and after.isnumeric()


def plain_of(text: str) -> str:
    """A typed text as the readers compare it: lower case, one kind of digits, no invisible marks."""
    shown = "".join(mark for mark in text if mark not in _INVISIBLE).translate(_SAME)
    return western_digits(shown).lower().strip()


def carries_number_on(word: str) -> bool:
    """Whether a word beside a number belongs to it, such as "mille": the amount is another one."""
    return _CARRIED_ON.fullmatch(word) is not None


def read_amount(text: str, currency: str = DINARS) -> Amount | None:
    """The amount that is the whole text, as `take_amount` reads it; None for any other text."""
    taken = take_amount(text, currency)
    return taken[0] if taken and not taken[1] else None


def read_count(text: str, longest: int = 9) -> int | None:
    """A typed whole number of at most `longest` digits, in groups or not; None for any other text.

    It has neither a sign nor a unit.
    """
    plain = plain_of(text)
    found = re.fullmatch(_NUMBER, plain)
    if found is None or _decimals(plain):
        return None
    digits = "".join(_WHOLE.findall(plain))
    return int(digits) if len(digits) <= longest else None


def read_telegram_id(text: str) -> int | None:
    """A typed id of a person; None for any other text. Ids have at most 52 significant bits (User.id)."""
    number = read_count(text, len(str(LARGEST_TELEGRAM_ID)))
    return None if number is None or number > LARGEST_TELEGRAM_ID else number


@lru_cache
def _pattern(currency: str) -> re.Pattern[str]:
    names = {name for code in _UNITS for name in _UNITS[code]} | ({currency.lower()} - {""})
    unit = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    # A unit in letters ends where its word ends: "DAHABIA" does not begin with dinars.
    after = rf"[{_BLANK}]*(?P<after>{unit})(?!\w)"
    return re.compile(
        rf"\s*(?:{_SIGN})?(?:(?P<before>{unit})[{_BLANK}]*)?(?:{_SIGN})?{_NUMBER}"
        rf"([-+](?![\w]))?(?:{after})?([-+](?!\w)|[{_BLANK}]*[-+](?=\s*$))?(?!\w)",
        re.IGNORECASE,
    )


def _amount(found: re.Match[str], currency: str) -> Amount | None:
    signs = [found[group].strip() for group in (1, 3, 5, 7) if found[group]]
    units = {_currency(name, currency) for name in (found["before"], found["after"]) if name}
    if len(signs) > 1 or len(units) > 1:
        return None
    number = found["number"]
    decimals = _decimals(number)
    whole = number[: -len(decimals) - 1] if decimals else number
    minor = int("".join(_WHOLE.findall(whole)) + decimals.ljust(2, "0"))
    if minor > LARGEST_MINOR:
        return None
    return Amount(-minor if signs == ["-"] else minor, next(iter(units), None))


def _decimals(number: str) -> str:
    found = re.search(r"[.,\u066b](\d{1,2})$", number)
    return found[1] if found else ""


def _currency(name: str, expected: str) -> str:
    name = name.lower()
    if name == expected.lower():
        return expected
    return next(code for code, names in _UNITS.items() if name in names)
