"""Maps Starship's error responses to the shop's failures.

The documentation shows three formats: flat `{"error": "<code>", "message"}` (Get Order page),
nested `{"error": {"name", "code", "message"}}` (Error Codes page), and nested with `details`
(idempotency). The full table of codes is not public: for unknown codes the HTTP status decides. For
a purchase only one thing matters: whether an order may exist.
"""

import re
from typing import Any, Final

import httpx

from bot.errors import (
    OutcomeUnknown,
    SupplierFailure,
    SupplierUnavailable,
    TryLater,
)
from bot.suppliers.api_client import retry_after
from bot.suppliers.failures import (
    CLIENT_ERROR,
    RATE_LIMIT_STATUS,
    SERVER_ERROR,
    make_failure,
    read_failure_type,
    unlisted_purchase_type,
)

_USUAL_WAIT_SECONDS: Final = 10.0
_RETRYABLE: Final = (408, 409, 425)  # the supplier may still be processing this request


# Keys that web frameworks and proxies put beside `error`; no format of Starship has them.
_FOREIGN_KEYS: Final = frozenset({"statusCode", "status", "timestamp", "path"})
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")


def code_of(parsed: Any) -> str | None:
    """The error code in upper case; None where the reply has none of the three formats.

    `{"statusCode": 404, "error": "Not Found", "message": ...}` is the error of a router or proxy.
    """
    if not isinstance(parsed, dict) or _FOREIGN_KEYS & parsed.keys():
        return None
    error = parsed.get("error")
    if isinstance(error, dict):
        found = error.get("code") or error.get("name")
    else:
        found = error if isinstance(parsed.get("message"), str) else None
    if not isinstance(found, str):
        return None
    code = found.strip().upper().replace("-", "_")[:64]
    return code if _CODE.fullmatch(code) else None


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
    return unlisted_purchase_type(status, code)


def _read_failure(status: int, code: str | None) -> type[SupplierFailure]:
    if status == RATE_LIMIT_STATUS:
        return TryLater
    if code is None:
        return SupplierUnavailable  # from a proxy: no verdict of the supplier
    return read_failure_type(status, _RETRYABLE)
