"""When each sweep has to run next; the running shop and the tests use the same rules.

All times of an agenda are on its own scale, which monotonic time moves: a wall clock that is set to
another time neither delays nor hastens a run.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.jobs import AT_ONCE, Job, Wakes
from bot.errors import HanoutError
from bot.services.shop import Shop
from bot.sweeps import Sweep


class Agenda:
    """The next run of each sweep: when its earliest row is due, or when a commit woke its job."""

    def __init__(self, shop: Shop, sweeps: Iterable[Sweep]) -> None:
        self._shop = shop
        self._began, self._began_monotonic = shop.clock.now(), shop.clock.monotonic()
        self._by_job: dict[Job, list[Sweep]] = {}
        for sweep in sweeps:
            self._by_job.setdefault(sweep.job, []).append(sweep)
        # What was due before the start is made up for: every sweep runs once at the start.
        self._next = {sweep.name: AT_ONCE for of_job in self._by_job.values() for sweep in of_job}
        self._paused_until: dict[str, datetime] = {}  # only a wake-up passes it
        self._woken_at: dict[str, datetime] = {}  # sweeps whose next run is at once: since when

    def now(self) -> datetime:
        """The present on the agenda's scale."""
        passed = self._shop.clock.monotonic() - self._began_monotonic
        return self._began + timedelta(seconds=passed)

    def _at(self, due_at: datetime) -> datetime:
        """The time on the agenda's scale for one that was stored by the wall clock."""
        return due_at if due_at == AT_ONCE else self.now() + (due_at - self._shop.clock.now())

    def wake(self, wakes: Wakes) -> list[Sweep]:
        """Note what a commit woke; returns the sweeps whose next run is earlier now."""
        return [
            sweep
            for job, due_at in wakes
            for sweep in self._by_job.get(job, ())
            if self._bring_forward(sweep, self._at(due_at))
        ]

    def _bring_forward(self, sweep: Sweep, due_at: datetime) -> bool:
        known = self._next.get(sweep.name)
        if known is not None and known <= due_at:
            return False
        self._next[sweep.name] = due_at
        if due_at == AT_ONCE:
            self._woken_at[sweep.name] = self.now()
        return True

    def next_of(self, sweep: Sweep) -> datetime | None:
        """When the sweep has to run next, on the agenda's scale; None: when a commit wakes it."""
        return self._next.get(sweep.name)

    def lag_seconds(self, sweep: Sweep) -> float:
        """For how long the sweep's next run has been due."""
        now = self.now()
        due_at = self._next.get(sweep.name, now)
        if due_at == AT_ONCE:
            due_at = self._woken_at.get(sweep.name, now)
        return max(0.0, (now - due_at).total_seconds())

    def begin(self, sweep: Sweep) -> None:
        """Note that a run begins: this run may not see work that wakes the sweep from now on."""
        self._next.pop(sweep.name, None)
        self._woken_at.pop(sweep.name, None)

    async def end(self, sweep: Sweep) -> None:
        """Note that a run has ended, and set the next one, `pause_seconds` later at the earliest.

        A sweep that was woken during its run runs again at once.
        """
        pause = timedelta(seconds=sweep.pause_seconds)
        self._paused_until[sweep.name] = self.now() + pause
        if self._next.get(sweep.name) != AT_ONCE:
            await self.reschedule(sweep)

    def retry(self, sweep: Sweep, seconds: float) -> None:
        """Note that a run has failed: what had woken it is still to be done, that much later."""
        self._bring_forward(sweep, self.now() + timedelta(seconds=seconds))

    async def reschedule(self, sweep: Sweep) -> None:
        """Read when the sweep's earliest row is due; it runs after its pause at the earliest.

        Never delays a run that is set already.
        """
        now = self.now()
        if sweep.next_due is None:
            earliest = now + timedelta(seconds=sweep.interval_seconds or 0)
        else:
            try:
                async with self._shop.store.reading() as tx:
                    due_at = await sweep.next_due(tx)
            except HanoutError:  # the database cannot be read: try again after the pause
                earliest = now
            else:
                if due_at is None:
                    return
                earliest = self._at(due_at)
        self._bring_forward(sweep, max(earliest, self._paused_until.get(sweep.name, AT_ONCE)))
