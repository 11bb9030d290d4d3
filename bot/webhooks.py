"""The HTTP endpoints of webhooks, and `/health`.

`POST /webhooks/<supplier>`, `POST /webhooks/pay/<method>`, and `POST /telegram/<id>`.
"""

import asyncio
import contextlib
import hmac
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import http_server
from bot.domain.payments import Method
from bot.errors import NotGenuine, StorageFailure
from bot.payment_ports import PaymentRingReader
from bot.services.orders.supplier_events import take_event
from bot.services.payments.rings import take_ring
from bot.services.shop import Shop
from bot.supplier_ports import EventReader

_log = logging.getLogger(__name__)
_MAX_EVENT_BYTES: Final = 64 * 1024  # of a supplier's message
MAX_UPDATE_BYTES: Final = 1024 * 1024  # Telegram's own limit for one update is 512 KiB
_READ_TIMEOUT_SECONDS: Final = 10.0
_EVENTS_AT_ONCE: Final = 8  # of one supplier
_MAX_CONNECTIONS: Final = 256  # below the usual limit of 1,024 open files
_RETRY_SECONDS: Final = "2"
_NO_RINGS: Final[Mapping[Method, PaymentRingReader]] = MappingProxyType({})
UPDATE_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True, slots=True)
class UpdateEndpoint:
    """Where Telegram delivers: a path, the secret of its header, and what takes the body.

    `take` raises StorageFailure where Telegram has to send the body again, ValueError where it is
    no update.
    """

    path: str
    secret: str
    take: Callable[[bytes], Awaitable[None]]
    at_once: int


class _TooLarge(Exception):
    pass


class _Places:
    """So many requests at once; a flood of one sender takes only its own places."""

    def __init__(self, count: int) -> None:
        self._free = count

    @contextlib.contextmanager
    def enter(self) -> Iterator[bool]:
        """Whether there is a place; it is held until the end of the block."""
        is_in = self._free > 0
        self._free -= is_in
        try:
            yield is_in
        finally:
            self._free += is_in


class Webhooks:
    """The ASGI application; `readers` by supplier name, `rings` by payment method.

    A genuine message is stored and answered at once; the sweeps then ask for its order. An update
    of Telegram is stored before it is answered with an empty 200, and refused while no endpoint is
    open. What is wrong is answered with a status and no word, on a connection that is then closed.
    """

    def __init__(
        self,
        shop: Shop,
        readers: Mapping[str, EventReader],
        rings: Mapping[Method, PaymentRingReader] = _NO_RINGS,
    ) -> None:
        self._shop, self._readers, self._rings = shop, readers, rings
        senders = (*readers, *rings)
        self._event_places: dict[str, _Places] = {s: _Places(_EVENTS_AT_ONCE) for s in senders}
        self._endpoint: UpdateEndpoint | None = None
        self._update_places = _Places(0)
        routes = [
            Route("/webhooks/pay/{method}", self._receive_ring, methods=["POST"]),
            Route("/webhooks/{supplier}", self._receive_event, methods=["POST"]),
            Route("/telegram/{id}", self._receive_update, methods=["POST"]),
            Route("/health", self._health),
        ]
        self.app = Starlette(routes=routes)

    @contextlib.contextmanager
    def open_to_telegram(self, endpoint: UpdateEndpoint) -> Iterator[None]:
        """Take updates at this endpoint until the end of the block."""
        self._endpoint, self._update_places = endpoint, _Places(endpoint.at_once)
        try:
            yield
        finally:
            self._endpoint = None

    async def _health(self, _request: Request) -> Response:
        return PlainTextResponse("ok")

    async def _receive_event(self, request: Request) -> Response:
        supplier = request.path_params["supplier"]
        reader = self._readers.get(supplier)
        if reader is None:
            return _refuse(404)

        async def take(headers: Mapping[str, str], body: bytes) -> None:
            await take_event(self._shop, supplier, reader(headers, body))

        return await self._receive(request, supplier, take) or Response(status_code=204)

    async def _receive_ring(self, request: Request) -> Response:
        name = request.path_params["method"]
        method = next((method for method in self._rings if method == name), None)
        if method is None:
            return _refuse(404)

        async def take(headers: Mapping[str, str], body: bytes) -> None:
            await take_ring(self._shop, method, self._rings[method](headers, body))

        # Exactly 200: providers of payments ask for no other status.
        return await self._receive(request, method, take) or Response(status_code=200)

    async def _receive(
        self,
        request: Request,
        sender: str,
        take: Callable[[Mapping[str, str], bytes], Awaitable[None]],
    ) -> Response | None:
        """Read a message and have it taken; what is to be answered where that is not done."""
        with self._event_places[sender].enter() as is_in:
            if not is_in:
                return _come_again()
            try:
                body = await _read_body(request, _MAX_EVENT_BYTES)
                await take(dict(request.headers), body)
            except (NotGenuine, _TooLarge, TimeoutError, ClientDisconnect):
                _log.debug("a message to %s was not genuine", request.url.path)
                return _refuse(401)
            except StorageFailure:
                return _come_again()
        return None

    async def _receive_update(self, request: Request) -> Response:
        endpoint = self._endpoint
        if endpoint is None:
            return _come_again()  # the shop opens or closes
        if request.url.path != endpoint.path:
            return _refuse(404)
        given = request.headers.get(UPDATE_HEADER, "")
        if not hmac.compare_digest(given.encode(), endpoint.secret.encode()):
            return _refuse(401)
        with self._update_places.enter() as is_in:
            if not is_in:
                return _come_again()
            try:
                await endpoint.take(await _read_body(request, MAX_UPDATE_BYTES))
            except _TooLarge:
                return _refuse(413)
            except (TimeoutError, ClientDisconnect):
                return _refuse(408)
            except ValueError:
                return _refuse(400)
            except StorageFailure as failure:
                _log.error("an update could not be kept (%s); Telegram sends it again", failure)
                return _come_again()
        # Empty: Telegram would carry out a method in the body, and never tell what came of it.
        return Response(status_code=200)


def _refuse(status: int) -> Response:
    return Response(status_code=status, headers={"Connection": "close"})


def _come_again() -> Response:
    return Response(status_code=503, headers={"Retry-After": _RETRY_SECONDS, "Connection": "close"})


async def _read_body(request: Request, most: int) -> bytes:
    """Raises _TooLarge for a body of more than `most` bytes, TimeoutError for a slow one."""
    body = bytearray()
    async with asyncio.timeout(_READ_TIMEOUT_SECONDS):
        async for piece in request.stream():
            body += piece
            if len(body) > most:
                raise _TooLarge
    return bytes(body)


@contextlib.asynccontextmanager
async def serving(app: Starlette, listener: socket.socket) -> AsyncIterator[None]:
    """Serve `app` on `listener` in a task beside the caller's work."""
    config = http_server.quiet_config(app, _MAX_CONNECTIONS)
    async with http_server.serving(config, listener):
        yield
