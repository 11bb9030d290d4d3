"""What an order waits for, how long that usually takes, and how a time is said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.orders import Attention, OrderState, Stage
from bot.domain.waiting import Unit, Usual, rounded, slow_after, stage_of, usual_of
from tests.unit.samples import ORDER


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_fewer_than_five_orders_tell_nothing():
    assert usual_of([]) is None
    assert usual_of([10, 20, 30, 40]) is None


def test_the_middle_and_nine_of_ten_are_told():
    assert usual_of([*range(1, 11)]) == Usual(6, 10)
    assert usual_of([10, 10, 10, 10, 900]) == Usual(10, 900)


def test_waits_of_a_clock_that_was_set_back_do_not_count():
    assert usual_of([-5, -5, 1, 2, 3, 4]) is None
    assert usual_of([-5, 1, 2, 3, 4, 5]) == Usual(3, 5)


@pytest.mark.parametrize(
    ("usual", "after"),
    [(None, 300), (Usual(4, 8), 30), (Usual(20, 45), 45), (Usual(9000, 90_000), 3600)],
)
def test_an_order_is_slow_after_its_usual_time_within_bounds(usual, after):
    assert slow_after(usual) == seconds(after)
    assert stage_of(ORDER, seconds(after - 1), usual) is Stage.WAITING
    assert stage_of(ORDER, seconds(after), usual) is Stage.SLOW


def test_who_looks_at_it_goes_before_what_it_waits_for():
    order = replace(ORDER, state=OrderState.UNCONFIRMED, stage=Stage.HELD)
    assert stage_of(order, seconds(900), None) is Stage.SEARCHING
    looked_at = replace(order, attention=Attention.NOT_FOUND)
    assert stage_of(looked_at, seconds(900), None) is Stage.SUPPORT


def test_it_waits_for_the_balance_until_it_is_on_its_way():
    held = replace(ORDER, stage=Stage.HELD)
    assert stage_of(held, seconds(0), None) is Stage.HELD
    placing = replace(held, state=OrderState.PLACING)
    assert stage_of(placing, seconds(0), None) is Stage.WAITING


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (0, (5, Unit.SECONDS)),
        (5, (5, Unit.SECONDS)),
        (17, (20, Unit.SECONDS)),
        (45, (45, Unit.SECONDS)),
        (46, (1, Unit.MINUTES)),
        (89, (1, Unit.MINUTES)),
        (91, (2, Unit.MINUTES)),
        (5399, (90, Unit.MINUTES)),
        (5400, (2, Unit.HOURS)),
        (36_000, (10, Unit.HOURS)),
    ],
)
def test_a_time_is_said_in_round_figures(time, said):
    assert rounded(time) == said
