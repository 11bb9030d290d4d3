"""When each sweep has to run next: the running shop and the tests' clock both go by it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.jobs import AT_ONCE, Job, Wakes
from bot.errors import HanoutError
from bot.services.shop import Shop
from bot.sweeps import Sweep


class Agenda:
    """The next time of each sweep: when its earliest row is due, or when a commit woke its job."""

    def __init__(self, shop: Shop, sweeps: Iterable[Sweep]) -> None:
        self._shop = shop
        self._by_job: dict[Job, list[Sweep]] = {}
        for sweep in sweeps:
            self._by_job.setdefault(sweep.job, []).append(sweep)
        # Whatever was due before the start is made up for: every sweep begins with a look.
        self._next = {sweep.name: AT_ONCE for of_job in self._by_job.values() for sweep in of_job}

    def wake(self, wakes: Wakes) -> list[Sweep]:
        """Note what a commit woke; returns the sweeps whose time has come nearer."""
        return [
            sweep
            for job, due_at in wakes
            for sweep in self._by_job.get(job, ())
            if self._bring_forward(sweep, due_at)
        ]

    def _bring_forward(self, sweep: Sweep, due_at: datetime) -> bool:
        known = self._next.get(sweep.name)
        if known is not None and known <= due_at:
            return False
        self._next[sweep.name] = due_at
        return True

    def next_of(self, sweep: Sweep) -> datetime | None:
        """None: it sleeps until it is woken."""
        return self._next.get(sweep.name)

    def begin(self, sweep: Sweep) -> None:
        """A run begins: what wakes it from now on is work that this run may not see."""
        self._next.pop(sweep.name, None)

    async def end(self, sweep: Sweep) -> None:
        """A run has ended: it sleeps until its earliest row is due, or its interval is over."""
        if self._next.get(sweep.name) != AT_ONCE:
            await self.look(sweep, sweep.pause_seconds)

    async def look(self, sweep: Sweep, pause_seconds: float = 0) -> None:
        """Ask when its earliest row is due; not before the pause is over."""
        now = self._shop.clock.now()
        if sweep.next_due is None:
            due_at = now + timedelta(seconds=sweep.interval_seconds or 0)
        else:
            try:
                async with self._shop.store.reading() as tx:
                    earliest = await sweep.next_due(tx)
            except HanoutError:  # the database cannot be read: try again after the pause
                earliest = now
            if earliest is None:
                return
            due_at = earliest
        self._bring_forward(sweep, max(due_at, now + timedelta(seconds=pause_seconds)))
