"""The state of the Starship simulator: keys, products, wallet, and orders with their vouchers.

Where pages of the documentation contradict each other there is a switch, to test the shop with both
variants.
"""

import hmac
import json
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from bot.sandbox.supplier.book import Call
from bot.sandbox.supplier.faults import Fault

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_KEY_LIFETIME = timedelta(hours=24)
OPEN = ("PENDING", "PROCESSING", "PARTIALLY_DELIVERED")


class Outcome(StrEnum):
    """How the next order ends."""

    STOCKED = "stocked"  # delivered at once
    PENDING = "pending"  # waits until it is released
    PARTIAL = "parts"  # some vouchers at once, the rest when it is released
    PARTIAL_CANCELLED = "partial_cancelled"  # some vouchers at once; cancelled when it is released
    CANCELLED = "cancelled"  # waits, and is cancelled when it is released
    FAILED = "failed"
    SHORT = "short"  # reported as delivered; one voucher is missing until it is released


@dataclass
class VoucherProduct:
    """`values`: the fixed face values; `value_range`: the limits of values that can be typed."""

    id: int
    name: str
    category: str
    currency: str
    country: str
    values: tuple[str, ...]
    value_range: tuple[str, str] | None = None
    delivery_type: str = "code"
    discount: Decimal = Decimal(4)
    max_quantity: int = 100
    available: bool = True
    expires_in: timedelta | None = timedelta(days=365)


def sample_products() -> list[VoucherProduct]:
    return [
        VoucherProduct(101, "Amazon.com", "Shopping", "USD", "US", ("10", "25", "50", "100")),
        VoucherProduct(102, "Amazon.de", "Shopping", "EUR", "DE", (), ("5", "500")),
        VoucherProduct(
            103, "Spotify Premium", "Music", "USD", "US", ("10", "30"), None, "code_with_pin"
        ),
        VoucherProduct(
            104, "Airbnb", "Travel", "USD", "US", ("50", "100"), ("25", "500"), "claim_url"
        ),
        VoucherProduct(
            105, "PlayStation Store USA", "Gaming", "USD", "US", ("10", "25", "50", "100")
        ),
        VoucherProduct(106, "Zalando", "Shopping", "EUR", "FR", ("20", "50"), None, "Email"),
        VoucherProduct(107, "Uber", "Travel", "USD", "US", ("15", "25"), expires_in=None),
    ]


@dataclass
class VoucherOrder:
    id: int
    ref: str
    product: VoucherProduct
    denomination: Decimal
    quantity: int
    paid: Decimal
    placed_at: datetime
    outcome: Outcome
    status: str
    transaction_id: int
    vouchers: list[dict[str, Any]] = field(default_factory=list)
    hidden: bool = False  # the API does not show its vouchers any more
    shown_vouchers: int = 0  # how many vouchers the API has ever shown


@dataclass
class Variants:
    """The contradictions of the documentation, each as a switch."""

    lower_case: bool = False  # `delivered`, as in the sample response
    numbers: bool = False  # amounts as JSON numbers where pages show strings
    error_format: str = "nested"  # flat, nested, idempotency
    empties_cancelled: bool = True  # `vouchers` becomes [] when an order is cancelled
    codes_at_once: bool = False  # the response to a purchase contains the codes
    oldest_first: bool = False
    created: int = 200  # or 201
    currency_codes: bool = False  # currency and country codes beside their ids


class Refusal(Exception):
    """A response in one of the API's error formats."""

    def __init__(self, status: int, code: str, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.retry_after = status, code, retry_after


@dataclass
class VoucherBook:
    """All state of the simulator. Amounts are in the wallet's currency."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    keys: dict[str, str] = field(default_factory=dict)
    products: list[VoucherProduct] = field(default_factory=sample_products)
    balance: Decimal = Decimal(5000)
    currency: str = "USD"
    rates: dict[str, Decimal] = field(
        default_factory=lambda: {"USD": Decimal(1), "EUR": Decimal("1.08")}
    )
    orders: dict[int, VoucherOrder] = field(default_factory=dict)
    transactions: list[dict[str, Any]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    variants: Variants = field(default_factory=Variants)
    next_outcome: Outcome | None = None
    burst: int = 20  # calls in ten seconds
    order_calls: int = 60  # for one order in an hour
    refused_addresses: bool = False
    webhook_secret: str = ""
    seed: int = 1

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.responses: dict[str, tuple[datetime, bytes, int, dict[str, Any]]] = {}
        self.order_call_times: dict[int, list[datetime]] = {}

    def add_key(self, kind: str = "live") -> tuple[str, str]:
        """A key and its secret; kind: live or test."""
        key = f"sk_{kind}_{secrets.token_hex(12)}"
        self.keys[key] = secrets.token_hex(24)
        return key, self.keys[key]

    def script(self, *faults: Fault) -> None:
        self.faults.extend(faults)

    def take_fault(self, path: str) -> Fault | None:
        """The scripted fault for a call of this path; uses it up once."""
        for fault in self.faults:
            if fault.times > 0 and fault.path in path:
                fault.times -= 1
                return fault
        return None

    def product(self, product_id: object) -> VoucherProduct | None:
        return next((p for p in self.products if str(p.id) == str(product_id)), None)

    def codes(self) -> list[str]:
        """Every secret text of the vouchers."""
        names = ("card_number", "pin_code", "claim_url")
        return [v[n] for o in self.orders.values() for v in o.vouchers for n in names if v[n]]

    def count(self, what: str) -> int:
        """How many calls contain `what`."""
        return sum(1 for call in self.calls if what in call.what)

    def release(self, order_id: int) -> None:
        """End a pending order as its outcome says. Raises LookupError for an unknown id."""
        order = self.orders.get(order_id)
        if order is None:
            raise LookupError(order_id)
        if order.status not in OPEN and order.outcome is not Outcome.SHORT:
            return
        if order.outcome is Outcome.CANCELLED:
            self._end(order, "CANCELLED", order.quantity)
        elif order.outcome is Outcome.FAILED:
            self._end(order, "FAILED", order.quantity)
        elif order.outcome is Outcome.PARTIAL_CANCELLED:
            self._end(order, "CANCELLED", order.quantity - len(order.vouchers))
        else:
            self._fill(order, order.quantity)
            order.status = "DELIVERED"

    def event(self, order: VoucherOrder, event_id: str = "") -> tuple[dict[str, str], bytes]:
        """The headers and the body of the webhook message about an order."""
        body = json.dumps(
            {
                "event_id": event_id or f"evt_{secrets.token_hex(8)}",
                "event_type": f"order.{order.status.lower()}",
                "created_at": self.now().isoformat(),
                "data": {"id": order.id, "reference_code": order.ref, "status": order.status},
            }
        ).encode()
        stamp = str(int(self.now().timestamp()))
        mac = hmac.new(self.webhook_secret.encode(), f"{stamp}.".encode() + body, sha256)
        return {"X-Signature": mac.hexdigest(), "X-Timestamp": stamp}, body

    def authenticate(self, key: str, secret: str) -> None:
        """Check key, secret and rate limit as the real API does. Raises Refusal."""
        if self.refused_addresses or self.keys.get(key) != secret or not secret:
            raise Refusal(401, "E_UNAUTHORIZED_ACCESS")
        recent = self.calls[-self.burst - 1 :]
        now = self.now()
        if sum(now - call.at < timedelta(seconds=10) for call in recent) > self.burst:
            raise Refusal(429, "TOO_MANY_REQUESTS", 10)

    def count_order_call(self, order_id: int) -> None:
        """Count a call about an order. Raises Refusal over the limit of an hour."""
        now, hour = self.now(), timedelta(hours=1)
        times = [at for at in self.order_call_times.get(order_id, []) if now - at < hour]
        self.order_call_times[order_id] = [*times, now]
        if len(times) >= self.order_calls:
            raise Refusal(429, "TOO_MANY_REQUESTS", 60)

    def price(self, product: VoucherProduct, denomination: Decimal, quantity: int) -> Decimal:
        """The price that the wallet pays. Raises Refusal for a value that is not sold."""
        fixed = denomination in [Decimal(value) for value in product.values]
        low, high = product.value_range or ("1", "0")
        if quantity < 1 or not (fixed or Decimal(low) <= denomination <= Decimal(high)):
            raise Refusal(400, "INVALID_INPUT")
        face = denomination * quantity * self.rates[product.currency] / self.rates[self.currency]
        return (face * (1 - product.discount / 100)).quantize(Decimal("0.01"))

    def create(self, key: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Create an order, once for each key: a repeated call gets the stored response.

        Raises Refusal.
        """
        if not key:
            raise Refusal(400, "IDEMPOTENCY_KEY_REQUIRED")
        if not 8 <= len(key) <= 256:  # noqa: PLR2004
            raise Refusal(400, f"IDEMPOTENCY_KEY_TOO_{'SHORT' if len(key) < 8 else 'LONG'}")  # noqa: PLR2004
        at, known, status, answer = self.responses.get(key, (None, b"", 0, {}))
        if at is not None and self.now() - at < _KEY_LIFETIME:
            if known != body:
                raise Refusal(400, "BAD_REQUEST")
            return status, answer
        order = self._place(body)
        answer = self.shown(order, created=True)
        self.responses[key] = self.now(), body, self.variants.created, answer
        return self.variants.created, answer

    def _place(self, body: bytes) -> VoucherOrder:
        try:
            asked = json.loads(body, parse_float=Decimal)
            product = self.product(asked["product_id"])
            denomination, quantity = Decimal(str(asked["denomination"])), int(asked["quantity"])
            ref = str(asked.get("ref") or secrets.token_hex(6))
        except (ValueError, KeyError, TypeError, ArithmeticError):
            raise Refusal(400, "E_VALIDATION_FAILURE") from None
        if product is None:
            raise Refusal(400, "INVALID_INPUT")
        if any(order.ref == ref for order in self.orders.values()):
            raise Refusal(400, "E_VALIDATION_FAILURE")
        paid = self.price(product, denomination, quantity)
        if paid > self.balance:
            raise Refusal(400, "E_WALLET_INSUFFICIENT_BALANCE")
        if quantity > product.max_quantity:
            raise Refusal(400, "E_VALIDATION_FAILURE")
        outcome = self.next_outcome or Outcome.STOCKED
        if quantity == 1 and outcome in (Outcome.PARTIAL, Outcome.PARTIAL_CANCELLED, Outcome.SHORT):
            outcome = Outcome.PENDING
        self.next_outcome = None
        number = 5000 + len(self.orders)
        order = VoucherOrder(
            id=number,
            ref=ref,
            product=product,
            denomination=denomination,
            quantity=quantity,
            paid=paid,
            placed_at=self.now(),
            outcome=outcome,
            status="PENDING",
            transaction_id=self._add_transaction(-paid, ref),
        )
        self.orders[number] = order
        self._start(order)
        return order

    def _start(self, order: VoucherOrder) -> None:
        if order.outcome is Outcome.STOCKED:
            self._fill(order, order.quantity)
            order.status = "DELIVERED"
        elif order.outcome is Outcome.SHORT:
            self._fill(order, order.quantity - 1)
            order.status = "DELIVERED"
        elif order.outcome in (Outcome.PARTIAL, Outcome.PARTIAL_CANCELLED):
            self._fill(order, max(1, order.quantity // 2))
            order.status = "PARTIALLY_DELIVERED"

    def _end(self, order: VoucherOrder, status: str, missing: int) -> None:
        order.status = status
        self._add_transaction(order.paid * missing / order.quantity, order.ref)
        order.hidden = self.variants.empties_cancelled

    def _add_transaction(self, amount: Decimal, remarks: str) -> int:
        self.balance += amount
        number = 9000 + len(self.transactions)
        self.transactions.append(
            {
                "id": number,
                "wallet_id": 1,
                "amount": float(abs(amount)),
                "transaction_type": "CREDIT" if amount > 0 else "DEBIT",
                "status": "COMPLETED",
                "remarks": remarks,
                "created_at": self.now().isoformat(),
            }
        )
        return number

    def _fill(self, order: VoucherOrder, count: int) -> None:
        order.vouchers += [self._voucher(order) for _ in range(count - len(order.vouchers))]

    def _voucher(self, order: VoucherOrder) -> dict[str, Any]:
        def letters(count: int) -> str:
            return "".join(self._random.choices(_LETTERS, k=count))

        mode, lifetime = order.product.delivery_type, order.product.expires_in
        link = f"https://claim.example/{letters(20)}" if "url" in mode else None
        pin = str(self._random.randrange(1000, 9999)) if "pin" in mode else None
        return {
            "card_number": None if link else f"{letters(4)}-{letters(6)}-{letters(4)}",
            "pin_code": pin,
            "claim_url": link,
            "voucher_reference_number": f"VR{self._random.randrange(10**8, 10**9)}",
            "expires_at": (self.now() + lifetime).isoformat() if lifetime else None,
        }

    def money(self, amount: Decimal) -> object:
        return float(amount) if self.variants.numbers else f"{amount:.2f}"

    def status(self, order: VoucherOrder) -> str:
        return order.status.lower() if self.variants.lower_case else order.status

    def shown(self, order: VoucherOrder, *, created: bool = False) -> dict[str, Any]:
        """An order as the API shows it; `created`: in the response to its purchase."""
        visible = not order.hidden and (not created or self.variants.codes_at_once)
        if visible:
            order.shown_vouchers = max(order.shown_vouchers, len(order.vouchers))
        return {
            "id": order.id,
            "ref" if created else "reference_code": order.ref,
            "transaction_id": order.transaction_id,
            "amount": self.money(order.paid),
            "product_id": order.product.id,
            "denomination": self.money(order.denomination),
            "quantity": order.quantity,
            "discount": self.money(order.product.discount),
            "vouchers": list(order.vouchers) if visible else [],
            "status": self.status(order),
            "placed_at": order.placed_at.isoformat().replace("+00:00", "Z"),
        }

    def listed(self, order: VoucherOrder) -> dict[str, Any]:
        """An order as a row of the list."""
        shown = order.shown_vouchers
        row = self.shown(order)
        order.shown_vouchers = shown  # a list shows no vouchers
        del row["vouchers"]
        return {**row, "product_name": order.product.name, "currency": order.product.currency}
