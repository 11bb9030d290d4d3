"""Face values as people read them, however a supplier writes them."""

from dataclasses import replace

import pytest

from handlers.screen_builder import ScreenBuilder
from handlers.screens.orders import item_line
from handlers.screens.values import value_label
from handlers.screens.watches import sold_out, watching
from locales import words
from tests.unit.samples import DONE, PRODUCT


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
def test_a_label_has_the_sign_of_its_currency(label, locale, shown):
    assert value_label(words(locale), label) == shown


def test_an_order_shows_the_value_that_the_shop_showed():
    screen = ScreenBuilder(words("fr"))

    item_line(screen, replace(DONE, denomination_label="37 EUR"))

    assert "37\u00a0€" in screen.done().text


@pytest.mark.parametrize("screen", [sold_out, watching])
def test_a_value_that_is_sold_out_is_written_as_in_the_shop(screen):
    assert "25\u00a0$" in screen(words("fr"), PRODUCT, "25 USD", 1).text
