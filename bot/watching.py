"""Lets others watch the running shop, from its first moment on: probes and metrics over HTTP, and systemd."""

import contextlib
from collections.abc import AsyncIterator

from bot.app import App
from bot.monitoring.systemd import telling_systemd
from bot.status import Status


@contextlib.asynccontextmanager
async def serve_watching(app: App, status: Status) -> AsyncIterator[None]:
    """Answer those who watch until the end of the block.

    Raises StartFailure where WATCH_LISTEN cannot be bound.
    """
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(telling_systemd(status))
        if app.settings.watch_listen:
            from bot.monitoring.server import serve_probes

            address = app.settings.watch_listen
            await stack.enter_async_context(serve_probes(app, status, address))
        yield
