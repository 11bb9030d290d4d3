"""The shop's texts in English, French and Arabic, and the formats of money and dates in each.

Texts are in `<locale>/*.ftl`. `<b>…</b>` in them becomes a private-use character that screens turn
into bold; inserted values are stripped of such characters. Names and prices inserted into
right-to-left text are isolated (U+2068…U+2069). Gift-card codes never pass through this module.
"""

import logging
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle, FluentResource

LOCALES: Final = ("en", "fr", "ar")
BOLD: Final = "\ue000"
BOLD_END: Final = "\ue001"

_FOLDER: Final = Path(__file__).parent
_BABEL: Final = {"en": "en", "fr": "fr", "ar": "ar_DZ"}
_ISOLATE, _ISOLATE_END = "\u2068", "\u2069"
_RIGHT_TO_LEFT_MARK: Final = "\u200f"
_LEFT_TO_RIGHT_MARK: Final = "\u200e"
# Telegram replaces all but the last of U+200E and U+200F beside each other; this mark stays.
_MARK_BEFORE_MARK: Final = "\u061c"
_NO_DIRECTION: Final = str.maketrans("", "", _RIGHT_TO_LEFT_MARK + _MARK_BEFORE_MARK)
_COMMAND: Final = re.compile(r"(?<![\w/\u200e])/(?=[a-z])")
_MARKS: Final = re.compile("[\ue000-\uf8ff\u2066-\u2069\u202a-\u202e]")
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_log = logging.getLogger(__name__)


@cache
def _bundle(locale: str) -> FluentBundle:
    bundle = FluentBundle([_BABEL[locale].replace("_", "-")], use_isolating=False)
    for path in sorted((_FOLDER / locale).glob("*.ftl")):
        source = path.read_text(encoding="utf-8").replace("<b>", BOLD).replace("</b>", BOLD_END)
        bundle.add_resource(FluentResource(source))
    return bundle


def keys(locale: str) -> set[str]:
    """The message keys of a locale."""
    return {key for key in _bundle(locale)._messages}  # noqa: SLF001, C416 - no public list


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
        depth += (character == _ISOLATE) - (character == _ISOLATE_END)
        kind = bidirectional(character)
        if kind not in ("L", "R", "AL") or character in (BOLD, BOLD_END):
            continue
        if kind == "L" and (is_first or not depth):
            return False
        if kind != "L" and not depth:
            return True
        is_first = False
    return False


def load_texts() -> None:
    """Read the texts of all languages now, instead of at the first press in each: a quarter of a second."""
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
        """Mark every line of a right-to-left language as such, also where it begins with a number;
        the commands in the text keep their slash in front."""
        if not self.right_to_left:
            return text
        text = _COMMAND.sub(_LEFT_TO_RIGHT_MARK + "/", text)
        return "\n".join(
            line if _starts_right_to_left(line) else _mark(line) + line for line in text.split("\n")
        )

    def plain(self, key: str, **values: str | int) -> str:
        """The text without bold and direction marks: for toasts, and for parts of texts."""
        return self.label(key, **values).translate(_NO_DIRECTION)

    def label(self, key: str, **values: str | int) -> str:
        """For buttons: without bold marks, but marked with the language's direction."""
        return self.text(key, **values).replace(BOLD, "").replace(BOLD_END, "")

    def isolated(self, text: str) -> str:
        """A name for a text of no file; never a code, which would be copied with the marks."""
        return str(self._clean(text))

    def _clean(self, value: str | int) -> str | int:
        if isinstance(value, int):
            return value
        text = _MARKS.sub("", value)
        foreign = self.right_to_left or _RIGHT_TO_LEFT.search(text)
        return f"{_ISOLATE}{text}{_ISOLATE_END}" if foreign and text else text

    def money(self, minor: int) -> str:
        """An amount in dinars as this language writes it; decimals only where they are not zero."""
        pattern = "#,##0" if minor % 100 == 0 else "#,##0.00"
        amount = format_decimal(minor / 100, format=pattern, locale=self._babel)
        return self.plain("money", amount=amount).replace(_ISOLATE, "").replace(_ISOLATE_END, "")

    def signed_money(self, minor: int) -> str:
        """An amount with its sign (+ or −), which is in front of the number in every language."""
        sign = "+" if minor > 0 else "−"
        start = _MARK_BEFORE_MARK + _LEFT_TO_RIGHT_MARK if self.right_to_left else ""
        return start + sign + self.money(abs(minor))

    def number(self, value: float, digits: int = 0) -> str:
        return format_decimal(
            value, format="#,##0" + ("." + "0" * digits if digits else ""), locale=self._babel
        )

    def day(self, moment: datetime, zone: ZoneInfo) -> str:
        return format_datetime(moment, "d MMM", tzinfo=zone, locale=self._babel)

    def value(self, hundredths: int, currency: str) -> str:
        """A face value of any currency, as printed on a card: 25 USD."""
        number = self.number(hundredths / 100, 2 if hundredths % 100 else 0)
        return f"{number}\u00a0{currency}".strip()

    def whole_date(self, day: date) -> str:
        return format_date(day, "d MMM y", locale=self._babel)

    def date(self, moment: datetime, zone: ZoneInfo) -> str:
        comma = "،" if self.right_to_left else ","
        return format_datetime(moment, f"d MMM y{comma} HH:mm", tzinfo=zone, locale=self._babel)


@cache
def words(locale: str) -> Words:
    return Words(locale)
