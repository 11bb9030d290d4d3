"""Every (state, event) pair is in the table or refused; nothing leaves a final state."""

from dataclasses import replace

import pytest

from bot.domain.orders import (
    FINAL_STATES,
    OPEN_STATES,
    TRANSITIONS,
    OrderEvent,
    OrderState,
    next_state,
)
from bot.errors import IllegalTransition
from tests.unit.samples import ORDER

PAIRS = [(state, event) for state in OrderState for event in OrderEvent]


@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_every_pair_leads_somewhere_or_is_refused(state, event):
    if (state, event) in TRANSITIONS:
        assert next_state(state, event) in OrderState
    else:
        with pytest.raises(IllegalTransition):
            next_state(state, event)


def test_no_event_leaves_a_final_state():
    assert not [pair for pair in TRANSITIONS if pair[0] in FINAL_STATES]


def test_every_open_state_can_reach_an_end():
    reached = set(FINAL_STATES)
    while True:
        more = {state for (state, _), to in TRANSITIONS.items() if to in reached} - reached
        if not more:
            break
        reached |= more
    assert reached >= OPEN_STATES


def test_an_order_is_sent_only_once_it_is_paid():
    assert [state for (state, event) in TRANSITIONS if event is OrderEvent.SEND] == [
        OrderState.PAID
    ]


def test_a_lost_order_is_never_sent_again_without_a_certain_no():
    leaving = {event for (state, event) in TRANSITIONS if state is OrderState.UNCONFIRMED}
    assert leaving == {OrderEvent.ACCEPT, OrderEvent.DEFER, OrderEvent.REFUSE, OrderEvent.RELEASE}


@pytest.mark.parametrize(
    ("delivered", "refunded", "whole"),
    [(5, 0, True), (3, 2, True), (3, 1, False), (5, 1, False), (0, 5, False), (0, 0, False)],
)
def test_an_order_is_delivered_where_every_unit_came_or_was_refunded(
    delivered: int, refunded: int, whole: bool
):
    order = replace(
        ORDER,
        delivered_quantity=delivered,
        returned_minor=refunded * ORDER.unit_price_minor,
    )

    assert order.is_delivered is whole
