"""HTTP client of all supplier adapters: rate limit, circuit breaker, and limits of time and size.

The client never repeats a call by itself: only the sweeps repeat calls, because they know the
order's state.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from bot.connections import client_options, direct_transport
from bot.errors import (
    AccessRefused,
    CircuitOpen,
    OutcomeUnknown,
    RequestRefused,
    SupplierFailure,
    SupplierUnavailable,
    TryLater,
)
from bot.log_fields import log_fields
from bot.meter import NO_METER, Meter
from bot.ports import Clock
from bot.supplier_ports import ServerTime
from bot.suppliers.call_names import NO_ANSWER, UNSENT, operation_of, outcome_of
from bot.suppliers.throttle import Throttle, Urgency
from bot.suppliers.values import is_number

_CONNECT_SECONDS: Final = 10.0
_MAX_BODY_BYTES: Final = 8 * 1024 * 1024
_SERVER_ERROR_STATUS: Final = 500
_MAX_INTEGER_DIGITS: Final = 100
_LONGEST_LIST_SECONDS: Final = 300.0
# One refusal may be a mistake of the supplier's. Five open its lock-out (OneClickDz "Validate
# Token"), so the circuit opens before that, and no call is sent in between.
_REFUSALS_THAT_OPEN: Final = 3
_DOUBT_SECONDS: Final = 5.0
_YEARS: Final = range(2000, 2200)
_UNKNOWN_CLOCK: Final = timedelta(hours=6)  # more than the clock of a server is wrong by
_BEGAN: Final = "hanout.began"  # of a response: when its request was sent, monotonic
# Raised before the request was sent: the supplier cannot have acted on it.
_NEVER_SENT_ERRORS: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


class ApiClient:
    def __init__(
        self,
        *,
        name: str,
        base_url: str,
        headers: Mapping[str, str],
        clock: Clock,
        throttle: Throttle,
        timeout_seconds: float,
        transport: httpx.AsyncBaseTransport | None = None,
        meter: Meter = NO_METER,
    ) -> None:
        """`name` is the supplier's, for the log and for `meter`, which is told of each request."""
        self._name, self._clock, self._meter = name, clock, meter
        self.throttle = throttle
        self._total_timeout_seconds = timeout_seconds * 2 + 10
        self._refused: AccessRefused | None = None
        self._refusals = 0  # in a row
        # In a row of one call: a key that may read and not buy is refused between successes.
        self._refusals_of: dict[str, int] = {}
        self._doubted_at: float | None = None
        self.refused_at: float | None = None  # this and what follows: monotonic
        self.silent_since: float | None = None
        self.server_time: ServerTime | None = None
        shared: dict[str, Any] = {
            "base_url": base_url.rstrip("/") + "/",
            "headers": {**headers, "Accept": "application/json"},
            "timeout": httpx.Timeout(timeout_seconds, connect=_CONNECT_SECONDS),
            **client_options(),
        }
        self._read_client = httpx.AsyncClient(**shared, transport=transport or direct_transport(10))
        # Purchases never reuse a connection: one that the server has closed in the meantime would
        # fail like a lost response, and the outcome of the purchase would be unknown.
        self._purchase_client = httpx.AsyncClient(
            **shared, transport=transport or direct_transport(50, kept=0)
        )

    async def close(self) -> None:
        await self._read_client.aclose()
        await self._purchase_client.aclose()

    @property
    def refusal(self) -> str | None:
        """The supplier's code (or HTTP status) that opened the circuit; None while it is closed."""
        return None if self._refused is None else self._refused.code or str(self._refused.status)

    def reset_circuit(self) -> None:
        """Allow calls again after the key was refused; until one succeeds, one refusal is enough
        to open the circuit."""
        self._refused, self.refused_at = None, None
        self._refusals, self._doubted_at = _REFUSALS_THAT_OPEN - 1, None
        self._refusals_of.clear()

    async def acquire(self, path: str, urgency: Urgency) -> None:
        """Wait for the rate limit. Raises CircuitOpen, also when the key is refused meanwhile."""
        self._check_circuit(path)
        await self.throttle.acquire(urgency)
        self._check_circuit(path)

    def _check_circuit(self, path: str) -> None:
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
        """Send one request and return the response, whatever its status.

        Raises TryLater where the request was certainly not sent, OutcomeUnknown (for a purchase) or
        SupplierUnavailable (for any other call) where no response came, and RequestRefused where
        the path is not a valid URL.
        """
        with log_fields(supplier=self._name):
            began = self._clock.monotonic()
            try:
                response = await self._send(method, path, buying, params, body, headers or {})
            except SupplierFailure as failure:
                is_unsent = isinstance(failure, TryLater | RequestRefused)
                self._count(method, path, UNSENT if is_unsent else NO_ANSWER, began)
                raise
            response.extensions[_BEGAN] = began
            return response

    def _count(self, method: str, path: str, outcome: str, began: float) -> None:
        took = self._clock.monotonic() - began
        self._meter.supplier_called(self._name, operation_of(method, path), outcome, took)

    async def _send(
        self,
        method: str,
        path: str,
        buying: bool,
        params: Mapping[str, Any] | None,
        body: str | None,
        headers: Mapping[str, str],
    ) -> httpx.Response:
        client = self._purchase_client if buying else self._read_client
        content_type = {"Content-Type": "application/json"} if body is not None else {}
        try:
            # httpx limits the time of each read; this limits the whole exchange, for a server that
            # sends its response a few bytes at a time.
            async with asyncio.timeout(self._total_timeout_seconds):
                return await client.request(
                    method,
                    path,
                    params=params,
                    content=body,
                    headers={**content_type, **headers},
                )
        except _NEVER_SENT_ERRORS as error:
            self._mark_silent()
            raise TryLater(path, type(error).__name__) from None
        except (httpx.HTTPError, TimeoutError) as error:
            self._mark_silent()
            kind = OutcomeUnknown if buying else SupplierUnavailable
            raise kind(path, type(error).__name__) from None
        except (httpx.InvalidURL, UnicodeError) as error:  # an id that no URL can contain
            raise RequestRefused(path, type(error).__name__) from None

    def record_response(self, response: httpx.Response, *, readable: bool) -> None:
        """Clear `silent_since` for a readable response without a server error, else set it."""
        request, began = response.request, response.extensions[_BEGAN]
        outcome = outcome_of(response, readable=readable)
        self._count(request.method, request.url.path, outcome, began)
        if readable and response.status_code < _SERVER_ERROR_STATUS:
            self.silent_since = None
            self.note_server_time(_date(response))
            if response.is_success:
                self._forget_refusals(response.url.path)
        else:
            self._mark_silent()

    def note_server_time(self, time: datetime | None) -> None:
        """Note the time that the answer of this moment told; one of another century is no time."""
        if time is not None and time.year in _YEARS:
            self.server_time = ServerTime(time, self._clock.monotonic())

    def present_server_time(self) -> datetime | None:
        """What the server's clock shows now; None before the first answer."""
        if self.server_time is None:
            return None
        passed = timedelta(seconds=self._clock.monotonic() - self.server_time.at)
        return self.server_time.time + passed

    def clock_difference(self) -> timedelta | None:
        """The server's clock minus our wall clock, now; None before the first answer."""
        theirs = self.present_server_time()
        return None if theirs is None else theirs - self._clock.now()

    def server_window(
        self, since: datetime, until: datetime, margin: timedelta
    ) -> tuple[datetime, datetime]:
        """A span of time by the server's clock, wider by `margin`, or by six hours if it is unknown."""
        difference = self.clock_difference()
        if difference is None:
            return since - _UNKNOWN_CLOCK, until + _UNKNOWN_CLOCK
        return since + difference - margin, until + difference + margin

    def check_list_time(self, path: str, began: float) -> None:
        """Raises SupplierUnavailable where a list that was begun then (monotonic) takes too long."""
        if self._clock.monotonic() - began > _LONGEST_LIST_SECONDS:
            raise SupplierUnavailable(path, "TAKES_TOO_LONG")

    def in_our_time(self, time: datetime | None) -> datetime | None:
        """A time of the server's clock by our wall clock."""
        try:
            return time and time - (self.clock_difference() or timedelta(0))
        except OverflowError:  # a time at the end of all times
            return time

    def _forget_refusals(self, path: str) -> None:
        self._refusals, self._doubted_at = 0, None
        for call in [call for call in self._refusals_of if path.endswith(call)]:
            del self._refusals_of[call]

    def _mark_silent(self) -> None:
        if self.silent_since is None:
            self.silent_since = self._clock.monotonic()

    def apply_failure(self, failure: SupplierFailure) -> SupplierFailure:
        """Open the circuit or hold calls after a failure; returns the failure to raise.

        The circuit opens after three refusals of the key in a row, or one after `reset_circuit`.
        Until then a refusal is returned as TryLater, and holds all calls for some seconds. Calls
        that were sent together count as one.
        """
        if isinstance(failure, AccessRefused):
            return self._refuse(failure)
        if isinstance(failure, TryLater):
            self.throttle.block(failure.retry_after_seconds)
        return failure

    def open_circuit(self, refusal: AccessRefused) -> None:
        """Stop all calls until `reset_circuit`."""
        self._refused, self.refused_at = refusal, self._clock.monotonic()

    def _refuse(self, failure: AccessRefused) -> SupplierFailure:
        now = self._clock.monotonic()
        doubted = self._doubted_at
        if doubted is None or now - doubted >= _DOUBT_SECONDS:
            self._refusals += 1
            self._refusals_of[failure.request] = self._refusals_of.get(failure.request, 0) + 1
            self._doubted_at = now
        in_a_row = max(self._refusals, self._refusals_of.get(failure.request, 0))
        if in_a_row >= _REFUSALS_THAT_OPEN:
            self.open_circuit(failure)
            return failure
        self.throttle.block(_DOUBT_SECONDS)
        details = (failure.request, failure.code, failure.status, failure.request_id)
        return TryLater(*details, _DOUBT_SECONDS)


class ApiSupplier:
    """The part of the Supplier port that every adapter takes from its ApiClient."""

    _client: ApiClient

    def forget_prices(self, supplier_product_id: str) -> None:
        """Nothing: only an adapter that keeps prices has any to forget."""

    async def close(self) -> None:
        await self._client.close()

    @property
    def refusal(self) -> str | None:
        return self._client.refusal

    @property
    def refused_at(self) -> float | None:
        return self._client.refused_at

    @property
    def silent_since(self) -> float | None:
        return self._client.silent_since

    @property
    def server_time(self) -> ServerTime | None:
        return self._client.server_time

    @property
    def calls_left(self) -> float:
        """How many calls the rate limit lets through at once now; 0 while all calls are held."""
        return self._client.throttle.left()


def read_json(response: httpx.Response) -> Any:
    """The JSON body; None where it is no JSON (HTML of a proxy, truncated) or too large."""
    if len(response.content) > _MAX_BODY_BYTES:
        return None
    try:
        return _parse(response.content)
    except UnicodeDecodeError:  # a few bytes that are not UTF-8 must not hide all the others
        text = response.content.decode("utf-8", "surrogateescape")
    except (ValueError, RecursionError):
        return None
    try:
        return _parse(text)
    except (ValueError, RecursionError):
        return None


def _parse(text: str | bytes) -> Any:
    """Numbers as Decimal and int; None for NaN and Infinity, text for an endless integer."""
    return json.loads(
        text, parse_float=_decimal, parse_int=_integer, parse_constant=lambda _name: None
    )


def _integer(digits: str) -> int | str:
    """Python refuses to read integers of thousands of digits: no field needs them."""
    return int(digits) if len(digits) <= _MAX_INTEGER_DIGITS else digits


def _decimal(digits: str) -> Decimal | str:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent of more digits than any number has
        return digits


def _date(response: httpx.Response) -> datetime | None:
    """The time of the Date header; None where it is missing, unreadable, or without a zone."""
    try:
        moment = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def retry_after(response: httpx.Response) -> float | None:
    """Seconds of the Retry-After header; None where it is missing or is a date. `make_failure` bounds them."""
    header = response.headers.get("Retry-After", "").strip()
    return float(header[:_MAX_INTEGER_DIGITS]) if is_number(header) else None
