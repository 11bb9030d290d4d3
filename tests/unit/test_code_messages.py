"""Codes packed into messages: each once, in order, as text or as a document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.code_messages import CODES_AS_TEXT, CODES_PER_MESSAGE, pack
from bot.domain.records import CodeMessageKind
from bot.domain.supplier import Card
from bot.sandbox.telegram.textclean import clean

cards = st.lists(
    st.builds(Card, st.text(min_size=1, max_size=300), st.text(max_size=100)), max_size=60
)


@given(cards)
def test_every_code_is_in_exactly_one_message_in_order(given_cards):
    code_messages = pack(given_cards)

    assert [card for code_message in code_messages for card in code_message.cards] == given_cards
    assert [p.part for p in code_messages] == list(range(len(code_messages)))
    assert all(p.parts == len(code_messages) for p in code_messages)
    for code_message in code_messages:
        assert given_cards[
            code_message.first : code_message.first + len(code_message.cards)
        ] == list(code_message.cards)
        if code_message.kind is CodeMessageKind.TEXT:
            assert len(code_message.cards) <= CODES_PER_MESSAGE


def test_many_codes_and_very_long_codes_come_as_a_document():
    assert [p.kind for p in pack([Card("x")] * (CODES_AS_TEXT + 1))] == [CodeMessageKind.DOCUMENT]
    assert [p.kind for p in pack([Card("x" * 4000)])] == [CodeMessageKind.DOCUMENT]
    assert pack([]) == ()


def test_one_code_more_than_fits_a_text_comes_as_a_document():
    few, many = ([Card("A")] * n for n in (CODES_AS_TEXT, CODES_AS_TEXT + 1))

    assert [p.kind for p in pack(few)] == [CodeMessageKind.TEXT] * 2
    assert [p.kind for p in pack(many)] == [CodeMessageKind.DOCUMENT]
    assert pack([]) == ()


@pytest.mark.parametrize(
    ("length", "kind"), [(2960, CodeMessageKind.TEXT), (2961, CodeMessageKind.DOCUMENT)]
)
def test_the_longest_code_that_fits_a_text_comes_as_one(length, kind):
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


@pytest.mark.parametrize(("length", "parts"), [(110, 1), (111, 2)])
def test_twenty_codes_come_in_one_message_as_long_as_they_fit(length, parts):
    code_messages = pack([Card("A" * length)] * CODES_PER_MESSAGE)

    assert len(code_messages) == parts
    assert sum(len(p.cards) for p in code_messages) == CODES_PER_MESSAGE


def test_telegram_finds_room_for_an_entity_of_its_own_in_each_secret():
    """Beyond 100 entities of a text it drops a spoiler without a word; its own come first."""
    card = Card("www.a.com/1", serial="#1234", pin="@abcde", reference="$USD")

    messages = pack([card] * 20)

    assert [len(message.cards) for message in messages] == [11, 9]
    assert {message.kind for message in messages} == {CodeMessageKind.TEXT}


@given(
    st.text(
        alphabet=st.sampled_from(
            "A1\u200e\u200f\u200b\u2028\u202a\u202e\u0333\u033f\u030a\t\u00a0é"
        )
    )
)
def test_a_code_that_telegrams_server_would_change_comes_as_a_document(text):
    (code_message,) = pack([Card(f"A{text}Z")])

    is_unchanged = clean(f"A{text}Z") == f"A{text}Z"
    assert (code_message.kind is CodeMessageKind.TEXT) is is_unchanged
