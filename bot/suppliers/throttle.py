"""One budget of calls for a supplier key, shared by all who call, the most urgent first.

In every window at most 80 % of the ceiling goes out: a bucket that holds a part of it and refills
with the rest. A waiting call ages, so that a stream of urgent ones never starves the rest.
"""

import asyncio
import heapq
import itertools
from enum import IntEnum
from typing import Self

from bot.ports import Clock


class Urgency(IntEnum):
    """Seconds of waiting that a call of this kind is put back against the most urgent kind."""

    PLACE = 0
    POLL = 4
    PAYMENT = 6
    PRODUCT = 8
    BALANCE = 20
    CATALOGUE = 40


class Throttle:
    def __init__(self, clock: Clock, capacity: float, per_second: float) -> None:
        self._clock = clock
        self._capacity, self._per_second = capacity, per_second
        self._tokens = capacity
        self._filled_at = clock.now().timestamp()
        self._blocked_until = 0.0
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._pump: asyncio.Task[None] | None = None

    @classmethod
    def per_minute(cls, clock: Clock, ceiling: int) -> Self:
        """A tenth of the ceiling at once, and seven tenths of it a minute."""
        return cls(clock, *_minute(ceiling))

    @classmethod
    def per_ten_seconds(cls, clock: Clock, ceiling: int) -> Self:
        """Three tenths of the ceiling at once, and a half of it every ten seconds."""
        return cls(clock, max(1.0, ceiling * 0.3), ceiling * 0.5 / 10)

    def set_per_minute(self, ceiling: int) -> None:
        self._capacity, self._per_second = _minute(ceiling)
        self._tokens = min(self._tokens, self._capacity)

    def block(self, seconds: float) -> None:
        """The supplier asked us to wait (429): nobody calls until then."""
        self._blocked_until = max(self._blocked_until, self._clock.now().timestamp() + seconds)

    async def acquire(self, urgency: Urgency) -> None:
        """Wait for a turn."""
        if not self._waiting and self._take():
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        rank = self._clock.now().timestamp() + urgency
        heapq.heappush(self._waiting, (rank, next(self._order), turn))
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._serve())
        await turn

    def _take(self) -> bool:
        now = self._clock.now().timestamp()
        self._tokens = min(
            self._capacity, self._tokens + (now - self._filled_at) * self._per_second
        )
        self._filled_at = now
        if now < self._blocked_until or self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _wait_seconds(self) -> float:
        now = self._clock.now().timestamp()
        refill = (1 - self._tokens) / self._per_second
        return max(refill, self._blocked_until - now, 0.001)

    async def _serve(self) -> None:
        while self._waiting:
            if self._waiting[0][2].cancelled():
                heapq.heappop(self._waiting)
            elif self._take():
                heapq.heappop(self._waiting)[2].set_result(None)
            else:
                await self._clock.sleep(self._wait_seconds())


def _minute(ceiling: int) -> tuple[float, float]:
    return max(1.0, ceiling * 0.1), max(ceiling * 0.7, 1.0) / 60
