"""Sweeps run in time while the wall clock is set to other times: their waiting is monotonic."""

import asyncio
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from bot import jobs as running
from bot.agenda import Agenda
from bot.domain.jobs import AT_ONCE, Job, Wakes
from bot.jobs import Jobs
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.sweeps import Sweep
from storage.transaction import Transaction
from tests.fakes import START
from tests.harness import ShopHarness

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
YEAR = timedelta(days=365)
STEPS = [-timedelta(days=1), -HOUR, -60 * SECOND, 25 * HOUR, YEAR]


async def nothing() -> None:
    pass


@pytest.mark.parametrize("step", STEPS)
async def test_a_time_that_is_set_stays_set_over_a_step(harness: ShopHarness, step: timedelta):
    async def next_due(_tx: Transaction) -> datetime | None:
        return harness.clock.now() + 90 * SECOND

    one = Sweep("s", Job.OUTBOX, nothing, next_due, pause_seconds=30)
    agenda = Agenda(harness.shop, [one])
    agenda.begin(one)
    await agenda.end(one)
    harness.clock.step(step.total_seconds())

    assert agenda.next_of(one) == agenda.now() + 90 * SECOND
    harness.clock.pass_time(20)
    wakes = Wakes()
    wakes.add(Job.OUTBOX, harness.clock.now() + 10 * SECOND)
    assert agenda.wake(wakes) == [one]
    assert agenda.next_of(one) == agenda.now() + 10 * SECOND
    agenda.retry(one, 3)
    assert agenda.next_of(one) == START + 23 * SECOND
    wakes.add(Job.OUTBOX)
    agenda.wake(wakes)
    assert agenda.next_of(one) == AT_ONCE


@pytest.mark.parametrize("step", STEPS)
async def test_calls_of_a_supplier_go_on_over_a_step(harness: ShopHarness, step: timedelta):
    throttle = harness.supplier._client.throttle
    throttle.set_per_minute(60)
    throttle.block(5)
    harness.clock.step(step.total_seconds())
    began = harness.clock.monotonic()
    for _ in range(20):
        await harness.supplier.balance()

    assert 5 <= harness.clock.monotonic() - began < 60


class SetClock:
    """The machine's clocks, the wall clock set by so much."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by

    def monotonic(self) -> float:
        return monotonic()


@pytest.mark.parametrize("step", STEPS)
async def test_every_sweep_is_looked_at_when_the_clock_was_set(
    harness: ShopHarness, monkeypatch, step: timedelta
):
    ran: asyncio.Queue[str] = asyncio.Queue()

    async def work() -> None:
        await ran.put("interval")

    def build(*_parts: object) -> tuple[Sweep, ...]:
        return (Sweep("interval", Job.CLOCK, work, interval_seconds=600),)

    clock = SetClock()
    monkeypatch.setattr(running, "build_sweeps", build)
    monkeypatch.setattr(running, "_LOOK_SECONDS", 0.02)
    harness.shop.clock = clock  # type: ignore[assignment]
    harness.shop.__post_init__()
    jobs = Jobs(harness.shop, timedelta(seconds=30))
    jobs.start()
    try:
        await asyncio.wait_for(ran.get(), PATIENCE_SECONDS)
        await asyncio.sleep(0.1)
        assert ran.empty()
        clock.by = step
        harness.shop.timeline.look()  # a use case that asked for an age has seen it first
        await asyncio.wait_for(ran.get(), PATIENCE_SECONDS)
    finally:
        await jobs.stop(1.0)


def test_a_clock_that_was_set_ahead_brings_one_run_and_not_millions():
    trigger = running._Every(10)
    now = datetime.now(UTC)

    assert trigger.get_next_fire_time(now - YEAR, now) == now + 10 * SECOND
