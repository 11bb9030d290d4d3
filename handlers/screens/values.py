"""Face values, written one way in each language however a supplier writes them."""

import re
from typing import Final

from bot.domain.catalogue import Names, own_name
from bot.domain.orders import Order
from bot.domain.values import money_in
from handlers.screen_builder import ScreenBuilder
from locales import Words
from locales.naming import category_name

_SIGNS: Final = {"USD": "$", "EUR": "€", "GBP": "£"}
_RANGE: Final = re.compile(r"([\d.]+)-([\d.]+) (\S+)")
_DINARS: Final = ("DZD", "DA")


def face_value(words: Words, minor: int, currency: str) -> str:
    """An amount on a card, in hundredths of its currency: "10 $", "25 TRY", "1,000 DA"."""
    if currency in _DINARS:
        return words.money(minor)
    return f"{_number(words, minor)}\u00a0{_SIGNS.get(currency, currency)}".strip()


def value_label(words: Words, label: str) -> str:
    """A supplier's label, of one value or a range; no money ("660 UC") stays as it is."""
    if (bounds := _RANGE.fullmatch(label)) is not None:
        least, most = (money_in(f"{bounds[place]} {bounds[3]}") for place in (1, 2))
        if least and most:
            return f"{_number(words, least[0])}–{face_value(words, *most)}"
    money = money_in(label)
    return label if money is None else face_value(words, *money)


def names_of(words: Words, order: Order) -> dict[str, str]:
    """What an order is of, its value written as it was when the customer chose it."""
    return {
        "product": order.product_title,
        "value": value_label(words, order.denomination_label),
    }


def _number(words: Words, minor: int) -> str:
    return words.number(minor / 100, 2 if minor % 100 else 0)


def category_title(locale: str, key: str, names: Names) -> str:
    """A category as an operator calls it in this language or in English, else by its own name."""
    return own_name(names, locale) or category_name(locale, key)


def own_text(screen: ScreenBuilder, text: str) -> None:
    """A text of an operator as a paragraph, each line in its own direction."""
    screen.paragraph()
    for line in text.splitlines():
        screen.line("own-text", text=line)
