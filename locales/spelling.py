"""Whole numbers of dinars spelled out in English, French and Arabic, as they are read aloud."""

from typing import Final, NamedTuple

_EN: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_FR: Final = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
_FR_TENS: Final = [
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "soixante",
    "quatre-vingt",
    "quatre-vingt",
]
_AR: Final = [
    "صفر",
    "واحد",
    "اثنان",
    "ثلاثة",
    "أربعة",
    "خمسة",
    "ستة",
    "سبعة",
    "ثمانية",
    "تسعة",
    "عشرة",
]
_AR_TENS: Final = ["عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
_AR_HUNDREDS: Final = [
    "مئة",
    "مئتان",
    "ثلاثمئة",
    "أربعمئة",
    "خمسمئة",
    "ستمئة",
    "سبعمئة",
    "ثمانمئة",
    "تسعمئة",
]
_THOUSAND: Final = 1000


class _Noun(NamedTuple):
    """An Arabic noun as it is counted; `two_of`: two of something, before its genitive."""

    one: str
    two: str
    two_of: str
    few: str  # with 3 to 10
    many: str  # with 11 to 99


_DINAR: Final = _Noun("دينار", "ديناران", "دينارا", "دنانير", "دينارًا")
_AR_SCALES: Final = (
    (10**9, _Noun("مليار", "ملياران", "مليارا", "مليارات", "مليارًا")),
    (10**6, _Noun("مليون", "مليونان", "مليونا", "ملايين", "مليونًا")),
    (10**3, _Noun("ألف", "ألفان", "ألفا", "آلاف", "ألفًا")),
)


def spell_dinars(dinars: int, locale: str) -> str:
    """So many dinars in words, in a language of the shop. Raises ValueError outside 0 to 10¹² - 1."""
    if not 0 <= dinars < 10**12:
        raise ValueError(dinars)
    return {"fr": _french, "ar": _arabic}.get(locale, _english)(dinars)


def _english(dinars: int) -> str:
    parts, rest = [], dinars
    for scale, name in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        count, rest = divmod(rest, scale)
        if count:
            parts.append(f"{_english_below_thousand(count)} {name}")
    if rest or not parts:
        parts.append(_english_below_thousand(rest))
    return " ".join(parts) + (" dinar" if dinars == 1 else " dinars")


def _english_below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if hundreds:
        return f"{_EN[hundreds]} hundred" + (
            f" and {_english_below_thousand(rest)}" if rest else ""
        )
    if rest < len(_EN):
        return _EN[rest]
    tens, ones = divmod(rest, 10)
    return _EN_TENS[tens - 2] + (f"-{_EN[ones]}" if ones else "")


def _french(dinars: int) -> str:
    parts, rest = [], dinars
    for scale, name in ((10**9, "milliard"), (10**6, "million")):
        count, rest = divmod(rest, scale)
        if count:
            parts.append(f"{_french_below_thousand(count)} {name}{'s' if count > 1 else ''}")
    before_noun = "de " if parts and not rest else ""
    thousands, rest = divmod(rest, _THOUSAND)
    if thousands:
        # Before "mille", "cents" and "quatre-vingts" lose their s.
        count_words = _french_below_thousand(thousands, last=False)
        parts.append("mille" if thousands == 1 else f"{count_words} mille")
    if rest or not parts:
        parts.append(_french_below_thousand(rest))
    return f"{' '.join(parts)} {before_noun}dinar{'s' if dinars > 1 else ''}"


def _french_below_thousand(number: int, *, last: bool = True) -> str:
    hundreds, rest = divmod(number, 100)
    parts = []
    if hundreds:
        parts.append("cent" if hundreds == 1 else f"{_FR[hundreds]} cent")
        if hundreds > 1 and not rest and last:
            parts[-1] += "s"
    if rest or not hundreds:
        parts.append(_french_below_hundred(rest, last=last))
    return " ".join(parts)


def _french_below_hundred(number: int, *, last: bool) -> str:
    if number < len(_FR):
        return _FR[number]
    tens = number // 10
    ones = number - (tens - tens % 2 if tens >= 6 else tens) * 10  # noqa: PLR2004
    name = _FR_TENS[tens - 2]
    if not ones:
        return name + ("s" if number == 80 and last else "")  # noqa: PLR2004
    joined = " et " if ones in (1, 11) and tens < 8 else "-"  # noqa: PLR2004
    return name + joined + _FR[ones]


def _arabic(dinars: int) -> str:
    scales, rest = [], dinars
    for scale, noun in _AR_SCALES:
        count, rest = divmod(rest, scale)
        if count:
            scales.append((count, noun))
    if rest > 2 or not scales:  # noqa: PLR2004
        if not dinars:
            return f"{_AR[0]} {_DINAR.one}"
        parts = [_counted(count, noun) for count, noun in scales]
        return " و".join([*parts, _counted(rest, _DINAR)])
    parts = [_counted(count, noun) for count, noun in scales[:-1]]
    parts.append(f"{_counted(*scales[-1], of_another=True)} {_DINAR.one}")
    return " و".join([*parts, *([_counted(rest, _DINAR)] if rest else [])])


def _counted(number: int, noun: _Noun, *, of_another: bool = False) -> str:
    """1 to 999 of a noun; `of_another`: a noun in the genitive follows, as in مئتا ألف دينار."""
    hundreds, rest = divmod(number, 100)
    if not rest:
        return f"{'مئتا' if hundreds == 2 else _AR_HUNDREDS[hundreds - 1]} {noun.one}"  # noqa: PLR2004
    counted = _counted_below_hundred(rest, noun, of_another=of_another)
    if not hundreds:
        return counted
    if rest <= 2:  # noqa: PLR2004
        return f"{_counted(hundreds * 100, noun)} و{counted}"
    return f"{_AR_HUNDREDS[hundreds - 1]} و{counted}"


def _counted_below_hundred(number: int, noun: _Noun, *, of_another: bool) -> str:
    tens, ones = divmod(number, 10)
    if number == 1:
        return noun.one
    if number == 2:  # noqa: PLR2004
        return noun.two_of if of_another else noun.two
    if number <= 10:  # noqa: PLR2004
        return f"{_AR[number]} {noun.few}"
    if tens == 1:
        name = {1: "أحد", 2: "اثنا"}.get(ones, _AR[ones]) + " عشر"
    else:
        name = (f"{_AR[ones]} و" if ones else "") + _AR_TENS[tens - 2]
    return f"{name} {noun.one if of_another else noun.many}"
