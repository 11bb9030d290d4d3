"""From the commit that gives a job work to the first line of that job: real jobs, SQLite on disk."""

import asyncio
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from bot.clock import SystemClock
from bot.domain.jobs import Job, Wakes
from bot.jobs import Jobs
from bot.services.shop import Shop
from bot.sweeps import Sweep, build_sweeps
from storage.migrate import migrate
from storage.store import Store
from storage.transaction import Transaction
from tests.harness import POLICY, ShopHarness

TIMES = 50
AIM_MEDIAN_MS, AIM_MOST_MS = 15.0, 100.0


class _Timed:
    """When the last commit was, and when each sweep began after it."""

    def __init__(self) -> None:
        self.began: dict[str, asyncio.Future[float]] = {}
        self.sweeps: tuple[Sweep, ...] = ()
        self.committed = 0.0

    def note_commit(self, _wakes: Wakes) -> None:
        self.committed = time.perf_counter()

    def build(self, *parts: Any) -> tuple[Sweep, ...]:
        self.sweeps = tuple(self.wrap(sweep) for sweep in build_sweeps(*parts))
        return self.sweeps

    def wrap(self, sweep: Sweep) -> Sweep:
        async def work() -> object:
            waiting = self.began.pop(sweep.name, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(time.perf_counter())
            return await sweep.work()

        return replace(sweep, work=work)


async def _wake(tx: Transaction, job: Job) -> None:
    await tx.runs.set_last("bench", datetime.now(UTC))
    tx.wakes.add(job)


async def _measure(shop: Shop, sweep: Sweep, timed: _Timed) -> list[float]:
    found = []
    for _ in range(TIMES):
        began = timed.began[sweep.name] = asyncio.get_running_loop().create_future()
        await shop.store.write(_wake, sweep.job)
        found.append((await asyncio.wait_for(began, 10) - timed.committed) * 1000)
        await asyncio.sleep(0.02)
    return found


async def report() -> None:
    print(
        f"Commit → job, {TIMES} times each (aim: median ≤ {AIM_MEDIAN_MS:.0f} ms, "
        f"none over {AIM_MOST_MS:.0f} ms)"
    )
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'bench.db'}")
        await migrate(store)
        harness = await ShopHarness(store, policy=POLICY).open()
        harness.shop.clock = SystemClock()
        timed = _Timed()
        store.subscribe(timed.note_commit)  # before the jobs do: it hears of a commit first
        with mock.patch("bot.jobs.build_sweeps", timed.build):
            jobs = Jobs(harness.shop, timedelta(seconds=60))
        jobs.start()
        await asyncio.sleep(0.5)
        worst = 0.0
        medians = []
        for sweep in timed.sweeps:
            found = await _measure(harness.shop, sweep, timed)
            medians.append(statistics.median(found))
            worst = max(worst, *found)
            print(f"  {sweep.name:24} p50 {medians[-1]:6.2f} ms   most {max(found):6.2f} ms")
        await jobs.stop(2.0)
        await harness.close()
        await store.close()
    met = max(medians) <= AIM_MEDIAN_MS and worst <= AIM_MOST_MS
    print(f"  {'met' if met else 'missed'}\n")
