"""The shop's texts in English, French and Arabic, and the formats of money and dates in each.

Texts are in `<locale>/*.ftl`. `<b>…</b>` in them becomes a private-use character that screens turn
into bold; inserted values are stripped of such characters. Names and prices inserted into
right-to-left text are isolated (U+2068…U+2069), and so is what its own lines have from left to right
(`locales/direction.py`). Gift-card codes never pass through this module.
"""

import logging
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from locales.direction import directed, is_nested, signed, unmarked
from locales.source import Texts
from locales.typography import set_spaces

LOCALES: Final = ("en", "fr", "ar")
BOLD: Final = "\ue000"
BOLD_END: Final = "\ue001"

_FOLDER: Final = Path(__file__).parent
_BABEL: Final = {"en": "en", "fr": "fr", "ar": "ar_DZ"}
_ISOLATE, _ISOLATE_END = "\u2068", "\u2069"
# Of a value: our own marks, and what Telegram removes from a text: entities after it would be misplaced.
_MARKS: Final = re.compile("[\r\ue000-\uf8ff\u030a\u0333\u033f\u2028-\u202e\u2067]")
_CONTROLS: Final = re.compile("[\x00-\x09\x0b-\x1f]")  # Telegram makes each a space
_ISOLATES: Final = re.compile("[\u2066\u2068\u2069]")
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_log = logging.getLogger(__name__)


@cache
def _bundle(locale: str) -> Texts:
    bundle = Texts(_BABEL[locale].replace("_", "-"))
    for path in sorted((_FOLDER / locale).glob("*.ftl")):
        source = set_spaces(path.read_text(encoding="utf-8"), locale)
        bundle.add_source(source.replace("<b>", BOLD).replace("</b>", BOLD_END))
    return bundle


def keys(locale: str) -> set[str]:
    """The message keys of a locale."""
    return set(_bundle(locale).keys())


def load_texts() -> None:
    """Read the texts of all languages now, instead of at the first press in each."""
    for locale in LOCALES:
        _bundle(locale)


class Words:
    """The texts and formats of one language. `text` may contain bold marks, `plain` never does."""

    def __init__(self, locale: str) -> None:
        self.locale = locale if locale in LOCALES else "en"
        self.right_to_left = self.locale == "ar"
        self._babel = _BABEL[self.locale]

    def text(self, key: str, **values: str | int) -> str:
        """The text for this key. Raises KeyError where no file has it."""
        bundle = _bundle(self.locale)
        message = bundle.get_message(key)
        if message.value is None:
            raise KeyError(key)
        clean = {name: self._clean(value) for name, value in values.items()}
        formatted, errors = bundle.format_pattern(message.value, clean)
        if errors:
            _log.error("text %s in %s: %s", key, self.locale, "; ".join(map(str, errors)))
        return self.directed(str(formatted))

    def directed(self, text: str) -> str:
        """The text, in a right-to-left language with its lines marked as such, also where they begin with
        a number, and with its numbers and commands in their own order."""
        return directed(text) if self.right_to_left else text

    def plain(self, key: str, **values: str | int) -> str:
        """The text without bold and direction marks: for toasts, and for parts of texts."""
        return unmarked(self.label(key, **values))

    def label(self, key: str, **values: str | int) -> str:
        """For buttons: without bold marks, but marked with the language's direction."""
        return self.text(key, **values).replace(BOLD, "").replace(BOLD_END, "")

    def isolated(self, text: str) -> str:
        """A name for a text of no file; never a code, which would be copied with the marks."""
        return str(self._clean(text))

    def _clean(self, value: str | int) -> str | int:
        if isinstance(value, int):
            return value
        text = _CONTROLS.sub(" ", _MARKS.sub("", value))
        if not is_nested(text):
            text = _ISOLATES.sub("", text)
        foreign = self.right_to_left or _RIGHT_TO_LEFT.search(text)
        return f"{_ISOLATE}{text}{_ISOLATE_END}" if foreign and text else text

    def money(self, minor: int) -> str:
        """An amount in dinars as this language writes it; decimals only where they are not zero."""
        if minor < 0:
            return self.signed_money(minor)
        pattern = "#,##0" if minor % 100 == 0 else "#,##0.00"
        amount = format_decimal(minor / 100, format=pattern, locale=self._babel)
        return self.plain("money", amount=amount).replace(_ISOLATE, "").replace(_ISOLATE_END, "")

    def signed_money(self, minor: int) -> str:
        """An amount with its sign (+ or −), which is in front of the number in every language."""
        sign = "+" if minor > 0 else "−"
        amount = sign + self.money(abs(minor))
        return signed(amount) if self.right_to_left else amount

    def number(self, value: float, digits: int = 0) -> str:
        return format_decimal(
            value, format="#,##0" + ("." + "0" * digits if digits else ""), locale=self._babel
        )

    def day(self, moment: datetime, zone: ZoneInfo) -> str:
        return _dated(moment.astimezone(zone), "d MMM", self._babel)

    def weekdays(self) -> tuple[str, ...]:
        """The short names of the days of the week, Monday first."""
        names = Locale.parse(self._babel).days["stand-alone"]["abbreviated"]
        return tuple(str(names[day]) for day in range(7))

    def month(self, day: date) -> str:
        """The short name of a month."""
        return format_date(day, "LLL", locale=self._babel)

    def month_of_year(self, day: date) -> str:
        return format_date(day, "LLL y", locale=self._babel)

    def named_month(self, day: date) -> str:
        """A month with its whole name: October 2026."""
        return format_date(day, "LLLL y", locale=self._babel)

    def signed_percent(self, percent: int) -> str:
        """A change in whole percent, with its sign in front of it: +12%, in French +12 %."""
        sign = "+" if percent > 0 else "−" if percent < 0 else "±"
        amount = f"{sign}{self.number(abs(percent))}" + ("\u202f%" if self.locale == "fr" else "%")
        return signed(amount) if self.right_to_left else amount

    def value(self, hundredths: int, currency: str) -> str:
        """A face value of any currency, as printed on a card: 25 USD."""
        number = self.number(hundredths / 100, 2 if hundredths % 100 else 0)
        return f"{number}\u00a0{currency}".strip()

    def language(self, code: str) -> str:
        """The name of a language, in this one: "Arabic", "arabe"."""
        return Locale.parse(code).get_language_name(self._babel) or code

    def whole_date(self, day: date) -> str:
        return _dated(day, "d MMM y", self._babel)

    def date(self, moment: datetime, zone: ZoneInfo) -> str:
        """A day and its time: "22 nov. 2026 à 00:30"."""
        between = {"fr": " 'à'", "ar": "،"}.get(self.locale, ",")
        return _dated(moment.astimezone(zone), f"d MMM y{between} HH:mm", self._babel)


def _dated(moment: date, pattern: str, babel: str) -> str:
    """A date whose pattern begins with the day and its month.

    In French the first of a month is an ordinal, and no line ends between a day and its month.
    """
    if babel == "fr":
        day = "d'er'" if moment.day == 1 else "d"
        pattern = pattern.replace("d ", f"{day}\u00a0", 1)
    show = format_datetime if isinstance(moment, datetime) else format_date
    return show(moment, pattern, locale=babel)


@cache
def words(locale: str) -> Words:
    return Words(locale)
