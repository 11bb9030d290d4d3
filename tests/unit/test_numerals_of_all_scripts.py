"""Every character of Unicode that counts as a number, where people and suppliers write numbers."""

import sys
import unicodedata
from datetime import UTC, datetime

import pytest

from bot.domain.amounts import read_count, take_amount
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


# Where a numeral may stand so that, with a decimal digit in its place, a number is read.
READ = (
    *(
        "{}",
        "5{}",
        "{}5",
        "5{}{}",
        "1.{}",
        "{},000",
        "1 {}00",
        "1 500{}",
        "5 {}",
        "{} 5",
        "1500,5{}",
    ),
    *("-{}", "5 DA {}", "{} DA", "5{} DA", "DA {}", "{}x", "x{}", "{} codes", "{}k", "2 {}k"),
    *("{} millions", "{} %", "1 500 {}", "5 1{}"),
)
DECIMAL = [c for c in NUMERALS if c.isdecimal()]
OTHER = [c for c in NUMERALS if not c.isdecimal()]


@pytest.mark.parametrize("form", READ)
def test_a_decimal_digit_of_any_script_is_that_digit(form):
    for numeral in DECIMAL:
        typed, plain = (form.replace("{}", c) for c in (numeral, str(int(numeral))))
        for read in (read_amount_answer, read_count_answer, read_typed_rule, read_count):
            assert read(typed) == read(plain), (read, typed)
        taken, wanted = take_amount(typed), take_amount(plain)
        assert (taken and taken[0]) == (wanted and wanted[0]), typed


@pytest.mark.parametrize("form", READ)
def test_any_other_numeral_is_never_a_part_of_a_number(form):
    for numeral in OTHER:
        typed = form.replace("{}", numeral)
        amount, count = read_amount_answer(typed), read_count_answer(typed)
        assert (amount.minor, amount.in_centimes_minor, count.count) == (None, None, None), typed
        assert (read_typed_rule(typed), read_count(typed)) == (None, None), typed
        assert take_amount(typed) is None, typed
        is_letter = unicodedata.category(numeral) == "Lo"  # an ideograph is a word
        assert (amount.is_words, count.is_words) == (is_letter, is_letter), typed


@pytest.mark.parametrize("typed", ["½", "2½", "²", "①", "Ⅳ", "5 ½ DA", "½ codes", "1 ½ million"])
def test_a_number_that_is_not_typed_in_digits_is_refused_as_one(typed):
    assert not is_words(typed)
    assert read_amount_answer(typed).minor is None
    assert read_count_answer(typed).count is None


def test_a_note_after_an_amount_may_begin_with_digits():
    taken = take_amount("1500 21/11 ½ payé")

    assert taken is not None
    assert (taken[0].minor, taken[1]) == (150_000, "21/11 ½ payé")
