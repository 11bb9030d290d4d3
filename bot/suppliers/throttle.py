"""Rate limits for the calls to a supplier.

Throttle is a token bucket shared by all calls with one key. In every window it lets at most 80 % of
the supplier's limit through: the capacity is a part of the limit, and the refill is the rest.
Urgent calls go first, but a call that waits gains priority, so that urgent calls never starve the
others.
"""

import asyncio
import heapq
import itertools
from enum import IntEnum
from typing import Self

from bot.ports import Clock


class Urgency(IntEnum):
    """Seconds by which a waiting call of this kind is ranked behind the most urgent kind."""

    PLACE = 0
    START = 2  # of a payment, for somebody who has pressed a button
    POLL = 4
    CHECK = 5  # price and stock of what somebody has paid for, or typed
    PAYMENT = 6
    PRODUCT = 8
    BALANCE = 20
    CATALOGUE = 40
    WATCH = 60  # price and stock that nobody looks at

    @classmethod
    def of_product(cls, *, urgent: bool, idle: bool) -> "Urgency":
        """The kind of a question for a product's prices."""
        if urgent:
            return cls.CHECK
        return cls.WATCH if idle else cls.PRODUCT


class Throttle:
    def __init__(self, clock: Clock, capacity: float, per_second: float) -> None:
        self._clock = clock
        self._capacity, self._per_second = capacity, per_second
        self._tokens = capacity
        self._filled_at = clock.monotonic()
        self._blocked_until = 0.0
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._granting: asyncio.Task[None] | None = None

    @classmethod
    def per_minute(cls, clock: Clock, ceiling: int) -> Self:
        """Capacity: 10 % of the calls allowed per minute; refill: 70 % of them per minute."""
        return cls(clock, *_minute_bucket(ceiling))

    @classmethod
    def per_ten_seconds(cls, clock: Clock, ceiling: int) -> Self:
        """Capacity: 30 % of the calls allowed in ten seconds; refill: 50 % of them in that time."""
        return cls(clock, max(1.0, ceiling * 0.3), ceiling * 0.5 / 10)

    def set_per_minute(self, ceiling: int) -> None:
        self._capacity, self._per_second = _minute_bucket(ceiling)
        self._tokens = min(self._tokens, self._capacity)

    def block(self, seconds: float) -> None:
        """Hold all calls for so many seconds: the supplier asked us to wait (HTTP 429)."""
        self._blocked_until = max(self._blocked_until, self._clock.monotonic() + seconds)

    def left(self) -> float:
        """How many calls may be sent at once now; it takes none."""
        if self._clock.monotonic() < self._blocked_until:
            return 0.0
        self._fill()
        return self._tokens

    async def acquire(self, urgency: Urgency) -> None:
        """Wait until a call may be sent."""
        if not self._waiting and self._take():
            return
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        rank = self._clock.monotonic() + urgency
        heapq.heappush(self._waiting, (rank, next(self._order), granted))
        if self._granting is None or self._granting.done():
            self._granting = asyncio.create_task(self._grant_waiting())
        await granted

    def _fill(self) -> float:
        now = self._clock.monotonic()
        self._tokens = min(
            self._capacity, self._tokens + (now - self._filled_at) * self._per_second
        )
        self._filled_at = now
        return now

    def _take(self) -> bool:
        now = self._fill()
        if now < self._blocked_until or self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def _wait_seconds(self) -> float:
        now = self._clock.monotonic()
        refill = (1 - self._tokens) / self._per_second
        return max(refill, self._blocked_until - now, 0.001)

    async def _grant_waiting(self) -> None:
        while self._waiting:
            if self._waiting[0][2].cancelled():
                heapq.heappop(self._waiting)
            elif self._take():
                heapq.heappop(self._waiting)[2].set_result(None)
            else:
                await self._clock.sleep(self._wait_seconds())


def _minute_bucket(ceiling: int) -> tuple[float, float]:
    return max(1.0, ceiling * 0.1), max(ceiling * 0.7, 1.0) / 60
