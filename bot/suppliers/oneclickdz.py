"""The OneClickDz v3 API behind the Supplier port: one budget, one circuit, one way to call.

Source: docs of OneClickDz v3 (base https://api.oneclickdz.com/v3, header X-Access-Token). Nothing
here repeats a purchase; whoever asks again is a sweep that knows the order's state.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
from pydantic import ValidationError

from bot.domain.catalogue import Denomination
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
    PurchaseRequest,
    SupplierOrder,
    SupplierPolicy,
)
from bot.errors import (
    OutcomeUnknown,
    RequestRefused,
    SupplierUnavailable,
    UnknownAtSupplier,
)
from bot.ports import Clock
from bot.suppliers import oneclickdz_models as models
from bot.suppliers.api_client import ApiClient, ApiSupplier
from bot.suppliers.oneclickdz_errors import Purpose
from bot.suppliers.oneclickdz_wire import failure, instant, parse, segment, stamp
from bot.suppliers.reading import read, readable_rows
from bot.suppliers.throttle import Throttle, Urgency

_CEILING: Final = {Environment.SANDBOX: 60, Environment.PRODUCTION: 120}
_PAGE: Final = 100
_MOST_PAGES: Final = 200
_TEST_STOCK: Final = 100
_LARGEST_SKEW: Final = timedelta(hours=1)


class OneClickDz(ApiSupplier):
    """Implements the Supplier port. `calls_per_minute` 0: the ceiling published for the key's type."""

    name = "oneclickdz"
    policy = SupplierPolicy(
        first_check=1.5,  # guide "Status Tracking & Polling"
        checks=((600, 5.0), (3600, 30.0)),
        checks_old=120.0,
        stuck_after=600.0,
        list_page=_PAGE,
    )
    rate = None

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
        self._client = ApiClient(
            base_url=base_url,
            headers={"X-Access-Token": api_key},
            clock=clock,
            throttle=Throttle.per_minute(clock, calls_per_minute or _CEILING[Environment.SANDBOX]),
            timeout_seconds=timeout_seconds,
            transport=transport,
        )
        self._environment: Environment | None = None
        self._skew = timedelta(0)  # the supplier's clock less ours

    # --- the port ---------------------------------------------------------------------------

    async def validate(self) -> KeyInfo:
        self._client.reopen()
        data = await self._get("validate", Urgency.PLACE)
        info = read(models.Validated, data, "validate").to_domain()
        self._environment = info.environment
        if not self._fixed_ceiling:
            self._client.throttle.set_per_minute(_CEILING[info.environment])
        return info

    async def ping(self) -> bool:
        """Whether the API says that it is well; needs no key."""
        data = await self._get("ping", Urgency.CATALOGUE)
        return bool(data.get("api") == "ok")

    async def catalogue(self) -> tuple[OfferedCategory, ...]:
        data = await self._get("gift-cards/catalog", Urgency.CATALOGUE)
        return read(models.Catalogue, data, "catalog").to_domain()

    async def product(
        self, supplier_product_id: str, *, urgent: bool = False, purchase: Purchase | None = None
    ) -> ProductOffer:
        """One question tells all prices of a product: nothing is gained by asking for one."""
        asked_at = self._clock.now()
        path = f"gift-cards/checkProduct/{segment(supplier_product_id)}"
        data = await self._get(path, Urgency.PLACE if urgent else Urgency.PRODUCT)
        offered = [t.to_domain() for t in read(models.ProductDetails, data, "checkProduct").types]
        if self._environment is Environment.SANDBOX:
            offered = _with_test_types(offered)
        return ProductOffer(supplier_product_id, tuple(offered), asked_at)

    async def price_value(
        self, supplier_product_id: str, of_range: Denomination, value_minor: int
    ) -> OfferedDenomination:
        raise UnknownAtSupplier("checkProduct", "NO_RANGES")

    def build_request(self, purchase: Purchase, order_id: int) -> PurchaseRequest:
        """No reference: gift cards take none, and equal purchases are the same to everybody."""
        body = {
            "productId": purchase.supplier_product_id,
            "typeId": purchase.supplier_type_id,
            "quantity": purchase.quantity,
        }
        return PurchaseRequest(purchase, "", json.dumps(body))

    async def buy(
        self, request: PurchaseRequest, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        purchase = request.purchase
        if self._environment is Environment.PRODUCTION and purchase.supplier_type_id.startswith(
            "TEST_"
        ):
            raise RequestRefused("placeOrder", "TEST_TYPE")
        path = "gift-cards/placeOrder"
        await self._client.acquire(path, Urgency.PLACE)
        if not await commit_intent():
            return None
        data = (await self._exchange("POST", path, Purpose.BUY, body=request.body)).get("data")
        try:
            return models.Placed.model_validate(data).order_id
        except ValidationError:
            raise OutcomeUnknown("placeOrder", "NO_ORDER_ID") from None

    async def repeat(self, request: PurchaseRequest) -> str:
        raise RequestRefused("placeOrder", "NEVER_TWICE")  # it would be bought twice

    async def order(self, supplier_order_id: str, purchase: Purchase) -> SupplierOrder:
        data = await self._get(f"gift-cards/checkOrder/{segment(supplier_order_id)}", Urgency.POLL)
        return self._order(read(models.SentOrder, data, "checkOrder").to_domain(supplier_order_id))

    async def orders(self, since: datetime, until: datetime) -> tuple[SupplierOrder, ...]:
        rows = await self._pages("gift-cards/list", since, until, Urgency.POLL)
        found = [row.to_domain() for row in readable_rows(models.SentOrder, rows)]
        named = {order.supplier_order_id: self._order(order) for order in found}
        named.pop("", None)
        if rows and not named:
            raise SupplierUnavailable("list", "UNREADABLE")
        # Pages shift while new orders come in: a row may stand on two of them.
        return tuple(named.values())

    async def balance(self) -> int:
        data = await self._get("account/balance", Urgency.BALANCE)
        return to_minor(read(models.Balance, data, "balance").balance)

    async def movements(self, since: datetime, until: datetime) -> tuple[Movement, ...]:
        rows = await self._pages("account/transactions", since, until, Urgency.BALANCE)
        booked = {
            row.id or str(at): row for at, row in enumerate(readable_rows(models.Transaction, rows))
        }
        return tuple(m for row in booked.values() if (m := row.to_domain()) is not None)

    async def payment_call(
        self, path: str, body: Mapping[str, object] | None = None
    ) -> Mapping[str, object]:
        """Implements the PaymentCalls port: OCPay belongs to the same key. Nothing here is a purchase."""
        await self._client.acquire(path, Urgency.PAYMENT)
        method = "GET" if body is None else "POST"
        sent = None if body is None else json.dumps(body)
        data = (await self._exchange(method, path, Purpose.PAY, body=sent)).get("data")
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
            await self._client.acquire(path, urgency)
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
                return read(models.Pagination, holder["pagination"], path).total_pages
        return 1

    async def _get(self, path: str, urgency: Urgency) -> Mapping[str, Any]:
        await self._client.acquire(path, urgency)
        data = (await self._exchange("GET", path)).get("data")
        return data if isinstance(data, dict) else {}

    async def _exchange(
        self,
        method: str,
        path: str,
        purpose: Purpose = Purpose.READ,
        *,
        params: Mapping[str, Any] | None = None,
        body: str | None = None,
    ) -> dict[str, Any]:
        """One exchange with the supplier; every outcome but a success is a SupplierFailure."""
        buying = purpose is Purpose.BUY
        response = await self._client.send(method, path, buying=buying, params=params, body=body)
        envelope = parse(response)
        self._client.note(response, sensible=bool(envelope))
        if response.is_success and envelope.get("success") is True:
            self._learn_skew(envelope, response)
            return envelope
        trouble = failure(path, response, envelope, purpose)
        self._client.react(trouble)
        raise trouble

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


def _with_test_types(offered: list[OfferedDenomination]) -> list[OfferedDenomination]:
    """A sandbox's two scripted outcomes, for sale beside the rest (guide "Status Tracking")."""
    price = min((d.cost_minor for d in offered if d.cost_minor > 0), default=0)
    usual = [d for d in offered if d.supplier_type_id not in TEST_TYPES]
    return usual + [OfferedDenomination(name, name, price, _TEST_STOCK) for name in TEST_TYPES]
