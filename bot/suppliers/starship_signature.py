"""Signatures of Starship: of our requests, where the account requires them, and of its webhook
messages.

Requests: `X-Signature: t=<unix>,v1=<hex>`, HMAC-SHA256 with the signing secret over five lines:
METHOD, PATH, sorted query, hash of the body, timestamp (docs, "HMAC signing"). The docs do not
define the hash: we assume the lower-case hex SHA-256 of the body, or of an empty text where there
is no body. Messages: hex HMAC-SHA256 over the timestamp, a dot, and the raw body (docs,
"Webhooks").
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from bot.domain.supplier import SupplierEvent
from bot.errors import NotGenuine
from bot.ports import Clock
from bot.suppliers.values import is_number

_MAX_AGE: Final = timedelta(minutes=5)
_MAX_ID_LENGTH: Final = 128


def _mac(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, sha256).hexdigest()


class Signer:
    """Makes the headers of a signed request."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def __call__(self, method: str, path: str, body: str, at: datetime) -> Mapping[str, str]:
        """`path` contains the sorted query after a question mark; `at` is the time of the signature."""
        timestamp = str(int(at.timestamp()))
        path_only, _, query = path.partition("?")
        digest = sha256(body.encode()).hexdigest()
        signed_text = f"{method.upper()}\n{path_only}\n{query}\n{digest}\n{timestamp}"
        return {"X-Signature": f"t={timestamp},v1={_mac(self._secret, signed_text.encode())}"}


class StarshipEvents:
    """Implements the EventReader port."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret, self._clock = secret, clock

    def __call__(self, headers: Mapping[str, str], body: bytes) -> SupplierEvent:
        timestamp = headers.get("x-timestamp", "").strip()
        signature = headers.get("x-signature", "").strip().lower().removeprefix("sha256=")
        expected = _mac(self._secret, timestamp.encode() + b"." + body)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise NotGenuine
        if not is_number(timestamp) or len(timestamp) > len("1000000000000"):
            raise NotGenuine
        # Seconds or milliseconds: the docs do not say which.
        seconds = int(timestamp) / (1000 if len(timestamp) > len("10000000000") else 1)
        if abs(self._clock.now().timestamp() - seconds) > _MAX_AGE.total_seconds():
            raise NotGenuine
        return _read_event(body)


def _read_event(body: bytes) -> SupplierEvent:
    """The event in a message with a valid signature. Raises NotGenuine where it is unreadable."""
    try:
        parsed = json.loads(body)
        data = parsed.get("data") if isinstance(parsed.get("data"), dict) else {}
        order = data.get("id", data.get("order_id"))
        event_id = str(parsed["event_id"])
    except (ValueError, KeyError, AttributeError, RecursionError):
        raise NotGenuine from None
    if not event_id or len(event_id) > _MAX_ID_LENGTH:
        raise NotGenuine
    order_id = str(order) if isinstance(order, str | int) and not isinstance(order, bool) else ""
    return SupplierEvent(event_id, order_id[:_MAX_ID_LENGTH])
