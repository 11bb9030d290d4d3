"""The edges between two neighbours, which a rule that is off by one would cross."""

import pytest

from bot.domain.code_messages import CODES_AS_TEXT, CODES_PER_MESSAGE, pack
from bot.domain.ledger import PostingKind, credit, release_escrow, reserve, sale
from bot.domain.money import LARGEST_MINOR, parse_amount, parse_count
from bot.domain.records import CodeMessageKind, Locale
from bot.domain.supplier import Card


def test_every_posting_of_an_order_names_it_and_has_a_key_of_its_own():
    postings = [reserve(7, 1, 5), sale(7, 5), release_escrow(7, 1, 5, note="why")]

    assert [posting.order_id for posting in postings] == [7, 7, 7]
    assert [posting.key for posting in postings] == ["hold:7", "sale:7", "return:7"]
    assert [posting.note for posting in postings] == ["", "", "why"]
    assert release_escrow(7, 1, 5, key="return:7:held").key == "return:7:held"
    assert release_escrow(7, 1, 5).note == ""
    assert sale(7, 5, 3).key == "sale:7:3"
    assert credit("k", 1, 5, "note").kind is PostingKind.CREDIT


def test_the_last_code_that_fits_a_text_and_the_first_that_does_not():
    few, many = ([Card("A")] * n for n in (CODES_AS_TEXT, CODES_AS_TEXT + 1))

    assert [p.kind for p in pack(few)] == [CodeMessageKind.TEXT] * 2
    assert [p.kind for p in pack(many)] == [CodeMessageKind.DOCUMENT]
    assert pack([]) == ()


@pytest.mark.parametrize(
    ("length", "kind"), [(2960, CodeMessageKind.TEXT), (2961, CodeMessageKind.DOCUMENT)]
)
def test_the_longest_code_that_fits_a_text(length, kind):
    assert pack([Card("A" * length)])[0].kind is kind


def test_every_further_text_of_a_code_takes_room_for_its_label_but_a_link_takes_none():
    for card, kind in (
        (Card("A" * 2958, "s", reference="r"), CodeMessageKind.DOCUMENT),
        (Card("A" * 2918, "s", reference="r"), CodeMessageKind.TEXT),
        (Card("A" * 2919, "s", reference="r"), CodeMessageKind.DOCUMENT),
        (Card("A" * 2960, link="https://example.com/claim"), CodeMessageKind.TEXT),
    ):
        assert pack([card])[0].kind is kind


def test_a_part_begins_where_the_one_before_it_ended():
    code_messages = pack([Card("A" * 1400)] * 5, [Card("B" * 1400)] * 3)

    assert [(p.first, len(p.cards)) for p in code_messages] == [
        (0, 2),
        (2, 2),
        (4, 1),
        (5, 2),
        (7, 1),
    ]


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("fr-Latn-CA", Locale.FR),
        ("AR-dz", Locale.AR),
        ("de", Locale.EN),
        ("", Locale.EN),
        (None, Locale.EN),
        ("en", Locale.EN),
    ],
)
def test_a_language_is_guessed_from_the_first_part_of_its_tag(tag, locale):
    assert Locale.guess(tag) is locale


@pytest.mark.parametrize(("length", "parts"), [(110, 1), (111, 2)])
def test_twenty_codes_that_just_fit_one_message(length, parts):
    code_messages = pack([Card("A" * length)] * CODES_PER_MESSAGE)

    assert len(code_messages) == parts
    assert sum(len(p.cards) for p in code_messages) == CODES_PER_MESSAGE


def test_numbers_at_their_limits():
    assert parse_count("9" * 9) == 999_999_999
    assert parse_count("9" * 10) is None
    assert parse_amount(str(LARGEST_MINOR // 100)) == LARGEST_MINOR
    assert parse_amount(str(LARGEST_MINOR // 100 + 1)) is None
    assert parse_amount("1.234.567,5") == 123_456_750
    assert parse_amount("1,234.50") == 123_450
