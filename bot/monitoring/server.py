"""The HTTP endpoints for those who watch the shop: `/livez`, `/readyz` and `/metrics`.

On a port of their own, without a password. None tells a secret or anything of a customer.
"""

import contextlib
import logging
import time
from collections.abc import AsyncIterator
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import http_server
from bot.app import App
from bot.monitoring.metrics import Metrics
from bot.monitoring.readiness import POLL_SECONDS, Readiness
from bot.monitoring.scrape import CONTENT_TYPE, Scrape
from bot.status import Status
from bot.stopping import StartFailure
from handlers.webhook import WATCH_SECONDS

_log = logging.getLogger("hanout")
_MAX_CONNECTIONS: Final = 32


@contextlib.asynccontextmanager
async def serve_probes(app: App, status: Status, address: str) -> AsyncIterator[None]:
    """Serve at `address` until the end of the block.

    Raises StartFailure where that cannot be bound.
    """
    host, _, port = address.rpartition(":")
    try:
        listener = http_server.open_listener(host, int(port))
    except OSError as error:
        raise StartFailure(f"WATCH_LISTEN: {host}:{port} cannot be bound ({error})") from None
    # In webhook mode the shop asks Telegram much more rarely.
    by_webhook = bool(app.settings.telegram_webhook_url)
    poll_seconds = POLL_SECONDS + 2 * WATCH_SECONDS * by_webhook
    readiness = Readiness(app.store, status, time.monotonic, poll_seconds)
    shop = app.shop
    metrics = app.metrics or Metrics(shop.suppliers)
    scrape = Scrape(metrics, app.store, shop.suppliers, status, shop.clock.now, poll_seconds)
    probes = Probes(readiness, scrape)
    config = http_server.quiet_config(probes.app, _MAX_CONNECTIONS)
    try:
        async with http_server.serving(config, listener, end_at_once=True):
            _log.info("http://%s/livez, /readyz and /metrics are served", address)
            yield
    finally:
        await probes.close()


class Probes:
    """The ASGI application."""

    def __init__(self, readiness: Readiness, scrape: Scrape) -> None:
        self._readiness, self._scrape = readiness, scrape
        self.app = Starlette(
            routes=[
                Route("/livez", self._live),
                Route("/readyz", self._ready),
                Route("/metrics", self._metrics),
            ]
        )

    async def _live(self, _request: Request) -> Response:
        """The event loop answers: that is all."""
        return PlainTextResponse("ok\n")

    async def _ready(self, _request: Request) -> Response:
        report = await self._readiness.report()
        return JSONResponse(report.as_json(), 200 if report.ready else 503)

    async def _metrics(self, _request: Request) -> Response:
        return Response(await self._scrape.text(), media_type=CONTENT_TYPE)

    async def close(self) -> None:
        await self._readiness.close()
        await self._scrape.close()
