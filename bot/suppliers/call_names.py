"""What a request to a supplier is called by those who count requests: a few names, whatever its path is."""

from http import HTTPStatus
from typing import Final

import httpx

# By a word of the path; the last one that is known counts. Ids are no such words, or harmless.
_OPERATIONS: Final = {
    # OneClickDz
    "validate": "access",
    "catalog": "catalogue",
    "checkProduct": "product",
    "placeOrder": "buy",
    "checkOrder": "order",
    "list": "orders",
    "balance": "balance",
    "transactions": "transactions",
    "ocpay": "payment",
    # Starship
    "products": "product",
    "charges": "price",
    "availability": "availability",
    "orders": "orders",
    "wallets": "balance",
    "currencies": "reference",
    "countries": "reference",
}
NO_ANSWER: Final = "no_answer"
UNSENT: Final = "unsent"  # certainly


def operation_of(method: str, path: str) -> str:
    words = reversed(path.partition("?")[0].split("/"))
    name = next((_OPERATIONS[word] for word in words if word in _OPERATIONS), "other")
    return "buy" if name == "orders" and method == "POST" else name


def outcome_of(response: httpx.Response, *, readable: bool) -> str:
    status = response.status_code
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "limited"
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return "denied"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "failed"
    if not readable:
        return "unreadable"
    return "ok" if response.is_success else "refused"
