"""A supplier that renumbers what it sells: rows follow their names, where these are clear."""

import pytest

from bot.domain.renumbering import Known, follow_names, plain_name


@pytest.mark.parametrize(
    ("known", "offered", "moved"),
    [
        ([("1", "a"), ("2", "b")], {"1": "a", "2": "b"}, {}),
        ([("1", "a"), ("2", "b")], {"7": "a", "8": "b"}, {1: "7", 2: "8"}),
        ([("1", "a"), ("2", "b")], {"2": "a", "1": "b"}, {1: "2", 2: "1"}),
        ([("1", "a")], {"1": "c"}, {}),  # renamed: it follows its id
        ([("1", "a")], {"7": "a", "8": "a"}, {}),  # which of the two?
        ([("1", "a"), ("2", "a")], {"7": "a"}, {}),
        ([("1", "a"), ("2", "a")], {"2": "a"}, {}),
    ],
)
def test_a_row_follows_a_name_that_is_clear(known, offered, moved):
    rows = [Known(n, supplier_id, name, True) for n, (supplier_id, name) in enumerate(known, 1)]

    assert follow_names(rows, offered) == moved


def test_of_two_rows_of_one_name_the_one_that_was_sold_follows():
    rows = [Known(1, "1", "a", False), Known(2, "2", "a", True)]

    assert follow_names(rows, {"7": "a"}) == {2: "7"}


def test_a_name_is_compared_without_case_and_extra_spaces():
    assert plain_name(" PSN  Card", "USA") == plain_name("psn card", "usa")
    assert plain_name("PSN", "USA") != plain_name("PSN USA", "")
