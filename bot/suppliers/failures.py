"""The meaning of an HTTP error status, and of codes that no page lists, the same for every supplier.

Whether a failed purchase may have created an order depends on the supplier: see `*_errors.py`.
"""

from collections.abc import Container
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

ACCESS_STATUSES: Final = (401, 403)
_NO_KEY: Final = 401
_FORBIDDEN: Final = 403
RATE_LIMIT_STATUS: Final = 429
CLIENT_ERROR: Final = 400
SERVER_ERROR: Final = 500
_NOT_FOUND: Final = 404
# All calls wait for it, polls too; a supplier that means longer says so again.
_MAX_WAIT_SECONDS: Final = 120.0


def read_failure_type(status: int, retryable: Container[int]) -> type[SupplierFailure]:
    """For calls that buy nothing, answered with the supplier's own code.

    `retryable`: statuses below 500 that another try may change. Without such a code a status says
    nothing: any proxy answers 403 or 404.
    """
    if status in ACCESS_STATUSES:
        return AccessRefused
    if status == _NOT_FOUND:
        return UnknownAtSupplier
    if CLIENT_ERROR <= status < SERVER_ERROR and status not in retryable:
        return RequestRefused
    return SupplierUnavailable


# Words of codes that are not listed: 403 may refuse the key, or this purchase alone.
_OF_THE_KEY: Final = frozenset(
    (
        *("ACCESS", "ACCOUNT", "API", "AUTH", "DENIED", "FORBIDDEN", "IP", "KEY", "PERMISSION"),
        *("PERMISSIONS", "READONLY", "SCOPE", "SCOPES", "TOKEN", "UNAUTHORIZED"),
    )
)
_OF_STOCK: Final = ("STOCK", "SOLD_OUT")
_INSUFFICIENT: Final = "INSUFFICIENT"
_OF_THE_WALLET: Final = ("BALANCE", "FUNDS", "WALLET", "CREDIT")
_OF_MONEY: Final = frozenset(("BALANCE", "FUNDS"))
_LACKING: Final = frozenset(("LOW", "NO"))
_NOT_ENOUGH: Final = "NOT_ENOUGH"
_READ_ONLY: Final = "READ_ONLY"
# The supplier has the order already, or does not know yet: PARTNER_TIMEOUT, DUPLICATE_REQUEST.
_OF_AN_ORDER: Final = (
    *("ALREADY_", "CONFLICT", "DUPLICAT", "IDEMPOTEN", "IN_PROGRESS", "ORDER_PENDING"),
    *("PROCESSING", "TIMEOUT", "TIMED_OUT"),
)


def unlisted_purchase_type(status: int, code: str) -> type[SupplierFailure]:
    """For a purchase that the supplier itself answered with a code that no page lists.

    Our key is doubted, which stops all orders, only where status or code is about it. Nothing is
    returned to the customer where the code leaves open whether there is an order.
    """
    if status == _NO_KEY:
        return AccessRefused
    if any(word in code for word in _OF_STOCK):
        return OutOfStock
    if _is_about_too_little_money(code):
        return InsufficientBalance
    if status == _FORBIDDEN and (_READ_ONLY in code or not _OF_THE_KEY.isdisjoint(code.split("_"))):
        return AccessRefused
    if any(words in code for words in _OF_AN_ORDER):
        return OutcomeUnknown
    return RequestRefused


def _is_about_too_little_money(code: str) -> bool:
    """Not so of a frozen balance, or of one that this purchase may not use: no top-up ends that."""
    if _INSUFFICIENT in code:
        return any(word in code for word in _OF_THE_WALLET)
    words = code.split("_")
    is_lacking = _NOT_ENOUGH in code or not _LACKING.isdisjoint(words)
    return is_lacking and not _OF_MONEY.isdisjoint(words)


def make_failure(
    failure_type: type[SupplierFailure],
    request: str,
    code: str,
    status: int,
    request_id: str,
    wait_seconds: float,
) -> SupplierFailure:
    """`wait_seconds` is used by TryLater only, and limited to two minutes."""
    if issubclass(failure_type, TryLater):
        wait = min(wait_seconds, _MAX_WAIT_SECONDS)
        return failure_type(request, code, status, request_id, wait)
    return failure_type(request, code, status, request_id)
