"""Starship's two signatures: ours on requests, where it asks for them, and its own on its messages.

Requests: `X-Signature: t=<unix>,v1=<hex>`, HMAC-SHA256 with the signing secret over five lines: METHOD, PATH,
sorted query, hash of the body, timestamp (docs, "HMAC signing"). The hash is not spelled out there: it is taken
to be the lower-case hex SHA-256 of the body, of nothing where there is none. Messages: hex HMAC-SHA256 over
timestamp, a point, and the raw body (docs, "Webhooks").
"""

import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Final

from bot.domain.supplier import SupplierEvent
from bot.errors import NotGenuine
from bot.ports import Clock

_WINDOW: Final = timedelta(minutes=5)
_LONGEST_ID: Final = 128


def _mac(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, sha256).hexdigest()


class Signer:
    """Makes the headers of a signed request."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret, self._clock = secret, clock

    def __call__(self, method: str, path: str, body: str) -> Mapping[str, str]:
        """`path` with its query behind a question mark, sorted."""
        stamp = str(int(self._clock.now().timestamp()))
        where, _, query = path.partition("?")
        digest = sha256(body.encode()).hexdigest()
        lines = f"{method.upper()}\n{where}\n{query}\n{digest}\n{stamp}"
        return {"X-Signature": f"t={stamp},v1={_mac(self._secret, lines.encode())}"}


class StarshipEvents:
    """Implements the EventReader port."""

    def __init__(self, secret: str, clock: Clock) -> None:
        self._secret, self._clock = secret, clock

    def __call__(self, headers: Mapping[str, str], body: bytes) -> SupplierEvent:
        stamp = headers.get("x-timestamp", "").strip()
        signature = headers.get("x-signature", "").strip().lower().removeprefix("sha256=")
        wanted = _mac(self._secret, stamp.encode() + b"." + body)
        if not hmac.compare_digest(wanted.encode(), signature.encode()):
            raise NotGenuine
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= len("1000000000000")):
            raise NotGenuine
        seconds = int(stamp) / (1000 if len(stamp) > len("10000000000") else 1)
        if abs(self._clock.now().timestamp() - seconds) > _WINDOW.total_seconds():
            raise NotGenuine
        return _read(body)


def _read(body: bytes) -> SupplierEvent:
    """It is genuine; what cannot be understood says nothing. Raises NotGenuine."""
    try:
        parsed = json.loads(body)
        data = parsed.get("data") if isinstance(parsed.get("data"), dict) else {}
        order = data.get("id", data.get("order_id"))
        event_id = str(parsed["event_id"])
    except (ValueError, KeyError, AttributeError, RecursionError):
        raise NotGenuine from None
    if not event_id or len(event_id) > _LONGEST_ID:
        raise NotGenuine
    order_id = str(order) if isinstance(order, str | int) and not isinstance(order, bool) else ""
    return SupplierEvent(event_id, order_id[:_LONGEST_ID])
