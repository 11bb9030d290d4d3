"""Jobs ring after the commit, and sweeps sleep until something is due."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest

from bot import jobs as running
from bot.agenda import Agenda
from bot.domain.alerts import AlertKind
from bot.domain.jobs import AT_ONCE, Job, Wakes
from bot.domain.outbox import OutboxKind
from bot.errors import StorageFailure, SupplierUnavailable
from bot.jobs import FAILURES_BEFORE_ALERT, Jobs
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.services.operations.failing import tell_sweep_failing, tell_sweep_works
from bot.sweeps import Sweep
from storage.store import Store
from storage.transaction import Transaction
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness
from tests.patience import until

SECOND = timedelta(seconds=1)


def wakes(job: Job, due_at: datetime = AT_ONCE) -> Wakes:
    made = Wakes()
    made.add(job, due_at)
    return made


async def say(tx: Transaction, key: str = "k") -> None:
    await tx.outbox.add(key, OPERATOR, OutboxKind.ALERT, START, data={"alert": "x"})


async def rows(store: Store) -> int:
    async with store.reading() as tx:
        return len(await tx.outbox.due_news(START, 10))


async def test_a_job_is_rung_after_the_commit_and_never_before(sqlite_store: Store):
    seen: list[list[Job]] = []
    sqlite_store.subscribe(lambda woken: seen.append([job for job, _ in woken]))

    async def looks_before_the_commit(tx: Transaction) -> int:
        await say(tx)
        assert seen == []
        return await rows(sqlite_store)  # what a sweep would find that was rung here

    assert await sqlite_store.write(looks_before_the_commit) == 0
    assert seen == [[Job.OUTBOX]]
    assert await rows(sqlite_store) == 1


async def test_what_is_rolled_back_rings_nothing(sqlite_store: Store):
    seen: list[Wakes] = []
    sqlite_store.subscribe(seen.append)

    async def fails(tx: Transaction) -> None:
        await say(tx)
        raise StorageFailure("full")

    with pytest.raises(StorageFailure):
        await sqlite_store.write(fails)

    assert seen == []


async def test_a_row_that_stood_already_rings_nothing(sqlite_store: Store):
    await sqlite_store.write(say)
    seen: list[Wakes] = []
    sqlite_store.subscribe(seen.append)

    await sqlite_store.write(say)

    assert seen == []


def sweep(due: list[datetime], name: str = "s", **changes) -> Sweep:
    """A sweep that does nothing, whose earliest row is due as the list says."""

    async def work() -> None:
        pass

    async def next_due(_tx: Transaction) -> datetime | None:
        return due[0] if due else None

    return Sweep(name, Job.OUTBOX, work, changes.pop("next_due", next_due), **changes)


@pytest.fixture
def agenda_of(harness: ShopHarness):
    def made(one: Sweep) -> Agenda:
        agenda = Agenda(harness.shop, [one])
        assert agenda.next_of(one) == AT_ONCE  # what was due before the start is made up for
        agenda.begin(one)
        return agenda

    return made


async def test_a_sweep_sleeps_until_its_earliest_row_is_due(agenda_of):
    one = sweep([START + 90 * SECOND])
    agenda = agenda_of(one)

    await agenda.end(one)

    assert agenda.next_of(one) == START + 90 * SECOND
    assert agenda.wake(wakes(Job.OUTBOX, START + 91 * SECOND)) == []
    assert agenda.wake(wakes(Job.OUTBOX, START + 89 * SECOND)) == [one]
    assert agenda.next_of(one) == START + 89 * SECOND


async def test_a_sweep_without_a_row_sleeps_until_it_is_woken(agenda_of):
    one = sweep([])
    agenda = agenda_of(one)

    await agenda.end(one)

    assert agenda.next_of(one) is None
    assert agenda.wake(wakes(Job.HIDE)) == []
    assert agenda.wake(wakes(Job.OUTBOX)) == [one]


async def test_a_row_that_stays_due_is_looked_at_after_a_pause(agenda_of):
    one = sweep([START - SECOND], pause_seconds=30)
    agenda = agenda_of(one)

    await agenda.end(one)

    assert agenda.next_of(one) == START + 30 * SECOND


async def test_what_wakes_a_sweep_while_it_runs_is_run_again_at_once(agenda_of):
    one = sweep([START + 90 * SECOND], pause_seconds=30)
    agenda = agenda_of(one)

    agenda.wake(wakes(Job.OUTBOX))
    await agenda.end(one)

    assert agenda.next_of(one) == AT_ONCE


async def test_a_database_that_cannot_be_read_is_asked_again_after_the_pause(agenda_of):
    async def fails(_tx: Transaction) -> datetime | None:
        raise StorageFailure("locked")

    one = sweep([], next_due=fails, pause_seconds=5)
    agenda = agenda_of(one)

    await agenda.end(one)

    assert agenda.next_of(one) == START + 5 * SECOND


async def test_an_interval_is_kept_where_nothing_is_due(agenda_of):
    one = sweep([], next_due=None, interval_seconds=600)
    agenda = agenda_of(one)

    await agenda.end(one)

    assert agenda.next_of(one) == START + 600 * SECOND


class Runs:
    """Sweeps that note when they run, in a running shop whose clock is the machine's."""

    def __init__(self) -> None:
        self.due: dict[str, Any] = {}
        self.ran: asyncio.Queue[str] = asyncio.Queue()
        self.fails: set[str] = set()
        self.jobs: Jobs
        self.also: Callable[[], Awaitable[None]] | None = None

    def build(self, *_parts) -> tuple[Sweep, ...]:
        return (self._sweep("outbox", Job.OUTBOX), self._sweep("hide", Job.HIDE))

    def _sweep(self, name: str, job: Job) -> Sweep:
        async def work() -> None:
            await self.ran.put(name)
            if self.also is not None:
                await self.also()
            if name in self.fails:
                raise KeyError(name)

        async def next_due(_tx: Transaction) -> datetime | None:
            return self.due.get(name)

        return Sweep(name, job, work, next_due, pause_seconds=0.01)

    async def next(self) -> str:
        return await asyncio.wait_for(self.ran.get(), PATIENCE_SECONDS)


@pytest.fixture
async def runs(harness: ShopHarness, monkeypatch) -> AsyncIterator[Runs]:
    made = Runs()
    monkeypatch.setattr(running, "build_sweeps", made.build)
    harness.shop.clock = SimpleNamespace(now=lambda: datetime.now(UTC), monotonic=monotonic)
    jobs = made.jobs = Jobs(harness.shop, timedelta(seconds=30))
    jobs.start()
    assert {await made.next(), await made.next()} == {"outbox", "hide"}  # all look at the start
    yield made
    if jobs._started:
        await jobs.stop(1.0)


async def test_a_commit_wakes_its_job_and_no_other(harness: ShopHarness, runs: Runs):
    await harness.store.write(say)

    assert await runs.next() == "outbox"
    await asyncio.sleep(0.05)
    assert runs.ran.empty()


async def test_a_job_that_is_due_later_is_run_then(harness: ShopHarness, runs: Runs):
    due_at = datetime.now(UTC) + timedelta(seconds=0.3)

    async def hide_later(tx: Transaction) -> None:
        await tx.runs.set_last("x", START)
        tx.wakes.add(Job.HIDE, due_at)

    await harness.store.write(hide_later)

    assert await runs.next() == "hide"
    assert datetime.now(UTC) >= due_at


async def test_a_sweep_that_fails_ends_no_other_and_is_run_again(harness: ShopHarness, runs: Runs):
    runs.fails.add("outbox")
    await harness.store.write(say)
    assert await runs.next() == "outbox"

    assert await runs.next() == "outbox"  # by itself: what had woken it is still to be done
    runs.fails.clear()


async def open_alerts(store: Store, kind: AlertKind) -> list[str]:
    async with store.reading() as tx:
        return [alert.data["sweep"] for alert in await tx.alerts.open_of(kind)]


async def test_a_sweep_that_fails_as_a_whole_is_told_once_and_again_when_it_works(
    harness: ShopHarness, runs: Runs
):
    runs.fails.add("outbox")
    await harness.store.write(say)
    for _ in range(FAILURES_BEFORE_ALERT - 1):
        assert await runs.next() == "outbox"
        assert await open_alerts(harness.store, AlertKind.SWEEP_FAILING) == []
    for _ in range(3):
        assert await runs.next() == "outbox"
    assert await open_alerts(harness.store, AlertKind.SWEEP_FAILING) == ["outbox"]
    async with harness.store.reading() as tx:
        (alert,) = await tx.alerts.open_of(AlertKind.SWEEP_FAILING)
    assert (alert.times, alert.data["trouble"]) == (1, "KeyError")

    runs.fails.clear()
    assert await runs.next() == "outbox"

    async def is_said_to_work() -> bool:
        return bool(await open_alerts(harness.store, AlertKind.SWEEP_WORKS))

    await until(is_said_to_work)
    assert await open_alerts(harness.store, AlertKind.SWEEP_FAILING) == []
    assert await open_alerts(harness.store, AlertKind.SWEEP_WORKS) == ["outbox"]


async def test_a_sweep_is_said_to_work_again_only_where_its_failing_was_told(harness: ShopHarness):
    await tell_sweep_failing(harness.shop, "poll x", "KeyError", 3)

    await tell_sweep_works(harness.shop, "outbox")
    assert await open_alerts(harness.store, AlertKind.SWEEP_WORKS) == []
    await tell_sweep_works(harness.shop, "poll x")
    assert await open_alerts(harness.store, AlertKind.SWEEP_WORKS) == ["poll x"]


async def test_a_supplier_that_does_not_answer_fails_no_sweep(harness: ShopHarness, runs: Runs):
    async def silent() -> None:
        raise SupplierUnavailable("list", "")

    runs.also = silent
    await harness.store.write(say)
    for _ in range(FAILURES_BEFORE_ALERT + 2):
        assert await runs.next() == "outbox"

    assert await open_alerts(harness.store, AlertKind.SWEEP_FAILING) == []
    runs.also = None


async def test_a_sweep_that_wakes_itself_runs_twenty_times_a_second_at_most(
    harness: ShopHarness, runs: Runs
):
    keys = itertools.count()

    async def wakes_itself() -> None:
        await harness.store.write(say, f"again {next(keys)}")

    runs.also = wakes_itself
    began = monotonic()
    await harness.store.write(say)
    await asyncio.sleep(0.5)
    await until(lambda: runs.ran.qsize() > 3)
    runs.also = None

    assert runs.ran.qsize() < 40 * (monotonic() - began), "below 20 in half a second"


async def test_a_next_run_that_cannot_be_told_ends_no_sweep(harness: ShopHarness, runs: Runs):
    runs.due["outbox"] = "never"
    await harness.store.write(say)
    assert await runs.next() == "outbox"

    assert await runs.next() == "outbox"
    del runs.due["outbox"]


async def test_a_stopped_shop_starts_no_run(harness: ShopHarness, runs: Runs):
    await runs.jobs.stop(1.0)

    await harness.store.write(say)
    await runs.jobs._run_if_due(runs.jobs._sweeps[0])
    await asyncio.sleep(0.05)

    assert runs.jobs._tasks == set()


async def test_only_a_commit_passes_the_pause_of_a_sweep(agenda_of):
    one = sweep([START - SECOND], pause_seconds=300)
    agenda = agenda_of(one)
    await agenda.end(one)

    await agenda.reschedule(one)  # the backstop
    assert agenda.next_of(one) == START + 300 * SECOND

    agenda.wake(wakes(Job.OUTBOX))
    assert agenda.next_of(one) == AT_ONCE


async def test_a_listener_that_fails_changes_nothing_for_the_writer_or_other_listeners(
    sqlite_store: Store,
):
    heard: list[Wakes] = []

    def fails(_wakes: Wakes) -> None:
        raise KeyError("x")

    sqlite_store.subscribe(fails)
    sqlite_store.subscribe(heard.append)

    await sqlite_store.write(say)

    assert await rows(sqlite_store) == 1
    assert len(heard) == 1


async def test_a_check_that_the_scheduler_has_just_begun_is_no_error_at_the_end(
    harness: ShopHarness, caplog: pytest.LogCaptureFixture
):
    """The scheduler logs what its shutdown cancels with a traceback."""
    jobs = Jobs(harness.shop, timedelta(minutes=15))
    jobs.start()
    await asyncio.sleep(0.1)
    for job in jobs._scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))  # it begins one round before the end

    await jobs.stop(PATIENCE_SECONDS)

    assert "Error running job" not in caplog.text
