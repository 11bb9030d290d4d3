"""What any supplier's refusal of a question means by its HTTP status, and how a failure is made of it.

What may have been bought is each supplier's own to tell: see its errors.
"""

from collections.abc import Container
from typing import Final

from bot.errors import (
    AccessRefused,
    RequestRefused,
    SupplierFailure,
    SupplierUnavailable,
    TryLater,
    UnknownAtSupplier,
)

ACCESS: Final = (401, 403)
RATE_LIMITED: Final = 429
CLIENT: Final = 400
SERVER: Final = 500
_NOT_FOUND: Final = 404
_LONGEST_WAIT_SECONDS: Final = 900.0


def of_question(status: int, undecided: Container[int]) -> type[SupplierFailure]:
    """For calls that buy nothing; `undecided`: statuses under 500 that may have another answer later."""
    if status in ACCESS:
        return AccessRefused
    if status == _NOT_FOUND:
        return UnknownAtSupplier
    if CLIENT <= status < SERVER and status not in undecided:
        return RequestRefused
    return SupplierUnavailable


def failure_of(
    kind: type[SupplierFailure],
    request: str,
    code: str,
    status: int,
    request_id: str,
    wait_seconds: float,
) -> SupplierFailure:
    """`wait_seconds` counts where the kind says when to come back; nobody is made to wait for hours."""
    if issubclass(kind, TryLater):
        wait = min(wait_seconds, _LONGEST_WAIT_SECONDS)
        return kind(request, code, status, request_id, wait)
    return kind(request, code, status, request_id)
