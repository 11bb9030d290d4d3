"""Protocols of suppliers: an API, the shop's own stock, webhook messages."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.domain.catalogue import Denomination
from bot.domain.stock import Reservation
from bot.domain.supplier import (
    Card,
    KeyInfo,
    Movement,
    OfferedCategory,
    OfferedDenomination,
    ProductOffer,
    Purchase,
    PurchaseRequest,
    Rate,
    SupplierEvent,
    SupplierOrder,
    SupplierPolicy,
)


class ServerTime(NamedTuple):
    """The time that a server told, and our monotonic time when its answer came."""

    time: datetime
    at: float


class Supplier(Protocol):
    """One supplier's API.

    Every failure is a SupplierFailure; only `buy` and `repeat` raise OutcomeUnknown. Amounts are in
    the shop's minor units, whatever currency the supplier counts in.
    """

    name: str
    policy: SupplierPolicy

    @property
    def rate(self) -> Rate | None:
        """None where the supplier counts in the shop's own currency."""
        ...

    @property
    def refusal(self) -> str | None:
        """The code with which the supplier refused our key, while the circuit is open."""
        ...

    @property
    def refused_at(self) -> float | None:
        """When the supplier refused our key last, while the circuit is open; monotonic."""
        ...

    @property
    def silent_since(self) -> float | None:
        """When the first call failed since the last valid response; monotonic, None if none did."""
        ...

    @property
    def server_time(self) -> ServerTime | None:
        """The supplier's clock, as its last answer told it; None before the first."""
        ...

    async def validate(self) -> KeyInfo:
        """Ask what our key may do. The only call that is sent while the circuit is open."""
        ...

    async def catalogue(self) -> tuple[OfferedCategory, ...]:
        """All products by category, without prices."""
        ...

    async def product(
        self,
        supplier_product_id: str,
        *,
        urgent: bool = False,
        idle: bool = False,
        purchase: Purchase | None = None,
    ) -> ProductOffer:
        """Prices and stock now; `urgent` when an order waits for them, `idle` when nobody does.

        With a `purchase` the price of that one is enough, for its quantity: an adapter that needs a
        call for each price (`policy.prices_products` is False) then makes only that one, and names
        it in `only`. Raises UnknownAtSupplier.
        """
        ...

    def forget_prices(self, supplier_product_id: str) -> None:
        """Answer no later question about a product with a price that was asked before now."""
        ...

    async def price_value(
        self, supplier_product_id: str, of_range: Denomination, value_minor: int
    ) -> OfferedDenomination:
        """The price of a typed value, which is in hundredths of the range's currency."""
        ...

    def build_request(self, purchase: Purchase, order_id: int) -> PurchaseRequest:
        """The request that `buy` sends for an order.

        A second call makes another request, with its own key.
        """
        ...

    async def buy(
        self, request: PurchaseRequest, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        """Place an order once and return the supplier's id of it. Never repeats the call by itself.

        `commit_intent` is awaited after the rate limit, right before the call; where it returns
        False nothing is sent and None is returned. Raises NothingBought where certainly no order
        exists, and OutcomeUnknown for every other failure.
        """
        ...

    async def repeat(
        self, request: PurchaseRequest, commit_intent: Callable[[], Awaitable[bool]]
    ) -> str | None:
        """Send a request whose answer was lost again, byte for byte; returns the first order's id.

        Only within `policy.repeats_for` of the first call, while the supplier promises to order
        once. It buys where the first call never arrived, so `commit_intent` is awaited as in `buy`.
        """
        ...

    async def order(self, supplier_order_id: str, purchase: Purchase) -> SupplierOrder:
        """An order and its codes; `purchase` is what was bought. Raises UnknownAtSupplier."""
        ...

    async def orders(self, since: datetime, until: datetime) -> tuple[SupplierOrder, ...]:
        """All orders of the time window, unsorted; with codes where `policy.lists_codes`."""
        ...

    async def balance(self) -> int | None:
        """Our balance in minor units; None where we pay later, and it limits no order."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...

    async def movements(self, since: datetime, until: datetime) -> tuple[Movement, ...]:
        """What the supplier booked on our account for orders, unsorted."""
        ...


class Stock(Protocol):
    """The shop's own stock of codes, as its supplier adapter needs it. Raises StorageFailure."""

    async def catalogue(self) -> tuple[OfferedCategory, ...]:
        """The products of which codes are or were on sale, by category."""
        ...

    async def offers(self, product_id: int) -> tuple[OfferedDenomination, ...]:
        """The values of a product with what is for sale now. Raises NotFound."""
        ...

    async def reserve(
        self, reference: str, order_id: int, value_id: int, quantity: int
    ) -> Reservation | None:
        """Reserve codes of a value for an order, in one transaction; None where too few are left.

        None of them cost more than the order's highest cost. A second call for the order returns its
        first reservation. Raises NotFound; KeyMissing, and nothing is changed, where a code that it
        would take needs a key that the process lacks.
        """
        ...

    async def cards(self, reference: str) -> tuple[Reservation, tuple[Card, ...]]:
        """A reservation and its codes; none once it is released. Raises NotFound, VaultFailure."""
        ...

    async def reservations(self, since: datetime, until: datetime) -> Sequence[Reservation]:
        """Those that were made in this time."""
        ...


class EventReader(Protocol):
    """Checks and reads the webhook messages of a supplier."""

    def __call__(self, headers: Mapping[str, str], body: bytes) -> SupplierEvent:
        """Header names are in lower case. Raises NotGenuine."""
        ...
