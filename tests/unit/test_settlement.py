"""What a final report means: the fact sheet's cases, and for any report that units add up."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.orders import Attention, OrderEvent
from bot.domain.settlement import Settlement, settle
from bot.domain.supplier import Card, Environment, Purchase, SupplierOrder, SupplierStatus

S, REAL, TEST = SupplierStatus, Environment.PRODUCTION, Environment.SANDBOX


def report(status, cards, fulfilled=None, prefix="CODE"):
    return SupplierOrder(
        "x", status, True, 5, tuple(Card(f"{prefix}-{n}") for n in range(cards)), fulfilled
    )


@pytest.mark.parametrize(
    ("status", "cards", "fulfilled", "event", "delivered", "returned", "attention"),
    [
        (S.FULFILLED, 5, 5, OrderEvent.FILL, 5, 0, None),
        (S.FULFILLED, 5, None, OrderEvent.FILL, 5, 0, None),
        (S.PARTIALLY_FILLED, 3, 3, OrderEvent.FILL_PART, 3, 2, None),
        (S.PARTIALLY_FILLED, 3, None, OrderEvent.FILL_PART, 3, 2, None),
        (S.PARTIALLY_FILLED, 0, 0, None, 0, 0, Attention.CONTRADICTION),
        (S.PARTIALLY_FILLED, 5, 5, OrderEvent.FILL, 5, 0, Attention.CONTRADICTION),
        (S.PARTIALLY_FILLED, 5, None, OrderEvent.FILL, 5, 0, Attention.CONTRADICTION),
        (S.REFUNDED, 0, 0, OrderEvent.RETURN, 0, 5, None),
        (S.REFUNDED, 0, None, OrderEvent.RETURN, 0, 5, None),
        (S.REFUNDED, 2, 0, None, 0, 0, Attention.CONTRADICTION),
        (S.FULFILLED, 0, 5, None, 0, 0, Attention.CONTRADICTION),
        (S.FULFILLED, 0, None, None, 0, 0, Attention.CONTRADICTION),
        (S.FULFILLED, 0, 0, None, 0, 0, Attention.CONTRADICTION),
        (S.FULFILLED, 3, 3, None, 3, 0, Attention.CONTRADICTION),
        (S.FULFILLED, 5, 6, OrderEvent.FILL, 5, 0, Attention.CONTRADICTION),
        (S.REFUNDED, 0, 3, None, 0, 0, Attention.CONTRADICTION),
        (S.PARTIALLY_FILLED, 0, -1, None, 0, 0, Attention.CONTRADICTION),
        (S.UNKNOWN, 0, 0, None, 0, 0, Attention.CONTRADICTION),
        (S.PARTIALLY_FILLED, 0, None, None, 0, 0, Attention.CONTRADICTION),
        (S.PARTIALLY_FILLED, 2, 3, None, 2, 0, Attention.CONTRADICTION),
        (S.FULFILLED, 4, 5, None, 4, 0, Attention.CONTRADICTION),
        (S.PARTIALLY_FILLED, 4, 3, OrderEvent.FILL_PART, 4, 0, Attention.CONTRADICTION),
        (S.FULFILLED, 7, 7, OrderEvent.FILL, 5, 0, Attention.SURPLUS),
    ],
)
def test_the_fact_sheet(status, cards, fulfilled, event, delivered, returned, attention):
    outcome = settle(5, REAL, report(status, cards, fulfilled))

    assert outcome.event is event
    assert len(outcome.deliver) == delivered
    assert (outcome.returned_quantity, outcome.attention) == (returned, attention)


@pytest.mark.parametrize(
    ("status", "charged", "returned"),
    [
        (S.REFUNDED, None, 5),
        (S.REFUNDED, 0, 5),
        (S.REFUNDED, 1, 0),
        (S.PARTIALLY_FILLED, None, 0),
        (S.PARTIALLY_FILLED, 0, 0),
        (S.PARTIALLY_FILLED, 1, 0),
    ],
)
def test_nothing_is_returned_where_money_was_charged_for_nothing(status, charged, returned):
    outcome = settle(5, REAL, replace(report(status, 0, 0), charged_minor=charged))

    assert outcome.returned_quantity == returned
    assert outcome.attention is (None if returned else Attention.CONTRADICTION)
    assert outcome.event is (OrderEvent.RETURN if returned else None)


def test_a_charge_for_the_codes_that_came_before_returns_the_rest():
    said = replace(report(S.PARTIALLY_FILLED, 0, 2), charged_minor=500)

    assert settle(3, REAL, said, delivered=2).returned_quantity == 3


def test_sandbox_codes_are_kept_back_from_real_orders_only():
    codes = report(S.FULFILLED, 5, 5, prefix="SANDBOX-CARD")

    assert settle(5, REAL, codes) == Settlement(None, attention=Attention.SANDBOX_CODE)
    assert settle(5, TEST, codes).event is OrderEvent.FILL


def test_a_repeated_code_is_held_and_the_rest_delivered():
    outcome = settle(5, REAL, report(S.FULFILLED, 5, 5), already_known={1})

    assert (outcome.event, len(outcome.deliver), outcome.returned_quantity) == (None, 4, 0)
    assert outcome.attention is Attention.DUPLICATE_CODE


def test_where_every_code_is_known_nothing_is_delivered():
    outcome = settle(2, REAL, report(S.FULFILLED, 2, 2), already_known={0, 1})

    assert outcome == Settlement(None, attention=Attention.DUPLICATE_CODE)


@pytest.mark.parametrize(
    ("status", "cards", "known", "event", "attention"),
    [
        (S.HANDLING, 0, (), None, None),
        (S.HANDLING, 2, (), None, None),
        (S.HANDLING, 3, (), OrderEvent.FILL, None),
        (S.FULFILLED, 2, (), None, Attention.CONTRADICTION),
        (S.HANDLING, 3, (1,), None, Attention.DUPLICATE_CODE),
        (S.HANDLING, 4, (), OrderEvent.FILL, Attention.SURPLUS),
        (S.HANDLING, 4, (1,), OrderEvent.FILL, Attention.DUPLICATE_CODE),
    ],
)
def test_while_an_order_goes_on_nothing_is_returned(status, cards, known, event, attention):
    said = replace(report(status, cards), final=False)
    deliver = tuple(card for at, card in enumerate(said.cards) if at not in known)[:3]

    assert settle(3, REAL, said, known) == Settlement(event, deliver, 0, attention)


@pytest.mark.parametrize("cards", [0, 2, 3, 5])
def test_under_a_status_that_nobody_knows_nothing_is_delivered(cards):
    said = replace(report(S.UNKNOWN, cards), final=False)

    assert settle(3, REAL, said) == Settlement(None, attention=Attention.CONTRADICTION)


def test_codes_that_are_withheld_until_the_end_are_delivered_with_it():
    said = replace(report(S.HANDLING, 3), final=False, withhold=True)

    assert settle(3, REAL, said) == Settlement(None)
    unreadable = replace(said, unreadable_cards=(Card("{}"),))
    assert settle(3, REAL, unreadable) == Settlement(None, attention=Attention.CONTRADICTION)
    assert settle(3, REAL, replace(said, status=S.FULFILLED, final=True)).event is OrderEvent.FILL


def test_a_report_counts_what_came_before_it_too():
    """Two of three came earlier: a total of three promises one more, a total of two promises nothing."""
    (last,) = report(S.FULFILLED, 1).cards
    assert settle(1, REAL, report(S.FULFILLED, 1, 3), delivered=2) == Settlement(
        OrderEvent.FILL, (last,), 0, None
    )
    assert settle(1, REAL, report(S.PARTIALLY_FILLED, 0, 2), delivered=2) == Settlement(
        OrderEvent.FILL_PART, (), 1, None
    )


@given(
    wanted=st.integers(1, 20),
    status=st.sampled_from([S.FULFILLED, S.PARTIALLY_FILLED, S.REFUNDED]),
    cards=st.integers(0, 25),
    fulfilled=st.none() | st.integers(0, 25),
    known=st.sets(st.integers(0, 24)),
    environment=st.sampled_from(Environment),
)
def test_units_are_returned_only_where_the_report_agrees(
    wanted, status, cards, fulfilled, known, environment
):
    known = {at for at in known if at < cards}
    outcome = settle(wanted, environment, report(status, cards, fulfilled), known)

    assert 0 <= outcome.returned_quantity <= wanted - len(outcome.deliver)
    assert outcome.attention or outcome.returned_quantity == wanted - len(outcome.deliver)
    assert not (outcome.attention and outcome.returned_quantity)
    assert (outcome.event is None) <= (outcome.attention is not None)
    assert len(outcome.deliver) <= cards - len(known)


@pytest.mark.parametrize("final", [True, False])
@pytest.mark.parametrize(
    ("quantity", "told", "is_ours"),
    [
        (2, None, True),
        (0, None, True),
        (3, None, False),
        (1, None, False),
        (0, Purchase("7", "t1", 2), True),
        (0, Purchase(" 7", "", 0), True),
        (0, Purchase("", "t1 ", 0), True),
        (0, Purchase("8", "", 0), False),
        (0, Purchase("", "t2", 0), False),
        (0, Purchase("7", "t1", 1), False),
    ],
)
def test_a_report_about_another_purchase_delivers_and_returns_nothing(
    quantity, told, is_ours, final
):
    said = replace(report(S.FULFILLED, 2), quantity=quantity, purchase=told, final=final)

    outcome = settle(2, REAL, said, ordered=Purchase("7", "t1", 2))

    ours = Settlement(OrderEvent.FILL, said.cards)
    assert outcome == (ours if is_ours else Settlement(None, attention=Attention.CONTRADICTION))


def test_fewer_codes_than_were_delivered_return_nothing():
    outcome = settle(2, REAL, report(S.PARTIALLY_FILLED, 0, 1), delivered=2)

    assert (outcome.returned_quantity, outcome.attention) == (0, Attention.CONTRADICTION)


def test_a_card_without_any_text_is_given_to_nobody():
    said = replace(report(S.FULFILLED, 1, 2), cards=(Card(" "), Card("CODE")))

    outcome = settle(2, REAL, said)

    assert outcome.event is None
    assert outcome.deliver == (Card("CODE"),)
    assert (outcome.returned_quantity, outcome.attention) == (0, Attention.CONTRADICTION)
