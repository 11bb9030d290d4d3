"""A cancellation from inside an item or a sweep is its failure; one that is meant for its task ends it."""

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.domain.jobs import Job
from bot.errors import PaymentFailure, StorageFailure, SupplierUnavailable
from bot.jobs import Jobs, run_guarded
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.services.items import Item, ItemKind, Items
from bot.services.messaging.item_runs import run_items
from bot.sweeps import Sweep
from tests.harness import ShopHarness


async def test_an_item_in_which_something_is_cancelled_fails_by_itself(harness: ShopHarness):
    async def work(one: int) -> int:
        if one == 1:
            raise asyncio.CancelledError
        return one

    assert await run_items(harness.shop, ItemKind.POLL, [1, 2, 3], work) == [2, 3]

    (trouble,) = harness.shop.items.troubles.items()
    assert trouble[0] == Item(ItemKind.POLL, 1)
    assert trouble[1].error == "CancelledError"


async def test_items_that_are_stopped_end_their_run_without_an_error(harness: ShopHarness):
    harness.shop.items = Items()
    begun = asyncio.Event()

    async def work(one: int) -> int:
        if one == 1:
            begun.set()
            await asyncio.Event().wait()
        return one

    run = asyncio.create_task(run_items(harness.shop, ItemKind.POLL, [1, 2], work))
    await begun.wait()
    await harness.shop.items.stop(0.05)

    assert await asyncio.wait_for(run, PATIENCE_SECONDS) == [2]
    assert harness.shop.items.troubles == {}


async def test_work_that_is_cancelled_from_within_is_a_failure_of_its_sweep(harness: ShopHarness):
    async def cancelled() -> None:
        raise asyncio.CancelledError

    async def endless() -> None:
        await asyncio.Event().wait()

    assert isinstance(await run_guarded("work", cancelled), asyncio.CancelledError)
    task = asyncio.create_task(run_guarded("work", endless))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("error", [asyncio.CancelledError, KeyError])
async def test_a_sweep_has_a_next_run_however_this_one_ends(
    harness: ShopHarness, monkeypatch, error: type[BaseException]
):
    jobs = Jobs(harness.shop, timedelta(seconds=1))
    sweep = next(s for s in jobs._sweeps if s.job is Job.OUTBOX)

    async def fails() -> None:
        raise error

    broken = Sweep(sweep.name, sweep.job, fails, sweep.next_due)
    await jobs._run(broken)

    assert jobs._agenda.next_of(broken) is not None
    assert jobs._running == set()

    async def odd(*_args) -> None:
        raise SystemExit

    monkeypatch.setattr(jobs, "_note", odd)
    jobs._agenda.begin(broken)
    with pytest.raises(SystemExit):
        await jobs._run(broken)
    assert jobs._agenda.next_of(broken) is not None


@pytest.mark.parametrize(
    ("failure", "level"),
    [
        (SupplierUnavailable("balance", "DOWN"), logging.WARNING),
        (PaymentFailure("NO_ANSWER"), logging.WARNING),
        (StorageFailure("gone"), logging.ERROR),
        (ValueError("ours"), logging.ERROR),
    ],
)
async def test_the_outage_of_somebody_else_is_a_warning(caplog, failure, level):
    async def failing():
        raise failure

    assert await run_guarded("work", failing) is failure
    assert [record.levelno for record in caplog.records] == [level]


async def test_jobs_that_never_started_stop(harness: ShopHarness):
    """The start of a shop failed before it came to them."""
    await Jobs(harness.shop, timedelta(seconds=1)).stop(1)
