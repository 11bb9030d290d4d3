"""Reads the parameters of a request as the server does: text everywhere, never an error of type."""

import json
from collections.abc import Mapping
from typing import Any

from bot.sandbox.telegram.rules import bad

# Parameters that stay text, also where the text would be valid JSON.
_TEXTS = frozenset(
    {
        "text",
        "caption",
        "description",
        "short_description",
        "callback_query_id",
        "language_code",
        "title",
        "payload",
        "currency",
        "provider_token",
        "start_parameter",
        "pre_checkout_query_id",
        "error_message",
        "telegram_payment_charge_id",
        "parse_mode",
        "url",
        "secret_token",
        "document",
        "photo",
        "action",
    }
)
_TRUE = ("true", "yes", "1")
Values = dict[str, Any]


def read_value(name: str, raw: str) -> Any:
    """The value of a form field: parsed as JSON unless the parameter is plain text."""
    if name in _TEXTS:
        return raw
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def integer(value: Any, low: int | None = None, high: int | None = None) -> int:
    """A whole number; text that is none counts as 0, then the bounds apply (server sheet 1.9)."""
    try:
        number = int(str(value).strip()) if not isinstance(value, bool) else int(value)
    except ValueError:
        number = 0
    number = number if low is None else max(low, number)
    return number if high is None else min(high, number)


def boolean(value: Any) -> bool:
    """Only true, yes and 1 are true, in any case and with outer spaces (server sheet 1.9)."""
    return str(value).strip().lower() in _TRUE


def required(values: Mapping[str, Any], name: str) -> str:
    """A text that must not be empty. Raises ApiError (server sheet 13.1)."""
    value = values.get(name)
    if value in (None, ""):
        raise bad(f'parameter "{name}" is required')
    return value if isinstance(value, str) else json.dumps(value)
