"""Maps the errors that OneClickDz documents to the shop's failures.

Source: API reference "Error Handling", "Place Order", "Validate Token"; for unknown codes the HTTP
status decides. A body without the API's envelope and code says nothing, whatever its status is: it
may come from a proxy. For a purchase only one thing matters: whether an order may exist.
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
    unlisted_purchase_type,
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
    names_an_order: bool = False,
) -> SupplierFailure:
    """The failure for an unsuccessful response. `enveloped`: the body has the API's own error
    format, so it does not come from a proxy. `names_an_order`: it has the id of one."""
    failure_type = _failure_type(status, code, enveloped=enveloped, purpose=purpose)
    if names_an_order and purpose is Purpose.BUY:
        failure_type = OutcomeUnknown  # whatever the code says: a refused purchase has no id
    wait = _USUAL_WAIT_SECONDS if retry_after is None else retry_after
    return make_failure(failure_type, request, code, status, request_id, wait)


def _failure_type(
    status: int, code: str, *, enveloped: bool, purpose: Purpose
) -> type[SupplierFailure]:
    known = CODES.get(code) if enveloped else None
    if status == RATE_LIMIT_STATUS or known is TryLater:
        return TryLater  # rejected by the rate limiter, before any work
    if purpose is Purpose.BUY:
        is_verdict = enveloped and bool(code)
        return _purchase_failure(status, code, known) if is_verdict else OutcomeUnknown
    if purpose is Purpose.PAY and enveloped and known is None:
        # The pages about payments show refusals without a code.
        return _payment_failure(status)
    if not enveloped or not code or known is OutcomeUnknown:
        return SupplierUnavailable
    return known or read_failure_type(status, _RETRYABLE)


def _purchase_failure(
    status: int, code: str, known: type[SupplierFailure] | None
) -> type[SupplierFailure]:
    if not status < SERVER_ERROR or known in (SupplierUnavailable, OutcomeUnknown):
        return OutcomeUnknown
    if known is not None:
        return RequestRefused if known is UnknownAtSupplier else known
    if status < CLIENT_ERROR or status in _RETRYABLE:
        return OutcomeUnknown
    return unlisted_purchase_type(status, code)


def _payment_failure(status: int) -> type[SupplierFailure]:
    if status == _FORBIDDEN:
        return RequestRefused  # the merchant is not validated; the key itself is valid
    if status in ACCESS_STATUSES:
        return SupplierUnavailable  # a refused key has a code
    return read_failure_type(status, _RETRYABLE)
