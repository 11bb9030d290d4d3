"""An ASGI application on a socket of its own in the running event loop: for webhooks and simulators."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS: Final = 10.0


def open_listener(host: str, port: int) -> socket.socket:
    """Raises OSError where the address cannot be bound. An IPv6 address may stand in brackets."""
    host = host.removeprefix("[").removesuffix("]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio disables Nagle's algorithm only for sockets created with IPPROTO_TCP; with the
    # algorithm each response takes 40 ms longer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


@contextlib.asynccontextmanager
async def serving(
    config: uvicorn.Config, listener: socket.socket, *, end_at_once: bool = False
) -> AsyncIterator[None]:
    """Serve on `listener` in a task beside the caller's work, and close it in the end.

    Signals are left to the caller. With `end_at_once` open requests are not waited for.
    """
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    with contextlib.closing(listener):
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            if task.done():
                task.result()
            await asyncio.sleep(0.005)
        try:
            yield
        finally:
            server.should_exit = True
            server.force_exit = end_at_once
            await task


def quiet_config(app: Any, most_connections: int) -> uvicorn.Config:
    """A server that logs no requests, sends no name of itself, and lets nobody wait without end."""
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        log_level="error",
        log_config=None,  # uvicorn's own handlers would go past the redaction of secrets
        access_log=False,
        lifespan="off",
        limit_concurrency=most_connections,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=1,
        server_header=False,
    )


class PatientProtocol(H11Protocol):
    """Closes a connection on which no request has begun for ten seconds.

    uvicorn limits the time between two requests, but not that of a request's first lines: whoever
    sends them a byte at a time would hold their connection for ever.
    """

    _timer: asyncio.TimerHandle | None = None
    _last: object = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._timer = self.loop.call_later(HEAD_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        is_waiting = self.cycle is None or self.cycle.response_complete
        if is_waiting and self.cycle is self._last:
            self.transport.close()
            return
        self._last = self.cycle
        self._timer = self.loop.call_later(HEAD_SECONDS, self._look)
