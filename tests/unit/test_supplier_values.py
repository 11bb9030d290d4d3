"""Single values as suppliers write them: what is read, and what is not guessed."""

from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from bot.suppliers.api_client import read_json
from bot.suppliers.values import as_count, as_decimal, as_flag, as_instant, as_stock, as_text

DAY = datetime(2026, 11, 25, 22, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "amount"),
    [
        (732, "732"),
        (Decimal("732.50"), "732.50"),
        (732.5, "732.5"),
        ("732.50", "732.50"),
        ("732,50", "732.50"),
        (" 732,5 ", "732.5"),
        ("1 732.50", "1732.50"),
        ("1\u202f732,50", "1732.50"),
        ("1\u00a0732", "1732"),
        ("1.732,50", "1732.50"),
        ("1,732.50", "1732.50"),
        ("1'732.50", "1732.50"),
        ("1.234.567", "1234567"),
        ("1,234,567.89", "1234567.89"),
        ("1,465", "1465"),
        ("0.500", "0.500"),
        ("1450.129", "1450.129"),
        ("-5", "-5"),
        ("\u22125,00", "-5.00"),
        ("+5", "5"),
        ("1465 DA", "1465"),
        ("DZD 1465.00", "1465.00"),
        ("€ 5,00", "5.00"),
        ("5 د.ج", "5"),
        ("1.465", None),  # 1465, or 1.465: a price is not guessed
        ("1 2", None),
        ("12,34,56", None),
        ("1e3", None),
        ("free", None),
        ("about 5 or 6", None),
        ("", None),
        ("NaN", None),
        (Decimal("NaN"), None),
        (Decimal("Infinity"), None),
        (float("inf"), None),
        (Decimal("9E-999999"), None),  # as a fraction it would take minutes
        (Decimal("9E+999999"), None),
        ("9" * 5000, None),
        (True, None),
        (None, None),
        ([5], None),
        ({"amount": 5}, None),
    ],
)
def test_an_amount_is_read_in_every_form_and_never_guessed(sent, amount):
    assert as_decimal(sent) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("sent", "count"),
    [
        (1, 1),
        (0, 0),
        ("1", 1),
        (" 25 pcs ", 25),
        ("1 pc", 1),
        ("2 pcs.", 2),
        ("2.0", 2),
        (Decimal("2.0"), 2),
        ("1 000", 1000),
        ("1,000", 1000),
        ("1,000 pcs", 1000),
        ("12'345", 12345),
        ("1,000,000", 1_000_000),
        ("1,000.00", 1000),
        ("1,00", 1),
        ("\uff15", 5),
        (" 5\n", 5),
        ("1.000", None),  # 1000, or 1.000: a count is not guessed
        ("1.000 pcs", None),
        ("1 2", None),
        ("1 0 pcs", None),
        ("1e3", None),
        ("5\x00", None),
        (2**64, None),
        (Decimal("1.5"), None),
        ("1.5", None),
        (-1, None),
        ("-1", None),
        (10**12, None),
        (Decimal("1e999999"), None),
        ("many", None),
        ("", None),
        (False, None),
        ([], None),
        ({}, None),
        ("9" * 5000, None),
    ],
)
def test_a_count_is_read_with_its_unit(sent, count):
    assert as_count(sent) == count


@pytest.mark.parametrize(
    ("sent", "flag"),
    [
        (True, True),
        ("true", True),
        ("TRUE ", True),
        ("yes", True),
        (1, True),
        ("1", True),
        (False, False),
        ("False", False),
        ("no", False),
        (0, False),
        ("0", False),
        ("perhaps", None),
        (7, None),
        ("", None),
        (None, None),
        ([], None),
        ([True], None),
    ],
)
def test_a_flag_is_read_as_a_word_and_as_a_number(sent, flag):
    assert as_flag(sent) is flag


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        ("2026-11-25T22:03:00Z", DAY),
        ("2026-11-25T22:03:00.000Z", DAY),
        ("2026-11-25T23:03:00+01:00", DAY),
        ("2026-11-25 22:03", DAY),
        ("Wed, 25 Nov 2026 22:03:00 GMT", DAY),
        (int(DAY.timestamp()), DAY),
        (int(DAY.timestamp()) * 1000, DAY),
        (str(int(DAY.timestamp())), DAY),
        (str(int(DAY.timestamp()) * 1000), DAY),
        (Decimal(f"{int(DAY.timestamp())}.0"), DAY),
        ("2026-11-25", datetime(2026, 11, 25, 23, 59, 59, 999999, tzinfo=UTC)),
        ("25/11/2026 22:03", None),
        ("05/11/2026", None),
        ("9999-12-31T23:59:59Z", None),
        ("9999-12-31", None),
        ("0001-01-01T00:00:00Z", None),
        ("0000-00-00 00:00:00", None),
        ("2026-13-45", None),
        ("1970-01-01T00:00:00Z", None),
        (0, None),
        (5, None),
        (-1, None),
        (10**30, None),
        ("never", None),
        ("", None),
        (None, None),
        (True, None),
        ([], None),
        ({"$date": 1}, None),
        ("2" * 5000, None),
    ],
)
def test_an_instant_is_read_where_no_zone_can_overflow(sent, moment):
    assert as_instant(sent) == moment


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("  0012 ", "  0012 "),
        (12, "12"),
        (Decimal("1.50"), "1.50"),
        ("\ud83d", "\ud83d"),
        ("a\x00b", "a\x00b"),
        (True, None),
        (None, None),
        (["x"], None),
        ({"x": 1}, None),
    ],
)
def test_a_text_comes_through_unchanged(sent, text):
    assert as_text(sent) == text


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b'{"a": "caf\xe9", "b": 1}', {"a": "caf\udce9", "b": 1}),
        (b'{"a": NaN, "b": -Infinity}', {"a": None, "b": None}),
        (b'{"a": ' + b"9" * 5000 + b"}", {"a": "9" * 5000}),
        (b'{"a": 1e9999999999999999999999}', {"a": "1e9999999999999999999999"}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": "\\ud83d"}', {"a": "\ud83d"}),
        (b"\xff\xfe\x00", None),
        (b'{"a": ', None),
        (b"[" * 100_000, None),
        (b"<html>", None),
    ],
    ids=lambda b: repr(b)[:20],
)
def test_one_odd_byte_or_number_does_not_hide_a_whole_answer(body, read):
    assert read_json(httpx.Response(200, content=body)) == read


@pytest.mark.parametrize(
    ("sent", "stock"),
    [(-1, 0), ("-1", 0), (" -2.0 ", 0), (0, 0), (7, 7), ("12 pcs", 12), ("", None), (None, None)],
)
def test_less_than_nothing_in_stock_is_nothing(sent, stock):
    assert as_stock(sent) == stock


@pytest.mark.parametrize(
    ("sent", "stock"),
    [("100+", 100), (" 1,000+ ", 1000), ("> 50", 50), (">=7", 7), ("≥ 7", 7)],
)
def test_at_least_so_many_in_stock_are_so_many(sent, stock):
    assert as_stock(sent) == stock


@pytest.mark.parametrize("sent", ["+", ">", "100+5", "many", "1.5", 2.5, "<5", "1.5+"])
def test_what_is_no_count_of_a_stock_is_not_read(sent):
    assert as_stock(sent) is None
