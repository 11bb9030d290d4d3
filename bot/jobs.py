"""The running shop's sweeps, on APScheduler: each sleeps until its earliest row is due, or is woken."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.agenda import Agenda
from bot.domain.jobs import Job, Wakes
from bot.domain.orders import Order
from bot.errors import HanoutError, SupplierFailure
from bot.services.orders.offer_checks import RecentOffers
from bot.services.orders.place import find_orders_to_place, place_order
from bot.services.shop import Shop
from bot.sweeps import Sweep, build_sweeps

_log = logging.getLogger(__name__)
_PLACED_AT_ONCE: Final = 16  # at one supplier
_BACKSTOP_SECONDS: Final = 60.0  # each sweep looks at least so often whether something is due


async def run_guarded(name: str, work: Callable[[], Awaitable[object]]) -> None:
    """Run a piece of work to its end; whatever it raises is logged, without the content of orders."""
    try:
        await work()
    except SupplierFailure as failure:
        _log.warning("%s: %s %s %s", name, type(failure).__name__, failure.code, failure.status)
    except HanoutError as error:
        _log.error("%s: %s %s", name, type(error).__name__, error)
    except Exception:
        _log.exception("%s failed", name)


class Jobs:
    """Runs every sweep when its time has come, never two runs of one at once."""

    def __init__(self, shop: Shop, answer_within: timedelta) -> None:
        self._shop = shop
        self._sweeps = build_sweeps(shop, self._place, answer_within)
        self._agenda = Agenda(shop, self._sweeps)
        self._running: set[str] = set()
        self._started = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._placing: dict[int, str] = {}  # the orders at work, and where they are bought
        self._offers = RecentOffers()
        # A job that is a second late would be dropped by default, and never be seen.
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for sweep in self._sweeps:
            seconds = sweep.interval_seconds or _BACKSTOP_SECONDS
            self._scheduler.add_job(
                self._ring, "interval", seconds=seconds, id=sweep.name, args=(sweep,)
            )
        shop.store.subscribe(self.wake)

    def start(self) -> None:
        """Every sweep looks at once: a night or a due time that passed meanwhile is made up for."""
        self._started = True
        self._scheduler.start()
        for sweep in self._sweeps:
            self._spawn(self._run(sweep))

    async def fetch_first_catalogues(self) -> None:
        """Fetch the catalogues that are missing or old, before the shop opens."""
        fetching = [sweep for sweep in self._sweeps if sweep.job is Job.CATALOGUE]
        await asyncio.gather(*(self._run(sweep) for sweep in fetching))

    def wake(self, wakes: Wakes) -> None:
        """Hears after each commit which jobs it gave work to, and from when on."""
        if self._started:
            for sweep in self._agenda.wake(wakes):
                self._plan(sweep)

    async def _ring(self, sweep: Sweep) -> None:
        # The scheduler only rings: what it runs itself it would cut off, loudly, at the end.
        self._spawn(self._look(sweep))

    async def _look(self, sweep: Sweep) -> None:
        """Its time has come, or it has not looked for long: run it where something is due."""
        at = self._agenda.next_of(sweep)
        if sweep.next_due is None or (at is not None and at <= self._shop.clock.now()):
            await self._run(sweep)
        else:
            await self._agenda.look(sweep)
            self._plan(sweep)

    def _plan(self, sweep: Sweep) -> None:
        at = self._agenda.next_of(sweep)
        if at is None:
            return
        now = self._shop.clock.now()
        if at <= now:
            self._spawn(self._run(sweep))
        elif at < now + timedelta(seconds=_BACKSTOP_SECONDS):
            self._scheduler.modify_job(sweep.name, next_run_time=at)

    async def _run(self, sweep: Sweep) -> None:
        """Run it, and once more as long as it is woken meanwhile; then sleep until something is due."""
        if sweep.name in self._running:
            return
        self._running.add(sweep.name)
        try:
            while True:
                self._agenda.begin(sweep)
                await run_guarded(sweep.name, sweep.work)
                await self._agenda.end(sweep)
                at = self._agenda.next_of(sweep)
                if at is None or at > self._shop.clock.now():
                    break
        finally:
            self._running.discard(sweep.name)
        if self._started:
            self._plan(sweep)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self, patience_seconds: float) -> None:
        """No new runs; those at work get some time, then the next start picks up what is left."""
        self._started = False
        self._scheduler.shutdown(wait=False)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _place(self) -> None:
        """Start what is due and go on: one slow purchase holds up no other, one slow supplier none."""
        for order in await find_orders_to_place(self._shop):
            if order.id not in self._placing and self._at_work(order.supplier) < _PLACED_AT_ONCE:
                self._placing[order.id] = order.supplier
                self._spawn(self._place_one(order))

    def _at_work(self, supplier: str) -> int:
        return sum(name == supplier for name in self._placing.values())

    async def _place_one(self, order: Order) -> None:
        try:
            await run_guarded("place order", lambda: place_order(self._shop, order, self._offers))
        finally:
            others_wait = self._at_work(order.supplier) >= _PLACED_AT_ONCE
            del self._placing[order.id]
            if others_wait:
                wakes = Wakes()
                wakes.add(Job.PLACE)
                self.wake(wakes)
