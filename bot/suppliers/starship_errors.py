"""Maps Starship's error responses to the shop's failures.

The documentation shows three formats: flat `{"error": "<code>", "message"}` (Get Order page),
nested `{"error": {"name", "code", "message"}}` (Error Codes page), and nested with `details`
(idempotency). The full table of codes is not public: for unknown codes the HTTP status decides. For
a purchase only one thing matters: whether an order may exist.
"""

from typing import Any, Final

import httpx

from bot.errors import (
    AccessRefused,
    InsufficientBalance,
    OutcomeUnknown,
    OutOfStock,
    RequestRefused,
    SupplierFailure,
    TryLater,
)
from bot.suppliers.api_client import retry_after
from bot.suppliers.failures import (
    ACCESS_STATUSES,
    CLIENT_ERROR,
    RATE_LIMIT_STATUS,
    SERVER_ERROR,
    make_failure,
    read_failure_type,
)

_USUAL_WAIT_SECONDS: Final = 10.0
_RETRYABLE: Final = (408, 409, 425)  # the supplier may still be processing this request


def code_of(parsed: Any) -> str | None:
    """The error code in upper case; None where the reply has none of the three formats."""
    error = parsed.get("error") if isinstance(parsed, dict) else None
    if isinstance(error, dict):
        error = error.get("code") or error.get("name") or ""
    if not isinstance(error, str):
        return None
    return error.strip().upper().replace("-", "_").replace(" ", "_")[:64]


def failure(path: str, response: httpx.Response, parsed: Any, *, buying: bool) -> SupplierFailure:
    """The failure for an unsuccessful response."""
    code, status = code_of(parsed), response.status_code
    request_id = response.headers.get("X-Request-Id", "")[:64]
    failure_type = _purchase_failure(status, code) if buying else _read_failure(status, code)
    requested_wait = retry_after(response)
    wait = _USUAL_WAIT_SECONDS if requested_wait is None else requested_wait
    return make_failure(failure_type, path, code or "", status, request_id, wait)


def _purchase_failure(status: int, code: str | None) -> type[SupplierFailure]:
    if status == RATE_LIMIT_STATUS:
        return TryLater  # rejected by the rate limiter, before any work
    if code is None or not CLIENT_ERROR <= status < SERVER_ERROR or status in _RETRYABLE:
        return OutcomeUnknown  # from a proxy, or a server error
    if status in ACCESS_STATUSES:
        return AccessRefused
    if "STOCK" in code:
        return OutOfStock
    # The code for an empty wallet is not documented.
    empty = any(word in code for word in ("BALANCE", "FUNDS", "WALLET"))
    return InsufficientBalance if empty and "INSUFFICIENT" in code else RequestRefused


def _read_failure(status: int, code: str | None) -> type[SupplierFailure]:
    if status == RATE_LIMIT_STATUS:
        return TryLater
    if status in ACCESS_STATUSES and code is None:
        return RequestRefused  # from a proxy: the key may be valid
    return read_failure_type(status, _RETRYABLE)
