"""Calls to the Starship API: request signing, JSON bodies, paged lists and the limit per order."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from json import dumps
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx

from bot.errors import RequestRefused, SupplierUnavailable, TryLater, UnknownAtSupplier
from bot.meter import Meter
from bot.ports import Clock
from bot.suppliers.api_client import ApiClient, read_json
from bot.suppliers.starship_errors import code_of, failure
from bot.suppliers.throttle import Throttle, Urgency
from bot.suppliers.values import as_instant, is_number

LIST_PAGE: Final = 100
_PREFIX: Final = "api/v1/"
_MAX_PAGES: Final = 200
_LONGEST_NUMBER: Final = 18  # digits of a number of pages
_ORDER_CALLS_PER_HOUR: Final = 48  # of the 60 that the supplier allows
_HOUR_SECONDS: Final = 3600.0


# Makes the headers of a signed request from its method, path with query, body, and the time.
Sign = Callable[[str, str, str, datetime], Mapping[str, str]]


class StarshipCalls:
    """`sign`: None where the account does not require signatures."""

    def __init__(
        self,
        *,
        name: str,
        base_url: str,
        api_key: str,
        api_secret: str,
        clock: Clock,
        calls_per_ten_seconds: int,
        timeout_seconds: float,
        transport: httpx.AsyncBaseTransport | None,
        sign: Sign | None,
        meter: Meter,
    ) -> None:
        self._sign, self._clock = sign, clock
        self._base_path = f"{urlsplit(base_url).path.rstrip('/')}/{_PREFIX}"
        self.client = ApiClient(
            name=name,
            base_url=f"{base_url.rstrip('/')}/{_PREFIX}",
            headers={"X-API-Key": api_key, "X-API-Secret": api_secret},
            clock=clock,
            throttle=Throttle.per_ten_seconds(clock, calls_per_ten_seconds),
            timeout_seconds=timeout_seconds,
            transport=transport,
            meter=meter,
        )

    async def get(self, path: str, urgency: Urgency) -> Any:
        """The JSON of one resource. Raises SupplierFailure."""
        await self.client.acquire(path, urgency)
        return await self.exchange("GET", path)

    async def exchange(self, method: str, path: str, **options: Any) -> Any:
        """Send one request (see `_send` for `options`) and return its JSON. Raises SupplierFailure.

        The caller waits for the rate limit first. Some pages show the object inside `data`: it is
        unwrapped.
        """
        parsed = read_json(await self._send(method, path, **options))
        inner = parsed.get("data") if isinstance(parsed, dict) else None
        return inner if isinstance(inner, dict) and "id" not in parsed else parsed

    async def pages(
        self, path: str, size: int, urgency: Urgency, since: datetime | None = None
    ) -> list[Any]:
        """All rows of a list; with `since`, stops after the page that reaches orders before that
        time.

        The order of the rows is not documented: where the oldest come first, pages are read from
        the last. However many pages there are said to be, _MAX_PAGES are read, and none after an
        empty or a repeated one. Raises SupplierUnavailable where that takes too long.
        """
        began = self._clock.monotonic()
        rows, pages, is_known = await self._page(path, 1, size, urgency)
        backwards = since is not None and is_known and _is_ascending(rows)
        page, step = (pages, -1) if backwards else (2, 1)
        previous, seen = rows, [] if backwards else rows
        for _ in range(_MAX_PAGES - 1):
            is_reached = since is not None and any(time < since for time in _times(seen))
            if is_reached or not 1 < page <= pages:
                break
            self.client.check_list_time(path, began)
            found, told, _ = await self._page(path, page, size, urgency)
            if (
                backwards and page == pages and not found
            ):  # the count is wrong: read on from the first
                backwards, since, page, step = False, None, 2, 1
                continue
            if not found or found == previous:
                break
            pages = pages if backwards else told
            rows, seen, previous = rows + found, found, found
            page += step
        return rows

    async def _page(
        self, path: str, page: int, size: int, urgency: Urgency
    ) -> tuple[list[Any], int, bool]:
        """The rows of a page, the number of pages, and whether that is known or a minimum."""
        await self.client.acquire(path, urgency)
        response = await self._send("GET", path, params={"page": page, "limit": size})
        parsed = read_json(response)
        rows = parsed.get("data") if isinstance(parsed, dict) else parsed
        if not isinstance(rows, list):
            raise SupplierUnavailable(path, "UNREADABLE")
        total = response.headers.get("X-Total-Pages", "").strip()
        if is_number(total) and len(total) <= _LONGEST_NUMBER:
            return rows, int(total), True
        more = response.headers.get("X-Has-More", "").strip().lower()
        has_more = more in ("true", "1") if more else len(rows) >= size
        return rows, page + has_more, False

    async def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        buying: bool = False,
    ) -> httpx.Response:
        signed = dict(headers or {})
        if self._sign is not None:
            query = "&".join(f"{k}={v}" for k, v in sorted((params or {}).items()))
            # A signature older than five minutes is refused: by the clock that judges it, once it is known.
            at = self.client.present_server_time() or self._clock.now()
            signed |= self._sign(method, f"{self._base_path}{path}?{query}", body or "", at)
        response = await self.client.send(
            method, path, params=params, body=body, headers=signed, buying=buying
        )
        parsed = read_json(response)
        readable = parsed is not None if response.is_success else code_of(parsed) is not None
        self.client.record_response(response, readable=readable)
        if response.is_success:
            return response
        error = failure(path.partition("?")[0], response, parsed, buying=buying)
        raise self.client.apply_failure(error)


class OrderCallLimit:
    """Counts the calls about each order: the supplier allows 60 in an hour, we use 48."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: dict[str, deque[float]] = {}

    def count(self, supplier_order_id: str) -> None:
        """Count one call. Raises TryLater where the hour's calls are used up."""
        now = self._clock.monotonic()
        for known in [k for k, times in self._calls.items() if now - times[-1] > _HOUR_SECONDS]:
            del self._calls[known]
        times = self._calls.setdefault(supplier_order_id, deque())
        while times and now - times[0] > _HOUR_SECONDS:
            times.popleft()
        if len(times) >= _ORDER_CALLS_PER_HOUR:
            raise TryLater("orders", "ASKED_OFTEN", 0, "", times[0] + _HOUR_SECONDS - now)
        times.append(now)


def id_literal(text: str) -> str:
    """An id as JSON: a number where it is written as one, else a string."""
    is_literal = is_number(text) and (text == "0" or not text.startswith("0"))
    return text if is_literal else dumps(text)


def json_object(fields: Mapping[str, str]) -> str:
    """A JSON object of values that are JSON already: json.dumps would write 25.00 as 25.0."""
    return "{" + ", ".join(f'"{name}": {text}' for name, text in fields.items()) + "}"


def segment(text: str) -> str:
    """An id as one percent-encoded path segment."""
    return quote(text, safe="", errors="surrogatepass")


@contextmanager
def refused_as_unknown(path: str) -> Iterator[None]:
    """Turn RequestRefused into UnknownAtSupplier: some pages answer 400 for an unknown id."""
    try:
        yield
    except RequestRefused as refusal:
        raise UnknownAtSupplier(path, refusal.code, refusal.status) from None


def _times(rows: Sequence[Any]) -> list[datetime]:
    sent = [row.get("placed_at") or row.get("created_at") for row in rows if isinstance(row, dict)]
    return [time for time in map(as_instant, sent) if time is not None]


def _is_ascending(rows: Sequence[Any]) -> bool:
    times = _times(rows)
    return len(times) > 1 and times[0] < times[-1]
