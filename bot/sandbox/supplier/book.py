"""The state of the OneClickDz simulator: keys, stock, balance, orders and calls."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.sandbox.supplier.card_payments import CardPayments
from bot.sandbox.supplier.catalogue import Category, Denomination, Product, sample_catalogue
from bot.sandbox.supplier.faults import Fault

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass
class ApiKey:
    key: str
    type: str = "PRODUCTION"
    scope: str = "READ-WRITE"
    enabled: bool = True
    allowed_ips: list[str] = field(default_factory=list)


@dataclass
class BookOrder:
    id: str
    environment: str
    product: str
    type: str
    quantity: int
    price: Decimal
    placed_at: datetime
    ready_at: datetime
    outcome: int  # how many codes will be delivered
    cards: list[dict[str, str]] = field(default_factory=list)
    status: str = "HANDLING"


@dataclass
class Call:
    """One request; `response`: the status or the fault that its sender got; empty until then."""

    at: datetime
    key: str = field(repr=False)
    what: str
    response: str = ""


class NextOrder(StrEnum):
    """What happens to the next order, where it is not the usual delivery."""

    SLOW = "slow"
    PARTIAL = "partial"  # skips orders of a single code
    REFUND = "refund"
    OUT_OF_STOCK = "out_of_stock"  # the last unit was sold a moment before


class Refusal(Exception):
    """A response in the API's error format."""

    def __init__(self, status: int, code: str, details: dict[str, object] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.details = status, code, details


@dataclass
class SupplierBook:
    """All state of the simulator. `handling_seconds`: how long an order takes."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    keys: dict[str, ApiKey] = field(default_factory=dict)
    categories: list[Category] = field(default_factory=sample_catalogue)
    balance: Decimal = Decimal(500_000)
    handling_seconds: float = 3.0
    calls_per_minute: int | None = None  # None: 60 for sandbox keys, 120 for production
    orders: dict[str, BookOrder] = field(default_factory=dict)
    transactions: list[dict[str, object]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    next_outcomes: list[int] = field(default_factory=list)  # how many codes the next orders get
    next_order: NextOrder | None = None
    slow_seconds: float = 360.0  # long enough for the shop's message about a slow order
    bad_keys: int = 0
    blocked_until: datetime | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.cards = CardPayments(self.now, self.seed)

    def add_key(self, environment: str = "PRODUCTION", *, scope: str = "READ-WRITE") -> str:
        key = secrets.token_hex(16)
        self.keys[key] = ApiKey(key, environment, scope)
        return key

    def script(self, *faults: Fault) -> None:
        self.faults.extend(faults)

    def take_fault(self, path: str) -> Fault | None:
        """The scripted fault for a call of this path; uses it up once."""
        for fault in self.faults:
            if fault.times > 0 and fault.path in path:
                fault.times -= 1
                return fault
        return None

    def product(self, product_id: str) -> Product | None:
        products = (product for category in self.categories for product in category.products)
        return next((product for product in products if product.id == product_id), None)

    def codes(self) -> list[str]:
        """Every code and serial that was ever delivered."""
        return [
            text for order in self.orders.values() for card in order.cards for text in card.values()
        ]

    def count(self, path: str) -> int:
        """How many calls contain `path`."""
        return sum(1 for call in self.calls if path in call.what)

    def authenticate(self, key: str | None, address: str) -> ApiKey:
        """Check key, address and rate limit as the real API does. Raises Refusal."""
        now = self.now()
        if self.blocked_until and now < self.blocked_until:
            raise Refusal(403, "IP_BLOCKED")
        if not key:
            raise Refusal(401, "MISSING_ACCESS_TOKEN")
        found = self.keys.get(key)
        if found is None or not found.enabled:
            self.bad_keys += 1
            if self.bad_keys >= 5:  # noqa: PLR2004
                self.bad_keys, self.blocked_until = 0, now + timedelta(minutes=15)
            raise Refusal(401, "INVALID_ACCESS_TOKEN", {"attemptsLeft": 5 - self.bad_keys})
        if found.allowed_ips and address not in found.allowed_ips:
            raise Refusal(403, "IP_NOT_ALLOWED")
        self._check_rate_limit(found, now)
        return found

    def _check_rate_limit(self, key: ApiKey, now: datetime) -> None:
        ceiling = self.calls_per_minute or (60 if key.type == "SANDBOX" else 120)
        recent = sum(
            1
            for call in self.calls[-ceiling - 1 :]
            if call.key == key.key and now - call.at < timedelta(minutes=1)
        )
        if recent > ceiling:
            raise Refusal(429, "RATE_LIMIT_EXCEEDED")

    def place(self, key: ApiKey, product_id: str, type_id: str, quantity: int) -> BookOrder:
        """Create an order as `placeOrder` does. Raises Refusal."""
        if key.scope == "READ-ONLY":
            raise Refusal(403, "FORBIDDEN_SCOPE")
        product = self.product(product_id)
        sandbox = key.type == "SANDBOX"
        test = sandbox and type_id in ("TEST_REFUND", "TEST_PARTIAL")
        denomination = product.denomination(type_id) if product else None
        if product is None or (denomination is None and not test):
            raise Refusal(400, "ERR_VALIDATION", {"field": "typeId" if product else "productId"})
        price = denomination.price if denomination else Decimal(0)
        scripted = self._scripted(quantity)
        if denomination is not None:
            if scripted is NextOrder.OUT_OF_STOCK:
                self.next_order, denomination.quantity = None, 0
            self._take_stock(denomination, quantity, price, sandbox=sandbox)
        if scripted is not None:
            self.next_order = None
        seconds = self.slow_seconds if scripted is NextOrder.SLOW else self.handling_seconds
        now = self.now()
        order = BookOrder(
            id=f"{self._random.getrandbits(96):024x}",
            environment=key.type,
            product=product_id,
            type=type_id,
            quantity=quantity,
            price=price,
            placed_at=now,
            ready_at=now + timedelta(seconds=seconds),
            outcome=self._outcome(type_id, quantity, scripted),
        )
        self.orders[order.id] = order
        if not sandbox:
            self._add_transaction("ORDER", -price * quantity, order.id)
        return order

    def _scripted(self, quantity: int) -> NextOrder | None:
        is_too_small = quantity == 1 and self.next_order is NextOrder.PARTIAL
        return None if is_too_small else self.next_order

    def _outcome(self, type_id: str, quantity: int, scripted: NextOrder | None) -> int:
        """How many codes will be delivered."""
        if self.next_outcomes:
            return min(quantity, self.next_outcomes.pop(0))
        if scripted is NextOrder.REFUND or type_id == "TEST_REFUND":
            return 0
        return (
            quantity // 2
            if NextOrder.PARTIAL is scripted or type_id == "TEST_PARTIAL"
            else quantity
        )

    def _take_stock(
        self, denomination: Denomination, quantity: int, price: Decimal, *, sandbox: bool
    ) -> None:
        if denomination.quantity < quantity:
            raise Refusal(400, "ERR_STOCK")
        if sandbox:
            return
        needed = price * quantity
        if self.balance < needed:
            raise Refusal(
                403, "INSUFFICIENT_BALANCE", {"required": needed, "available": self.balance}
            )
        denomination.quantity -= quantity

    def _add_transaction(self, transaction_type: str, amount: Decimal, order_id: str) -> None:
        before = self.balance
        self.balance += amount
        self.transactions.append(
            {
                "_id": f"{self._random.getrandbits(96):024x}",
                "type": transaction_type,
                "operation": "increment" if amount > 0 else "decrement",
                "amount": abs(amount),
                "oldBalance": before,
                "newBalance": self.balance,
                "objid": order_id,
                "note": "",
                "time": iso(self.now()),
            }
        )

    def finish_due(self) -> None:
        for order in self.orders.values():
            if order.status == "HANDLING" and order.ready_at <= self.now():
                self._finish(order)

    def _finish(self, order: BookOrder) -> None:
        order.cards = [self._card(order, number) for number in range(1, order.outcome + 1)]
        missing = order.quantity - order.outcome
        if missing == 0:
            order.status = "FULFILLED"
        else:
            order.status = "PARTIALLY_FILLED" if order.outcome else "REFUNDED"
        if missing and order.environment != "SANDBOX":
            self._add_transaction("REFUND-ORDER", order.price * missing, order.id)

    def _card(self, order: BookOrder, number: int) -> dict[str, str]:
        if order.environment == "SANDBOX":
            return {"value": f"SANDBOX-CARD-{number}", "serial": f"SANDBOX-{number}"}
        groups = ("".join(self._random.choices(_LETTERS, k=4)) for _ in range(4))
        return {"value": "-".join(groups), "serial": str(self._random.randrange(10**11, 10**12))}

    def top_up(self, amount: int) -> None:
        self._add_transaction("DEPOSIT", Decimal(amount), "")

    def spend_elsewhere(self) -> None:
        """Another user of the same account spends the whole balance."""
        if self.balance:
            self._add_transaction("ORDER", -self.balance, "")


def iso(moment: datetime) -> str:
    """A timestamp as the API writes it: UTC with milliseconds."""
    return (
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    )
