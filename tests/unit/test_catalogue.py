"""Quantities that are offered, and face values read from labels."""

import pytest

from bot.domain.catalogue import Denomination, face_of, offered_quantities


@pytest.mark.parametrize(
    ("stock", "most", "offered"),
    [
        (0, 10, ()),
        (1, 10, (1,)),
        (4, 10, (1, 2, 3)),
        (99, 9, (1, 2, 3, 5)),
        (10, 99, (1, 2, 3, 5, 10)),
    ],
)
def test_quantities_are_offered_up_to_the_stock_and_the_limit_of_an_order(stock, most, offered):
    assert offered_quantities(stock, most) == offered


@pytest.mark.parametrize(
    ("label", "face"),
    [
        ("10 $", (1000, "USD")),
        ("$ 25", (2500, "USD")),
        ("PSN 12,50 EUR card", (1250, "EUR")),
        ("60 UC", None),
        ("660 diamonds", None),
    ],
)
def test_a_face_value_is_read_from_the_label(label, face):
    assert face_of(Denomination(1, 1, "x", label, 1, 1)) == face


@pytest.mark.parametrize(
    ("lowest", "highest", "currency", "face"),
    [
        (2500, 2500, "EUR", (2500, "EUR")),
        (2500, 5000, "EUR", (100, "USD")),  # not one value: the name tells
        (2500, 2500, "", (100, "USD")),
        (None, None, "EUR", (100, "USD")),
    ],
)
def test_a_face_value_is_what_the_supplier_says_or_the_label(lowest, highest, currency, face):
    bounds = {"lowest_minor": lowest, "highest_minor": highest, "currency": currency}
    assert face_of(Denomination(1, 1, "t1", "1 $", 100, 9, **bounds)) == face
