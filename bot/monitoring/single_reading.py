"""A reading that many may ask for, that runs once at a time, and that nobody waits for without end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleReading(Generic[T]):
    """Who asks while the reading runs gets the result of that run.

    A reading that takes too long is left to its end, not cancelled: a cancelled query would cost
    its connection. Until then no second one is begun, so that a slow database is not asked more.
    """

    def __init__(self, work: Callable[[], Awaitable[T]], limit_seconds: float) -> None:
        self._work, self._limit_seconds = work, limit_seconds
        self._running: asyncio.Task[T] | None = None

    async def read(self) -> T:
        """Raises TimeoutError where no result came within the limit, and what the reading raises."""
        running = self._running
        if running is None or running.done():
            running = self._running = asyncio.get_running_loop().create_task(self._run())
            running.add_done_callback(_retrieve)
        await asyncio.wait([running], timeout=self._limit_seconds)
        if not running.done() or running.cancelled():
            raise TimeoutError
        return running.result()

    async def _run(self) -> T:
        return await self._work()

    async def close(self) -> None:
        """Cancel a reading that still runs: the database is about to be closed."""
        if self._running is not None and not self._running.done():
            self._running.cancel()
            await asyncio.wait([self._running])


def _retrieve(task: "asyncio.Task[T]") -> None:
    """What it raised is known, also where nobody waited to the end."""
    if not task.cancelled():
        task.exception()
