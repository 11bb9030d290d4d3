"""Face values as suppliers write them in labels."""

import re
from typing import Final

from bot.domain.search_index import number_of

_SIGNS: Final = {"$": "USD", "€": "EUR", "£": "GBP", "DA": "DZD", "دج": "DZD"}
_CODES: Final = frozenset(
    "AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK DZD EGP EUR GBP HKD HUF IDR ILS INR IQD "  # noqa: SIM905
    "JOD JPY KES KRW KWD KZT LBP LYD MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RUB SAR "
    "SEK SGD THB TND TRY TWD UAH USD VND ZAR".split()
)
_UNIT: Final = r"(US\$|[$€£]|[A-Za-z]{2,3}|دج)"
_LABEL: Final = re.compile(rf"{_UNIT}?\s*(\d+(?:[.,]\d{{3}})*(?:[.,]\d{{1,2}})?)\s*{_UNIT}?")


def money_in(label: str) -> tuple[int, str] | None:
    """The amount, in hundredths, and the currency's code of a label that is money and no more.

    None for all other labels: "660 UC", "12 months", "25 USD + bonus".
    """
    found = _LABEL.fullmatch(" ".join(label.split()))
    minor = number_of(found[2]) if found else None
    if found is None or minor is None:
        return None
    units = {_code(unit) for unit in (found[1], found[3]) if unit}
    code = units.pop() if len(units) == 1 else None
    return None if code is None else (minor, code)


def _code(unit: str) -> str | None:
    plain = unit.upper().removeprefix("US") if unit.endswith("$") else unit.upper()
    return _SIGNS.get(plain, plain if plain in _CODES else None)
