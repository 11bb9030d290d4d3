"""The OneClickDz v3 API behind the Supplier port: one budget, one circuit, one way to call.

Source: docs of OneClickDz v3 (base https://api.oneclickdz.com/v3, header X-Access-Token). Nothing
here repeats a purchase; whoever asks again is a sweep that knows the order's state.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from bot.domain.money import to_minor
from bot.domain.supplier import (
    TEST_TYPES,
    Environment,
    KeyInfo,
    Movement,
    OfferedCategory,
    OfferedDenomination,
    ProductOffer,
    Purchase,
    SupplierOrder,
)
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
from bot.suppliers import oneclickdz_models as models
from bot.suppliers.oneclickdz_errors import Purpose
from bot.suppliers.oneclickdz_wire import failure, instant, parse, segment, stamp
from bot.suppliers.throttle import Throttle, Urgency

M = TypeVar("M", bound=BaseModel)

_CEILING: Final = {Environment.SANDBOX: 60, Environment.PRODUCTION: 120}
_PAGE: Final = 100
_SERVER_ERROR: Final = 500
_MOST_PAGES: Final = 200
_TEST_STOCK: Final = 100
_LARGEST_SKEW: Final = timedelta(hours=1)
# Failures before the request left: nothing can have happened at the other side.
_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


class OneClickDz:
    """Implements the Supplier port. `calls_per_minute` 0: the ceiling published for the key's type."""

    name = "oneclickdz"

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        clock: Clock,
        calls_per_minute: int = 0,
        timeout_seconds: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._clock = clock
        self._fixed_ceiling = calls_per_minute
        self._longest_seconds = timeout_seconds * 2 + 10
        self._throttle = Throttle(clock, calls_per_minute or _CEILING[Environment.SANDBOX])
        self._refused: AccessRefused | None = None
        self._environment: Environment | None = None
        self._silent_since: datetime | None = None
        self._skew = timedelta(0)  # the supplier's clock less ours
        shared: dict[str, Any] = {
            "base_url": base_url.rstrip("/") + "/",
            "headers": {"X-Access-Token": api_key, "Accept": "application/json"},
            "timeout": httpx.Timeout(timeout_seconds, connect=10.0),
            "transport": transport,
        }
        self._reader = httpx.AsyncClient(**shared, limits=httpx.Limits(max_connections=10))
        # A kept connection that the server has closed meanwhile would look like a lost answer.
        fresh = httpx.Limits(max_connections=50, max_keepalive_connections=0)
        self._buyer = httpx.AsyncClient(**shared, limits=fresh)

    async def close(self) -> None:
        await self._reader.aclose()
        await self._buyer.aclose()

    # --- the port ---------------------------------------------------------------------------

    @property
    def refusal(self) -> str | None:
        return None if self._refused is None else self._refused.code or str(self._refused.status)

    @property
    def silent_since(self) -> datetime | None:
        return self._silent_since

    async def validate(self) -> KeyInfo:
        self._refused = None
        data = await self._get("validate", Urgency.PLACE)
        info = self._read(models.Validated, data, "validate").to_domain()
        self._environment = info.environment
        if not self._fixed_ceiling:
            self._throttle.set_ceiling(_CEILING[info.environment])
        return info

    async def ping(self) -> bool:
        """Whether the API says that it is well; needs no key."""
        data = await self._get("ping", Urgency.CATALOGUE)
        return bool(data.get("api") == "ok")

    async def catalogue(self) -> tuple[OfferedCategory, ...]:
        data = await self._get("gift-cards/catalog", Urgency.CATALOGUE)
        return self._read(models.Catalogue, data, "catalog").to_domain()

    async def product(self, supplier_product_id: str, *, urgent: bool = False) -> ProductOffer:
        asked_at = self._clock.now()
        path = f"gift-cards/checkProduct/{segment(supplier_product_id)}"
        data = await self._get(path, Urgency.PLACE if urgent else Urgency.PRODUCT)
        offered = [
            t.to_domain() for t in self._read(models.ProductDetails, data, "checkProduct").types
        ]
        if self._environment is Environment.SANDBOX:
            offered = _with_test_types(offered)
        return ProductOffer(supplier_product_id, tuple(offered), asked_at)

    async def buy(
        self, purchase: Purchase, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        if self._environment is Environment.PRODUCTION and purchase.supplier_type_id.startswith(
            "TEST_"
        ):
            raise RequestRefused("placeOrder", "TEST_TYPE")
        path = "gift-cards/placeOrder"
        await self._turn(path, Urgency.PLACE)
        if not await commit_intent():
            return None
        body = {
            "productId": purchase.supplier_product_id,
            "typeId": purchase.supplier_type_id,
            "quantity": purchase.quantity,
        }
        data = (await self._exchange("POST", path, Purpose.BUY, body=body)).get("data")
        try:
            return models.Placed.model_validate(data).order_id
        except ValidationError:
            raise OutcomeUnknown("placeOrder", "NO_ORDER_ID") from None

    async def order(self, supplier_order_id: str) -> SupplierOrder:
        data = await self._get(f"gift-cards/checkOrder/{segment(supplier_order_id)}", Urgency.POLL)
        return self._order(
            self._read(models.SentOrder, data, "checkOrder").to_domain(supplier_order_id)
        )

    async def orders(self, since: datetime, until: datetime) -> tuple[SupplierOrder, ...]:
        rows = await self._pages("gift-cards/list", since, until, Urgency.POLL)
        found = [row.to_domain() for row in self._readable(models.SentOrder, rows)]
        named = {order.supplier_order_id: self._order(order) for order in found}
        named.pop("", None)
        if rows and not named:
            raise SupplierUnavailable("list", "UNREADABLE")
        # Pages shift while new orders come in: a row may stand on two of them.
        return tuple(named.values())

    async def balance(self) -> int:
        data = await self._get("account/balance", Urgency.BALANCE)
        return to_minor(self._read(models.Balance, data, "balance").balance)

    async def movements(self, since: datetime, until: datetime) -> tuple[Movement, ...]:
        rows = await self._pages("account/transactions", since, until, Urgency.BALANCE)
        booked = {
            row.id or str(at): row
            for at, row in enumerate(self._readable(models.Transaction, rows))
        }
        return tuple(m for row in booked.values() if (m := row.to_domain()) is not None)

    async def payment_call(
        self, path: str, body: Mapping[str, object] | None = None
    ) -> Mapping[str, object]:
        """Implements the PaymentCalls port: OCPay belongs to the same key. Nothing here is a purchase."""
        await self._turn(path, Urgency.PAYMENT)
        method = "GET" if body is None else "POST"
        data = (await self._exchange(method, path, Purpose.PAY, body=body)).get("data")
        return data if isinstance(data, dict) else {}

    # --- one way to call --------------------------------------------------------------------

    def _order(self, order: SupplierOrder) -> SupplierOrder:
        """With its time by our clock."""
        if order.ordered_at is None:
            return order
        return replace(order, ordered_at=order.ordered_at - self._skew)

    async def _pages(
        self, path: str, since: datetime, until: datetime, urgency: Urgency
    ) -> list[Any]:
        window = {
            "from": instant(since + self._skew),
            "to": instant(until + self._skew),
            "pageSize": _PAGE,
        }
        rows: list[Any] = []
        for page in range(1, _MOST_PAGES + 1):
            await self._turn(path, urgency)
            envelope = await self._exchange("GET", path, params={**window, "page": page})
            data = envelope.get("data")
            items = data.get("items") if isinstance(data, dict) else data
            if not isinstance(items, list):
                raise SupplierUnavailable(path, "UNREADABLE")
            rows += items
            if page >= self._total_pages(envelope, path) or not items:
                break
        return rows

    def _total_pages(self, envelope: Mapping[str, Any], path: str) -> int:
        for holder in (envelope.get("data"), envelope.get("meta"), envelope):
            if isinstance(holder, dict) and isinstance(holder.get("pagination"), dict):
                return self._read(models.Pagination, holder["pagination"], path).total_pages
        return 1

    async def _get(self, path: str, urgency: Urgency) -> Mapping[str, Any]:
        await self._turn(path, urgency)
        data = (await self._exchange("GET", path)).get("data")
        return data if isinstance(data, dict) else {}

    async def _turn(self, path: str, urgency: Urgency) -> None:
        """Wait for a place in the budget; a key that was refused, before or meanwhile, gets none."""
        self._stop_if_refused(path)
        await self._throttle.acquire(urgency)
        self._stop_if_refused(path)

    async def _exchange(
        self,
        method: str,
        path: str,
        purpose: Purpose = Purpose.READ,
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """One exchange with the supplier; every outcome but a success is a SupplierFailure."""
        buying = purpose is Purpose.BUY
        client = self._buyer if buying else self._reader
        try:
            # httpx limits each read; this limits an answer that comes in drops for ever.
            async with asyncio.timeout(self._longest_seconds):
                response = await client.request(method, path, params=params, json=body)
        except _NOT_SENT as error:
            self._hear_nothing()
            raise TryLater(path, type(error).__name__) from None
        except (httpx.HTTPError, TimeoutError) as error:
            self._hear_nothing()
            kind = OutcomeUnknown if buying else SupplierUnavailable
            raise kind(path, type(error).__name__) from None
        except (httpx.InvalidURL, UnicodeError) as error:  # an id that no address can hold
            raise RequestRefused(path, type(error).__name__) from None
        envelope = parse(response)
        if response.status_code < _SERVER_ERROR and envelope:
            self._silent_since = None
        else:
            self._hear_nothing()
        if response.is_success and envelope.get("success") is True:
            self._learn_skew(envelope, response)
            return envelope
        trouble = failure(path, response, envelope, purpose)
        self._react(trouble)
        raise trouble

    def _hear_nothing(self) -> None:
        if self._silent_since is None:
            self._silent_since = self._clock.now()

    def _stop_if_refused(self, path: str) -> None:
        if self._refused is not None:
            raise CircuitOpen(path, self._refused.code, self._refused.status, "", 60.0)

    def _react(self, trouble: SupplierFailure) -> None:
        if isinstance(trouble, AccessRefused):
            self._refused = (
                trouble  # the first refusal stops everybody: five would block our address
            )
        elif isinstance(trouble, TryLater):
            self._throttle.block(trouble.retry_after_seconds)

    def _learn_skew(self, envelope: Mapping[str, Any], response: httpx.Response) -> None:
        """How far the supplier's clock is from ours; a stamp that is hours away is no clock."""
        meta = envelope.get("meta")
        stamps = (
            meta.get("timestamp") if isinstance(meta, dict) else None,
            response.headers.get("Date"),
        )
        for theirs in filter(None, map(stamp, stamps)):
            skew = theirs - self._clock.now()
            if abs(skew) < _LARGEST_SKEW:
                self._skew = skew
                return

    @staticmethod
    def _readable(model: type[M], rows: list[Any]) -> Iterator[M]:
        """Rows that make no sense are left out; an order among them is asked for by itself."""
        for row in rows:
            try:
                yield model.model_validate(row)
            except ValidationError:
                continue

    @staticmethod
    def _read(model: type[M], data: Any, request: str) -> M:
        try:
            return model.model_validate(data)
        except ValidationError:
            raise SupplierUnavailable(request, "UNREADABLE") from None


def _with_test_types(offered: list[OfferedDenomination]) -> list[OfferedDenomination]:
    """A sandbox's two scripted outcomes, for sale beside the rest (guide "Status Tracking")."""
    price = min((d.cost_minor for d in offered if d.cost_minor > 0), default=0)
    usual = [d for d in offered if d.supplier_type_id not in TEST_TYPES]
    return usual + [OfferedDenomination(name, name, price, _TEST_STOCK) for name in TEST_TYPES]
