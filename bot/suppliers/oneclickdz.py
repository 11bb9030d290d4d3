"""Adapter for the OneClickDz v3 API.

Source: documentation of OneClickDz v3 (base https://api.oneclickdz.com/v3, header X-Access-Token).
The API has no idempotency key, so a purchase is never sent twice: after a lost response a sweep
reconciles the order.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

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
    TryLater,
    UnknownAtSupplier,
)
from bot.meter import NO_METER, Meter
from bot.ports import Clock
from bot.suppliers import oneclickdz_models as models
from bot.suppliers.api_client import ApiClient, ApiSupplier
from bot.suppliers.oneclickdz_errors import Purpose
from bot.suppliers.oneclickdz_format import (
    failure,
    format_instant,
    parse_envelope,
    parse_timestamp,
    segment,
)
from bot.suppliers.reading import read, read_rows, without_conflicts
from bot.suppliers.repeated import without_conflicting_products
from bot.suppliers.throttle import Throttle, Urgency
from bot.suppliers.values import as_flag

_CALLS_PER_MINUTE: Final = {Environment.SANDBOX: 60, Environment.PRODUCTION: 120}
_PAGE_SIZE: Final = 100
_MAX_PAGES: Final = 200
_TEST_STOCK: Final = 100
_PAYMENT_PATIENCE_SECONDS: Final = 20.0  # for the rate limit: a customer waits for the link


class OneClickDz(ApiSupplier):
    """Implements the Supplier port. `calls_per_minute` 0: the documented limit of the key's
    type."""

    name = "oneclickdz"
    policy = SupplierPolicy(
        first_check=1.5,  # guide "Status Tracking & Polling"
        checks=((600, 5.0), (3600, 30.0)),
        checks_old=120.0,
        stuck_after=600.0,
        list_page=_PAGE_SIZE,
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
        meter: Meter = NO_METER,
    ) -> None:
        self._clock = clock
        self._fixed_calls_per_minute = calls_per_minute
        self._client = ApiClient(
            name=self.name,
            base_url=base_url,
            headers={"X-Access-Token": api_key},
            clock=clock,
            throttle=Throttle.per_minute(
                clock, calls_per_minute or _CALLS_PER_MINUTE[Environment.SANDBOX]
            ),
            timeout_seconds=timeout_seconds,
            transport=transport,
            meter=meter,
        )
        self._environment: Environment | None = None

    async def validate(self) -> KeyInfo:
        self._client.reset_circuit()
        data = await self._get("validate", Urgency.PLACE)
        info = read(models.Validated, data, "validate").to_domain()
        self._environment = info.environment
        if not self._fixed_calls_per_minute:
            self._client.throttle.set_per_minute(_CALLS_PER_MINUTE[info.environment])
        return info

    async def catalogue(self) -> tuple[OfferedCategory, ...]:
        data = await self._get("gift-cards/catalog", Urgency.CATALOGUE)
        offered = read(models.Catalogue, data, "catalog").to_domain()
        return without_conflicting_products(offered, "catalog")

    async def product(
        self,
        supplier_product_id: str,
        *,
        urgent: bool = False,
        idle: bool = False,
        purchase: Purchase | None = None,
    ) -> ProductOffer:
        """One call returns all prices of the product, also with a `purchase`.

        Raises SupplierUnavailable where no price can be read.
        """
        path = f"gift-cards/checkProduct/{segment(supplier_product_id)}"
        await self._client.acquire(path, Urgency.of_product(urgent=urgent, idle=idle))
        asked_at, asked_monotonic = self._clock.now(), self._clock.monotonic()
        data = _data(await self._exchange("GET", path))
        details = read(models.ProductDetails, data, "checkProduct")
        readable = read_rows(models.ProductType, details.types, "checkProduct")
        rows = without_conflicts(
            readable,
            "checkProduct",
            lambda row: row.id,
            bought=lambda row: (row.name, row.price),
            stock=lambda row: row.to_domain().stock,
        )
        if rows.make_no_sense:
            raise SupplierUnavailable("checkProduct", "UNREADABLE")
        offered = [row.to_domain() for row in rows.found]
        if self._environment is Environment.SANDBOX:
            offered = _with_test_types(offered)
        return ProductOffer(
            supplier_product_id,
            tuple(offered),
            asked_at,
            complete=not rows.unreadable,
            asked_monotonic=asked_monotonic,
        )

    async def price_value(
        self, supplier_product_id: str, of_range: Denomination, value_minor: int
    ) -> OfferedDenomination:
        raise UnknownAtSupplier("checkProduct", "NO_RANGES")

    def build_request(self, purchase: Purchase, order_id: int) -> PurchaseRequest:
        """No reference: the API accepts none for gift cards, so equal purchases look alike."""
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
            return read(models.Placed, data, "placeOrder").order_id
        except SupplierUnavailable:
            raise OutcomeUnknown("placeOrder", "NO_ORDER_ID") from None

    async def repeat(
        self, request: PurchaseRequest, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        raise RequestRefused(
            "placeOrder", "NEVER_TWICE"
        )  # the supplier would create a second order

    async def order(self, supplier_order_id: str, purchase: Purchase) -> SupplierOrder:
        data = await self._get(f"gift-cards/checkOrder/{segment(supplier_order_id)}", Urgency.POLL)
        report = read(models.SentOrder, data, "checkOrder").to_domain(supplier_order_id)
        if report.supplier_order_id != supplier_order_id:  # its codes are those of somebody else
            raise SupplierUnavailable("checkOrder", "OTHER_ORDER")
        return self._with_our_time(report)

    async def orders(self, since: datetime, until: datetime) -> tuple[SupplierOrder, ...]:
        rows = await self._pages("gift-cards/list", since, until, Urgency.POLL)
        found = [row.to_domain() for row in read_rows(models.SentOrder, rows, "list").found]
        by_id = {order.supplier_order_id: self._with_our_time(order) for order in found}
        by_id.pop("", None)
        if rows and not by_id:
            raise SupplierUnavailable("list", "UNREADABLE")
        # Pages shift while new orders are added, so a row may appear on two of them.
        return tuple(by_id.values())

    async def balance(self) -> int:
        data = await self._get("account/balance", Urgency.BALANCE)
        return to_minor(read(models.Balance, data, "balance").balance)

    async def movements(self, since: datetime, until: datetime) -> tuple[Movement, ...]:
        rows = await self._pages("account/transactions", since, until, Urgency.BALANCE)
        by_id = {
            row.id or str(index): row
            for index, row in enumerate(read_rows(models.Transaction, rows, "transactions").found)
        }
        return tuple(m for row in by_id.values() if (m := row.to_domain()) is not None)

    async def payment_call(
        self, path: str, body: Mapping[str, object] | None = None
    ) -> Mapping[str, object]:
        """Implements the PaymentCalls port: OCPay uses the same key. None of it is a purchase.

        Raises TryLater where the rate limit lets no call through for 20 seconds.
        """
        try:
            async with asyncio.timeout(_PAYMENT_PATIENCE_SECONDS):
                urgency = Urgency.PAYMENT if body is None else Urgency.START
                await self._client.acquire(path, urgency)
        except TimeoutError:
            raise TryLater(path, "BUSY") from None
        method = "GET" if body is None else "POST"
        payload = None if body is None else json.dumps(body)
        return _data(await self._exchange(method, path, Purpose.PAY, body=payload))

    def _with_our_time(self, order: SupplierOrder) -> SupplierOrder:
        """The order with its time corrected by the difference between the clocks."""
        return replace(order, ordered_at=self._client.in_our_time(order.ordered_at))

    async def _pages(
        self, path: str, since: datetime, until: datetime, urgency: Urgency
    ) -> list[Any]:
        first, last = self._client.server_window(since, until, timedelta(0))
        window = {
            "from": format_instant(first),
            "to": format_instant(last),
            "pageSize": _PAGE_SIZE,
        }
        rows: list[Any] = []
        began = self._clock.monotonic()
        for page in range(1, _MAX_PAGES + 1):
            self._client.check_list_time(path, began)
            await self._client.acquire(path, urgency)
            envelope = await self._exchange("GET", path, params={**window, "page": page})
            data = envelope.get("data")
            items = data.get("items") if isinstance(data, dict) else data
            if not isinstance(items, list):
                raise SupplierUnavailable(path, "UNREADABLE")
            is_repeated = bool(rows) and rows[-len(items) :] == items
            rows += [] if is_repeated else items
            pages = self._total_pages(envelope, path)
            is_last = len(items) < _PAGE_SIZE if pages is None else page >= pages
            if is_last or is_repeated or not items:
                break
        return rows

    def _total_pages(self, envelope: Mapping[str, Any], path: str) -> int | None:
        """None where it is not told: the last page is then the first that is not full."""
        for holder in (envelope.get("data"), envelope.get("meta"), envelope):
            if isinstance(holder, dict) and isinstance(holder.get("pagination"), dict):
                return read(models.Pagination, holder["pagination"], path).total_pages
        return None

    async def _get(self, path: str, urgency: Urgency) -> Mapping[str, Any]:
        await self._client.acquire(path, urgency)
        return _data(await self._exchange("GET", path))

    async def _exchange(
        self,
        method: str,
        path: str,
        purpose: Purpose = Purpose.READ,
        *,
        params: Mapping[str, Any] | None = None,
        body: str | None = None,
    ) -> dict[str, Any]:
        """Send one request and return the envelope of a success. Raises SupplierFailure."""
        buying = purpose is Purpose.BUY
        response = await self._client.send(method, path, buying=buying, params=params, body=body)
        envelope = parse_envelope(response)
        self._client.record_response(response, readable="success" in envelope)
        if response.is_success and as_flag(envelope.get("success")):
            self._read_time(envelope)
            return envelope
        error = failure(path, response, envelope, purpose)
        raise self._client.apply_failure(error)

    def _read_time(self, envelope: Mapping[str, Any]) -> None:
        """The time in the envelope is the supplier's own, and a Date may be a proxy's.

        But one that is a day away from the Date, or from an earlier answer, is no clock's.
        """
        meta = envelope.get("meta")
        told = parse_timestamp(meta.get("timestamp") if isinstance(meta, dict) else None)
        expected = self._client.present_server_time()
        if told is not None and (expected is None or abs(told - expected) < timedelta(days=1)):
            self._client.note_server_time(told)


def _data(envelope: Mapping[str, Any]) -> Mapping[str, Any]:
    data = envelope.get("data")
    return data if isinstance(data, dict) else {}


def _with_test_types(offered: list[OfferedDenomination]) -> list[OfferedDenomination]:
    """Add the two test types that a sandbox key may buy (guide "Status Tracking")."""
    price = min((d.cost_minor for d in offered if d.cost_minor > 0), default=0)
    usual = [d for d in offered if d.supplier_type_id not in TEST_TYPES]
    return usual + [OfferedDenomination(name, name, price, _TEST_STOCK) for name in TEST_TYPES]
