"""What typed texts say where an amount, a value of a range or a count is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import is_words, read_amount_answer, read_count_answer
from bot.domain.money import LARGEST_MINOR
from bot.domain.payments import Limits
from locales import LOCALES, words

LIMITS = Limits(20_000, 20_000_000)  # 200 to 200,000 dinars

WORDS = (
    *("netflix", "bonjour", "mes commandes", "carte psn", "steam 20", "20 steam", "660 UC", "ps5"),
    *(
        "بلايستيشن",
        "ببجي",
        "رصيدي",
        "بطاقة ستيم 20",
        "👍",
        "?",
        "...",
        "code",
        "codes",
        "dinars",
        "$",
    ),
    *("free fire", "1e5", "beaucoup", "playstaton", "x", "mille", "2 playstation", "1xbet"),
)
MALFORMED = ("-5", "1500.0000", "12 34", "1,50,000", "2 2 DA", "50 %", "+", "5 euros 20")


@pytest.mark.parametrize("text", WORDS)
def test_words_answer_no_question_for_a_number(text):
    assert is_words(text)
    assert read_amount_answer(text).is_words
    assert read_amount_answer(text, "USD").is_words
    assert read_count_answer(text).is_words


@pytest.mark.parametrize("text", [*MALFORMED[:6], "50 euros", "0", "5 mille", "2,5", "2 👍"])
def test_numbers_are_no_words_also_where_they_are_malformed_or_in_another_unit(text):
    assert not is_words(text)
    assert not read_amount_answer(text).is_words
    assert not read_count_answer(text).is_words


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("200", 20_000),
        ("200 DA", 20_000),
        ("DA 200", 20_000),
        ("200,00", 20_000),
        ("٢٠٠ دج", 20_000),
        ("۲۰۰", 20_000),
        ("1 500", 150_000),
        ("1.500,50 DA", 150_050),
        ("2 mille DA", 200_000),
        ("2 mille", 200_000),
        ("2k", 200_000),
        ("20 ألف دينار", 2_000_000),
        ("1,5 mille dinars", 150_000),
        ("0", None),
        ("-5", None),
        ("1500.0000", None),
        ("12 34", None),
        ("50 EUR", None),
        ("50 euros", None),
        ("25 $", None),
        ("5 centimes", None),
        ("deux", None),
        ("2 codes", None),
        ("mille 5", None),
        ("0,00 mille", None),
        ("1,55 k", 155_000),
        ("5 EUR mille", None),
        ("9" * 14 + " millions", None),
        ("99 999 999 999 millions", None),
    ],
)
def test_amounts_in_dinars(text, minor):
    assert read_amount_answer(text).minor == minor


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("minor", [100, 20_000, 150_000, 20_000_000, 123_456])
def test_an_amount_is_read_as_a_prompt_shows_it(locale, minor):
    shown = words(locale).money(minor)

    assert read_amount_answer(shown).minor == minor, shown


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("currency", ["EUR", "USD", "GBP", "TRY", "AED", "SAR", "JPY", "PLN"])
def test_a_value_is_read_as_a_prompt_shows_it(locale, currency):
    shown = words(locale).value(2_500, currency)

    assert read_amount_answer(shown, currency).minor == 2_500, shown
    assert read_amount_answer("25", currency).minor == 2_500
    assert read_amount_answer("25 DA", currency).other is not None


@pytest.mark.parametrize(
    ("text", "asked", "typed"),
    [
        ("50 EUR", "DZD", "EUR"),
        ("€50", "DZD", "EUR"),
        ("25 دولار", "DZD", "USD"),
        ("2000 DA", "EUR", "DZD"),
    ],
)
def test_another_currency_is_named(text, asked, typed):
    other = read_amount_answer(text, asked).other

    assert other is not None
    assert (other.asked, other.typed) == (asked, typed)


@pytest.mark.parametrize(
    ("text", "minor", "in_centimes"),
    [
        ("1 500", 150_000, None),  # as every day
        ("19 999", 1_999_900, None),
        ("20 000", 2_000_000, 20_000),
        ("200000", 20_000_000, 200_000),
        ("200000 DA", 20_000_000, None),  # dinars are named
        ("300 000", None, 300_000),  # as dinars, more than is taken
        ("2 000 000", None, 2_000_000),
        ("2 millions", None, 2_000_000),
        ("2 million", None, 2_000_000),
        ("مليون", None, None),
        ("2 مليون", None, 2_000_000),
        ("200 mille", 20_000_000, 200_000),
        ("2 mille", 200_000, None),  # 20 dinars are not taken
        ("2 mille DA", 200_000, None),
        ("200 000 centimes", None, 200_000),
        ("200 000 سنتيم", None, 200_000),
        ("2 millions de centimes", None, 2_000_000),
        ("2 million centimes", None, 2_000_000),
        ("500 centimes", None, None),
        ("5", None, None),
        ("50 EUR", None, None),
    ],
)
def test_both_readings_are_left_only_where_the_writer_has_to_be_asked(text, minor, in_centimes):
    read = read_amount_answer(text).within(LIMITS)

    assert (read.minor, read.in_centimes_minor) == (minor, in_centimes)


def test_a_tenth_of_the_largest_payment_is_large_too():
    read = read_amount_answer("10 000").within(Limits(5_000, 10_000_000))

    assert (read.minor, read.in_centimes_minor) == (1_000_000, 10_000)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("2", 2),
        ("٢", 2),
        ("１０", 10),
        ("1 000", 1000),
        ("2x", 2),
        ("x2", 2),
        ("× 2", 2),
        ("2 fois", 2),
        ("2 codes", 2),
        ("2 Cartes", 2),
        ("3 رموز", 3),
        ("١٢ رمزًا", 12),
        ("رمزين", 2),
        ("بطاقة واحدة", 1),
        ("deux", 2),
        ("deux codes", 2),
        ("Two", 2),
        ("اثنان", 2),
        ("0", 0),
        ("-2", None),
        ("2,5", None),
        ("12 34", None),
        ("2 x 3", None),
        ("3 DA", None),
        ("25 $", None),
        ("deux mille", None),
        ("9" * 10, None),
    ],
)
def test_counts(text, count):
    answer = read_count_answer(text)

    assert (answer.count, answer.is_words) == (count, False)


@given(st.text(max_size=30) | st.text("0123456789 .,'-+xkDA€دجم٢\u200f\u00a0", max_size=20))
def test_any_text_is_read(text):
    answer = read_amount_answer(text)

    assert answer.minor is None or 0 < answer.minor <= LARGEST_MINOR
    assert not (answer.is_words and answer.minor)
    assert (read_count_answer(text).count or 0) >= 0
