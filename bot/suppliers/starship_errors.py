"""What Starship's errors mean for a call that was made, in the three shapes that its pages show.

flat `{"error": "<code>", "message"}` (Get Order page), nested `{"error": {"name", "code", "message"}}`
(Error Codes page), and nested with `details` (idempotency). Its table of codes is not public as a whole:
what is unknown falls back on the HTTP status. For a purchase the question is only one: may an order exist?
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
    SupplierUnavailable,
    TryLater,
    UnknownAtSupplier,
)
from bot.suppliers.line import retry_after

LONGEST_WAIT_SECONDS: Final = 900.0
_USUAL_WAIT_SECONDS: Final = 10.0
_ACCESS: Final = (401, 403)
_NOT_FOUND: Final = 404
_RATE_LIMITED: Final = 429
_CLIENT, _SERVER = 400, 500
_UNDECIDED: Final = (408, 409, 425)  # it may be at work on this very request


def code_of(parsed: Any) -> str | None:
    """The error's code in capitals; None where the reply has none of the shapes."""
    error = parsed.get("error") if isinstance(parsed, dict) else None
    if isinstance(error, dict):
        error = error.get("code") or error.get("name") or ""
    if not isinstance(error, str):
        return None
    return error.strip().upper().replace("-", "_").replace(" ", "_")[:64]


def failure(path: str, response: httpx.Response, parsed: Any, *, buying: bool) -> SupplierFailure:
    """The failure for a reply that is no success."""
    code, status = code_of(parsed), response.status_code
    request_id = response.headers.get("X-Request-Id", "")[:64]
    kind = _buying(status, code) if buying else _reading(status, code)
    if issubclass(kind, TryLater):
        asked = retry_after(response)
        wait = min(_USUAL_WAIT_SECONDS if asked is None else asked, LONGEST_WAIT_SECONDS)
        return kind(path, code or "", status, request_id, wait)
    return kind(path, code or "", status, request_id)


def _buying(status: int, code: str | None) -> type[SupplierFailure]:
    if status == _RATE_LIMITED:
        return TryLater  # refused at the edge, before any work
    if code is None or not _CLIENT <= status < _SERVER or status in _UNDECIDED:
        return OutcomeUnknown  # a proxy's word, or a server's that stumbled
    if status in _ACCESS:
        return AccessRefused
    if "STOCK" in code:
        return OutOfStock
    # The code for an empty wallet is not public.
    empty = any(word in code for word in ("BALANCE", "FUNDS", "WALLET"))
    return InsufficientBalance if empty and "INSUFFICIENT" in code else RequestRefused


def _reading(status: int, code: str | None) -> type[SupplierFailure]:
    if status == _RATE_LIMITED:
        return TryLater
    if status in _ACCESS and code is not None:
        return AccessRefused
    if status == _NOT_FOUND:
        return UnknownAtSupplier
    if _CLIENT <= status < _SERVER and status not in _UNDECIDED:
        return RequestRefused
    return SupplierUnavailable
