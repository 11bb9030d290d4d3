"""The supplier's own truth: keys, stock, balance, orders, calls. Tests read it as the outside world."""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.sandbox.supplier.faults import Fault
from bot.sandbox.supplier.goods import Good, Kind, Shelf, believable_shelves
from bot.sandbox.supplier.ocpay import CardDesk

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
    outcome: int  # how many codes will come
    cards: list[dict[str, str]] = field(default_factory=list)
    status: str = "HANDLING"


@dataclass
class Call:
    """One request; `came` is what its sender got, once it got something."""

    at: datetime
    key: str = field(repr=False)
    what: str
    came: str = ""


class NextOrder(StrEnum):
    """What the next order meets, where it is not the usual."""

    SLOW = "slow"
    PARTIAL = "partial"  # waits for an order of two codes or more
    REFUND = "refund"
    OUT_OF_STOCK = "out_of_stock"  # the last one was sold a moment ago


class Refusal(Exception):
    """An answer in the API's error form."""

    def __init__(self, status: int, code: str, details: dict[str, object] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.details = status, code, details


@dataclass
class SupplierBook:
    """Everything the simulator knows. `handling_seconds`: how long an order takes."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    keys: dict[str, ApiKey] = field(default_factory=dict)
    shelves: list[Shelf] = field(default_factory=believable_shelves)
    balance: Decimal = Decimal(500_000)
    handling_seconds: float = 3.0
    calls_per_minute: int | None = None  # None: 60 for sandbox keys, 120 for production
    orders: dict[str, BookOrder] = field(default_factory=dict)
    transactions: list[dict[str, object]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    next_outcomes: list[int] = field(default_factory=list)  # codes that the next orders will get
    next_order: NextOrder | None = None
    slow_seconds: float = 360.0  # long enough for the shop to say that it takes long
    bad_keys: int = 0
    blocked_until: datetime | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.cards = CardDesk(self.now, self.seed)

    # --- what a test or a demo says -----------------------------------------------------------

    def add_key(self, kind: str = "PRODUCTION", *, scope: str = "READ-WRITE") -> str:
        key = secrets.token_hex(16)
        self.keys[key] = ApiKey(key, kind, scope)
        return key

    def script(self, *faults: Fault) -> None:
        self.faults.extend(faults)

    def strike(self, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.path in path:
                fault.times -= 1
                return fault
        return None

    def good(self, product_id: str) -> Good | None:
        return next((g for shelf in self.shelves for g in shelf.goods if g.id == product_id), None)

    def codes(self) -> list[str]:
        """Every code and serial that was ever handed out."""
        return [
            text for order in self.orders.values() for card in order.cards for text in card.values()
        ]

    def count(self, path: str) -> int:
        return sum(1 for call in self.calls if path in call.what)

    # --- what the API does --------------------------------------------------------------------

    def admit(self, key: str | None, address: str) -> ApiKey:
        """Check a key the way the real door does. Raises Refusal."""
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
        self._limit(found, now)
        return found

    def _limit(self, key: ApiKey, now: datetime) -> None:
        ceiling = self.calls_per_minute or (60 if key.type == "SANDBOX" else 120)
        recent = sum(
            1
            for call in self.calls[-ceiling - 1 :]
            if call.key == key.key and now - call.at < timedelta(minutes=1)
        )
        if recent > ceiling:
            raise Refusal(429, "RATE_LIMIT_EXCEEDED")

    def place(self, key: ApiKey, product_id: str, type_id: str, quantity: int) -> BookOrder:
        if key.scope == "READ-ONLY":
            raise Refusal(403, "FORBIDDEN_SCOPE")
        good = self.good(product_id)
        sandbox = key.type == "SANDBOX"
        test = sandbox and type_id in ("TEST_REFUND", "TEST_PARTIAL")
        kind = good.kind(type_id) if good else None
        if good is None or (kind is None and not test):
            raise Refusal(400, "ERR_VALIDATION", {"field": "typeId" if good else "productId"})
        price = kind.price if kind else Decimal(0)
        meets = self._meets(quantity)
        if kind is not None:
            if meets is NextOrder.OUT_OF_STOCK:
                self.next_order, kind.quantity = None, 0
            self._take(kind, quantity, price, sandbox=sandbox)
        if meets is not None:
            self.next_order = None
        seconds = self.slow_seconds if meets is NextOrder.SLOW else self.handling_seconds
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
            outcome=self._outcome(type_id, quantity, meets),
        )
        self.orders[order.id] = order
        if not sandbox:
            self._move("ORDER", -price * quantity, order.id)
        return order

    def _meets(self, quantity: int) -> NextOrder | None:
        one = quantity == 1 and self.next_order is NextOrder.PARTIAL
        return None if one else self.next_order

    def _outcome(self, type_id: str, quantity: int, meets: NextOrder | None) -> int:
        """How many codes will come."""
        if self.next_outcomes:
            return min(quantity, self.next_outcomes.pop(0))
        if meets is NextOrder.REFUND or type_id == "TEST_REFUND":
            return 0
        return (
            quantity // 2 if NextOrder.PARTIAL is meets or type_id == "TEST_PARTIAL" else quantity
        )

    def _take(self, kind: Kind, quantity: int, price: Decimal, *, sandbox: bool) -> None:
        if kind.quantity < quantity:
            raise Refusal(400, "ERR_STOCK")
        if sandbox:
            return
        needed = price * quantity
        if self.balance < needed:
            raise Refusal(
                403, "INSUFFICIENT_BALANCE", {"required": needed, "available": self.balance}
            )
        kind.quantity -= quantity

    def _move(self, kind: str, amount: Decimal, order_id: str) -> None:
        before = self.balance
        self.balance += amount
        self.transactions.append(
            {
                "_id": f"{self._random.getrandbits(96):024x}",
                "type": kind,
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
        order.cards = [self._card(order, place) for place in range(1, order.outcome + 1)]
        full, none = order.outcome == order.quantity, order.outcome == 0
        order.status = "FULFILLED" if full else "REFUNDED" if none else "PARTIALLY_FILLED"
        missing = order.quantity - order.outcome
        if missing and order.environment != "SANDBOX":
            self._move("REFUND-ORDER", order.price * missing, order.id)

    def _card(self, order: BookOrder, place: int) -> dict[str, str]:
        if order.environment == "SANDBOX":
            return {"value": f"SANDBOX-CARD-{place}", "serial": f"SANDBOX-{place}"}
        groups = ("".join(self._random.choices(_LETTERS, k=4)) for _ in range(4))
        return {"value": "-".join(groups), "serial": str(self._random.randrange(10**11, 10**12))}

    def top_up(self, amount: int) -> None:
        self._move("DEPOSIT", Decimal(amount), "")

    def spend_elsewhere(self) -> None:
        """Another customer of the same account takes all that is left."""
        if self.balance:
            self._move("ORDER", -self.balance, "")


def iso(moment: datetime) -> str:
    return (
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    )
