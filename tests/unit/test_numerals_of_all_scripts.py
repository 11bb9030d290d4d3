"""Every character of Unicode that counts as a number, where people and suppliers write numbers."""

import sys
from datetime import UTC, datetime

import pytest

from bot.domain.answers import is_words, read_amount_answer, read_count_answer
from bot.domain.search import Found
from bot.domain.stock_files import read_text
from bot.domain.typed_rules import read_typed_rule
from bot.domain.values import money_in
from bot.refusals import BadCodes
from tests.unit.test_search_queries import find
from tests.unit.test_shelf import product, shelf, value

NUMERALS = [c for c in map(chr, range(sys.maxunicode + 1)) if c.isnumeric()]
FORMS = ("{}", "5{}", "{}5", "psn {}", "{} $", "1.{}", "{},000", "{} ramadan")
TEXTS = [form.format(numeral) for numeral in NUMERALS for form in FORMS]


def test_search_answers_each():
    for text in TEXTS:
        assert isinstance(find(text), Found)


def test_a_value_whose_label_has_one_stands_on_the_shelf():
    labels = [f"{numeral} months" for numeral in NUMERALS]
    listed = [value(n, 1, label=label) for n, label in enumerate(labels, 10)]

    assert len(shelf([product(1, "Karma Koin")], listed).of_product(1)) == len(NUMERALS)


@pytest.mark.parametrize(
    "read", [read_amount_answer, read_count_answer, is_words, read_typed_rule, money_in]
)
def test_each_is_read_or_refused(read):
    for text in TEXTS:
        read(text)


def test_codes_with_one_are_read_or_refused():
    for text in TEXTS:
        try:
            read_text(f"{text}\n{text}X", datetime(2026, 1, 1, tzinfo=UTC))
        except BadCodes:
            continue
