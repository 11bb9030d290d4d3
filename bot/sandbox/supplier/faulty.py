"""Base class of the supplier APIs: applies scripted faults to their responses."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from bot.sandbox.serve import OpenConnections
from bot.sandbox.supplier.book import Call
from bot.sandbox.supplier.faults import Fault, FaultKind

_WITHOUT_EFFECT: Final = (
    FaultKind.SILENCE_BEFORE,
    FaultKind.RESET_BEFORE,
    FaultKind.STATUS,
    FaultKind.HTML,
    FaultKind.BODY,
)
_CLIENT_CLOSED_REQUEST: Final = 499
_NO_RESPONSE: Final = {
    FaultKind.SILENCE_BEFORE: "silence",
    FaultKind.SILENCE_AFTER: "silence",
    FaultKind.RESET_BEFORE: "cut off",
    FaultKind.RESET_AFTER: "cut off",
}


class FaultyApi(ABC):
    def __init__(self) -> None:
        self.connections = OpenConnections()

    @abstractmethod
    def now(self) -> datetime:
        """The supplier's clock, which the header `Date` of every response tells."""

    @abstractmethod
    def answer(self, request: Request, body: bytes) -> Response:
        """The response without faults."""

    @abstractmethod
    def refuse(self, fault: Fault) -> Response:
        """The response with a fault's status, in the API's error format."""

    async def respond(
        self, request: Request, key: str, calls: list[Call], find: Callable[[str], Fault | None]
    ) -> Response:
        """The response, changed by a fault where `find` returns one; `calls` records both.

        A request counts as a call when its body has come, too: of one that was cut off before
        that, as by a shop that is killed while it sends it, nothing has happened.
        """
        try:
            body = await request.body()
        except ClientDisconnect:
            return Response(status_code=_CLIENT_CLOSED_REQUEST)
        call = Call(self.now(), key, f"{request.method} {request.url.path}")
        calls.append(call)
        fault = find(request.url.path)
        response = await self._faulty_response(request, body, fault)
        call.response = _NO_RESPONSE.get(fault.kind, "") if fault else ""
        call.response = call.response or str(response.status_code)
        response.headers["Date"] = format_datetime(self.now(), usegmt=True)
        return response

    async def _faulty_response(
        self, request: Request, body: bytes, fault: Fault | None
    ) -> Response:
        if fault and fault.kind in _WITHOUT_EFFECT:
            return await self._fail(request, fault)
        if fault and fault.kind is FaultKind.LATENCY:
            await asyncio.sleep(fault.seconds)
        response = self.answer(request, body)
        if fault and fault.kind is FaultKind.TORN:
            half = bytes(response.body)[: len(response.body) // 2]
            return Response(half, media_type="application/json")
        if fault and fault.kind is FaultKind.EDITED:
            return _edited(response, fault)
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
        elif fault.kind is FaultKind.BODY:
            return Response(fault.body, fault.status, media_type="application/json")
        elif fault.kind is FaultKind.GARBAGE:
            return HTMLResponse("<!doctype html>", 200)
        return self.refuse(fault)


def _edited(response: Response, fault: Fault) -> Response:
    """The response with its JSON changed; headers that tell pages are kept."""
    sent = json.loads(bytes(response.body))
    changed = sent if fault.edit is None else fault.edit(sent)
    kept = {name: value for name, value in response.headers.items() if name.startswith("x-")}
    return Response(json.dumps(changed), response.status_code, kept, media_type="application/json")
