"""A supplier's line: the one way to call it. Budget, circuit, silence, and limits of time and size.

Nothing here repeats a call; whoever asks again is a sweep that knows the order's state.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import httpx

from bot.errors import (
    AccessRefused,
    CircuitOpen,
    OutcomeUnknown,
    RequestRefused,
    SupplierFailure,
    SupplierUnavailable,
    TryLater,
)
from bot.ports import Clock
from bot.suppliers.throttle import Throttle, Urgency

_CONNECT_SECONDS: Final = 10.0
_LARGEST_BODY: Final = 8 * 1024 * 1024
_SERVER_ERROR: Final = 500
# Failures before the request left: nothing can have happened at the other side.
_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


class ApiClient:
    def __init__(
        self,
        *,
        base_url: str,
        headers: Mapping[str, str],
        clock: Clock,
        throttle: Throttle,
        timeout_seconds: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._clock = clock
        self.throttle = throttle
        self._longest_seconds = timeout_seconds * 2 + 10
        self._refused: AccessRefused | None = None
        self.silent_since: datetime | None = None
        shared: dict[str, Any] = {
            "base_url": base_url.rstrip("/") + "/",
            "headers": {**headers, "Accept": "application/json"},
            "timeout": httpx.Timeout(timeout_seconds, connect=_CONNECT_SECONDS),
            "transport": transport,
        }
        self._reader = httpx.AsyncClient(**shared, limits=httpx.Limits(max_connections=10))
        # A kept connection that the server has closed meanwhile would look like a lost answer.
        fresh = httpx.Limits(max_connections=50, max_keepalive_connections=0)
        self._buyer = httpx.AsyncClient(**shared, limits=fresh)

    async def close(self) -> None:
        await self._reader.aclose()
        await self._buyer.aclose()

    @property
    def refusal(self) -> str | None:
        return None if self._refused is None else self._refused.code or str(self._refused.status)

    def reopen(self) -> None:
        """One more try with a key that was refused."""
        self._refused = None

    async def acquire(self, path: str, urgency: Urgency) -> None:
        """Wait for a place in the budget; a key that was refused, before or meanwhile, gets none."""
        self._stop_if_refused(path)
        await self.throttle.acquire(urgency)
        self._stop_if_refused(path)

    def _stop_if_refused(self, path: str) -> None:
        if self._refused is not None:
            raise CircuitOpen(path, self._refused.code, self._refused.status, "", 60.0)

    async def send(
        self,
        method: str,
        path: str,
        *,
        buying: bool = False,
        params: Mapping[str, Any] | None = None,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One exchange, whatever its status. Raises TryLater where it certainly did not leave, and
        OutcomeUnknown (buying) or SupplierUnavailable where no answer came."""
        client = self._buyer if buying else self._reader
        sent = {"Content-Type": "application/json"} if body is not None else {}
        try:
            # httpx limits each read; this limits an answer that comes in drops for ever.
            async with asyncio.timeout(self._longest_seconds):
                return await client.request(
                    method, path, params=params, content=body, headers={**sent, **(headers or {})}
                )
        except _NOT_SENT as error:
            self._hear_nothing()
            raise TryLater(path, type(error).__name__) from None
        except (httpx.HTTPError, TimeoutError) as error:
            self._hear_nothing()
            kind = OutcomeUnknown if buying else SupplierUnavailable
            raise kind(path, type(error).__name__) from None
        except (httpx.InvalidURL, UnicodeError) as error:  # an id that no address can hold
            raise RequestRefused(path, type(error).__name__) from None

    def note(self, response: httpx.Response, *, sensible: bool) -> None:
        """Whether the supplier is there: its own words, and no server's error."""
        if sensible and response.status_code < _SERVER_ERROR:
            self.silent_since = None
        else:
            self._hear_nothing()

    def _hear_nothing(self) -> None:
        if self.silent_since is None:
            self.silent_since = self._clock.now()

    def react(self, trouble: SupplierFailure) -> None:
        if isinstance(trouble, AccessRefused):
            self._refused = trouble  # the first refusal stops everybody
        elif isinstance(trouble, TryLater):
            self.throttle.block(trouble.retry_after_seconds)


class ApiSupplier:
    """What every adapter's line tells about itself, for the Supplier port."""

    _client: ApiClient

    async def close(self) -> None:
        await self._client.close()

    @property
    def refusal(self) -> str | None:
        return self._client.refusal

    @property
    def silent_since(self) -> datetime | None:
        return self._client.silent_since


def read_json(response: httpx.Response) -> Any:
    """The reply's JSON; None where it is none (HTML of a proxy, a torn or giant body)."""
    if len(response.content) > _LARGEST_BODY:
        return None
    try:
        return json.loads(response.content, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def retry_after(response: httpx.Response) -> float | None:
    header = response.headers.get("Retry-After", "").strip()
    return float(header) if header.isdigit() else None
