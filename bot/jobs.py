"""Running the sweeps of the shop on APScheduler."""

import asyncio
import itertools
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.agenda import Agenda
from bot.domain.jobs import Job, Wakes
from bot.domain.orders import Order
from bot.domain.outbox import OutboxRow
from bot.errors import HanoutError, PaymentFailure, StorageFailure, SupplierFailure
from bot.log_fields import log_fields
from bot.meter import NO_METER, Meter
from bot.services.items import Item, ItemKind
from bot.services.messaging.item_runs import attempt_item, is_being_cancelled
from bot.services.operations.failing import failing_sweeps, tell_sweep_failing, tell_sweep_works
from bot.services.operations.outbox import Sending, find_messages_to_send, try_message
from bot.services.orders.place import find_orders_to_place, place_order, refund_overdue_orders
from bot.services.shop import Shop
from bot.sweeps import Sweep, build_sweeps

_log = logging.getLogger(__name__)
_PLACED_AT_ONCE: Final = 16  # purchases at one supplier
_PLACED_OF_ONE_PRODUCT: Final = 8  # its price may hang while the supplier answers for the others
_BACKSTOP_SECONDS: Final = 60.0  # each sweep checks at least so often whether something is due
_STORAGE_SECONDS: Final = 1.0  # the shop goes on so soon after a failure of the storage
FAILURES_BEFORE_ALERT: Final = 4  # of one sweep in a row
_PATIENCE_SECONDS: Final = 0.5  # for the items of a run; slower ones go on without their sweep
_RUNS_WITHOUT_BREAK: Final = 3
_BREAK_SECONDS: Final = 0.05
_LOOK_SECONDS: Final = 1.0  # so soon it is noticed that the wall clock was set to another time


class _Every(BaseTrigger):  # type: ignore[misc]
    """So many seconds after the present run.

    APScheduler's own interval counts the runs that a clock set ahead has skipped: for a year those
    are millions, while the whole shop waits.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return now + timedelta(seconds=self._seconds)


async def run_guarded(name: str, work: Callable[[], Awaitable[object]]) -> BaseException | None:
    """Run `work`; log and return what it raises, without the content of orders.

    A cancellation is raised where it is meant for the present task, which is to end.
    """
    try:
        await work()
    except asyncio.CancelledError as cancelled:
        if is_being_cancelled():
            raise
        _log.exception("%s: something inside was cancelled", name)
        return cancelled
    except SupplierFailure as failure:
        _log.warning("%s: %s %s %s", name, type(failure).__name__, failure.code, failure.status)
        return failure
    except PaymentFailure as failure:
        _log.warning("%s: %s %s", name, type(failure).__name__, failure.code)
        return failure
    except HanoutError as error:
        _log.error("%s: %s %s", name, type(error).__name__, error)
        return error
    except Exception as error:
        _log.exception("%s failed", name)
        return error
    return None


class Jobs:
    """Runs every sweep when it is due, never two runs of one sweep at once."""

    def __init__(self, shop: Shop, answer_within: timedelta, meter: Meter = NO_METER) -> None:
        self._shop, self._meter = shop, meter
        self._sweeps = build_sweeps(shop, self._place, self._send, answer_within)
        self._agenda = Agenda(shop, self._sweeps)
        self._running: set[str] = set()
        self._failures: dict[str, int] = {}  # of sweeps whose last runs failed, one after the other
        self._told: set[str] | None = None  # sweeps whose failing the operators know; None: unread
        self._started = False
        self._looking: asyncio.Task[None]
        self._tasks: set[asyncio.Task[None]] = set()
        self._placing: dict[int, Order] = {}  # being placed, by id
        self._sending = Sending(shop.clock.monotonic)
        shop.items.patience_seconds = _PATIENCE_SECONDS
        shop.items.report = _log.error
        # By default APScheduler drops a job that is a second late, without a trace.
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for sweep in self._sweeps:
            seconds = sweep.interval_seconds or _BACKSTOP_SECONDS
            self._scheduler.add_job(
                self._spawn_check, _Every(seconds), id=sweep.name, args=(sweep,)
            )
        shop.store.subscribe(self.wake)

    def start(self) -> None:
        """Run every sweep once: what fell due while the shop was closed is made up for."""
        self._started = True
        self._scheduler.start()
        for sweep in self._sweeps:
            self._spawn(self._run_if_due(sweep))
        self._looking = asyncio.get_running_loop().create_task(self._look_at_the_clock())

    async def _look_at_the_clock(self) -> None:
        """Check all sweeps when the wall clock was set to another time: APScheduler sleeps by it."""
        timeline = self._shop.timeline
        seen = timeline.steps
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            timeline.look()
            if timeline.steps != seen:  # whoever looked first
                seen = timeline.steps
                _log.warning("the wall clock was set to another time: all that waits is looked at")
                for sweep in self._sweeps:
                    self._scheduler.modify_job(sweep.name, next_run_time=datetime.now(UTC))

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
        if sweep.next_due is None or (at is not None and at <= self._agenda.now()):
            await self._run(sweep)
        else:
            await run_guarded(f"{sweep.name}: next run", lambda: self._agenda.reschedule(sweep))
            self._schedule(sweep)

    def _schedule(self, sweep: Sweep) -> None:
        at = self._agenda.next_of(sweep)
        if at is None or not self._started:
            return
        if at <= (now := self._agenda.now()):
            self._spawn(self._run(sweep))
        elif (wait := at - now) < timedelta(seconds=_BACKSTOP_SECONDS):
            self._scheduler.modify_job(sweep.name, next_run_time=datetime.now(UTC) + wait)

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
                self._meter.sweep_begun(sweep.name, self._agenda.lag_seconds(sweep))
                self._agenda.begin(sweep)
                with log_fields(supplier=sweep.supplier):
                    failure = await run_guarded(sweep.name, sweep.work)
                self._meter.sweep_ended(sweep.name, failed=failure is not None)
                planned = await run_guarded(
                    f"{sweep.name}: next run", lambda: self._agenda.end(sweep)
                )
                await self._note(sweep, failure or planned)
                at = self._agenda.next_of(sweep)
                if at is None or at > self._agenda.now() or not self._started:
                    break
                if runs >= _RUNS_WITHOUT_BREAK:
                    await asyncio.sleep(_BREAK_SECONDS)
        except BaseException:  # however a run ends, the sweep has a next one
            self._agenda.retry(sweep, sweep.pause_seconds)
            raise
        finally:
            self._running.discard(sweep.name)
            self._schedule(sweep)

    async def _note(self, sweep: Sweep, failure: BaseException | None) -> None:
        """Run a sweep that failed again, each time later, up to a minute; tell the operators once.

        A supplier that fails has an alert of its own.
        """
        if failure is None:
            self._failures.pop(sweep.name, None)
            await run_guarded(f"{sweep.name}: alert", lambda: self._tell_working(sweep))
            return
        failures = self._failures[sweep.name] = self._failures.get(sweep.name, 0) + 1
        wait = sweep.pause_seconds * 2.0 ** min(failures - 1, 10)
        longest = _STORAGE_SECONDS if isinstance(failure, StorageFailure) else _BACKSTOP_SECONDS
        self._agenda.retry(sweep, min(max(sweep.pause_seconds, wait), longest))
        if failures >= FAILURES_BEFORE_ALERT and not isinstance(failure, SupplierFailure):
            trouble = type(failure).__name__
            await run_guarded(
                f"{sweep.name}: alert", lambda: self._tell_failing(sweep, trouble, failures)
            )

    async def _tell_failing(self, sweep: Sweep, trouble: str, failures: int) -> None:
        if sweep.name not in await self._known_failing():
            await tell_sweep_failing(self._shop, sweep.name, trouble, failures)
            (await self._known_failing()).add(sweep.name)

    async def _tell_working(self, sweep: Sweep) -> None:
        if sweep.name in await self._known_failing():
            await tell_sweep_works(self._shop, sweep.name)
            (await self._known_failing()).discard(sweep.name)

    async def _known_failing(self) -> set[str]:
        """The sweeps that operators know to fail; alerts of earlier processes are read once."""
        if self._told is None:
            self._told = await failing_sweeps(self._shop)
        return self._told

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        # In a context of its own: the update whose commit woke the sweep has no part in this work.
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self, patience_seconds: float) -> None:
        """Start no new runs, cancel those that take longer; the next start does what is left."""
        if self._started:  # the start may have failed before it came to this
            self._started = False
            self._looking.cancel()
            self._scheduler.pause()
            await asyncio.sleep(0)  # what it has just begun ends; cancelled, it logs an error
            self._scheduler.shutdown(wait=False)
        if self._tasks:  # no task starts another one any more
            _, late = await asyncio.wait(self._tasks, timeout=patience_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._shop.items.stop(patience_seconds)

    async def _place(self) -> None:
        """Refund overdue orders, and start the purchases that are due, without waiting for them.

        So a slow one holds up no other.
        """
        await refund_overdue_orders(self._shop)
        for order in await find_orders_to_place(self._shop, self._full_products()):
            item = Item(ItemKind.PLACE, order.id)
            if (
                order.id not in self._placing
                and self._shop.items.may_begin(item, self._shop.clock.monotonic())
                and self._has_place(order)
            ):
                self._placing[order.id] = order
                self._spawn(self._place_one(order))

    def _full_products(self) -> list[int]:
        """The products of which as many purchases are under way as they are given."""
        under_way = Counter(order.product_id for order in self._placing.values())
        return [one for one, count in under_way.items() if count >= _PLACED_OF_ONE_PRODUCT]

    def _has_place(self, order: Order) -> bool:
        """Whether fewer purchases are under way than its supplier, and its product, are given."""
        of_supplier = [one for one in self._placing.values() if one.supplier == order.supplier]
        of_product = sum(one.product_id == order.product_id for one in of_supplier)
        return len(of_supplier) < _PLACED_AT_ONCE and of_product < _PLACED_OF_ONE_PRODUCT

    async def _place_one(self, order: Order) -> None:
        try:
            with log_fields(supplier=order.supplier):
                await attempt_item(
                    self._shop,
                    Item(ItemKind.PLACE, order.id),
                    lambda: place_order(self._shop, order),
                )
        finally:
            was_full = not self._has_place(order)
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
