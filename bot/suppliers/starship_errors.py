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
    TryLater,
)
from bot.suppliers.api_client import retry_after
from bot.suppliers.failures import ACCESS, CLIENT, RATE_LIMITED, SERVER, failure_of, of_question

_USUAL_WAIT_SECONDS: Final = 10.0
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
    asked = retry_after(response)
    wait = _USUAL_WAIT_SECONDS if asked is None else asked
    return failure_of(kind, path, code or "", status, request_id, wait)


def _buying(status: int, code: str | None) -> type[SupplierFailure]:
    if status == RATE_LIMITED:
        return TryLater  # refused at the edge, before any work
    if code is None or not CLIENT <= status < SERVER or status in _UNDECIDED:
        return OutcomeUnknown  # a proxy's word, or a server's that stumbled
    if status in ACCESS:
        return AccessRefused
    if "STOCK" in code:
        return OutOfStock
    # The code for an empty wallet is not public.
    empty = any(word in code for word in ("BALANCE", "FUNDS", "WALLET"))
    return InsufficientBalance if empty and "INSUFFICIENT" in code else RequestRefused


def _reading(status: int, code: str | None) -> type[SupplierFailure]:
    if status == RATE_LIMITED:
        return TryLater
    if status in ACCESS and code is None:
        return RequestRefused  # a proxy's word: the key may be good
    return of_question(status, _UNDECIDED)
