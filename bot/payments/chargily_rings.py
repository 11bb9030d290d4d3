"""Webhook messages of Chargily: each only tells of which checkout to ask.

Source: "webhooks". The header `signature` holds the hex HMAC-SHA256 of the raw body with the secret
key. No time is signed, so a message can be replayed for ever: nothing in it is believed but that
somebody should look.
"""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256

from bot.domain.payments import PaymentRing
from bot.errors import NotGenuine
from bot.payments.chargily_format import identifier


class ChargilyRings:
    """Implements the PaymentRingReader port."""

    def __init__(self, secret_key: str) -> None:
        self._key = secret_key.encode()

    def __call__(self, headers: Mapping[str, str], body: bytes) -> PaymentRing:
        expected = hmac.new(self._key, body, sha256).hexdigest()
        given = headers.get("signature", "").strip().lower()
        if not hmac.compare_digest(expected.encode(), given.encode()):
            raise NotGenuine
        try:
            message = json.loads(body)
        except (ValueError, RecursionError):
            raise NotGenuine from None
        event = message if isinstance(message, dict) else {}
        data = event.get("data")
        checkout = data.get("id") if isinstance(data, dict) else None
        # Without an id of its own, the message is told by what it says.
        return PaymentRing(identifier(event.get("id")) or expected, identifier(checkout))
