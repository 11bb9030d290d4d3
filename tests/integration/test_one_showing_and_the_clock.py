"""A claimed showing lasts its time, and no longer, whatever the wall clock is set to meanwhile."""

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.orders import Order
from bot.domain.records import Showing
from bot.refusals import BeingShown, TooManyReveals
from bot.services.catalogue.refresh import load_shelf
from bot.services.codes.reveal import show_again
from bot.services.codes.showing import (
    LASTS,
    claim_delivery,
    end_interrupted_showings,
    is_being_shown,
)
from bot.services.operations.clock import resume_clock
from tests.harness import ShopHarness
from tests.integration.order_steps import accepted_order

MINUTE, HOUR, DAY, YEAR = 60, 3600, 86_400, 365 * 86_400
STEPS = [-MINUTE, -HOUR, -YEAR, 0, MINUTE, HOUR, 25 * HOUR, YEAR]
LASTS_SECONDS = LASTS.total_seconds()


async def claimed(harness: ShopHarness) -> tuple[Order, Showing]:
    order = await accepted_order(harness, 1)
    return order, await claim_delivery(harness.shop, order)


async def is_under_way(harness: ShopHarness, order: Order) -> bool:
    async with harness.store.reading() as tx:
        return await is_being_shown(tx, harness.shop, order.id)


async def another_process(harness: ShopHarness) -> None:
    """A process beside the one that has claimed; it has not ended what it found."""
    await harness.clock_watch.check()
    harness.restart()
    await resume_clock(harness.shop)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("other", [False, True])
async def test_no_step_of_the_clock_lets_a_second_showing_begin(
    harness: ShopHarness, other: bool, step: int
):
    order, _ = await claimed(harness)
    if other:
        await another_process(harness)
    harness.clock.step(step)
    assert await is_under_way(harness, order), "before anybody has looked at the clock"
    await harness.clock_watch.check()

    with pytest.raises(BeingShown):
        await claim_delivery(harness.shop, order)
    harness.clock.pass_time(LASTS_SECONDS / 2)
    assert await is_under_way(harness, order)
    harness.clock.pass_time(LASTS_SECONDS)
    assert not await is_under_way(harness, order)
    await claim_delivery(harness.shop, order)


@pytest.mark.parametrize("step", STEPS)
async def test_a_clock_that_was_set_while_the_shop_was_closed_holds_no_showing_up(
    harness: ShopHarness, step: int
):
    order, _ = await claimed(harness)
    await harness.clock_watch.check()
    harness.clock.step(step)
    harness.restart()
    await resume_clock(harness.shop)
    await harness.clock_watch.check()
    harness.clock.pass_time(LASTS_SECONDS + 1)

    assert not await is_under_way(harness, order)


async def test_a_start_ends_the_showings_of_others_alone(harness: ShopHarness):
    first, _ = await claimed(harness)
    harness.restart()
    await load_shelf(harness.shop)
    second, own = await claimed(harness)

    await end_interrupted_showings(harness.shop)

    assert not await is_under_way(harness, first)
    assert await is_under_way(harness, second)
    async with harness.store.reading() as tx:
        assert await tx.codes.showings() == [own]


@pytest.mark.parametrize("step", [-MINUTE, -2 * HOUR, -YEAR])
async def test_showings_of_before_the_clock_was_set_back_stop_neither_its_watch_nor_the_customer(
    harness: ShopHarness, step: int
):
    """The record of showings is append-only: to move its stamps failed, with all that a step needs done."""
    harness.set_policy(reveals_per_order=99, reveals_per_hour=2)
    customer = await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(12)
    for _ in range(2):
        await show_again(harness.shop, customer, order.id)

    await harness.set_clock(step)
    await harness.run(2)

    assert len(harness.sender.alerts(AlertKind.CLOCK_STEPPED)) == 1
    for _ in range(2):
        await show_again(harness.shop, customer, order.id)
    with pytest.raises(TooManyReveals):
        await show_again(harness.shop, customer, order.id)
