"""Reading batches of codes: what is loaded, what is left out, and what stops the whole batch."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.stock import MOST_BYTES, MOST_LINES
from bot.domain.stock_files import FileFault, read_file, read_text
from bot.refusals import BadCodes

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def values(text):
    return [card.value for card in read_text(text, NOW).cards]


def fault_of(text):
    with pytest.raises(BadCodes) as refused:
        read_file(text if isinstance(text, bytes) else text.encode(), NOW)
    return refused.value.fault, refused.value.line


def test_one_code_a_line():
    assert values("AAAA-1\n  BBBB-2 \r\n\nCCCC-3") == ["AAAA-1", "BBBB-2", "CCCC-3"]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_columns_are_named_by_the_first_line(sign):
    lines = [
        "PIN|Code|Expires|Link|Serial",
        "1234|AB12|2026-12-31|https://x.test/a|S-1",
        "9999|CD34",
    ]
    read = read_text("\n".join(lines).replace("|", sign), NOW)
    first, second = read.cards
    assert (first.value, first.pin, first.serial, first.link) == (
        "AB12",
        "1234",
        "S-1",
        "https://x.test/a",
    )
    assert first.expires_at == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert (second.value, second.pin, second.expires_at) == ("CD34", "9999", None)


def test_cells_may_be_quoted_and_keep_their_zeros_as_a_formula():
    text = 'code;pin\n"AB;12";"=""00123"""\n'
    (card,) = read_text(text, NOW).cards
    assert (card.value, card.pin) == ("AB;12", "00123")


def test_columns_without_names_are_refused():
    assert fault_of("AAAA,1111\nBBBB,2222") == (FileFault.NO_HEADER, 0)
    assert fault_of("AAAA\nBBBB;2222") == (FileFault.NO_HEADER, 0)


def test_a_column_named_twice_or_unknown_is_no_header():
    assert fault_of("code,code\nA,B") == (FileFault.NO_HEADER, 0)
    assert fault_of("code,colour\nA,B") == (FileFault.NO_HEADER, 0)
    assert fault_of("expires\n2026-12-31") == (FileFault.NO_HEADER, 0)
    assert fault_of("Voucher\nA1B2\nC3D4") == (FileFault.NO_HEADER, 0)
    assert fault_of("الكود\nA1B2") == (FileFault.NO_HEADER, 0)


def test_a_line_with_too_many_cells_or_an_open_quote_is_unreadable():
    read = read_text('code,pin\nAA,1,2\n"BB,1\nCC,3', NOW)
    assert read.unreadable == (2, 3)
    assert [card.value for card in read.cards] == ["CC"]


def test_a_line_that_is_split_otherwise_than_its_only_column_is_unreadable():
    read = read_text("code\nAA;11\nBB", NOW)
    assert (read.unreadable, [card.value for card in read.cards]) == ((2,), ["BB"])


@pytest.mark.parametrize(
    "line",
    [
        "x\u200by",
        "x\u202ey",
        "x\x07y",
        "AB\u2014CD",
        "AB\u2026",
        "\u201cAB\u201d",
        "A" * 501,
        "\ud800",
    ],
    ids=ascii,
)
def test_a_code_with_hidden_characters_or_without_end_is_unreadable(line):
    read = read_text(f"AAAA\n{line}\nBBBB", NOW)
    assert (read.unreadable, len(read.cards)) == ((2,), 2)


@pytest.mark.parametrize(
    "link", ["http://x.test", "x.test", "https://x test", "https://" + "a" * 2000]
)
def test_a_link_is_https_or_the_line_is_unreadable(link):
    read = read_text(f"code,link\nAA,{link}\nBB,https://ok.test", NOW)
    assert (read.unreadable, len(read.cards)) == ((2,), 1)


def test_a_line_with_nothing_that_redeems_is_unreadable():
    assert read_text("code,pin\n,\nAA,1", NOW).unreadable == (2,)


def test_repetitions_are_counted_and_left_out():
    read = read_text("code,pin\nAA,1\nAA,2\nBB,1\nAA,1", NOW)
    assert ([card.pin for card in read.cards], read.twice) == (["1", "1"], 2)


def test_codes_that_end_too_soon_are_counted_and_left_out():
    text = "code,expires\nAA,2026-11-30\nBB,2026-12-03\nCC,"
    read = read_text(text, NOW + timedelta(days=7))
    assert ([card.value for card in read.cards], read.expired) == (["BB", "CC"], 1)


@pytest.mark.parametrize("written", ["31/12/2026", "31.12.2026", "2026-12-31"])
def test_dates_are_written_with_the_day_first_or_the_year(written):
    (card,) = read_text(f"code,expires\nAA,{written}", NOW).cards
    assert card.expires_at == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Africa/Algiers", "America/New_York", "Pacific/Auckland", "UTC"])
@pytest.mark.parametrize("day", ["2026-12-31", "2028-02-29", "2027-03-28"])
def test_a_date_is_the_end_of_that_day_where_the_shop_is(zone, day):
    (card,) = read_file(f"code,expires\nAA,{day}".encode(), NOW, ZoneInfo(zone)).cards

    assert card.expires_at is not None
    assert f"{card.expires_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}" == f"{day} 23:59:59"


@pytest.mark.parametrize("written", ["12/31/2026", "12/26", "soon", "31/12/26", "1999-01-01"])
def test_a_date_that_cannot_be_read_stops_the_batch(written):
    assert fault_of(f"code,expires\nAA,\nBB,{written}\nCC,") == (FileFault.DATE, 3)


def ends(*dates):
    lines = [f"AA{n}-X,{date}" for n, date in enumerate(dates)]
    return "\n".join(["code,expires", *lines])


@pytest.mark.parametrize(
    ("dates", "line"),
    [
        (["03/04/2027"], 2),
        (["05/05/2027", "3/4/2027", "01/12/2027"], 3),
        (["2027-12-31", "03/04/2027"], 3),
    ],
)
def test_dates_that_read_both_ways_stop_the_batch(dates, line):
    assert fault_of(ends(*dates)) == (FileFault.EITHER_DATE, line)


def test_a_day_after_the_twelfth_shows_the_order_of_all_dates():
    found = read_text(ends("03/04/2027", "31/12/2027"), NOW).cards
    assert [f"{card.expires_at:%Y-%m-%d}" for card in found] == ["2027-04-03", "2027-12-31"]
    assert fault_of(ends("03/04/2027", "12/31/2027")) == (FileFault.DATE, 3)


@pytest.mark.parametrize("date", ["05/05/2027", "03.04.2027", "2027-04-03"])
def test_a_date_that_reads_one_way_is_taken(date):
    assert read_text(ends(date), NOW).cards[0].expires_at is not None


@pytest.mark.parametrize(
    "cell", ["1.23457E+15", "1,23457E+15", "1.2e15", "9E+15", "1234567.0", "########"]
)
def test_what_a_spreadsheet_writes_for_a_long_number_stops_the_batch(cell):
    assert fault_of(f"code;pin\nAAAA;1\nBBBB;{cell}") == (FileFault.SHORTENED, 3)


def test_a_number_that_lost_its_zeros_stops_the_batch():
    assert fault_of("1234567890\n234567890\n3456789012") == (FileFault.SHORTENED, 2)
    assert fault_of("code,pin\nAA,1234\nBB,234\nCC,5678") == (FileFault.SHORTENED, 3)
    assert fault_of("AB34567890\n234567890\nCD56789012") == (FileFault.SHORTENED, 2)


def test_numbers_that_kept_their_zeros_may_differ_in_length():
    assert len(values("0034567890\n234567890\n1234567890")) == 3
    assert len(values("ABCDEFG\nABC\n12345")) == 3


def test_long_numbers_that_all_end_in_zeros_were_rounded():
    rounded = "1234567890123450\n9876543210987650\n5555444433332220"
    assert fault_of(rounded) == (FileFault.SHORTENED, 1)
    assert len(values(rounded + "\n5555444433332221")) == 4
    assert len(values("1234567890123450\n9876543210987650")) == 2


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_a_spreadsheet_is_refused(start):
    assert fault_of(start + b"whatever") == (FileFault.SPREADSHEET, 0)


@pytest.mark.parametrize("data", [b"\xff\xfe\xfa", b"AAA\x00BBB", b"\x89PNG\r\n\x1a\n\xff"])
def test_what_is_no_text_is_refused(data):
    assert fault_of(data) == (FileFault.NOT_TEXT, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_texts_of_windows_are_read(encoding):
    read = read_file("code,pin\nAAAA,1\nBBBB,2".encode(encoding), NOW)
    assert [card.value for card in read.cards] == ["AAAA", "BBBB"]


@pytest.mark.parametrize("empty", ["", "\n \n", "code,pin\n"])
def test_an_empty_file_is_refused(empty):
    assert fault_of(empty) == (FileFault.EMPTY, 0)


def test_sizes_have_limits():
    lines = "\n".join(f"A{n:06}" for n in range(MOST_LINES))
    assert len(values(lines)) == MOST_LINES
    assert len(values("code\n" + lines)) == MOST_LINES
    assert fault_of(lines + "\nB") == (FileFault.TOO_MANY, 0)
    assert fault_of(lines + "\nB\nC") == (FileFault.TOO_MANY, 0)
    assert fault_of(b"A" * (MOST_BYTES + 1)) == (FileFault.TOO_LARGE, 0)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('"ABCD-1234-EFGH"', FileFault.QUOTED),
        ("'ABCD-1234-EFGH'", FileFault.QUOTED),
        ("'0001234", FileFault.QUOTED),
        ("`ABCD-1234`", FileFault.QUOTED),
        ('ABCD-1234"', FileFault.QUOTED),
        ("1. ABCD-1234", FileFault.EXTRA),
        ("(12) ABCD-1234", FileFault.EXTRA),
        ("7)ABCD-1234", FileFault.EXTRA),
        ("- ABCD-1234", FileFault.EXTRA),
        ("Code: ABCD-1234", FileFault.EXTRA),
        ("Code\u00a0: ABCD-1234", FileFault.EXTRA),
        ("PIN=1234", FileFault.EXTRA),
        ("code ABCD-1234", FileFault.EXTRA),
        ("الرمز: ABCD-1234", FileFault.EXTRA),
        ("Netflix TR: ABCD-1234", FileFault.EXTRA),
        ("ABCD-1234 PIN 9999", FileFault.EXTRA),
        ("ABCD-1234 - 200 TRY", FileFault.EXTRA),
        ("ABCD-1234 (used)", FileFault.EXTRA),
        ("ABCD-1234 # first", FileFault.EXTRA),
        ("<!DOCTYPE html>", FileFault.EXTRA),
        ("AB<br>CD-1234", FileFault.EXTRA),
        ("{ABCD-1234}", FileFault.EXTRA),
        ("ＡＢＣＤ１２３４", FileFault.FOREIGN),
        ("АBCD-1234", FileFault.FOREIGN),
        ("ABCD\u00a01234", FileFault.FOREIGN),
        ("١٢٣٤٥٦٧٨", FileFault.FOREIGN),
    ],
)
def test_a_code_that_does_not_stand_alone_stops_the_batch(line, fault):
    assert fault_of(f"AAAA-1111\n{line}") == (fault, 2)
    named = f"code\tpin\nAAAA-1111\tXXXX-5\nBBBB-2222\t{line}"
    if line == '"ABCD-1234-EFGH"':  # a quoted cell
        assert read_text(named, NOW).cards[1].pin == "ABCD-1234-EFGH"
    elif '"' not in line:
        assert fault_of(named) == (fault, 3)


def test_lines_that_are_counted_stop_the_batch():
    assert fault_of("1-AAAA\n2-BBBB\n3-CCCC") == (FileFault.EXTRA, 1)
    assert fault_of("1 AAAA-5\n2 BBBB-6\n3 CCCC-7") == (FileFault.EXTRA, 1)
    assert values("1-AAAA\n3-BBBB\n2-CCCC") == ["1-AAAA", "3-BBBB", "2-CCCC"]
    assert values("1-AAAA\n2-BBBB") == ["1-AAAA", "2-BBBB"]


def test_a_link_that_was_cut_out_of_a_page_stops_the_batch():
    (card,) = read_text("link\nhttps://x.test/?a=1&b=2", NOW).cards
    assert card.link == "https://x.test/?a=1&b=2"
    assert fault_of("code\tlink\nAA\thttps://x.test/?a=1&amp;b=2") == (FileFault.EXTRA, 2)


@pytest.mark.parametrize(
    "code",
    [
        "1234 5678 9012 3456",
        "user@mail.test:pass/w0rd!",
        "aGVsbG8td29ybGQ==",
        "(ABCD)-1234",
        "it's-A-1",
        "#AB-12+34",
        "CODEX-77",
        "https://x.test/redeem?c=AB12#top",
        "12.345-AB",
    ],
)
def test_signs_within_a_code_are_its_own(code):
    assert values(f"AAAA-1111\n{code}") == ["AAAA-1111", code]


def test_quotes_of_named_columns_are_no_part_of_the_code():
    assert values('code\n"ABCD-1234-EFGH"\n"ABCD-1234-EFGI"') == [
        "ABCD-1234-EFGH",
        "ABCD-1234-EFGI",
    ]


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")))
def test_whatever_comes_is_read_or_refused(data):
    try:
        read = read_file(data, NOW)
    except BadCodes:
        return
    assert read.cards or read.twice or read.unreadable or read.expired
    assert len({card.leading_text for card in read.cards}) == len(read.cards)
    assert all(card.leading_text and card.value == card.value.strip() for card in read.cards)


_CODE = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ-", min_size=4, max_size=24).filter(lambda c: c.strip("-"))


@given(st.lists(_CODE, min_size=1, max_size=30), st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_line_is_loaded_or_counted(codes, end):
    read = read_text(end.join(codes), NOW)
    assert [card.value for card in read.cards] == list(dict.fromkeys(codes))
    assert len(read.cards) + read.twice == len(codes)


@given(st.lists(st.integers(0, 10**12 - 1), min_size=12, max_size=40, unique=True))
def test_zeros_that_a_spreadsheet_has_cut_are_noticed(numbers):
    """Of a column of equally long numbers in which one began with a zero, as a spreadsheet saves it."""
    whole = [f"{number:012}" for number in numbers]
    cut = [text.lstrip("0") or "0" for text in whole]
    lengths = {len(text) for text in cut}
    assert values("\n".join(whole)) == whole or any(text == "0" * 12 for text in whole)
    if len(lengths) > 1:
        assert fault_of("\n".join(cut))[0] is FileFault.SHORTENED
