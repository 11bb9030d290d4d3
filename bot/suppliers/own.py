"""Adapter for the shop's own stock: a supplier without an address, a key or a balance.

A purchase is a reservation of codes in one transaction. It has a reference of ours, stored before the
first try; the same reference always finds the same reservation, so a purchase whose answer was lost
is repeated for as long as the order is looked for.
"""

import json
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from bot.domain.catalogue import Denomination
from bot.domain.stock import Reservation, reference_prefix
from bot.domain.supplier import (
    OWN,
    Card,
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
    SupplierStatus,
)
from bot.errors import (
    KeyMissing,
    OutcomeUnknown,
    OutOfStock,
    RequestRefused,
    StorageFailure,
    SupplierUnavailable,
    TryLater,
    UnknownAtSupplier,
    VaultFailure,
)
from bot.ports import Clock
from bot.refusals import NotFound
from bot.supplier_ports import ServerTime, Stock

_FOR_EVER: Final = 100 * 365 * 86400.0
_UNTIL_RESTART: Final = 30.0  # seconds between two tries, while this process lacks a key


class OwnStock:
    """Implements the Supplier port."""

    name = OWN
    policy = SupplierPolicy(
        first_check=1.0,
        checks=((60, 2.0), (3600, 30.0)),
        checks_old=120.0,
        stuck_after=600.0,
        repeats_for=_FOR_EVER,
        lists_codes=False,
        list_page=1,  # a list that costs as much as asking for each order is never read instead
        has_account=False,
        refusals_may_be_late=False,
    )
    rate = None
    refusal = None
    refused_at = None
    silent_since = None  # where the database is silent, the whole shop is

    def __init__(self, stock: Stock, clock: Clock) -> None:
        self._stock, self._clock = stock, clock

    @property
    def server_time(self) -> ServerTime | None:
        return ServerTime(self._clock.now(), self._clock.monotonic())

    async def validate(self) -> KeyInfo:
        """There is no key: what lies in the shop is always for real customers."""
        return KeyInfo(Environment.PRODUCTION, enabled=True, may_buy=True)

    async def catalogue(self) -> tuple[OfferedCategory, ...]:
        with _reading("catalogue"):
            return await self._stock.catalogue()

    async def product(
        self,
        supplier_product_id: str,
        *,
        urgent: bool = False,
        idle: bool = False,
        purchase: Purchase | None = None,
    ) -> ProductOffer:
        asked_at, asked_monotonic = self._clock.now(), self._clock.monotonic()
        with _reading("product"):
            offers = await self._stock.offers(_number(supplier_product_id, "product"))
        return ProductOffer(supplier_product_id, offers, asked_at, asked_monotonic=asked_monotonic)

    def forget_prices(self, supplier_product_id: str) -> None:
        """Nothing to forget: each question is answered by the database."""

    async def price_value(
        self, supplier_product_id: str, of_range: Denomination, value_minor: int
    ) -> OfferedDenomination:
        raise UnknownAtSupplier("product", "NO_RANGES")

    def build_request(self, purchase: Purchase, order_id: int) -> PurchaseRequest:
        reference = f"{reference_prefix(order_id)}{secrets.token_hex(8)}"
        body = {
            "reference": reference,
            "order": order_id,
            "value": purchase.supplier_type_id,
            "quantity": purchase.quantity,
        }
        return PurchaseRequest(purchase, reference, json.dumps(body))

    async def buy(
        self, request: PurchaseRequest, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        if not await commit_intent():
            return None
        return await self._reserve(request)

    async def repeat(
        self, request: PurchaseRequest, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        if not await commit_intent():
            return None
        return await self._reserve(request)

    async def _reserve(self, request: PurchaseRequest) -> str:
        order_id: int = json.loads(request.body)["order"]
        value_id = _number(request.purchase.supplier_type_id, "reserve", RequestRefused)
        try:
            reservation = await self._stock.reserve(
                request.reference, order_id, value_id, request.purchase.quantity
            )
        except NotFound:
            raise RequestRefused("reserve", "NO_SUCH_VALUE") from None
        except KeyMissing:
            raise TryLater("reserve", "KEY_MISSING", retry_after_seconds=_UNTIL_RESTART) from None
        except StorageFailure as failure:  # it may have been committed
            raise OutcomeUnknown("reserve", type(failure).__name__) from None
        if reservation is None:
            raise OutOfStock("reserve", "TOO_FEW")
        if reservation.released_at is not None:
            raise RequestRefused("reserve", "ORDER_ENDED")
        return reservation.reference

    async def order(self, supplier_order_id: str, purchase: Purchase) -> SupplierOrder:
        try:
            with _reading("order"):
                reservation, cards = await self._stock.cards(supplier_order_id)
        except VaultFailure:
            raise SupplierUnavailable("order", "SEALED") from None
        return _report(reservation, cards)

    async def orders(self, since: datetime, until: datetime) -> tuple[SupplierOrder, ...]:
        with _reading("orders"):
            found = await self._stock.reservations(since, until)
        return tuple(_report(one, None) for one in found)

    async def balance(self) -> int:
        raise UnknownAtSupplier("balance", "NO_ACCOUNT")

    async def movements(self, since: datetime, until: datetime) -> tuple[Movement, ...]:
        """What the reserved codes cost, and the same back where they were released."""
        with _reading("movements"):
            found = await self._stock.reservations(since, until)
        taken = [Movement(one.reference, -one.cost_minor) for one in found]
        back = [Movement(one.reference, one.cost_minor) for one in found if one.released_at]
        return (*taken, *back)

    async def close(self) -> None:
        """Nothing is open: the store is the shop's."""


def _report(reservation: Reservation, cards: tuple[Card, ...] | None) -> SupplierOrder:
    """An order as a supplier tells it; `cards` None: without its codes."""
    is_released = reservation.released_at is not None
    shows_codes = cards is not None and (is_released or reservation.erased_at is None)
    purchase = Purchase(
        str(reservation.product_id), str(reservation.value_id), reservation.quantity
    )
    return SupplierOrder(
        reservation.reference,
        SupplierStatus.REFUNDED if is_released else SupplierStatus.FULFILLED,
        final=shows_codes or is_released,
        quantity=reservation.quantity,
        cards=(cards or ()) if shows_codes else (),
        charged_minor=0 if is_released else reservation.cost_minor,
        purchase=purchase,
        reference=reservation.reference,
        shows_codes=shows_codes,
        ordered_at=reservation.at,
    )


def _number(
    text: str, request: str, failure: type[UnknownAtSupplier | RequestRefused] = UnknownAtSupplier
) -> int:
    """An id of ours in the catalogue. Raises `failure` for a text that is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 16):  # noqa: PLR2004 - digits of an id
        raise failure(request, "NO_ID")
    return int(text)


@contextmanager
def _reading(request: str) -> Iterator[None]:
    """Failures of a look into the stock, as those of a supplier."""
    try:
        yield
    except NotFound:
        raise UnknownAtSupplier(request, "NOT_HERE") from None
    except StorageFailure as failure:
        raise SupplierUnavailable(request, type(failure).__name__) from None
