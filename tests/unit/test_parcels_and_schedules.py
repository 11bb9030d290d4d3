"""Codes into messages, and the pace of looking again."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.parcels import CODES_AS_TEXT, CODES_PER_MESSAGE, pack
from bot.domain.records import CodesMessageKind
from bot.domain.schedule import (
    until_next_placing,
    until_next_search,
    until_next_send,
)
from bot.domain.supplier import Card
from bot.suppliers.oneclickdz import OneClickDz

cards = st.lists(
    st.builds(Card, st.text(min_size=1, max_size=300), st.text(max_size=100)), max_size=60
)


@given(cards)
def test_every_code_is_in_exactly_one_message_in_order(given_cards):
    parcels = pack(given_cards)

    assert [card for parcel in parcels for card in parcel.cards] == given_cards
    assert [p.part for p in parcels] == list(range(len(parcels)))
    assert all(p.parts == len(parcels) for p in parcels)
    for parcel in parcels:
        assert given_cards[parcel.first : parcel.first + len(parcel.cards)] == list(parcel.cards)
        if parcel.kind is CodesMessageKind.TEXT:
            assert len(parcel.cards) <= CODES_PER_MESSAGE


def test_many_codes_and_giant_codes_come_as_a_document():
    assert [p.kind for p in pack([Card("x")] * (CODES_AS_TEXT + 1))] == [CodesMessageKind.DOCUMENT]
    assert [p.kind for p in pack([Card("x" * 4000)])] == [CodesMessageKind.DOCUMENT]
    assert pack([]) == ()


@given(st.floats(0, 10**6))
def test_polling_slows_down_and_never_stops(age):
    wait = OneClickDz.manners.until_next_check
    assert 5 <= wait(age) <= wait(age + 1) <= 120


def test_an_order_is_looked_at_more_slowly_from_the_very_age_on():
    manners = OneClickDz.manners
    ages = [below for below, _wait in manners.checks]
    waits = [wait for _below, wait in manners.checks]

    assert [manners.until_next_check(age) for age in ages] == [*waits[1:], manners.checks_old]
    assert manners.until_next_check(0) == waits[0]


def test_searching_is_quick_at_first_and_rare_after_fifteen_minutes():
    assert until_next_search(1, 1) == 5
    assert until_next_search(600, 50) == 60
    assert until_next_search(900, 3) == 600
    assert until_next_send(0) < until_next_send(99) == 3600
    assert until_next_placing(0) < until_next_placing(99) == 30
