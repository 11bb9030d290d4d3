"""Starship's prices: one quote (`charges`) for each face value, ranges of values, and
availability."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from bot.domain.money import to_hundredths
from bot.domain.supplier import OfferedDenomination, ProductOffer, Purchase, Rate
from bot.errors import SupplierFailure, SupplierUnavailable, UnknownAtSupplier
from bot.ports import Clock
from bot.suppliers import starship_models as models
from bot.suppliers.reading import read, read_rows
from bot.suppliers.starship_calls import (
    StarshipCalls,
    json_object,
    refused_as_unknown,
    segment,
)
from bot.suppliers.starship_wallet import StarshipWallet
from bot.suppliers.throttle import Urgency

_MAX_QUOTED_VALUES: Final = 30  # of one product, each with a call of its own
_CURRENCY_SECONDS: Final = 3600.0
_QUOTE_SECONDS: Final = 240.0  # the supplier repeats a quote for five minutes
_LARGEST_STEP_MINOR: Final = 10**9  # the span of the largest range
_DEFAULT_STOCK: Final = 100  # where a quote has no `max_quantity`


class _Asked(NamedTuple):
    """When a question was sent, by both clocks."""

    at: datetime
    monotonic: float


class StarshipPrices:
    """`step`: of typed values, in units of their currency, where the supplier tells none.

    `availability`: the HTTP method of the availability call, or empty not to make it.
    """

    def __init__(
        self,
        calls: StarshipCalls,
        wallet: StarshipWallet,
        *,
        clock: Clock,
        rate: Rate,
        step: Decimal,
        availability: str,
    ) -> None:
        self._calls, self._wallet, self._clock, self._rate = calls, wallet, clock, rate
        self._step, self._availability = step, availability
        self._quotes: dict[tuple[str, str], tuple[float, OfferedDenomination]] = {}
        self._forgotten: dict[str, float] = {}  # by product id: what was asked before is not kept
        self._currencies: dict[str, tuple[float, str]] = {}  # both: asked at, monotonic

    def forget(self, product_id: str) -> None:
        """Drop the product's quotes, also those that are being asked for now."""
        self._forgotten[product_id] = self._clock.monotonic()
        for key in [key for key in self._quotes if key[0] == product_id]:
            del self._quotes[key]

    async def ask_product(self, product_id: str, urgency: Urgency) -> models.Product:
        """The product without prices. Raises UnknownAtSupplier."""
        path = f"products/{segment(product_id)}"
        with refused_as_unknown(path):
            data = await self._calls.get(path, urgency)
        product = read(models.Product, data, "products")
        currency = product.currency_code or await self._wallet.currency(product.currency_id)
        self._currencies[product_id] = self._clock.monotonic(), currency
        return product

    async def currency(self, product_id: str, urgency: Urgency) -> str:
        """The currency of the product's face values, asked for at most once an hour."""
        now = self._clock.monotonic()
        told_at, _ = self._currencies.get(product_id, (None, ""))
        if told_at is None or now - told_at >= _CURRENCY_SECONDS:
            await self.ask_product(product_id, urgency)
        return self._currencies[product_id][1]

    async def offers(
        self, product_id: str, product: models.Product, urgency: Urgency
    ) -> tuple[OfferedDenomination, ...]:
        """The product's fixed values that have a price now, then its ranges.

        Raises SupplierUnavailable where its values are not told, or none can be read.
        """
        sent = product.available_denominations
        rows = read_rows(models.Value, sent, "products") if isinstance(sent, list) else None
        if rows is None or rows.make_no_sense:
            raise SupplierUnavailable("products", "UNREADABLE")
        currency = await self.currency(product_id, urgency)
        offers: list[OfferedDenomination] = []
        unreadable: SupplierUnavailable | None = None
        for value in [v for v in rows.found if v.min_value == v.max_value][:_MAX_QUOTED_VALUES]:
            type_id = models.type_id(value.min_value, with_pin=product.with_pin)
            try:
                quoted = await self._recent_quote(product_id, type_id, currency, urgency)
            except SupplierUnavailable as failure:
                if failure.code != "UNREADABLE":
                    raise
                unreadable = failure  # this value's answer alone
            else:
                offers += [quoted] if quoted is not None else []
        offers += [
            range_offer(value, currency, self._step, with_pin=product.with_pin)
            for value in rows.found
            if value.min_value < value.max_value
        ]
        if unreadable is not None and not offers:
            raise unreadable
        return tuple(offers)

    async def _recent_quote(
        self, product_id: str, type_id: str, currency: str, urgency: Urgency
    ) -> OfferedDenomination | None:
        """A quote of the last four minutes, else a new one; None for a value without a price.

        It tells when it was asked, by the present wall clock: a refusal since then is newer.
        """
        now = self._clock.monotonic()
        quoted_at, known = self._quotes.get((product_id, type_id), (now, None))
        if known is not None and now - quoted_at < _QUOTE_SECONDS:
            return replace(known, asked_at=self._clock.now() - timedelta(seconds=now - quoted_at))
        try:
            quoted, asked = await self._quote(product_id, type_id, 1, urgency, currency)
        except UnknownAtSupplier:
            return None
        if asked.monotonic > self._forgotten.get(product_id, -math.inf):
            self._quotes[product_id, type_id] = asked.monotonic, quoted
        return replace(quoted, asked_at=asked.at)

    async def offer_of_purchase(self, purchase: Purchase, urgency: Urgency) -> ProductOffer:
        """The price of one unit, for this quantity. Raises UnknownAtSupplier."""
        product_id, type_id = purchase.supplier_product_id, purchase.supplier_type_id
        currency = await self.currency(product_id, urgency)
        offered, asked = await self._quote(
            product_id, type_id, purchase.quantity, urgency, currency
        )
        return ProductOffer(
            product_id, (offered,), asked.at, only=type_id, asked_monotonic=asked.monotonic
        )

    async def value(self, product_id: str, type_id: str, currency: str) -> OfferedDenomination:
        """The price of one unit of a value that a customer has typed."""
        offered, _ = await self._quote(product_id, type_id, 1, Urgency.CHECK, currency)
        return offered

    async def _quote(
        self, product_id: str, type_id: str, quantity: int, urgency: Urgency, currency: str
    ) -> tuple[OfferedDenomination, _Asked]:
        """The price of one unit of `quantity`. Raises UnknownAtSupplier where there is none."""
        path = f"products/{segment(product_id)}/charges"
        value = models.value_of(type_id)
        fields = {"denomination": f"{value:.2f}", "quantity": str(quantity)}
        fields |= self._wallet.id_field()
        await self._calls.client.acquire(path, urgency)
        asked = _Asked(self._clock.now(), self._clock.monotonic())
        with refused_as_unknown(path):
            data = await self._calls.exchange("POST", path, body=json_object(fields))
        quoted = read(models.Quote, data, "charges")
        cost_minor = self._rate.to_minor(quoted.total_payable)
        unit_minor = (Decimal(cost_minor) / quantity).to_integral_value(rounding=ROUND_CEILING)
        stock = _DEFAULT_STOCK if quoted.max_quantity is None else quoted.max_quantity
        hundredths = to_hundredths(value)
        offered = OfferedDenomination(
            type_id,
            models.face(value, currency),
            int(unit_minor),
            stock,
            lowest_minor=hundredths,
            highest_minor=hundredths,
            currency=currency,
        )
        return offered, asked

    async def is_available(self, purchase: Purchase) -> bool:
        """Whether the purchase can be made; True where the call is off, fails, or is unreadable.

        Not every account has this call.
        """
        if not self._availability:
            return True
        path = f"products/{segment(purchase.supplier_product_id)}/availability"
        fields = {
            "denomination": f"{models.value_of(purchase.supplier_type_id):.2f}",
            "quantity": str(purchase.quantity),
        }
        await self._calls.client.acquire(path, Urgency.CHECK)
        try:
            if self._availability == "get":
                data = await self._calls.exchange("GET", path, params=fields)
            else:
                data = await self._calls.exchange("POST", path, body=json_object(fields))
            return read(models.Availability, data, path).is_available is not False
        except SupplierFailure:
            return True


def _step_minor(step: Decimal | None, default_step: Decimal) -> int:
    """The least multiple of a step that is in whole hundredths: 0.001 and 0.015 are 1 and 3 of them."""
    told = step if step is not None and step > 0 else default_step
    return min(Fraction(told * 100).numerator, _LARGEST_STEP_MINOR)


def range_offer(
    value: models.Value, currency: str, default_step: Decimal, *, with_pin: bool
) -> OfferedDenomination:
    """A range from which the customer types a value; it has no price until then."""
    low, high = value.min_value, value.max_value
    first_id = models.type_id(low, with_pin=False)
    last_id = models.type_id(high, with_pin=with_pin)
    return OfferedDenomination(
        f"{first_id}-{last_id}",
        f"{models.face(low, '')}-{models.face(high, currency)}",
        0,
        0,
        lowest_minor=to_hundredths(low),
        highest_minor=to_hundredths(high),
        step_minor=_step_minor(value.step, default_step),
        currency=currency,
    )
