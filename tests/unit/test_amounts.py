"""Amounts as people type them; what the shop prints, it reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.amounts import (
    CENTIMES,
    Amount,
    read_amount,
    read_count,
    read_telegram_id,
    take_amount,
)
from bot.domain.money import LARGEST_MINOR
from bot.refusals import OtherCurrency
from locales import LOCALES, words

MINOR = st.integers(-LARGEST_MINOR, LARGEST_MINOR) | st.integers(-(10**6), 10**6)
CURRENCIES = st.sampled_from(("EUR", "USD", "GBP", "TRY", "JPY", "AED")) | st.text(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3
)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1500", 150_000),
        ("0", 0),
        ("007", 700),
        ("5 000", 500_000),
        ("2 500,00", 250_000),
        ("1\u00a0500,50", 150_050),
        ("1\u202f500.5", 150_050),
        ("12\u2009345\u2009678", 1_234_567_800),
        ("1,500", 150_000),
        ("1.500", 150_000),
        ("1.50", 150),
        ("1,5", 150),
        ("0.05", 5),
        ("1.500.000", 150_000_000),
        ("1.234.567,5", 123_456_750),
        ("1,234.50", 123_450),
        ("1'500", 150_000),
        ("1’500,50", 150_050),
        ("٥٠٠", 50_000),
        ("۵۰۰٫۵", 50_050),
        ("٥٬٠٠٠٫٥٠", 500_050),
        ("١،٥٠٠", 150_000),
        ("１，５００", 150_000),
        ("-200", -20_000),
        ("−200", -20_000),
        ("- 200", -20_000),
        ("200-", -20_000),
        ("200 −", -20_000),
        ("+200", 20_000),
        ("\u200f-8.360\u00a0دج", -836_000),
        ("\u061c\u200e−8.360\u00a0دج", -836_000),
        ("1\u200f5\u206800\u2069", 150_000),
        (" 1500. ", 150_000),
    ],
)
def test_amounts_are_read_as_people_write_them(text, minor):
    amount = read_amount(text)

    assert amount is not None
    assert amount.minor == minor


@pytest.mark.parametrize(
    "text",
    [
        "2000 DA",
        "2000DA",
        "2 000,00 da",
        "DA 2000",
        "2000 DZD",
        "2000 D.A.",
        "2000 d.a",
        "2000 دج",
        "٢٠٠٠ دج",
        "دج 2000",
        "2000 د.ج",
        "2000 د.ج.",
        "2000 دينار",
        "2000 دينارًا",
        "2000 dinars",
        "2000 dinar(s)",
        "+2000 DA",
        "2000 ＤＡ",
        "2.000\u202fDA",
        "DA 2000 DZD",
        "2000 DA.",
    ],
)
def test_dinars_are_named_on_either_side(text):
    assert read_amount(text) == Amount(200_000, "DZD")


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        *[(text, "EUR") for text in ("25 EUR", "€25", "25€", "25 euros", "25 يورو", "25 euro")],
        *[(text, "USD") for text in ("25 USD", "$25", "US$ 25", "25 $", "25 دولار", "25 dollars")],
        ("£25", "GBP"),
        ("25 centimes", CENTIMES),
        ("25 سنتيم", CENTIMES),
        *[
            (f"25 {unit}", CENTIMES)
            for unit in ("ct", "cts", "CTS.", "ctm", "centim", "santim", "م", "سنت")
        ],
        *[(text, CENTIMES) for text in ("25cts", "cts 25", "25م", "25 ct(s)", "25 Ct.")],
    ],
)
def test_units_of_other_currencies_are_known_and_contradict_dinars(text, currency):
    assert read_amount(text) == Amount(2_500, currency)
    with pytest.raises(OtherCurrency) as refused:
        Amount(2_500, currency).within("DZD")
    assert (refused.value.asked, refused.value.typed) == ("DZD", currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "NaN",
        "Infinity",
        "1e5",
        "1e9",
        "9" * 30,
        "٪",
        "50 ٪",
        "50%",
        "²",
        "½",
        "1/2",
        "1500.0000",
        "0.5000",
        "0.500",
        "1500.000",
        "1.5.0",
        "1,50,000",
        "12 34",
        "1 500 21",
        "1 500.000",
        "1.234.50",
        "1,234,50",
        "1 5000",
        "01 500",
        "1.500,000",
        "1٫500",
        ".5",
        "-200-",
        "--200",
        "€25 DA",
        "25 EUR USD",
        "2000 DA environ",
        "environ 2000",
        "500k",
        "5 mille",
        "2 millions",
        "5 ألف",
        "2000\n500",
        "1500 ₽",
        "12 DA 50",
        "12 DA 50 centimes",
    ],
)
def test_anything_else_is_no_amount_and_nothing_is_read_in_part(text):
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("text", "minor", "rest"),
    [
        ("5 000", 500_000, ""),
        ("12 000 CCP 21/11", 1_200_000, "CCP 21/11"),
        ("2 500,00 CCP", 250_000, "CCP"),
        ("1500 21/11 CCP", 150_000, "21/11 CCP"),
        ("1500 DA, CCP", 150_000, "CCP"),
        ("1500 D.A. CCP", 150_000, "CCP"),
        ("1500 DAHABIA", 150_000, "DAHABIA"),
        ("1500 Mourad", 150_000, "Mourad"),
        ("1500 c'est réglé", 150_000, "c'est réglé"),
        ("1500 ctib", 150_000, "ctib"),
        ("1500 من الزبون", 150_000, "من الزبون"),
        ("1500 كود", 150_000, "كود"),
        ("1500 Kader", 150_000, "Kader"),
        ("-1 500 DA  a\nmistake", -150_000, "a\nmistake"),
        ("\u200f1500\u200f \u2068دج\u2069 خطأ \u200f2", 150_000, "خطأ \u200f2"),
    ],
)
def test_an_amount_is_taken_from_the_front_whole_and_the_rest_is_left_as_typed(text, minor, rest):
    taken = take_amount(text)

    assert taken is not None
    assert (taken[0].minor, taken[1]) == (minor, rest)


@pytest.mark.parametrize(
    "text",
    [
        "5 mille CCP",
        "12 34 CCP",
        "1500.0000 CCP",
        "1500 - CCP",
        "500-CCP",
        "500 -CCP",
        "50 % CCP",
        "1 500 21 CCP",
        "500 000/1 ref",
        "1e5 CCP",
        "CCP 500",
        "500k CCP",
        "5 $ £ CCP",
        *[
            f"5 {word} CCP"
            for word in (
                *(
                    "M",
                    "m",
                    "k",
                    "K.",
                    "B",
                    "Md",
                    "mrd",
                    "mln",
                    "mio",
                    "kDA",
                    "MDA",
                    "mda",
                    "c",
                    "C.",
                ),
                *(
                    "milles",
                    "milliers",
                    "thou",
                    "centaines",
                    "milion",
                    "melyoun",
                    "briques",
                    "brika",
                ),
                *(
                    "bâtons",
                    "douros",
                    "alf",
                    "مية",
                    "ألفين",
                    "مليونين",
                    "مليارات",
                    "ملاير",
                    "دورو",
                    "ك",
                ),
            )
        ],
    ],
)
def test_no_amount_is_taken_where_only_a_part_would_be(text):
    assert take_amount(text) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("3", 3),
        (" ٣ ", 3),
        ("１０", 10),
        ("1 000", 1000),
        ("1.000", 1000),
        ("\u200f7", 7),
        ("2.5", None),
        ("1,50", None),
        ("12 34", None),
        ("-1", None),
        ("3 DA", None),
        ("two", None),
        ("", None),
        ("²", None),
        ("9" * 9, 999_999_999),
        ("9" * 10, None),
    ],
)
def test_typed_counts_are_whole_numbers(text, count):
    assert read_count(text) == count


@given(st.text(max_size=30) | st.text("0123456789 .,'-+DA€دج٪\u200f\u00a0", max_size=20))
def test_any_text_is_an_amount_in_range_or_none(text):
    amount = read_amount(text)
    assert amount is None or abs(amount.minor) <= LARGEST_MINOR


@given(st.text("0123456789 .,'-+DA€\u200f", max_size=20), st.sampled_from(("", " ", "\u200e")))
def test_blanks_and_marks_around_a_text_change_nothing(text, around):
    assert read_amount(around + text + around) == read_amount(text)


@pytest.mark.parametrize("locale", LOCALES)
@given(minor=MINOR)
def test_money_that_is_printed_is_read_back(locale, minor):
    for shown in (words(locale).money(minor), words(locale).signed_money(minor)):
        assert read_amount(shown) == Amount(minor, "DZD"), shown


@pytest.mark.parametrize("locale", LOCALES)
@given(hundredths=MINOR, currency=CURRENCIES)
def test_values_of_every_currency_that_are_printed_are_read_back(locale, hundredths, currency):
    shown = words(locale).value(hundredths, currency)

    assert read_amount(shown, currency) == Amount(hundredths, currency), shown


@pytest.mark.parametrize("locale", LOCALES)
@given(text=st.text("0123456789 .,'-", min_size=1, max_size=14))
def test_what_is_read_and_printed_is_read_as_the_same(locale, text):
    amount = read_amount(text)
    if amount is not None:
        shown = words(locale).money(amount.minor)
        assert read_amount(shown) == Amount(amount.minor, "DZD")
        assert words(locale).money(amount.minor) == shown


def test_the_largest_amount_is_the_last_that_is_read():
    assert read_amount(str(LARGEST_MINOR // 100)) == Amount(LARGEST_MINOR)
    assert read_amount(str(LARGEST_MINOR // 100 + 1)) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("701", 701),
        (str(2**52 - 1), 2**52 - 1),
        (str(2**52), None),
        ("9" * 17, None),
        ("-5", None),
        ("lina", None),
    ],
)
def test_an_id_of_telegram_has_52_bits(text, number):
    assert read_telegram_id(text) == number
