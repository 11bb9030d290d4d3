"""An API whose answers can be struck: late, torn, cut off, or somebody else's."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from bot.sandbox.serve import OpenConnections
from bot.sandbox.supplier.book import Call
from bot.sandbox.supplier.faults import Fault, FaultKind

_BEFORE: Final = (
    FaultKind.SILENCE_BEFORE,
    FaultKind.RESET_BEFORE,
    FaultKind.STATUS,
    FaultKind.HTML,
)
_GONE: Final = 499
_NO_ANSWER: Final = {
    FaultKind.SILENCE_BEFORE: "silence",
    FaultKind.SILENCE_AFTER: "silence",
    FaultKind.RESET_BEFORE: "cut off",
    FaultKind.RESET_AFTER: "cut off",
}


class FaultyApi(ABC):
    def __init__(self) -> None:
        self.connections = OpenConnections()

    @abstractmethod
    def answer(self, request: Request, body: bytes) -> Response:
        """The usual answer."""

    @abstractmethod
    def refuse(self, fault: Fault) -> Response:
        """A fault's status, in the API's own form."""

    async def strike(
        self, request: Request, call: Call, find: Callable[[str], Fault | None]
    ) -> Response:
        """Answer, or what a fault makes of it; `call` learns what its sender got."""
        fault = find(request.url.path)
        try:
            response = await self._respond(request, fault)
        except ClientDisconnect:  # the shop was killed in the middle of its sentence
            return Response(status_code=_GONE)
        call.came = _NO_ANSWER.get(fault.kind, "") if fault else ""
        call.came = call.came or str(response.status_code)
        return response

    async def _respond(self, request: Request, fault: Fault | None) -> Response:
        body = await request.body()
        if fault and fault.kind in _BEFORE:
            return await self._fail(request, fault)
        if fault and fault.kind is FaultKind.LATENCY:
            await asyncio.sleep(fault.seconds)
        response = self.answer(request, body)
        if fault and fault.kind is FaultKind.TORN:
            half = bytes(response.body)[: len(response.body) // 2]
            return Response(half, media_type="application/json")
        if fault and fault.kind is not FaultKind.LATENCY:
            return await self._fail(request, fault)
        return response

    async def _fail(self, request: Request, fault: Fault) -> Response:
        if fault.kind in (FaultKind.SILENCE_BEFORE, FaultKind.SILENCE_AFTER):
            await asyncio.sleep(fault.seconds)
        elif fault.kind in (FaultKind.RESET_BEFORE, FaultKind.RESET_AFTER):
            self.connections.cut(request.scope)
        elif fault.kind is FaultKind.HTML:
            return HTMLResponse("<html><h1>Bad gateway</h1></html>", fault.status)
        elif fault.kind is FaultKind.GARBAGE:
            return HTMLResponse("<!doctype html>", 200)
        return self.refuse(fault)
