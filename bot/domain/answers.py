"""The one grammar of typed answers: what a text says where an amount, a value or a count is asked.

A text is a number, well formed or not, or it is words, which answer no such question.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from bot.domain.amounts import (
    CENTIMES,
    DINARS,
    UNIT_WORDS,
    carries_number_on,
    is_numeral,
    plain_of,
    read_amount,
    read_count,
)
from bot.domain.money import LARGEST_MINOR, MINOR_PER_UNIT
from bot.domain.payments import Limits
from bot.refusals import OtherCurrency

_SPELLED: Final = {
    1: "one un une واحد واحدة",
    2: "two deux اثنان اثنين إثنان إثنين اثنتان اثنتين زوج رمزان رمزين بطاقتان بطاقتين",
    3: "three trois ثلاثة ثلاث",
    4: "four quatre أربعة اربعة أربع اربع",
    5: "five cinq خمسة خمس",
    6: "six ستة ست",
    7: "seven sept سبعة سبع",
    8: "eight huit ثمانية ثماني ثمان",
    9: "nine neuf تسعة تسع",
    10: "ten dix عشرة عشر",
}
_COUNTS: Final = {word: count for count, words in _SPELLED.items() for word in words.split()}
# What is counted, in the words of our own prompts and in those that people use for it.
_COUNTED: Final = frozenset(
    (
        *("code", "codes", "card", "cards", "piece", "pieces", "pc", "pcs", "unit", "units"),
        *("item", "items", "voucher", "vouchers", "carte", "cartes", "pièce", "pièces", "unité"),
        *("unités", "exemplaire", "exemplaires", "bon", "bons", "رمز", "رموز", "رمزا", "بطاقة"),
        *("بطاقات", "قطعة", "قطع", "حبة", "حبات", "وحدة", "وحدات", "كود", "أكواد", "اكواد"),
    )
)
_TIMES: Final = frozenset(["x", "fois", "times", "مرة", "مرات"])
_LINKS: Final = frozenset(["de", "d", "of"])
_THOUSAND: Final = "k|mille|mil|thousand|alf|ألف|الف|آلاف|الاف|ألاف"
_MILLION: Final = "millions?|milions?|million|melyoun|mlyoun|مليون|ملايين|مليونا"
_SCALED: Final = re.compile(
    rf"(?P<number>.*\d)\s*(?:(?P<thousand>{_THOUSAND})|(?:{_MILLION}))(?!\w)"
    r"\s*(?:(?:de|d')\s*)?(?P<unit>.*)"
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_MARKS_OF_TIMES: Final = re.compile(r"(?<=\d)\s*[x×*✕✖]|[x×*✕✖]\s*(?=\d)")
_NUMBER_WORDS: Final = frozenset(_COUNTS) | _COUNTED | _TIMES | _LINKS | UNIT_WORDS


def is_words(text: str, currency: str = DINARS) -> bool:
    """Whether a text is no number, not even a malformed one, nor one in another unit.

    "netflix", "steam 20" and "660 UC" are words; "-5", "1500.0000", "50 euros", "5 mille" and "2½"
    are not.
    """
    if read_amount(text, currency) is not None:
        return False
    plain = "".join("0" if is_numeral(mark) else mark for mark in plain_of(text))
    found = _WORD.findall(plain)
    if not any(mark.isdigit() for mark in plain) and not any(word in _COUNTS for word in found):
        return True
    return not all(word in _NUMBER_WORDS or carries_number_on(word) for word in found)


@dataclass(frozen=True, slots=True)
class AmountAnswer:
    """What was typed where an amount above zero is asked for, in hundredths.

    `minor`: the amount in the currency that is asked for. `in_centimes_minor`: the amount in dinars
    if its writer counted in centimes, where that may be. `is_named`: a unit was typed. `is_scaled`:
    "mille" or "million" was, which mean dinars to some people and centimes to others. `other`: it
    is in another currency. Neither amount for a malformed one. `is_words`: it is no number.
    """

    minor: int | None = None
    in_centimes_minor: int | None = None
    is_named: bool = False
    is_scaled: bool = False
    other: OtherCurrency | None = None
    is_words: bool = False

    def within(self, limits: Limits) -> "AmountAnswer":
        """This answer without the readings that a payment method does not take.

        Both amounts are left only where the writer has to be asked which one is meant: no unit was
        typed, and the amount is large, or "mille" or "million" was.
        """
        minor = self.minor if self.minor is not None and limits.allow(self.minor) else None
        smaller = self.in_centimes_minor
        if smaller is not None and not limits.allow(smaller):
            smaller = None
        if minor is not None and not self.is_scaled and not limits.could_be_centimes(minor):
            smaller = None
        return replace(self, minor=minor, in_centimes_minor=smaller)


def read_amount_answer(text: str, currency: str = DINARS) -> AmountAnswer:
    """The answer to a question for an amount of this currency."""
    if is_words(text, currency):
        return AmountAnswer(is_words=True)
    amount, is_scaled = read_amount(text, currency), False
    if amount is None and currency == DINARS:
        amount, is_scaled = read_amount(_unscaled(text) or "", currency), True
    if amount is None or amount.minor <= 0:
        return AmountAnswer()
    in_centimes = amount.minor // MINOR_PER_UNIT or None
    if amount.currency == CENTIMES and currency == DINARS:
        return AmountAnswer(
            None, in_centimes, True, is_scaled, OtherCurrency(currency, amount.currency)
        )
    if amount.currency is None:
        dinars = in_centimes if currency == DINARS else None
        return AmountAnswer(amount.minor, dinars, is_scaled=is_scaled)
    if amount.currency != currency:
        return AmountAnswer(is_named=True, other=OtherCurrency(currency, amount.currency))
    return AmountAnswer(amount.minor, is_named=True, is_scaled=is_scaled)


def _unscaled(text: str) -> str | None:
    """`2,5 millions de centimes` as `2500000 centimes`; None where no such number stands there."""
    found = _SCALED.fullmatch(plain_of(text))
    number = read_amount(found["number"]) if found else None
    if found is None or number is None or number.currency is not None:
        return None
    scale = 1_000 if found["thousand"] else 1_000_000
    whole = Decimal(number.minor) / MINOR_PER_UNIT * scale
    if whole != whole.to_integral_value() or abs(whole) * MINOR_PER_UNIT > LARGEST_MINOR:
        return None
    return f"{int(whole)} {found['unit']}".strip()


@dataclass(frozen=True, slots=True)
class CountAnswer:
    """What was typed where a count is asked for: None for a malformed one, or `is_words`."""

    count: int | None = None
    is_words: bool = False


def read_count_answer(text: str) -> CountAnswer:
    """The answer to a question how many: `2`, `٢`, `2x`, `x2`, `2 codes`, `deux`, `رمزين`."""
    if is_words(text):
        return CountAnswer(is_words=True)
    plain = _MARKS_OF_TIMES.sub(" ", plain_of(text))
    rest = _WORD.sub(lambda word: "" if word[0] in _COUNTED | _TIMES else word[0], plain).strip()
    return CountAnswer(_COUNTS.get(rest, read_count(rest)))
