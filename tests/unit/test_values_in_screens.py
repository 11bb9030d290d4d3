"""A face value reads alike before and after a purchase, and no line breaks inside it."""

from dataclasses import replace

import pytest

from bot.domain.code_messages import pack
from bot.domain.people import BackInStock, WatchedValue
from bot.domain.supplier import Card
from bot.services.operations.customer_reports import MyOrders
from handlers.screen import Screen
from handlers.screen_builder import ScreenBuilder
from handlers.screens import again, codes, orders, prices, watches
from handlers.screens.values import value_label
from locales import LOCALES, Words, words
from tests.fakes import START
from tests.unit.price_samples import TABLE
from tests.unit.samples import DONE, PRODUCT, ZONE

BOUGHT = replace(DONE, denomination_label="25 USD")
LATER = replace(pack([Card("CODE")])[0], part=1, parts=2)


def _bought(w: Words) -> Screen:
    screen = ScreenBuilder(w)
    orders.item_line(screen, BOUGHT)
    again.last_bought_button(screen, BOUGHT)
    return screen.done()


def _screens(w: Words) -> list[Screen]:
    return [
        _bought(w),
        orders.order_list(w, MyOrders([BOUGHT], 0, 1, {})),
        codes.codes(w, BOUGHT, LATER, 86_400, ZONE),
        watches.sold_out(w, PRODUCT, "25 USD", 3),
        watches.watching(w, PRODUCT, "25 $", 3),
        watches.watch_list(w, [WatchedValue(3, "Xbox", "25 USD", START)], 5),
        watches.back_in_stock(w, BackInStock(3, "Xbox", "25 $", 100)),
        prices.table(w, TABLE),
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_suppliers_label_is_shown_as_the_shop_shows_values(locale: str):
    for screen in _screens(words(locale)):
        buttons = " ".join(button.label for row in screen.rows for button in row)
        shown = f"{screen.text} {buttons}"

        assert "25\u00a0$" in shown
        assert "25 $" not in shown
        assert "USD" not in shown


@pytest.mark.parametrize(
    ("label", "locale", "shown"),
    [
        ("37 EUR", "fr", "37\u00a0€"),
        ("5-500 EUR", "fr", "5–500\u00a0€"),
        ("10.50-1000 USD", "fr", "10,50–1\u202f000\u00a0$"),
        ("10.50-1000 USD", "en", "10.50–1,000\u00a0$"),
        ("500-1000 DZD", "ar", "500–1.000\u00a0دج"),
        ("660 UC", "fr", "660 UC"),
        ("1-2 pieces", "fr", "1-2 pieces"),
    ],
)
def test_a_label_has_the_sign_of_its_currency(label: str, locale: str, shown: str):
    assert value_label(words(locale), label) == shown


def test_a_reminder_of_one_code_speaks_of_one():
    one = replace(BOUGHT, quantity=1, delivered_quantity=1)
    single, five = (orders.reminder(words("en"), o, START, 7, ZONE).text for o in (one, BOUGHT))

    assert ("your code expires in 7 days" in single, "Already used it?" in single) == (True, True)
    assert ("your codes expire in 7 days" in five, "Already used them?" in five) == (True, True)
