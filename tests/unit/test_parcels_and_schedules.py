"""Codes into messages, and the pace of looking again."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.code_messages import CODES_AS_TEXT, CODES_PER_MESSAGE, pack
from bot.domain.records import CodeMessageKind
from bot.domain.schedule import (
    until_next_placing,
    until_next_reconciliation,
    until_next_send,
)
from bot.domain.supplier import Card
from bot.suppliers.oneclickdz import OneClickDz

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


def test_many_codes_and_giant_codes_come_as_a_document():
    assert [p.kind for p in pack([Card("x")] * (CODES_AS_TEXT + 1))] == [CodeMessageKind.DOCUMENT]
    assert [p.kind for p in pack([Card("x" * 4000)])] == [CodeMessageKind.DOCUMENT]
    assert pack([]) == ()


@given(st.floats(0, 10**6))
def test_polling_slows_down_and_never_stops(age):
    wait = OneClickDz.policy.until_next_check
    assert 5 <= wait(age) <= wait(age + 1) <= 120


def test_an_order_is_looked_at_more_slowly_from_the_very_age_on():
    policy = OneClickDz.policy
    ages = [below for below, _wait in policy.checks]
    waits = [wait for _below, wait in policy.checks]

    assert [policy.until_next_check(age) for age in ages] == [*waits[1:], policy.checks_old]
    assert policy.until_next_check(0) == waits[0]


def test_searching_is_quick_at_first_and_rare_after_fifteen_minutes():
    assert until_next_reconciliation(1, 1) == 5
    assert until_next_reconciliation(600, 50) == 60
    assert until_next_reconciliation(900, 3) == 600
    assert until_next_send(0) < until_next_send(99) == 3600
    assert until_next_placing(0) < until_next_placing(99) == 30
