"""HTTP API of the Chargily Pay simulator (v2): the calls, the hosted page, and webhook messages."""

import asyncio
import contextlib
import json
import math
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.payments.chargily_book import ChargilyBook, Ring, Unprocessable
from bot.sandbox.payments.chargily_page import show_page
from bot.sandbox.supplier.faults import Fault
from bot.sandbox.supplier.faulty import FaultyApi

_RING_SECONDS = 5.0


def _error(status: int, message: str, **more: object) -> Response:
    return JSONResponse({"message": message, **more}, status)


class ChargilyApi(FaultyApi):
    """Live calls at `/api/v2`, calls with test money at `/test/api/v2`."""

    def __init__(self, book: ChargilyBook) -> None:
        super().__init__()
        self.book = book
        self._ringing: set[asyncio.Task[None]] = set()
        routes = []
        for mode in ("", "/test"):
            base = f"{mode}/api/v2"
            routes += [
                Route(f"{base}/balance", self._handle, methods=["GET"]),
                Route(f"{base}/checkouts", self._handle, methods=["GET", "POST"]),
                Route(f"{base}/checkouts/{{id}}", self._handle, methods=["GET"]),
                Route(f"{base}/checkouts/{{id}}/expire", self._handle, methods=["POST"]),
                Route(f"{mode}/checkouts/{{id}}/pay", self._page, methods=["GET", "POST"]),
            ]
        routes.append(Route("/{rest:path}", self._no_route, methods=["GET", "POST"]))
        self.app = Starlette(routes=routes)

    async def _no_route(self, request: Request) -> Response:
        return _error(404, f"The route {request.url.path} could not be found.")

    async def _page(self, request: Request) -> Response:
        before = len(self.book.rings)
        response = await show_page(self.book, request)
        for ring in self.book.rings[before:]:
            task = asyncio.create_task(self.deliver(ring))
            self._ringing.add(task)
            task.add_done_callback(self._ringing.discard)
        return response

    async def deliver(self, ring: Ring) -> None:
        """Send a message, once: retries are not documented."""
        if not ring.url:
            return
        async with httpx.AsyncClient(timeout=_RING_SECONDS, trust_env=False) as client:
            with contextlib.suppress(httpx.HTTPError):
                await client.post(ring.url, content=ring.body, headers=ring.headers)

    async def _handle(self, request: Request) -> Response:
        key = request.headers.get("Authorization", "")
        return await self.respond(request, key, self.book.calls, self.book.take_fault)

    def now(self) -> datetime:
        return self.book.now()

    def refuse(self, fault: Fault) -> Response:
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return JSONResponse({"message": "scripted"}, fault.status, headers)

    def answer(self, request: Request, body: bytes) -> Response:
        live = not request.url.path.startswith("/test/")
        if request.headers.get("Authorization") != f"Bearer {self.book.keys[live]}":
            return _error(401, "Unauthenticated.")
        words = request.url.path.partition("/api/v2/")[2].split("/")
        if words == ["balance"]:
            return JSONResponse(_balance(live=live))
        if words == ["checkouts"] and request.method == "POST":
            return self._create(request, body, live=live)
        if words == ["checkouts"]:
            return JSONResponse(self._page_of(request, live=live))
        found = self.book.find(words[1], live=live)
        if found is None:
            return _error(404, "Checkout not found.")
        if words[-1] == "expire":
            if found.status == "expired":
                return _error(400, "This checkout has already expired.")
            if found.status != "pending":
                return _error(403, "This checkout cannot be expired.")
            self.book.end(found.id)
        return JSONResponse(self.book.show(found, str(request.base_url)))

    def _create(self, request: Request, body: bytes, *, live: bool) -> Response:
        if not self.book.approved:
            return _error(403, "Your application is not approved.")
        try:
            asked = json.loads(body)
        except ValueError:
            asked = None
        try:
            made = self.book.create(asked, live=live)
        except Unprocessable as problem:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _error(status, "The given data was invalid.", errors=problem.errors)
        return JSONResponse(self.book.show(made, str(request.base_url)))

    def _page_of(self, request: Request, *, live: bool) -> dict[str, Any]:
        try:
            size = int(request.query_params.get("per_page", 10))
            number = int(request.query_params.get("page", 1))
        except ValueError:
            size, number = 10, 1
        rows = self.book.listed(live=live)
        pages = max(1, math.ceil(len(rows) / size))
        part = rows[(number - 1) * size : number * size]
        following = f"{request.url.include_query_params(page=number + 1)}"
        return {
            "livemode": live,
            "current_page": number,
            "data": [self.book.show(row, str(request.base_url)) for row in part],
            "last_page": pages if self.book.variants.says_last_page else None,
            "next_page_url": following if number < pages else None,
            "per_page": size,
            "total": len(rows),
        }


def _balance(*, live: bool) -> dict[str, Any]:
    wallet = {"currency": "dzd", "balance": 0, "ready_for_payout": 0, "on_hold": 0}
    return {"entity": "balance", "livemode": live, "wallets": [wallet]}
