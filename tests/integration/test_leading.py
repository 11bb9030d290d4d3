"""Who leads: losing the lock, taking it again, giving way, handing over; and what is not done meanwhile."""

import asyncio
import contextlib

import pytest

from bot import leading
from bot.errors import StorageFailure, StorageOutage
from bot.leading import Leadership
from bot.status import Phase, Status
from bot.stopping import LOST_LEADERSHIP, StartFailure, Stopping
from tests.fakes import START
from tests.harness import ShopHarness
from tests.patience import until

OTHER = "other process"


class Lock:
    """A lock that a test gives and takes."""

    def __init__(self) -> None:
        self.free, self.held = True, False
        self.taken_again = False  # by its holder, a moment after somebody has seen that it is free
        self.fails: StorageFailure | None = None
        self.able: list[bool] = []
        self.ended: list[str] = []
        self.standby_able = False
        self.released = 0

    async def take(self) -> bool:
        if self.fails is not None:
            raise self.fails
        self.held = self.held or self.free
        return self.held

    async def is_free(self) -> bool:
        if self.fails is not None:
            raise self.fails
        if self.free and self.taken_again:
            asyncio.get_running_loop().call_later(0.05, self._take_again)
        return self.free

    def _take_again(self) -> None:
        self.free = False

    async def hold(self) -> None:
        if self.fails is not None:
            self.held = False
            raise self.fails
        if not self.held:
            raise StorageOutage("lost")

    async def set_able(self, *, able: bool) -> None:
        self.able.append(able)

    async def is_standby_able(self) -> bool:
        if self.fails is not None:
            raise self.fails
        return self.standby_able

    async def end_sessions(self, instance: str) -> None:
        self.ended.append(instance)

    async def release(self) -> None:
        self.held = False
        self.released += 1


class Process:
    """One process on the harness's shop, which leads until `end`."""

    def __init__(self, harness: ShopHarness) -> None:
        self.lock, self.doubt = Lock(), asyncio.Event()
        self.status, self.stopping = Status(), Stopping()
        self.shop = harness.shop
        self.prepared = self.warm = 0
        self.telegram_answers = True
        self.leadership = Leadership(self.shop, self.lock, self.doubt, self.status, self.stopping)
        self._stack = contextlib.AsyncExitStack()

    async def _prepare(self) -> None:
        self.prepared += 1

    async def _warm_up(self) -> None:
        self.warm += 1

    async def _probe(self) -> None:
        if not self.telegram_answers:
            raise TimeoutError

    async def lead(self) -> None:
        leading = self.leadership.lead(self._warm_up, self._probe, self._prepare)
        await self._stack.enter_async_context(leading)

    async def end(self) -> None:
        self.stopping.set()
        await self._stack.aclose()


@pytest.fixture
async def process(harness, monkeypatch):
    for name in (
        "_LOOK_SECONDS",
        "_TRY_SECONDS",
        "_GRACE_SECONDS",
        "_REGAIN_SECONDS",
        "_PROBE_SECONDS",
    ):
        monkeypatch.setattr(leading, name, 0.01)
    made = Process(harness)
    harness.clock.monotonic = asyncio.get_running_loop().time
    yield made
    await made.end()


async def led_by_another(harness) -> None:
    await harness.store.write(lambda tx: tx.leader.take(OTHER, "there:7", 0, START))


async def test_a_process_leads_when_it_has_the_lock_and_the_database_says_so(harness, process):
    assert process.shop.lease.holds
    await process.lead()

    async with harness.store.reading() as tx:
        leader = await tx.leader.get()
    assert leader.instance == process.shop.process
    assert (process.status.phase, process.prepared, leader.epoch) == (Phase.LEADING, 1, 1)
    assert process.shop.lease.holds
    await process.end()
    assert not process.shop.lease.holds
    assert not process.lock.held


async def test_a_standby_says_whom_it_waits_for_once_and_tells_that_it_reaches_telegram(
    harness, process, caplog
):
    await led_by_another(harness)
    process.lock.free = False
    leads = asyncio.create_task(process.lead())
    await until(lambda: process.lock.able)

    assert process.status.phase is Phase.STANDING_BY
    assert not process.shop.lease.holds
    process.telegram_answers = False
    await until(lambda: not process.lock.able[-1])
    assert caplog.text.count("there:7 (since") == 1
    assert process.warm == 1
    process.lock.free = True
    await leads
    assert str(process.status.phase) == "leading"
    assert process.lock.ended == [OTHER]


async def test_a_standby_leaves_the_lock_to_a_leader_who_takes_it_again_at_once(
    process, monkeypatch
):
    """All connections were reset: the leader's is new within milliseconds, and nobody need take over."""
    monkeypatch.setattr(leading, "_GRACE_SECONDS", 0.2)
    process.lock.free = False
    leads = asyncio.create_task(process.lead())
    await until(lambda: process.status.phase is Phase.STANDING_BY)

    process.lock.free = process.lock.taken_again = True
    await until(lambda: not process.lock.free)
    await asyncio.sleep(0.3)
    assert not process.lock.held

    process.lock.free, process.lock.taken_again = True, False
    await leads
    assert process.lock.held


async def test_a_database_that_is_away_at_the_start_is_waited_for_in_words(process, caplog):
    process.lock.fails = StorageOutage("refused")
    leads = asyncio.create_task(process.lead())
    await until(lambda: "cannot be reached" in caplog.text)

    process.lock.fails = None
    await leads
    assert process.status.phase is Phase.LEADING


async def test_one_that_refuses_us_is_not_waited_for(process):
    process.lock.fails = StorageFailure("wrong password")

    with pytest.raises(StorageFailure, match="wrong password"):
        await process.lead()


async def test_a_process_that_is_to_stop_while_it_stands_by_leads_nothing(process):
    process.lock.free = False
    leads = asyncio.create_task(process.lead())
    await until(lambda: process.status.phase is Phase.STANDING_BY)
    process.stopping.set()
    await leads

    assert process.prepared == 0


async def test_the_shop_of_another_bot_is_refused_before_and_after_the_wait(harness, process):
    async def of_bot(tx):
        await tx.leader.take(OTHER, "there:7", 4711, START)

    process.lock.free = False
    leads = asyncio.create_task(process.lead())
    await until(lambda: process.status.phase is Phase.STANDING_BY)
    await harness.store.write(of_bot)
    process.lock.free = True
    with pytest.raises(StartFailure, match="bot 4711"):
        await leads

    with pytest.raises(StartFailure, match="bot 4711") as refused:
        await process.lead()
    assert refused.value.exit_status == 1


async def test_a_lock_that_is_lost_and_free_is_taken_again_at_once(process):
    await process.lead()
    process.lock.held = False
    process.doubt.set()

    await until(lambda: process.lock.held)
    assert process.status.phase is Phase.LEADING
    assert not process.stopping.is_set()


async def test_a_database_that_does_not_say_who_leads_is_asked_again(process, monkeypatch):
    await process.lead()
    monkeypatch.setattr(leading, "_ANSWER_SECONDS", 0.05)
    asked = []

    async def silent_at_first():
        asked.append(1)
        if len(asked) < 3:
            await asyncio.Event().wait()

    monkeypatch.setattr(process.leadership, "_why_lost", silent_at_first)
    process.lock.held = False
    process.doubt.set()

    await until(lambda: len(asked) == 3 and process.lock.held)
    process.shop.lease.end()
    await until(lambda: process.shop.lease.holds)
    assert not process.stopping.is_set()


async def test_while_the_database_is_away_nobody_leads_and_then_the_process_goes_on(
    process, monkeypatch
):
    monkeypatch.setattr(leading, "LEASE_SECONDS", 0.05)
    await process.lead()
    process.lock.fails = StorageOutage("away")

    await until(lambda: process.status.phase is Phase.SUSPENDED)
    assert not process.shop.lease.holds
    process.lock.fails = None
    await until(lambda: process.status.phase is Phase.LEADING)
    assert process.shop.lease.holds
    assert not process.stopping.is_set()


@pytest.mark.parametrize("has_lock", [True, False])
async def test_a_process_gives_way_where_another_has_led_meanwhile(harness, process, has_lock):
    await process.lead()
    await led_by_another(harness)
    process.lock.free, process.lock.held = has_lock, False
    process.doubt.set()

    await until(process.stopping.is_set)
    assert not process.shop.lease.holds
    with pytest.raises(StartFailure, match="there:7 leads this shop now") as lost:
        process.stopping.check()
    assert lost.value.exit_status == LOST_LEADERSHIP


async def test_one_that_loses_the_lock_before_it_leads_gives_way(process, monkeypatch):
    going_on = asyncio.Event()

    async def prepare() -> None:
        process.lock.free = process.lock.held = False
        process.doubt.set()
        await going_on.wait()

    monkeypatch.setattr(process, "_prepare", prepare)
    leads = asyncio.create_task(process.lead())

    await until(process.stopping.is_set)
    going_on.set()
    await leads
    with pytest.raises(StartFailure, match="another process leads"):
        process.stopping.check()


async def test_a_leader_without_telegram_hands_over_to_a_standby_that_reaches_it(process):
    await process.lead()
    process.telegram_answers = False
    await asyncio.sleep(0.2)
    assert not process.stopping.is_set()  # nobody could do better

    process.lock.standby_able = True
    await until(process.stopping.is_set)
    with pytest.raises(StartFailure, match="Telegram cannot be reached from here") as lost:
        process.stopping.check()
    assert lost.value.exit_status == LOST_LEADERSHIP


async def test_a_short_outage_of_telegram_hands_nothing_over(process, monkeypatch):
    probed: list[bool] = []

    async def probe() -> None:
        probed.append(len(probed) % leading._FAILED_PROBES == 0)
        if not probed[-1]:
            raise TimeoutError

    monkeypatch.setattr(process, "_probe", probe)
    process.lock.standby_able = True
    await process.lead()
    await until(lambda: len(probed) > 4 * leading._FAILED_PROBES)

    assert not process.stopping.is_set()


async def test_whoever_looks_after_the_lock_does_not_die_in_silence(process, monkeypatch):
    async def broken() -> None:
        raise ZeroDivisionError

    await process.lead()
    monkeypatch.setattr(process.lock, "hold", broken)

    await until(process.stopping.is_set)
    with pytest.raises(StartFailure, match="ZeroDivisionError"):
        process.stopping.check()


async def test_a_former_leaders_open_transaction_is_waited_for(process, harness, monkeypatch):
    write, failures = harness.store.write, [StorageOutage("statement timeout")] * 2

    async def slow(work, *args, **kwargs):
        if failures and getattr(work, "__name__", "") == "_take":
            raise failures.pop()
        return await write(work, *args, **kwargs)

    monkeypatch.setattr(harness.store, "write", slow)
    await process.lead()

    assert failures == []
    assert process.status.phase is Phase.LEADING


async def test_but_not_for_ever_and_then_it_stands_by_again(process, harness, monkeypatch):
    monkeypatch.setattr(leading, "_SETTLE_SECONDS", 0.0)
    write, failures = harness.store.write, [StorageOutage("statement timeout")] * 2

    async def slow(*args, **kwargs):
        if failures:
            raise failures.pop()
        return await write(*args, **kwargs)

    monkeypatch.setattr(harness.store, "write", slow)
    await process.lead()

    assert (process.lock.released, process.prepared) == (2, 3)
    assert process.status.phase is Phase.LEADING
    assert process.shop.lease.holds


async def test_a_database_that_is_away_while_it_is_prepared_is_waited_for(process, monkeypatch):
    failures = [StorageOutage("away")] * 3

    async def prepare() -> None:
        if failures:
            raise failures.pop()

    monkeypatch.setattr(process, "_prepare", prepare)
    await process.lead()

    assert process.status.phase is Phase.LEADING
