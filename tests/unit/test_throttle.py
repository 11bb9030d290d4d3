"""The budget of calls: 80 % of the ceiling in any minute, the urgent first, nobody starved."""

import asyncio
from datetime import timedelta

from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.suppliers.throttle import Throttle, Urgency
from tests.fakes import HarnessClock


async def _times(clock, throttle, count, urgency=Urgency.POLL):
    times = []
    for _ in range(count):
        await throttle.acquire(urgency)
        times.append(clock.now())
    return times


async def test_no_minute_sees_more_than_four_fifths_of_the_ceiling():
    clock = HarnessClock()
    times = await _times(clock, Throttle.per_minute(clock, 120), 500)

    for at in times:
        assert sum(at <= other < at + timedelta(minutes=1) for other in times) <= 96


async def test_the_budget_is_used():
    clock = HarnessClock()
    start = clock.now()
    await _times(clock, Throttle.per_minute(clock, 120), 840)

    assert (clock.now() - start).total_seconds() < 620


async def test_purchases_go_first_and_others_are_not_starved():
    clock = HarnessClock()
    throttle = Throttle.per_minute(clock, 60)
    await _times(clock, throttle, 6)
    order = []

    async def call(name, urgency):
        await throttle.acquire(urgency)
        order.append(name)

    waiting = [
        asyncio.create_task(call("catalogue", Urgency.CATALOGUE)),
        asyncio.create_task(call("poll", Urgency.POLL)),
    ]
    await asyncio.sleep(0)
    waiting += [asyncio.create_task(call("place", Urgency.PLACE))]
    for _ in range(60):
        waiting.append(asyncio.create_task(call("place", Urgency.PLACE)))
        await clock.sleep(1)
    await asyncio.gather(*waiting)

    assert order[0] == "place"
    assert order.index("poll") < 12
    assert order.index("catalogue") < 60


async def test_a_supplier_that_asks_to_wait_is_left_alone():
    clock = HarnessClock()
    throttle = Throttle.per_minute(clock, 120)
    throttle.block(30)
    start = clock.now()

    await throttle.acquire(Urgency.PLACE)

    assert (clock.now() - start).total_seconds() >= 30


async def test_a_caller_that_gives_up_costs_nothing():
    clock = HarnessClock()
    throttle = Throttle.per_minute(clock, 10)
    throttle.set_per_minute(60)
    await _times(clock, throttle, 1)
    leaver = asyncio.create_task(throttle.acquire(Urgency.POLL))
    stayer = asyncio.create_task(throttle.acquire(Urgency.POLL))
    await asyncio.sleep(0)
    leaver.cancel()

    await asyncio.wait_for(stayer, PATIENCE_SECONDS)

    assert leaver.cancelled() or leaver.done()
