"""Running the sweeps of the shop on APScheduler."""

import asyncio
import itertools
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from datetime import timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.agenda import Agenda
from bot.domain.jobs import Job, Wakes
from bot.domain.orders import Order
from bot.domain.records import OutboxRow
from bot.errors import HanoutError, SupplierFailure
from bot.services.operations.outbox import Sending, find_messages_to_send, try_message
from bot.services.orders.offer_checks import RecentOffers
from bot.services.orders.place import find_orders_to_place, place_order, refund_overdue_orders
from bot.services.shop import Shop
from bot.sweeps import Sweep, build_sweeps

_log = logging.getLogger(__name__)
_PLACED_AT_ONCE: Final = 16  # purchases at one supplier
_BACKSTOP_SECONDS: Final = 60.0  # each sweep checks at least so often whether something is due
_RUNS_WITHOUT_BREAK: Final = 3
_BREAK_SECONDS: Final = 0.05


async def run_guarded(name: str, work: Callable[[], Awaitable[object]]) -> bool:
    """Run `work` and log whatever it raises, without the content of orders; False where it raised."""
    try:
        await work()
    except SupplierFailure as failure:
        _log.warning("%s: %s %s %s", name, type(failure).__name__, failure.code, failure.status)
    except HanoutError as error:
        _log.error("%s: %s %s", name, type(error).__name__, error)
    except Exception:
        _log.exception("%s failed", name)
    else:
        return True
    return False


class Jobs:
    """Runs every sweep when it is due, never two runs of one sweep at once."""

    def __init__(self, shop: Shop, answer_within: timedelta) -> None:
        self._shop = shop
        self._sweeps = build_sweeps(shop, self._place, self._send, answer_within)
        self._agenda = Agenda(shop, self._sweeps)
        self._running: set[str] = set()
        self._failures: dict[str, int] = {}  # of sweeps whose last runs failed, one after the other
        self._started = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._placing: dict[int, str] = {}  # orders being placed: their suppliers by order id
        self._sending = Sending(time.monotonic)
        self._offers = RecentOffers()
        # By default APScheduler drops a job that is a second late, without a trace.
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for sweep in self._sweeps:
            seconds = sweep.interval_seconds or _BACKSTOP_SECONDS
            self._scheduler.add_job(
                self._spawn_check, "interval", seconds=seconds, id=sweep.name, args=(sweep,)
            )
        shop.store.subscribe(self.wake)

    def start(self) -> None:
        """Run every sweep once: what fell due while the shop was closed is made up for."""
        self._started = True
        self._scheduler.start()
        for sweep in self._sweeps:
            self._spawn(self._run_if_due(sweep))

    async def fetch_first_catalogues(self) -> None:
        """Fetch catalogues that are missing or old. Call it before `start`."""
        fetching = [sweep for sweep in self._sweeps if sweep.job is Job.CATALOGUE]
        await asyncio.gather(*(self._run(sweep) for sweep in fetching))

    def wake(self, wakes: Wakes) -> None:
        """Called after each commit with the jobs that have new work; ignored before `start`."""
        if self._started:
            for sweep in self._agenda.wake(wakes):
                self._schedule(sweep)

    async def _spawn_check(self, sweep: Sweep) -> None:
        # A task of our own: the scheduler cancels what it runs itself at shutdown, with an error.
        self._spawn(self._run_if_due(sweep))

    async def _run_if_due(self, sweep: Sweep) -> None:
        """Run the sweep where it is due; else read again when it will be."""
        at = self._agenda.next_of(sweep)
        if sweep.next_due is None or (at is not None and at <= self._shop.clock.now()):
            await self._run(sweep)
        else:
            await run_guarded(f"{sweep.name}: next run", lambda: self._agenda.reschedule(sweep))
            self._schedule(sweep)

    def _schedule(self, sweep: Sweep) -> None:
        at = self._agenda.next_of(sweep)
        if at is None or not self._started:
            return
        now = self._shop.clock.now()
        if at <= now:
            self._spawn(self._run(sweep))
        elif at < now + timedelta(seconds=_BACKSTOP_SECONDS):
            self._scheduler.modify_job(sweep.name, next_run_time=at)

    async def _run(self, sweep: Sweep) -> None:
        """Run the sweep, again while it is woken meanwhile, and schedule the next run.

        Does nothing while the sweep is running. A sweep that is woken without end, by itself perhaps, runs
        some twenty times a second at most.
        """
        if sweep.name in self._running:
            return
        self._running.add(sweep.name)
        try:
            for runs in itertools.count(1):
                self._agenda.begin(sweep)
                done = await run_guarded(sweep.name, sweep.work)
                done &= await run_guarded(
                    f"{sweep.name}: next run", lambda: self._agenda.end(sweep)
                )
                self._note_failure(sweep, failed=not done)
                at = self._agenda.next_of(sweep)
                if at is None or at > self._shop.clock.now():
                    break
                if runs >= _RUNS_WITHOUT_BREAK:
                    await asyncio.sleep(_BREAK_SECONDS)
        finally:
            self._running.discard(sweep.name)
        self._schedule(sweep)

    def _note_failure(self, sweep: Sweep, *, failed: bool) -> None:
        """Run a sweep that failed again, each time later, up to a minute."""
        if not failed:
            self._failures.pop(sweep.name, None)
            return
        failures = self._failures[sweep.name] = self._failures.get(sweep.name, 0) + 1
        wait = sweep.pause_seconds * 2.0 ** min(failures - 1, 10)
        self._agenda.retry(sweep, max(sweep.pause_seconds, min(wait, _BACKSTOP_SECONDS)))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        # In a context of its own: the update whose commit woke the sweep has no part in this work.
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self, patience_seconds: float) -> None:
        """Start no new runs, cancel those that take longer; the next start does what is left."""
        self._started = False
        self._scheduler.shutdown(wait=False)
        if self._tasks:  # no task starts another one any more
            _, late = await asyncio.wait(self._tasks, timeout=patience_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _place(self) -> None:
        """Refund overdue orders, and start the purchases that are due, without waiting for them.

        So a slow one holds up no other.
        """
        await refund_overdue_orders(self._shop)
        for order in await find_orders_to_place(self._shop):
            if (
                order.id not in self._placing
                and self._count_placing(order.supplier) < _PLACED_AT_ONCE
            ):
                self._placing[order.id] = order.supplier
                self._spawn(self._place_one(order))

    def _count_placing(self, supplier: str) -> int:
        return sum(name == supplier for name in self._placing.values())

    async def _place_one(self, order: Order) -> None:
        try:
            await run_guarded("place order", lambda: place_order(self._shop, order, self._offers))
        finally:
            was_full = self._count_placing(order.supplier) >= _PLACED_AT_ONCE
            del self._placing[order.id]
            if was_full:  # others may wait for a free place
                wakes = Wakes()
                wakes.add(Job.PLACE)
                self.wake(wakes)

    async def _send(self) -> None:
        """Start to send the messages that are due, without waiting: a slow one holds up no other."""
        for row in await find_messages_to_send(self._shop, self._sending):
            self._spawn(self._send_one(row))

    async def _send_one(self, row: OutboxRow) -> None:
        try:
            await try_message(self._shop, row)
        finally:
            self._sending.end(row)
            wakes = Wakes()  # the next message of this person, or one that found no place
            wakes.add(Job.OUTBOX)
            self.wake(wakes)
