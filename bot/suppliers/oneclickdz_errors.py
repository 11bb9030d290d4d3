"""Maps the errors that OneClickDz documents to the shop's failures.

Source: API reference "Error Handling", "Place Order", "Validate Token"; for unknown codes the HTTP
status decides. For a purchase only one thing matters: whether an order may exist.
"""

from enum import StrEnum
from typing import Final

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
from bot.suppliers.failures import (
    ACCESS_STATUSES,
    CLIENT_ERROR,
    RATE_LIMIT_STATUS,
    SERVER_ERROR,
    make_failure,
    read_failure_type,
)

CODES: Final[dict[str, type[SupplierFailure]]] = {
    "MISSING_ACCESS_TOKEN": AccessRefused,
    "INVALID_ACCESS_TOKEN": AccessRefused,
    "ERR_AUTH": AccessRefused,
    "IP_BLOCKED": AccessRefused,
    "IP_NOT_ALLOWED": AccessRefused,
    "API_DISABLED": AccessRefused,
    "INSUFFICIENT_BALANCE": InsufficientBalance,
    "NO_BALANCE": InsufficientBalance,
    "ERR_VALIDATION": RequestRefused,
    "ERR_STOCK": OutOfStock,
    "DUPLICATED_REF": OutcomeUnknown,  # an order may exist under that reference
    "NOT_FOUND": UnknownAtSupplier,
    "PAYLOAD_TOO_LARGE": RequestRefused,
    "RATE_LIMIT_EXCEEDED": TryLater,
    "INTERNAL_ERROR": SupplierUnavailable,
    "SERVICE_UNAVAILABLE": SupplierUnavailable,
    "AUTH_UNAVAILABLE": TryLater,  # the key service is down: nothing was started
}


class Purpose(StrEnum):
    """What a call is for; this decides what an unclear response means."""

    READ = "read"
    BUY = "buy"
    PAY = "pay"  # OCPay links and their checks; a lost response leaves an unpaid link that expires


_FORBIDDEN: Final = 403
_RETRYABLE: Final = (408, 425)  # a timeout on the way: the supplier may have started the work
_USUAL_WAIT_SECONDS: Final = 5.0


def classify(
    request: str,
    *,
    status: int,
    code: str,
    enveloped: bool,
    purpose: Purpose,
    retry_after: float | None = None,
    request_id: str = "",
) -> SupplierFailure:
    """The failure for an unsuccessful response. `enveloped`: the body has the API's own error
    format, so it does not come from a proxy."""
    failure_type = _failure_type(status, code, enveloped=enveloped, purpose=purpose)
    wait = _USUAL_WAIT_SECONDS if retry_after is None else retry_after
    return make_failure(failure_type, request, code, status, request_id, wait)


def _failure_type(
    status: int, code: str, *, enveloped: bool, purpose: Purpose
) -> type[SupplierFailure]:
    known = CODES.get(code)
    if status == RATE_LIMIT_STATUS or known is TryLater:
        return TryLater  # rejected by the rate limiter, before any work
    if purpose is Purpose.PAY and status == _FORBIDDEN and known is not AccessRefused:
        return RequestRefused  # the merchant is not validated; the key itself is valid
    if purpose is not Purpose.BUY:
        return (
            known
            if known and known is not OutcomeUnknown
            else read_failure_type(status, _RETRYABLE)
        )
    refused = enveloped and known not in (
        None,
        SupplierUnavailable,
        OutcomeUnknown,
        UnknownAtSupplier,
    )
    if known and refused and status < SERVER_ERROR:
        return known
    if not enveloped or known or not CLIENT_ERROR <= status < SERVER_ERROR or status in _RETRYABLE:
        return (
            RequestRefused
            if enveloped and known is UnknownAtSupplier and status < SERVER_ERROR
            else OutcomeUnknown
        )
    return AccessRefused if status in ACCESS_STATUSES else RequestRefused
