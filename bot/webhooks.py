"""HTTP server for webhooks of suppliers: `POST /webhooks/<supplier>`, and `/health`."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Mapping
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import NotGenuine, StorageFailure
from bot.ports import EventReader
from bot.services.orders.supplier_events import take_event
from bot.services.shop import Shop

_log = logging.getLogger(__name__)
_MAX_BODY_BYTES: Final = 64 * 1024
_READ_TIMEOUT_SECONDS: Final = 10.0
_MAX_CONNECTIONS: Final = 50


class Webhooks:
    """The ASGI application; `readers` by supplier name.

    A genuine message is stored and answered at once; the sweeps then ask for its order.
    """

    def __init__(self, shop: Shop, readers: Mapping[str, EventReader]) -> None:
        self._shop, self._readers = shop, readers
        routes = [
            Route("/webhooks/{supplier}", self._receive, methods=["POST"]),
            Route("/health", self._health),
        ]
        self.app = Starlette(routes=routes)

    async def _health(self, _request: Request) -> Response:
        return PlainTextResponse("ok")

    async def _receive(self, request: Request) -> Response:
        supplier = request.path_params["supplier"]
        reader = self._readers.get(supplier)
        if reader is None:
            return Response(status_code=404)
        try:
            async with asyncio.timeout(_READ_TIMEOUT_SECONDS):
                body = await _read_body(request)
            event = reader(dict(request.headers), body)
            await take_event(self._shop, supplier, event)
        except (NotGenuine, TimeoutError, ClientDisconnect):
            _log.debug("a message to /webhooks/%s was not genuine", supplier)
            return Response(status_code=401)
        except StorageFailure:
            return Response(status_code=503)  # the supplier sends the message again
        return Response(status_code=204)


async def _read_body(request: Request) -> bytes:
    """Raises NotGenuine for a body of more than 64 KiB: no message is that long."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MAX_BODY_BYTES:
            raise NotGenuine
    return bytes(body)


@contextlib.asynccontextmanager
async def serving(app: Starlette, listener: socket.socket) -> AsyncIterator[None]:
    """Serve `app` on `listener` in a task beside the caller's work."""
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        lifespan="off",
        ws="none",
        limit_concurrency=_MAX_CONNECTIONS,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    with contextlib.closing(listener):
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield
        finally:
            server.should_exit = True
            await task
