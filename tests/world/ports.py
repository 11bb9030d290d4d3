"""The ports of a shop, with a point before each of their calls and, where it is asked for, a fault."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from bot.errors import PaymentFailure, SendFailure, SendLater
from tests.fakes import HarnessClock
from tests.world.scheduler import Scheduler

LOST_BEFORE, LOST_AFTER, BAD_GATEWAY = "lost on its way", "its answer is lost", "a proxy's page"
TOO_MANY = "too many requests"


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
    """A port whose awaited calls are points, and how they fail before they do anything.

    `lost`: a call may fail so after its effect too.
    """

    def __init__(
        self,
        port: Any,
        name: str,
        scheduler: Scheduler,
        lost: Exception,
        refused: Mapping[str, Exception] | None = None,
    ) -> None:
        self._port, self._name, self._scheduler = port, name, scheduler
        self._lost, self._refused = lost, {LOST_BEFORE: lost, **(refused or {})}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not asyncio.iscoroutinefunction(found):
            return found

        async def call(*args: Any, **kwargs: Any) -> Any:
            what = f"{self._name}.{name}"
            await self._scheduler.point(what)
            fault = self._scheduler.fault(what, (*self._refused, LOST_AFTER))
            if fault in self._refused:
                raise self._refused[fault]
            result = await found(*args, **kwargs)
            if fault:
                raise self._lost
            return result

        return call


def watched_sender(port: Any, scheduler: Scheduler) -> Any:
    refused = {TOO_MANY: SendLater(5)}
    return Watched(port, "message", scheduler, SendFailure("lost"), refused)


def watched_payments(port: Any, scheduler: Scheduler) -> Any:
    return Watched(port, "payment", scheduler, PaymentFailure("lost"))


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
