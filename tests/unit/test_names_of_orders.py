"""What customers read of an order: its value as they chose it, and one code as one."""

from dataclasses import replace

import pytest

from handlers.screens import orders, watches
from locales import words
from tests.fakes import START
from tests.unit.samples import DONE, PRODUCT, ZONE

TYPED = replace(DONE, denomination_label="37 EUR")
ONE = replace(TYPED, quantity=1, delivered_quantity=1)


@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
def test_a_value_is_written_as_it_was_when_it_was_chosen(locale):
    w = words(locale)

    screens = [
        orders.reminder(w, TYPED, START, 7, ZONE),
        orders.codes_lost(w, TYPED),
        watches.watching(w, PRODUCT, "37 EUR", 3),
        watches.sold_out(w, PRODUCT, "37 EUR", 3),
    ]

    assert [("37\u00a0€" in screen.text, "EUR" in screen.text) for screen in screens] == [
        (True, False)
    ] * len(screens)


def test_a_reminder_of_one_code_speaks_of_one():
    one, five = (orders.reminder(words("en"), order, START, 7, ZONE).text for order in (ONE, TYPED))

    assert ("your code expires in 7 days" in one, "Already used it?" in one) == (True, True)
    assert ("your codes expire in 7 days" in five, "Already used them?" in five) == (True, True)
