"""The ports of a shop, with a point before each of their calls and, where it is asked for, a fault."""

import asyncio
from typing import Any

import httpx

from bot.errors import PaymentFailure, SendFailure
from tests.fakes import HarnessClock
from tests.world.scheduler import Scheduler

LOST_BEFORE, LOST_AFTER, BAD_GATEWAY = "lost on its way", "its answer is lost", "a proxy's page"


class Wire(httpx.AsyncBaseTransport):
    """The way to a supplier: a point before a request arrives, and one before its answer is read."""

    def __init__(self, app: Any, scheduler: Scheduler) -> None:
        self._inner = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self._scheduler = scheduler

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        what = f"{request.method} {request.url.host}{_short(request.url.path)}"
        await self._scheduler.point(what)
        fault = self._scheduler.fault(what, (LOST_BEFORE, LOST_AFTER, BAD_GATEWAY))
        if fault == LOST_BEFORE:
            raise httpx.ReadTimeout("lost")
        if fault == BAD_GATEWAY:
            return httpx.Response(502, html="<h1>Bad gateway</h1>", request=request)
        answer = await self._inner.handle_async_request(request)
        await answer.aread()
        if fault == LOST_AFTER:
            raise httpx.ReadTimeout("lost")
        return answer


def _short(path: str) -> str:
    """A path without the ids in it: they are made at random."""
    return "/".join(p if len(p) < 20 else "…" for p in path.split("/"))


class Watched:
    """A port whose awaited calls are points; `failure` None: its calls do not fail."""

    def __init__(
        self, port: Any, name: str, scheduler: Scheduler, failure: type[Exception] | None
    ) -> None:
        self._port, self._name, self._scheduler, self._failure = port, name, scheduler, failure

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not asyncio.iscoroutinefunction(found):
            return found

        async def call(*args: Any, **kwargs: Any) -> Any:
            what = f"{self._name}.{name}"
            await self._scheduler.point(what)
            kinds = (LOST_BEFORE, LOST_AFTER) if self._failure else ()
            fault = self._scheduler.fault(what, kinds)
            if fault == LOST_BEFORE and self._failure:
                raise self._failure("lost")
            result = await found(*args, **kwargs)
            if fault and self._failure:
                raise self._failure("lost")
            return result

        return call


def watched_sender(port: Any, scheduler: Scheduler) -> Any:
    return Watched(port, "message", scheduler, SendFailure)


def watched_payments(port: Any, scheduler: Scheduler) -> Any:
    return Watched(port, "payment", scheduler, PaymentFailure)


class WatchedClock:
    """Whoever sleeps goes on when the scheduler says so; the time has passed by then."""

    def __init__(self, clock: HarnessClock, scheduler: Scheduler) -> None:
        self._clock, self._scheduler = clock, scheduler

    async def sleep(self, seconds: float) -> None:
        if seconds:
            await self._scheduler.point(f"sleep {seconds:g} s")
            self._clock.pass_time(seconds)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._clock, name)
