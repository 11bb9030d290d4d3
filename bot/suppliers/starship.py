"""Adapter for the Starship Rewards voucher API.

Source: Starship Rewards API v1 (headers X-API-Key and X-API-Secret, base `<host>/api/v1`). A
purchase has an `Idempotency-Key` and a `ref` of ours, both stored before the first send, so after a
lost response the same bytes are sent again for up to a day. Every GET of a delivered order returns
its codes in clear text: whatever is read here is treated as a secret.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from json import dumps
from typing import Final
from urllib.parse import urlsplit

import httpx

from bot.domain.catalogue import Denomination
from bot.domain.supplier import (
    Environment,
    KeyInfo,
    Movement,
    OfferedCategory,
    OfferedDenomination,
    OfferedProduct,
    ProductOffer,
    Purchase,
    PurchaseRequest,
    Rate,
    SupplierOrder,
    SupplierPolicy,
)
from bot.errors import AccessRefused, OutcomeUnknown, SupplierUnavailable, UnknownAtSupplier
from bot.meter import NO_METER, Meter
from bot.ports import Clock
from bot.suppliers import starship_models as models
from bot.suppliers.api_client import ApiSupplier
from bot.suppliers.reading import read, read_rows
from bot.suppliers.repeated import without_conflicting_products
from bot.suppliers.starship_calls import (
    LIST_PAGE,
    OrderCallLimit,
    Sign,
    StarshipCalls,
    id_literal,
    json_object,
    segment,
)
from bot.suppliers.starship_prices import StarshipPrices
from bot.suppliers.starship_wallet import StarshipWallet
from bot.suppliers.throttle import Urgency

_CALLS_PER_TEN_SECONDS: Final = 20
_CATALOGUE_PAGE: Final = 1000
# The stamps of its orders may be by another clock than the Date of its answers, which a proxy may write.
_MARGIN: Final = timedelta(hours=1)


class Starship(ApiSupplier):
    """Implements the Supplier port. `rate`: the price of one unit of the wallet's currency."""

    name = "starship"
    policy = SupplierPolicy(
        first_check=2.0,
        checks=((4, 4.0), (10, 8.0), (25, 16.0), (60, 32.0), (300, 60.0), (1800, 120.0)),
        checks_old=480.0,
        stuck_after=24 * 3600.0,
        repeats_for=23.5 * 3600,  # the supplier remembers a key for 24 hours
        lists_codes=False,
        prices_products=False,
        list_page=LIST_PAGE,
    )

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        api_secret: str,
        clock: Clock,
        rate: Rate,
        wallet: str = "",
        step: Decimal = Decimal(1),
        extra_types: frozenset[str] = frozenset(),
        availability: str = "",
        text_values: bool = False,
        calls_per_ten_seconds: int = _CALLS_PER_TEN_SECONDS,
        timeout_seconds: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
        sign: Sign | None = None,
        meter: Meter = NO_METER,
    ) -> None:
        """`extra_types`: delivery types that are sold besides those that are known to bring codes.
        `text_values`: send face values as JSON strings. The others are of StarshipWallet
        (`wallet`), StarshipPrices (`step`, `availability`) and StarshipCalls (`sign`)."""
        self._clock = clock
        self.rate = rate
        self._extra_types, self._text_values = extra_types, text_values
        self._environment = _environment(api_key, base_url)
        self._calls = StarshipCalls(
            name=self.name,
            base_url=base_url,
            api_key=api_key,
            api_secret=api_secret,
            clock=clock,
            calls_per_ten_seconds=calls_per_ten_seconds,
            timeout_seconds=timeout_seconds,
            transport=transport,
            sign=sign,
            meter=meter,
        )
        self._client = self._calls.client
        self._order_calls = OrderCallLimit(clock)
        self._wallet = StarshipWallet(self._calls, rate, wallet)
        self._prices = StarshipPrices(
            self._calls, self._wallet, clock=clock, rate=rate, step=step, availability=availability
        )

    async def validate(self) -> KeyInfo:
        """The API has no such call: reading a wallet in the rate's currency proves the key
        valid."""
        self._client.reset_circuit()
        wallet = await self._wallet.read(Urgency.PLACE)
        if not await self._wallet.is_in_rate_currency(wallet):
            refusal = AccessRefused("wallets", "WALLET_CURRENCY")
            self._client.open_circuit(refusal)
            raise refusal
        return KeyInfo(self._environment, enabled=True, may_buy=True)

    async def catalogue(self) -> tuple[OfferedCategory, ...]:
        rows = await self._calls.pages("products", _CATALOGUE_PAGE, Urgency.CATALOGUE)
        countries = await self._wallet.reference_codes("countries")
        categories: dict[str, list[OfferedProduct]] = {}
        products = read_rows(models.Product, rows, "products")
        if products.make_no_sense:
            raise SupplierUnavailable("products", "UNREADABLE")
        for product in products.found:
            offered = product.to_domain(countries)
            is_sold = offered.enabled or product.delivery_mode in self._extra_types
            if product.name and is_sold:
                title = product.category or self.name.title()
                categories.setdefault(title, []).append(offered)
        shelves = tuple(
            OfferedCategory(title, tuple(products)) for title, products in categories.items()
        )
        return without_conflicting_products(shelves, "products")

    async def product(
        self,
        supplier_product_id: str,
        *,
        urgent: bool = False,
        idle: bool = False,
        purchase: Purchase | None = None,
    ) -> ProductOffer:
        """Each face value needs a call of its own: only `charges` tells what we pay.

        The prices of a whole product are up to four minutes old, so no order shares them, and each
        tells when it was asked.
        """
        urgency = Urgency.of_product(urgent=urgent, idle=idle)
        if purchase is not None:
            offer = await self._prices.offer_of_purchase(purchase, urgency)
            if urgent and not await self._prices.is_available(purchase):
                raise UnknownAtSupplier("availability", "NOT_AVAILABLE")
            return offer
        asked_at = self._clock.now()
        product = await self._prices.ask_product(supplier_product_id, urgency)
        offers = await self._prices.offers(supplier_product_id, product, urgency)
        return ProductOffer(supplier_product_id, offers, asked_at)

    def forget_prices(self, supplier_product_id: str) -> None:
        self._prices.forget(supplier_product_id)

    async def price_value(
        self, supplier_product_id: str, of_range: Denomination, value_minor: int
    ) -> OfferedDenomination:
        with_pin = of_range.supplier_type_id.endswith(models.WITH_PIN)
        type_id = models.type_id(Decimal(value_minor) / 100, with_pin=with_pin)
        return await self._prices.value(supplier_product_id, type_id, of_range.currency)

    def build_request(self, purchase: Purchase, order_id: int) -> PurchaseRequest:
        """Key and reference are the same text. Its random part keeps it unique where a new database
        starts again with order 1."""
        reference = f"HN-{order_id}-{secrets.token_hex(8)}"
        value = f"{models.value_of(purchase.supplier_type_id):.2f}"
        fields = {
            "product_id": id_literal(purchase.supplier_product_id),
            "denomination": dumps(value) if self._text_values else value,
            "quantity": str(purchase.quantity),
            "ref": dumps(reference),
        }
        fields |= self._wallet.id_field()
        return PurchaseRequest(purchase, reference, json_object(fields))

    async def buy(
        self, request: PurchaseRequest, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        await self._client.acquire("orders", Urgency.PLACE)
        if not await commit_intent():
            return None
        return await self._send_order(request)

    async def repeat(
        self, request: PurchaseRequest, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        await self._client.acquire("orders", Urgency.PLACE)
        if not await commit_intent():
            return None
        return await self._send_order(request)

    async def _send_order(self, request: PurchaseRequest) -> str:
        headers = {"Idempotency-Key": request.reference}
        parsed = await self._calls.exchange(
            "POST", "orders", body=request.body, headers=headers, buying=True
        )
        try:
            return read(models.Created, parsed, "orders").id
        except SupplierUnavailable:
            raise OutcomeUnknown("orders", "NO_ORDER_ID") from None

    async def order(self, supplier_order_id: str, purchase: Purchase) -> SupplierOrder:
        self._order_calls.count(supplier_order_id)
        data = await self._calls.get(f"orders/{segment(supplier_order_id)}", Urgency.POLL)
        report = read(models.SentOrder, data, "orders").to_domain(purchase)
        if report.supplier_order_id != supplier_order_id:  # its codes are those of somebody else
            raise SupplierUnavailable("orders", "OTHER_ORDER")
        return report

    async def orders(self, since: datetime, until: datetime) -> tuple[SupplierOrder, ...]:
        since, until = self._client.server_window(since, until, _MARGIN)
        rows = await self._calls.pages("orders", LIST_PAGE, Urgency.POLL, since)
        found = {row.id: row.listed() for row in read_rows(models.SentOrder, rows, "orders").found}
        if rows and not found:
            raise SupplierUnavailable("orders", "UNREADABLE")
        return tuple(
            replace(order, ordered_at=self._client.in_our_time(order.ordered_at))
            for order in found.values()
            if order.ordered_at is None or since <= order.ordered_at <= until
        )

    async def balance(self) -> int | None:
        wallet = await self._wallet.read(Urgency.BALANCE)
        return self.rate.to_minor(wallet.amount) if wallet.is_prepaid else None

    async def movements(self, since: datetime, until: datetime) -> tuple[Movement, ...]:
        """Always empty: the documentation does not relate the wallet's credits to orders."""
        return ()


def _environment(api_key: str, base_url: str) -> Environment:
    """By the key's prefix, else by the host; an unknown host counts as a sandbox."""
    if api_key.startswith("sk_live_"):
        return Environment.PRODUCTION
    if api_key.startswith("sk_test_"):
        return Environment.SANDBOX
    host = urlsplit(base_url).hostname or ""
    return Environment.PRODUCTION if host.startswith("api.") else Environment.SANDBOX
