"""A process that stood by for long takes over from a leader on another machine: what it knows of its own clock
counts from then on."""

from datetime import timedelta

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.orders import OrderState
from bot.services.catalogue.refresh import load_shelf
from bot.services.operations.clock import ClockWatch, _note, resume_clock
from bot.services.timeline import Timeline
from tests.harness import ShopHarness
from tests.integration.order_steps import change_order

HOUR = 3600


async def stand_by(harness: ShopHarness, seconds: int) -> Timeline:
    """The harness's shop is a standby from now on; returns what the leader knows of its clock."""
    leader = Timeline(harness.clock.now, harness.clock.monotonic)
    harness.clock.pass_time(60)
    harness.restart()
    await load_shelf(harness.shop)
    harness.clock.pass_time(seconds)
    return leader


@pytest.mark.parametrize("hours", [1, 24])
async def test_its_waiting_is_no_step_of_the_clock(harness: ShopHarness, hours: int):
    leader = await stand_by(harness, hours * HOUR)
    await harness.store.write(_note, leader.note(), spans=True)
    harness.clock.pass_time(2)
    await resume_clock(harness.shop)
    await ClockWatch(harness.shop).check()
    await harness.round()

    assert harness.sender.alerts(AlertKind.CLOCK_STEPPED) == []
    asked_at = harness.clock.now() - timedelta(seconds=3)
    assert harness.shop.timeline.highest_age(asked_at) < timedelta(minutes=1)


async def test_a_step_that_it_saw_while_it_stood_by_is_not_acted_on(harness: ShopHarness):
    leader = await stand_by(harness, HOUR)
    harness.clock.step(-60)
    harness.shop.timeline.look()
    leader.look()
    await harness.store.write(_note, leader.note(), spans=True)
    await resume_clock(harness.shop)

    assert harness.shop.timeline.untold_steps() == []


async def test_an_order_of_a_leader_whose_clock_was_ahead_is_bought(harness: ShopHarness):
    await harness.customer(1)
    await harness.run(5)
    leader = await stand_by(harness, 3 * HOUR)
    await harness.store.write(_note, leader.note(), spans=True)
    order = await harness.buy(1)
    ahead = harness.clock.now() + timedelta(seconds=2)
    await change_order(harness, order.id, paid_at=ahead, created_at=ahead)
    await resume_clock(harness.shop)
    await ClockWatch(harness.shop).check()
    await harness.run(15)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
