"""Tables on narrow phones: aligned, at most 42 columns wide, in all three languages."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.table import WIDEST, lay_out
from locales import LOCALES, words
from tests.unit.price_samples import price_screens
from tests.visual import misread


def width(line: str) -> int:
    return sum(unicodedata.category(each) not in ("Mn", "Cf") for each in line)


def tables(locale: str) -> list[list[str]]:
    found = []
    for screen in price_screens(words(locale)):
        raw = screen.text.encode("utf-16-le")
        for entity in screen.entities:
            if entity.type == "pre":
                end = entity.offset + entity.length
                found.append(raw[entity.offset * 2 : end * 2].decode("utf-16-le").split("\n"))
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_no_row_of_a_price_table_is_too_wide_for_a_narrow_phone(locale):
    lines = [line for table in tables(locale) for line in table]

    assert lines
    assert max(map(width, lines)) <= WIDEST


@given(
    rows=st.lists(
        st.tuples(st.text("abc سعر", min_size=1, max_size=60), *[st.integers(0, 9_999_999)] * 4),
        min_size=1,
        max_size=4,
    ),
    locale=st.sampled_from(LOCALES),
    tail=st.sampled_from(["", " =", " ≥*"]),
)
def test_any_names_and_numbers_fit(rows, locale, tail):
    w = words(locale)
    cells = [[name, *(w.number(each) for each in numbers)] for name, *numbers in rows]

    lines = lay_out(w, ["v", "c", "n", "d", "m"], cells, [tail] * len(rows))

    assert max(map(width, lines)) <= WIDEST
    for line, row in zip(lines[1:], rows, strict=True):
        digits = "".join(each for each in line if each.isdigit())
        assert digits == "".join(map(str, row[1:]))
        assert tail in line


def test_numbers_hang_on_the_right_of_their_column_and_names_are_cut():
    rows = [["a name that is much too long for a phone", "5", "1,000"], ["b", "12,345", "7"]]

    head, first, second = lay_out(words("en"), ["value", "cost", "now"], rows, ["", " *"])

    assert len(first) == len(second) == WIDEST
    assert first.endswith("…      5 1,000")
    assert second.startswith("b * ")
    assert second.endswith("12,345     7")
    assert head.endswith("  cost   now")


def test_a_table_runs_from_the_right_in_arabic():
    lines = lay_out(words("ar"), ["القيمة", "الآن"], [["10 USD", "1.690"], ["5 USD", "90"]])

    assert [misread(line) for line in lines] == ["", "", ""]
