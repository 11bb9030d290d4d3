"""Every error that OneClickDz documents, and what it means for a call that was made.

Source: API reference "Error Handling", "Place Order", "Validate Token"; unknown codes fall back on
the HTTP status. For a purchase the question is only one: may an order exist?
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
from bot.suppliers.failures import ACCESS, CLIENT, RATE_LIMITED, SERVER, failure_of, of_question

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
    """What a call is for: it decides what an unclear answer means."""

    READ = "read"
    BUY = "buy"
    PAY = "pay"  # links and checks of OCPay; one of too many is an unpaid link that nobody knows


_FORBIDDEN: Final = 403
_UNDECIDED: Final = (408, 425)  # a time-out on the way: the work may have started
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
    """The failure for a reply that is no success. `enveloped`: it came in the API's own form."""
    kind = _kind(status, code, enveloped=enveloped, purpose=purpose)
    wait = _USUAL_WAIT_SECONDS if retry_after is None else retry_after
    return failure_of(kind, request, code, status, request_id, wait)


def _kind(status: int, code: str, *, enveloped: bool, purpose: Purpose) -> type[SupplierFailure]:
    known = CODES.get(code)
    if status == RATE_LIMITED or known is TryLater:
        return TryLater  # refused at the edge, before any work
    if purpose is Purpose.PAY and status == _FORBIDDEN and known is not AccessRefused:
        return RequestRefused  # the merchant is not validated; the key is good for all else
    if purpose is not Purpose.BUY:
        return known if known and known is not OutcomeUnknown else of_question(status, _UNDECIDED)
    refused = enveloped and known not in (
        None,
        SupplierUnavailable,
        OutcomeUnknown,
        UnknownAtSupplier,
    )
    if known and refused and status < SERVER:
        return known
    if not enveloped or known or not CLIENT <= status < SERVER or status in _UNDECIDED:
        return (
            RequestRefused
            if enveloped and known is UnknownAtSupplier and status < SERVER
            else OutcomeUnknown
        )
    return AccessRefused if status in ACCESS else RequestRefused
