"""Where suppliers can ring: `POST /webhooks/<supplier>`, genuine messages only, answered at once."""

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
_LARGEST: Final = 64 * 1024
_PATIENCE_SECONDS: Final = 10.0
_AT_ONCE: Final = 50


class Webhooks:
    """The ASGI application; `readers` by supplier."""

    def __init__(self, shop: Shop, readers: Mapping[str, EventReader]) -> None:
        self._shop, self._readers = shop, readers
        routes = [
            Route("/webhooks/{supplier}", self._ring, methods=["POST"]),
            Route("/health", self._health),
        ]
        self.app = Starlette(routes=routes)

    async def _health(self, _request: Request) -> Response:
        return PlainTextResponse("ok")

    async def _ring(self, request: Request) -> Response:
        supplier = request.path_params["supplier"]
        reader = self._readers.get(supplier)
        if reader is None:
            return Response(status_code=404)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                body = await _body(request)
            event = reader(dict(request.headers), body)
            await take_event(self._shop, supplier, event)
        except (NotGenuine, TimeoutError, ClientDisconnect):
            _log.debug("a message to /webhooks/%s was not genuine", supplier)
            return Response(status_code=401)
        except StorageFailure:
            return Response(status_code=503)  # it is sent again
        return Response(status_code=204)


async def _body(request: Request) -> bytes:
    """Raises NotGenuine for what is longer than any message."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            raise NotGenuine
    return bytes(body)


@contextlib.asynccontextmanager
async def serving(app: Starlette, listener: socket.socket) -> AsyncIterator[None]:
    """Serve beside the shop, as long as it runs."""
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        lifespan="off",
        ws="none",
        limit_concurrency=_AT_ONCE,
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
