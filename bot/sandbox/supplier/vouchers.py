"""Starship's own truth: keys, products, the wallet, orders with their vouchers, and how it behaves today.

Where its pages contradict each other the book has a switch, so that a shop can be tried against both.
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
_KEY_LIVES = timedelta(hours=24)
OPEN = ("PENDING", "PROCESSING", "PARTIALLY_DELIVERED")


class Outcome(StrEnum):
    """What the next order comes to."""

    STOCKED = "stocked"  # delivered in the same answer
    PENDING = "pending"  # waits until somebody releases it
    PARTIAL = "parts"  # some at once, the rest when it is released
    PARTIAL_CANCELLED = "partial_cancelled"  # some at once, the rest never
    CANCELLED = "cancelled"  # waits, and is cancelled when it is released
    FAILED = "failed"
    SHORT = "short"  # says delivered, and one voucher is missing until it is released


@dataclass
class Voucher:
    """A product: `values` fixed ones, `span` what may be asked for between the two."""

    id: int
    name: str
    category: str
    currency: str
    country: str
    values: tuple[str, ...]
    span: tuple[str, str] | None = None
    delivery_type: str = "code"
    discount: Decimal = Decimal(4)
    most: int = 100
    available: bool = True
    expires_in: timedelta | None = timedelta(days=365)


def believable_vouchers() -> list[Voucher]:
    return [
        Voucher(101, "Amazon.com", "Shopping", "USD", "US", ("10", "25", "50", "100")),
        Voucher(102, "Amazon.de", "Shopping", "EUR", "DE", (), ("5", "500")),
        Voucher(103, "Spotify Premium", "Music", "USD", "US", ("10", "30"), None, "code_with_pin"),
        Voucher(104, "Airbnb", "Travel", "USD", "US", ("50", "100"), ("25", "500"), "claim_url"),
        Voucher(105, "PlayStation Store USA", "Gaming", "USD", "US", ("10", "25", "50", "100")),
        Voucher(106, "Zalando", "Shopping", "EUR", "FR", ("20", "50"), None, "Email"),
        Voucher(107, "Uber", "Travel", "USD", "US", ("15", "25"), expires_in=None),
    ]


@dataclass
class VoucherOrder:
    id: int
    ref: str
    product: Voucher
    denomination: Decimal
    quantity: int
    paid: Decimal
    placed_at: datetime
    outcome: Outcome
    status: str
    transaction_id: int
    vouchers: list[dict[str, Any]] = field(default_factory=list)
    hidden: bool = False  # its vouchers are shown no more
    handed: int = 0  # how many of them were ever shown


@dataclass
class Habits:
    """The contradictions of its pages, each as a switch."""

    lower_case: bool = False  # `delivered`, as in the sample
    numbers: bool = False  # money as JSON numbers where pages show strings
    error_shape: str = "nested"  # flat, nested, idempotency
    empties_cancelled: bool = True  # vouchers become [] when an order is cancelled
    codes_at_once: bool = False  # the answer to an order shows its codes
    oldest_first: bool = False
    created: int = 200  # or 201
    currency_codes: bool = False  # codes beside the ids


class Refusal(Exception):
    """An answer in one of the API's error forms."""

    def __init__(self, status: int, code: str, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.retry_after = status, code, retry_after


@dataclass
class VoucherBook:
    """Everything the simulator knows. Money is in the wallet's currency."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    keys: dict[str, str] = field(default_factory=dict)
    products: list[Voucher] = field(default_factory=believable_vouchers)
    balance: Decimal = Decimal(5000)
    currency: str = "USD"
    rates: dict[str, Decimal] = field(
        default_factory=lambda: {"USD": Decimal(1), "EUR": Decimal("1.08")}
    )
    orders: dict[int, VoucherOrder] = field(default_factory=dict)
    transactions: list[dict[str, Any]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    habits: Habits = field(default_factory=Habits)
    next_outcome: Outcome | None = None
    burst: int = 20  # calls in ten seconds
    order_calls: int = 60  # about one order in an hour
    refused_addresses: bool = False
    webhook_secret: str = ""
    seed: int = 1

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.answers: dict[str, tuple[datetime, bytes, int, dict[str, Any]]] = {}
        self.asked: dict[int, list[datetime]] = {}

    # --- what a test or a demo says -----------------------------------------------------------

    def add_key(self, kind: str = "live") -> tuple[str, str]:
        """A key and its secret; kind: live or test."""
        key = f"sk_{kind}_{secrets.token_hex(12)}"
        self.keys[key] = secrets.token_hex(24)
        return key, self.keys[key]

    def script(self, *faults: Fault) -> None:
        self.faults.extend(faults)

    def strike(self, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.path in path:
                fault.times -= 1
                return fault
        return None

    def product(self, product_id: object) -> Voucher | None:
        return next((p for p in self.products if str(p.id) == str(product_id)), None)

    def codes(self) -> list[str]:
        """Every secret that was ever handed out."""
        names = ("card_number", "pin_code", "claim_url")
        return [v[n] for o in self.orders.values() for v in o.vouchers for n in names if v[n]]

    def count(self, what: str) -> int:
        return sum(1 for call in self.calls if what in call.what)

    def release(self, order_id: int) -> None:
        """Its staff looks at an order that waits: it comes to its end."""
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
        """The headers and the body of the message that tells of an order."""
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

    # --- what the API does --------------------------------------------------------------------

    def admit(self, key: str, secret: str) -> None:
        if self.refused_addresses or self.keys.get(key) != secret or not secret:
            raise Refusal(401, "E_UNAUTHORIZED_ACCESS")
        recent = self.calls[-self.burst - 1 :]
        now = self.now()
        if sum(now - call.at < timedelta(seconds=10) for call in recent) > self.burst:
            raise Refusal(429, "TOO_MANY_REQUESTS", 10)

    def may_ask(self, order_id: int) -> None:
        now, hour = self.now(), timedelta(hours=1)
        times = [at for at in self.asked.get(order_id, []) if now - at < hour]
        self.asked[order_id] = [*times, now]
        if len(times) >= self.order_calls:
            raise Refusal(429, "TOO_MANY_REQUESTS", 60)

    def price(self, product: Voucher, denomination: Decimal, quantity: int) -> Decimal:
        """What leaves the wallet. Raises Refusal for a value that the product does not have."""
        fixed = denomination in [Decimal(value) for value in product.values]
        low, high = product.span or ("1", "0")
        if quantity < 1 or not (fixed or Decimal(low) <= denomination <= Decimal(high)):
            raise Refusal(400, "INVALID_INPUT")
        face = denomination * quantity * self.rates[product.currency] / self.rates[self.currency]
        return (face * (1 - product.discount / 100)).quantize(Decimal("0.01"))

    def create(self, key: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """An order, once for each key: a repetition is told what the first was told."""
        if not key:
            raise Refusal(400, "IDEMPOTENCY_KEY_REQUIRED")
        if not 8 <= len(key) <= 256:  # noqa: PLR2004
            raise Refusal(400, f"IDEMPOTENCY_KEY_TOO_{'SHORT' if len(key) < 8 else 'LONG'}")  # noqa: PLR2004
        at, known, status, answer = self.answers.get(key, (None, b"", 0, {}))
        if at is not None and self.now() - at < _KEY_LIVES:
            if known != body:
                raise Refusal(400, "BAD_REQUEST")
            return status, answer
        order = self._place(body)
        answer = self.shown(order, created=True)
        self.answers[key] = self.now(), body, self.habits.created, answer
        return self.habits.created, answer

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
        if quantity > product.most:
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
            transaction_id=self._move(-paid, ref),
        )
        self.orders[number] = order
        self._begin(order)
        return order

    def _begin(self, order: VoucherOrder) -> None:
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
        self._move(order.paid * missing / order.quantity, order.ref)
        order.hidden = self.habits.empties_cancelled

    def _move(self, amount: Decimal, remarks: str) -> int:
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

        mode, lives = order.product.delivery_type, order.product.expires_in
        link = f"https://claim.example/{letters(20)}" if "url" in mode else None
        pin = str(self._random.randrange(1000, 9999)) if "pin" in mode else None
        return {
            "card_number": None if link else f"{letters(4)}-{letters(6)}-{letters(4)}",
            "pin_code": pin,
            "claim_url": link,
            "voucher_reference_number": f"VR{self._random.randrange(10**8, 10**9)}",
            "expires_at": (self.now() + lives).isoformat() if lives else None,
        }

    # --- how it is shown ------------------------------------------------------------------------

    def money(self, amount: Decimal) -> object:
        return float(amount) if self.habits.numbers else f"{amount:.2f}"

    def status(self, order: VoucherOrder) -> str:
        return order.status.lower() if self.habits.lower_case else order.status

    def shown(self, order: VoucherOrder, *, created: bool = False) -> dict[str, Any]:
        visible = not order.hidden and (not created or self.habits.codes_at_once)
        order.handed = max(order.handed, len(order.vouchers)) if visible else order.handed
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
        handed = order.handed
        row = self.shown(order)
        order.handed = handed  # a list shows none
        del row["vouchers"]
        return {**row, "product_name": order.product.name, "currency": order.product.currency}
