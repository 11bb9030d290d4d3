"""The state of the Chargily Pay simulator: keys, checkouts, and what happens to them."""

import hmac
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.sandbox.supplier.book import Call
from bot.sandbox.supplier.faults import Fault

LIFETIME = timedelta(minutes=30)
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # of a ULID
_LEAST, _MOST = 75, 1_000_000  # dinars
_LOCALES, _METHODS = ("ar", "en", "fr"), ("edahabia", "cib", "chargily_app")
_OPEN = ("pending", "processing")


@dataclass
class Variants:
    """Where the documentation contradicts itself, or the official clients contradict it."""

    livemode_as_text: bool = False
    metadata: str = "object"  # "array" or "null"
    says_expired: bool = True  # else an ended checkout is "canceled"
    link: str = "checkout_url"  # or "url", as in webhook messages
    fees: str = "one"  # "split": fees_on_merchant and fees_on_customer; "none"
    pass_fees: object = None  # pass_fees_to_customer: 0, 1 or null
    oldest_first: bool = False  # the list of checkouts
    says_last_page: bool = True


@dataclass
class Checkout:
    id: str
    live: bool
    amount: int  # whole dinars
    asked: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    status: str = "pending"
    method: str | None = None
    # Fields that a reply adds or replaces; None leaves a field out.
    reported: dict[str, object] = field(default_factory=dict)

    @property
    def webhook_endpoint(self) -> str:
        return str(self.asked.get("webhook_endpoint") or "")


@dataclass(frozen=True)
class Ring:
    """A webhook message, ready to be sent."""

    url: str
    body: bytes
    signature: str

    @property
    def headers(self) -> dict[str, str]:
        return {"signature": self.signature, "Content-Type": "application/json"}


class Unprocessable(Exception):
    """What a reply of 422 says, by field."""

    def __init__(self, **errors: str) -> None:
        super().__init__(", ".join(errors))
        self.errors = {name: [text] for name, text in errors.items()}


class ChargilyBook:
    def __init__(self, now: Callable[[], datetime] | None = None, seed: int = 1) -> None:
        self.now = now or (lambda: datetime.now(UTC))
        self.variants = Variants()
        self.approved = True  # the account and the application; else nothing is created
        self.keys = {True: f"live_sk_{'L' * 40}", False: f"test_sk_{'T' * 40}"}
        self.checkouts: dict[str, Checkout] = {}
        self.rings: list[Ring] = []  # of what happened so far
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self._random = random.Random(seed)

    def script(self, *faults: Fault) -> None:
        self.faults.extend(faults)

    def take_fault(self, path: str) -> Fault | None:
        """The scripted fault for a call of this path; uses it up once."""
        for fault in self.faults:
            if fault.times > 0 and fault.path in path:
                fault.times -= 1
                return fault
        return None

    def _new_id(self) -> str:
        return "01" + "".join(self._random.choices(_LETTERS, k=24))

    def create(self, asked: object, *, live: bool) -> Checkout:
        """Raises Unprocessable."""
        if not isinstance(asked, dict):
            raise Unprocessable(amount="The amount field is required.")
        amount = asked.get("amount")
        if isinstance(amount, bool) or not isinstance(amount, int):
            raise Unprocessable(amount="The amount must be an integer.")
        if not _LEAST <= amount <= _MOST:
            raise Unprocessable(amount=f"The amount must be between {_LEAST} and {_MOST}.")
        if asked.get("currency") != "dzd":
            raise Unprocessable(currency="The selected currency is invalid.")
        if not str(asked.get("success_url", "")).startswith(("https://", "http://")):
            raise Unprocessable(success_url="The success url must be a valid URL.")
        if asked.get("locale", "ar") not in _LOCALES:
            raise Unprocessable(locale="The selected locale is invalid.")
        if asked.get("payment_method", "edahabia") not in _METHODS:
            raise Unprocessable(payment_method="The selected payment method is invalid.")
        now = self.now()
        made = Checkout(self._new_id(), live, amount, dict(asked), now, now)
        self.checkouts[made.id] = made
        return made

    def find(self, checkout_id: str, *, live: bool) -> Checkout | None:
        """The checkout, where it is of this mode; its time may have ended it."""
        found = self.checkouts.get(checkout_id)
        if found is None or found.live is not live:
            return None
        self.end_in_time(found)
        return found

    def listed(self, *, live: bool) -> list[Checkout]:
        """Newest first, as a rule."""
        mine = [c for c in self.checkouts.values() if c.live is live]
        for checkout in mine:
            self.end_in_time(checkout)
        return mine if self.variants.oldest_first else list(reversed(mine))

    def end_in_time(self, checkout: Checkout) -> None:
        """A checkout that nobody has begun to pay ends after half an hour."""
        if checkout.status == "pending" and self.now() >= checkout.created_at + LIFETIME:
            self.end(checkout.id)

    def process(self, checkout_id: str) -> None:
        """The payer has typed the card number: it does not end by its time any more."""
        checkout = self.checkouts[checkout_id]
        checkout.status, checkout.updated_at = "processing", self.now()

    def pay(self, checkout_id: str, **reported: object) -> Ring:
        """The payer pays, whatever the status was. `reported`: see Checkout."""
        self.checkouts[checkout_id].method = "edahabia"
        return self._become(checkout_id, "paid", reported)

    def fail(self, checkout_id: str) -> Ring:
        return self._become(checkout_id, "failed", {})

    def leave(self, checkout_id: str) -> Ring:
        return self._become(checkout_id, "canceled", {})

    def end(self, checkout_id: str) -> Ring:
        return self._become(checkout_id, "expired", {})

    def _become(self, checkout_id: str, status: str, reported: dict[str, object]) -> Ring:
        checkout = self.checkouts[checkout_id]
        checkout.status, checkout.updated_at = status, self.now()
        checkout.reported |= reported
        ring = self.ring(checkout)
        self.rings.append(ring)
        return ring

    def is_open(self, checkout: Checkout) -> bool:
        self.end_in_time(checkout)
        return checkout.status in _OPEN

    def ring(self, checkout: Checkout, **changes: object) -> Ring:
        """A message about what a checkout is now; `changes` replace fields of the event."""
        data = self.show(checkout, "")
        data["url"] = data.pop("checkout_url", None) or data.get("url")
        event = {
            "id": self._new_id(),
            "entity": "event",
            "livemode": "true" if checkout.live else "false",  # a text in the documentation
            "type": f"checkout.{checkout.status}",
            "data": data,
            "created_at": int(self.now().timestamp()),
            "updated_at": int(self.now().timestamp()),
            **changes,
        }
        body = json.dumps(event).encode()
        return Ring(checkout.webhook_endpoint, body, self.sign(body, live=checkout.live))

    def sign(self, body: bytes, *, live: bool) -> str:
        return hmac.new(self.keys[live].encode(), body, sha256).hexdigest()

    def show(self, checkout: Checkout, pages: str) -> dict[str, Any]:
        """A checkout as a reply has it; `pages`: the address of the hosted pages."""
        variants, asked = self.variants, checkout.asked
        status = checkout.status
        if status == "expired" and not variants.says_expired:
            status = "canceled"
        made = int(checkout.created_at.timestamp())
        fee = self.fee(checkout.amount)
        fees: dict[str, object] = {"fees": fee} if variants.fees == "one" else {}
        if variants.fees == "split":
            fees = {"fees": fee, "fees_on_merchant": fee, "fees_on_customer": 0}
        metadata = asked.get("metadata")
        if variants.metadata != "object":
            metadata = [metadata] if variants.metadata == "array" and metadata else None
        live: object = checkout.live
        mode = "" if checkout.live else "test/"
        shown = {
            "id": checkout.id,
            "entity": "checkout",
            "livemode": str(live).lower() if variants.livemode_as_text else live,
            "amount": checkout.amount,
            "currency": "dzd",
            **fees,
            "pass_fees_to_customer": variants.pass_fees,
            "chargily_pay_fees_allocation": asked.get("chargily_pay_fees_allocation", "customer"),
            "status": status,
            "locale": asked.get("locale", "ar"),
            "description": asked.get("description"),
            "metadata": metadata,
            "success_url": asked.get("success_url"),
            "failure_url": asked.get("failure_url"),
            "payment_method": checkout.method,
            "invoice_id": None,
            "customer_id": asked.get("customer_id"),
            "payment_link_id": None,
            "created_at": made,
            "updated_at": int(checkout.updated_at.timestamp()),
            "shipping_address": None,
            "collect_shipping_address": 0,
            "discount": None,
            variants.link: f"{pages}{mode}checkouts/{checkout.id}/pay",
            **checkout.reported,
        }
        left_out = {name for name, value in checkout.reported.items() if value is None}
        return {name: value for name, value in shown.items() if name not in left_out}

    def fee(self, amount: int) -> int:
        """In dinars, by the table of the earlier service."""
        if amount <= 5000:  # noqa: PLR2004
            return max(25, 10 + round(amount * 0.025))
        return round(amount * 0.025) if amount <= 100_000 else 2500  # noqa: PLR2004
