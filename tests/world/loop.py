"""An event loop that does nothing by itself: when nothing is ready, a scheduler decides who goes on.

asyncio calls `select` with a timeout other than 0 exactly when no callback is ready: then every task stands at a point,
waits for another task, or has ended. Tasks, gather, shield, locks, timeouts and httpx over ASGI work as they always do.
"""

import asyncio
import itertools
import selectors
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any


class Deadlock(Exception):
    """Everybody waits for somebody else, and no timer is set."""


class _QuietSelector(selectors.SelectSelector):
    def __init__(self) -> None:
        super().__init__()
        self.when_quiet: Callable[[], bool] = lambda: False

    def select(self, timeout: float | None = None) -> list[Any]:
        # No socket matters: everything runs in this process.
        if timeout != 0 and not self.when_quiet():
            raise Deadlock
        return []


class QuietLoop(asyncio.SelectorEventLoop):
    """Virtual time, and tasks named by who made them and in which order: the same in each run.

    `decide` lets one waiting task go on, and returns False where none waits; then time passes to the next timer.
    """

    def __init__(self) -> None:
        selector = _QuietSelector()
        super().__init__(selector)
        selector.when_quiet = self._when_quiet
        self.decide: Callable[[], bool] = lambda: False
        self._seconds = 0.0
        self._children: dict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))
        self.set_task_factory(self._make_task)

    def time(self) -> float:
        return self._seconds

    def _when_quiet(self) -> bool:
        if self.decide():
            return True
        loop: Any = self
        waiting = [timer.when() for timer in loop._scheduled if not timer.cancelled()]
        if not waiting:
            return False
        self._seconds = max(self._seconds, min(waiting))
        return True

    def _make_task(self, loop: Any, work: Any, **options: Any) -> asyncio.Task[Any]:
        parent = asyncio.current_task(self)
        mother = parent.get_name() if parent else "main"
        name = f"{mother}.{next(self._children[mother])}"
        return asyncio.Task(work, loop=self, name=name, **options)
