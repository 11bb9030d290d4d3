"""Serves an ASGI application on a loopback port inside the running event loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot import http_server

_PORTS_TRIED = 50


class OpenConnections(dict[tuple[str, int], asyncio.Transport]):
    """Transports by client address, so that a simulator can reset the connection of a request."""

    def protocol(self) -> type[H11Protocol]:
        connections = self

        class RecordingProtocol(H11Protocol):
            def connection_made(self, transport: Any) -> None:
                connections[transport.get_extra_info("peername")[:2]] = transport
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client:
                    connections.pop(self.client, None)
                super().connection_lost(exc)

        return RecordingProtocol

    def cut(self, scope: Any) -> None:
        """Reset the connection of this request: the client gets no response."""
        transport = self.pop(tuple(scope["client"]), None)
        if transport is not None:
            transport.abort()


def _listen(port: int | None) -> socket.socket:
    for wanted in [] if port is None else range(port, min(port + _PORTS_TRIED, 65536)):
        with contextlib.suppress(OSError):
            return http_server.open_listener("127.0.0.1", wanted)
    return http_server.open_listener("127.0.0.1", 0)


@contextlib.asynccontextmanager
async def serving(
    app: ASGIApp,
    connections: OpenConnections | None = None,
    *,
    port: int | None = None,
    websockets: bool = False,
) -> AsyncIterator[str]:
    """Serve `app` on the first free port from `port` on (None: any port); yields the base URL."""
    config = uvicorn.Config(
        app,
        http=(connections or OpenConnections()).protocol(),
        ws="websockets-sansio" if websockets else "none",
        ws_max_size=1_000_000,
        log_level="error",
        lifespan="off",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=30,
        backlog=2048,
        date_header=False,  # a simulated supplier tells the time of its own clock
    )
    listener = _listen(port)
    async with http_server.serving(config, listener, end_at_once=True):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
