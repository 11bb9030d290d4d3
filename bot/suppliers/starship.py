"""The Starship Rewards voucher API behind the Supplier port.

Source: Starship Rewards API v1 (headers X-API-Key and X-API-Secret, base `<host>/api/v1`). Its purchases
carry an `Idempotency-Key` and a `ref` of ours, both kept before the first send, so a lost answer is asked
for again with the same bytes for a day. Every GET of a delivered order shows its codes in clear: whatever
is read here is treated as a secret.
"""

import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from json import dumps
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx
from pydantic import ValidationError

from bot.domain.catalogue import Denomination
from bot.domain.money import to_hundredths
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
from bot.errors import (
    AccessRefused,
    OutcomeUnknown,
    RequestRefused,
    SupplierFailure,
    SupplierUnavailable,
    TryLater,
    UnknownAtSupplier,
)
from bot.ports import Clock
from bot.suppliers import starship_models as models
from bot.suppliers.api_client import ApiClient, ApiSupplier, read_json
from bot.suppliers.reading import read, readable_rows
from bot.suppliers.starship_errors import failure
from bot.suppliers.throttle import Throttle, Urgency

_PREFIX: Final = "api/v1/"
_CALLS_PER_TEN_SECONDS: Final = 20
_ORDER_CALLS_PER_HOUR: Final = 48  # of 60
_CATALOGUE_PAGE: Final = 1000
_LIST_PAGE: Final = 100
_MOST_PAGES: Final = 200
_MOST_VALUES: Final = 30  # that are priced one by one
_QUOTED_FOR: Final = timedelta(minutes=4)  # the supplier itself repeats a quote for five
_PLENTY: Final = 100  # where a quote names no most
_HOUR: Final = timedelta(hours=1)
_LARGEST_SKEW: Final = timedelta(hours=1)


class Starship(ApiSupplier):
    """Implements the Supplier port. `rate` tells what one unit of the wallet's currency costs."""

    name = "starship"
    policy = SupplierPolicy(
        first_check=2.0,
        checks=((4, 4.0), (10, 8.0), (25, 16.0), (60, 32.0), (300, 60.0), (1800, 120.0)),
        checks_old=480.0,
        stuck_after=24 * 3600.0,
        repeats_for=23.5 * 3600,  # a key is remembered for 24 hours
        lists_codes=False,
        list_page=_LIST_PAGE,
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
        sign: Callable[[str, str, str], Mapping[str, str]] | None = None,
    ) -> None:
        """`availability`: the verb of that question, or empty not to ask it. `sign` makes the headers
        of a signed request of its verb, path with query, and body."""
        self._clock = clock
        self.rate = rate
        self._wallet, self._step, self._extra_types = wallet, step, extra_types
        self._availability, self._text_values, self._sign = availability, text_values, sign
        self._base_path = f"{urlsplit(base_url).path.rstrip('/')}/{_PREFIX}"
        self._environment = _environment(api_key, base_url)
        self._client = ApiClient(
            base_url=f"{base_url.rstrip('/')}/{_PREFIX}",
            headers={"X-API-Key": api_key, "X-API-Secret": api_secret},
            clock=clock,
            throttle=Throttle.per_ten_seconds(clock, calls_per_ten_seconds),
            timeout_seconds=timeout_seconds,
            transport=transport,
        )
        self._asked: dict[str, deque[datetime]] = {}
        self._quoted: dict[tuple[str, str], tuple[datetime, OfferedDenomination]] = {}
        self._currencies: dict[str, str] = {}

    # --- the port ---------------------------------------------------------------------------

    async def validate(self) -> KeyInfo:
        """There is no such question: a wallet in the currency of the rate shows that the key is good."""
        self._client.reopen()
        wallet = await self._read_wallet(Urgency.PLACE)
        if not await self._is_of_the_rate(wallet):
            refusal = AccessRefused("wallets", "WALLET_CURRENCY")
            self._client.react(refusal)
            raise refusal
        return KeyInfo(self._environment, enabled=True, may_buy=True)

    async def catalogue(self) -> tuple[OfferedCategory, ...]:
        rows = await self._pages("products", _CATALOGUE_PAGE, Urgency.CATALOGUE)
        countries = await self._references("countries")
        shelves: dict[str, list[OfferedProduct]] = {}
        for product in readable_rows(models.Product, rows):
            offered = product.to_domain(countries)
            if product.name and (offered.enabled or product.mode in self._extra_types):
                shelves.setdefault(product.category or self.name.title(), []).append(offered)
        return tuple(OfferedCategory(title, tuple(goods)) for title, goods in shelves.items())

    async def product(
        self, supplier_product_id: str, *, urgent: bool = False, purchase: Purchase | None = None
    ) -> ProductOffer:
        """Each value's price is a question of its own: `charges`, which alone knows what we pay."""
        asked_at = self._clock.now()
        if purchase is not None:
            wanted = purchase.supplier_type_id
            offered = await self._quote(supplier_product_id, wanted, purchase.quantity, urgent)
            if urgent and not await self._is_available(purchase):
                raise UnknownAtSupplier("availability", "NOT_AVAILABLE")
            return ProductOffer(supplier_product_id, (offered,), asked_at, only=wanted)
        path = f"products/{_segment(supplier_product_id)}"
        with _unknown_is_400(path):
            data = await self._get(path, Urgency.PRODUCT)
        found = read(models.Product, data, "products")
        currency = found.currency_code or await self._currency(found.currency_id)
        fixed = [v for v in found.available_denominations if v.min_value == v.max_value]
        offers = []
        for value in fixed[:_MOST_VALUES]:
            wanted = models.type_id(value.min_value, with_pin=found.with_pin)
            quoted = await self._quoted_lately(supplier_product_id, wanted, currency)
            offers += [quoted] if quoted is not None else []
        offers += [
            self._range(value, currency, found)
            for value in found.available_denominations
            if value.min_value < value.max_value
        ]
        return ProductOffer(supplier_product_id, tuple(offers), asked_at)

    async def price_value(
        self, supplier_product_id: str, of_range: Denomination, value_minor: int
    ) -> OfferedDenomination:
        with_pin = of_range.supplier_type_id.endswith(models.WITH_PIN)
        wanted = models.type_id(Decimal(value_minor) / 100, with_pin=with_pin)
        currency = of_range.currency
        return await self._quote(supplier_product_id, wanted, 1, urgent=True, currency=currency)

    def build_request(self, purchase: Purchase, order_id: int) -> PurchaseRequest:
        """Key and reference are one word, never used before: a database that begins anew counts anew."""
        reference = f"HN-{order_id}-{secrets.token_hex(8)}"
        value = f"{models.value_of(purchase.supplier_type_id):.2f}"
        product = purchase.supplier_product_id
        fields = {
            "product_id": _literal(product),
            "denomination": dumps(value) if self._text_values else value,
            "quantity": str(purchase.quantity),
            "ref": dumps(reference),
        }
        if self._wallet:
            fields["wallet_id"] = _literal(self._wallet)
        return PurchaseRequest(purchase, reference, _object(fields))

    async def buy(
        self, request: PurchaseRequest, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        await self._client.acquire("orders", Urgency.PLACE)
        if not await commit_intent():
            return None
        return await self._order_by(request)

    async def repeat(self, request: PurchaseRequest) -> str:
        await self._client.acquire("orders", Urgency.PLACE)
        return await self._order_by(request)

    async def order(self, supplier_order_id: str, purchase: Purchase) -> SupplierOrder:
        self._stay_below(supplier_order_id)
        data = await self._get(f"orders/{_segment(supplier_order_id)}", Urgency.POLL)
        return read(models.SentOrder, data, "orders").to_domain(purchase, supplier_order_id)

    async def orders(self, since: datetime, until: datetime) -> tuple[SupplierOrder, ...]:
        since, until = since - _LARGEST_SKEW, until + _LARGEST_SKEW  # its clock is not ours
        rows = await self._pages("orders", _LIST_PAGE, Urgency.POLL, since)
        found = {row.id: row.listed() for row in readable_rows(models.SentOrder, rows) if row.id}
        if rows and not found:
            raise SupplierUnavailable("orders", "UNREADABLE")
        return tuple(
            order
            for order in found.values()
            if order.ordered_at is None or since <= order.ordered_at <= until
        )

    async def balance(self) -> int:
        wallet = await self._read_wallet(Urgency.BALANCE)
        return self.rate.to_minor(wallet.amount)

    async def movements(self, since: datetime, until: datetime) -> tuple[Movement, ...]:
        """None: how its book names the order that a credit belongs to is not documented."""
        return ()

    # --- purchases ----------------------------------------------------------------------------

    async def _order_by(self, request: PurchaseRequest) -> str:
        key = {"Idempotency-Key": request.reference}
        parsed = await self._exchange("POST", "orders", body=request.body, headers=key, buying=True)
        try:
            return models.Created.model_validate(parsed).id
        except ValidationError:
            raise OutcomeUnknown("orders", "NO_ORDER_ID") from None

    def _stay_below(self, supplier_order_id: str) -> None:
        """The supplier counts the questions about each order. Raises TryLater."""
        now = self._clock.now()
        for known in [k for k, times in self._asked.items() if now - times[-1] > _HOUR]:
            del self._asked[known]
        times = self._asked.setdefault(supplier_order_id, deque())
        while times and now - times[0] > _HOUR:
            times.popleft()
        if len(times) >= _ORDER_CALLS_PER_HOUR:
            raise TryLater("orders", "ASKED_OFTEN", 0, "", (times[0] + _HOUR - now).total_seconds())
        times.append(now)

    # --- prices -------------------------------------------------------------------------------

    async def _quoted_lately(
        self, product_id: str, wanted: str, currency: str
    ) -> OfferedDenomination | None:
        """None for a value that has no price now."""
        now = self._clock.now()
        at, known = self._quoted.get((product_id, wanted), (now, None))
        if known is not None and now - at < _QUOTED_FOR:
            return known
        try:
            quoted = await self._quote(product_id, wanted, 1, urgent=False, currency=currency)
        except UnknownAtSupplier:
            return None
        self._quoted[product_id, wanted] = now, quoted
        return quoted

    async def _quote(
        self, product_id: str, wanted: str, quantity: int, urgent: bool, currency: str = ""
    ) -> OfferedDenomination:
        path = f"products/{_segment(product_id)}/charges"
        value = models.value_of(wanted)
        fields = {"denomination": f"{value:.2f}", "quantity": str(quantity)}
        if self._wallet:
            fields["wallet_id"] = _literal(self._wallet)
        await self._client.acquire(path, Urgency.PLACE if urgent else Urgency.PRODUCT)
        with _unknown_is_400(path):
            data = await self._exchange("POST", path, body=_object(fields))
        quoted = read(models.Quote, data, "charges")
        cost = self.rate.to_minor(quoted.total_payable)
        unit = int((Decimal(cost) / quantity).to_integral_value(rounding=ROUND_CEILING))
        most = _PLENTY if quoted.max_quantity is None else quoted.max_quantity
        hundredths = to_hundredths(value)
        return OfferedDenomination(
            wanted,
            models.face(value, currency),
            unit,
            most,
            lowest_minor=hundredths,
            highest_minor=hundredths,
            currency=currency,
        )

    def _range(
        self, value: models.Value, currency: str, product: models.Product
    ) -> OfferedDenomination:
        """What a customer may type; it has no price until somebody does."""
        low, high = value.min_value, value.max_value
        span = f"{models.face(low, '')}-{models.face(high, currency)}"
        return OfferedDenomination(
            f"{models.type_id(low, with_pin=False)}-{models.type_id(high, with_pin=product.with_pin)}",
            span,
            0,
            0,
            lowest_minor=to_hundredths(low),
            highest_minor=to_hundredths(high),
            step_minor=to_hundredths(value.step or self._step),
            currency=currency,
        )

    async def _is_available(self, purchase: Purchase) -> bool:
        """A hint that not every account has: what cannot be understood counts as yes."""
        if not self._availability:
            return True
        path = f"products/{_segment(purchase.supplier_product_id)}/availability"
        asked = {
            "denomination": f"{models.value_of(purchase.supplier_type_id):.2f}",
            "quantity": str(purchase.quantity),
        }
        await self._client.acquire(path, Urgency.PLACE)
        try:
            if self._availability == "get":
                data = await self._exchange("GET", path, params=asked)
            else:
                data = await self._exchange("POST", path, body=_object(asked))
            return read(models.Availability, data, path).is_available
        except AccessRefused:
            raise
        except SupplierFailure:
            return True

    # --- wallets and reference data -----------------------------------------------------------

    async def _read_wallet(self, urgency: Urgency) -> models.Wallet:
        """The one that is set, or the only one, or the only one in the currency of the rate."""
        if self._wallet:
            data = await self._get(f"wallets/{_segment(self._wallet)}", urgency)
            return read(models.Wallet, data, "wallets")
        wallets = list(
            readable_rows(models.Wallet, await self._pages("wallets", _LIST_PAGE, urgency))
        )
        if len(wallets) > 1:
            wallets = [w for w in wallets if await self._is_of_the_rate(w)]
            if len(wallets) == 1:
                self._wallet = wallets[0].id  # orders have to say which
        if len(wallets) != 1:  # which is meant is its owner's to say
            refusal = AccessRefused("wallets", "WHICH_WALLET")
            self._client.react(refusal)
            raise refusal
        return wallets[0]

    async def _is_of_the_rate(self, wallet: models.Wallet) -> bool:
        """Also where nobody says what currency it is in."""
        currency = wallet.currency_code or await self._currency(wallet.currency_id)
        return not currency or currency.upper() == self.rate.currency.upper()

    async def _currency(self, currency_id: str) -> str:
        if currency_id and currency_id not in self._currencies:
            self._currencies |= await self._references("currencies")
        return self._currencies.get(currency_id, "")

    async def _references(self, kind: str) -> dict[str, str]:
        """Codes by id; empty where there are none to be had: names are a comfort, not a need."""
        try:
            rows = await self._pages(kind, _LIST_PAGE, Urgency.CATALOGUE)
        except (UnknownAtSupplier, RequestRefused):
            return {}
        return {row.id: row.code for row in readable_rows(models.Reference, rows)}

    # --- one way to call ----------------------------------------------------------------------

    async def _get(self, path: str, urgency: Urgency) -> Any:
        await self._client.acquire(path, urgency)
        return await self._exchange("GET", path)

    async def _pages(
        self, path: str, size: int, urgency: Urgency, since: datetime | None = None
    ) -> list[Any]:
        """All rows of a list; of one in the order of time only as far back as `since`.

        Which end comes first is not documented: where it is the oldest, the last page is read first.
        """
        rows, pages, is_known = await self._page(path, 1, size, urgency)
        backwards = since is not None and is_known and _ascends(rows)
        page, found = (pages if backwards else 2), [] if backwards else rows
        while 1 < page <= min(pages, _MOST_PAGES) or (backwards and page > 1):
            if since is not None and any(time < since for time in _times(found)):
                break
            found, pages, _ = await self._page(path, page, size, urgency)
            rows = rows + found
            page += -1 if backwards else 1
        return rows

    async def _page(
        self, path: str, page: int, size: int, urgency: Urgency
    ) -> tuple[list[Any], int, bool]:
        """A page, how many there are (so far), and whether that is known."""
        await self._client.acquire(path, urgency)
        response = await self._send("GET", path, params={"page": page, "limit": size})
        parsed = read_json(response)
        rows = parsed.get("data") if isinstance(parsed, dict) else parsed
        if not isinstance(rows, list):
            raise SupplierUnavailable(path, "UNREADABLE")
        total = response.headers.get("X-Total-Pages", "").strip()
        if total.isdigit():
            return rows, int(total), True
        more = response.headers.get("X-Has-More", "").strip().lower()
        go_on = more in ("true", "1") if more else len(rows) >= size
        return rows, page + go_on, False

    async def _exchange(self, method: str, path: str, **how: Any) -> Any:
        """The reply's JSON; every outcome but a success is a SupplierFailure."""
        parsed = read_json(await self._send(method, path, **how))
        inner = parsed.get("data") if isinstance(parsed, dict) else None
        return inner if isinstance(inner, dict) and "id" not in parsed else parsed

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
            signed |= self._sign(method, f"{self._base_path}{path}?{query}", body or "")
        response = await self._client.send(
            method, path, params=params, body=body, headers=signed, buying=buying
        )
        parsed = read_json(response)
        self._client.note(response, sensible=parsed is not None)
        if response.is_success:
            return response
        trouble = failure(path.partition("?")[0], response, parsed, buying=buying)
        self._client.react(trouble)
        raise trouble


def _environment(api_key: str, base_url: str) -> Environment:
    """By the key's prefix; a key without one is what its host is, and nothing is real by accident."""
    if api_key.startswith("sk_live_"):
        return Environment.PRODUCTION
    if api_key.startswith("sk_test_"):
        return Environment.SANDBOX
    host = urlsplit(base_url).hostname or ""
    return Environment.PRODUCTION if host.startswith("api.") else Environment.SANDBOX


def _literal(text: str) -> str:
    """An id as JSON: a number where it is one."""
    return text if text.isdigit() else dumps(text)


def _object(fields: Mapping[str, str]) -> str:
    """JSON of values that are JSON already: a number keeps its decimals, which json.dumps would drop."""
    return "{" + ", ".join(f'"{name}": {text}' for name, text in fields.items()) + "}"


@contextmanager
def _unknown_is_400(path: str) -> Iterator[None]:
    """An unknown product or value is a 400 on some pages."""
    try:
        yield
    except RequestRefused as refusal:
        raise UnknownAtSupplier(path, refusal.code, refusal.status) from None


def _segment(text: str) -> str:
    return quote(text, safe="")


def _times(rows: Sequence[Any]) -> list[datetime]:
    return [o.placed_at for o in readable_rows(models.SentOrder, rows) if o.placed_at is not None]


def _ascends(rows: Sequence[Any]) -> bool:
    times = _times(rows)
    return len(times) > 1 and times[0] < times[-1]
