"""Answers in the form of the server: JSON, its errors, and pages of a proxy before it."""

import json
import re
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bot.sandbox.telegram.rules import ApiError

# A character that stands for one byte which is no UTF-8 (Python's "surrogateescape"), as JSON
# escapes it; a full surrogate pair and an escaped backslash before it are something else.
_ESCAPES = re.compile(rb"(\\\\|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|\\udc([89a-f][0-9a-f])")
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True)
class Result:
    """A result with a description beside it (server sheet 1.6)."""

    value: Any
    description: str


@dataclass(frozen=True)
class Page:
    """What a proxy before the server answers: any status, any body (server sheet 2.7)."""

    status: int
    body: str | bytes
    content_type: str = "text/html"

    def response(self) -> Response:
        return Response(self.body, self.status, media_type=self.content_type)


BAD_GATEWAY = Page(502, "<html><head><title>502 Bad Gateway</title></head></html>")
UNAVAILABLE = Page(503, "<html><body>503 Service Unavailable</body></html>")
GATEWAY_TIMEOUT = Page(504, "<html><body>504 Gateway Time-out</body></html>")
MISDIRECTED = Page(421, "<html><body>421 Misdirected Request</body></html>")
FORBIDDEN_PAGE = Page(403, "<html><body>Access denied by the administrator</body></html>")
NOT_FOUND_PAGE = Page(404, "<html><body>404 Not Found</body></html>")
PORTAL_PAGE = Page(200, "<html><body>Sign in to this network</body></html>")


def to_json(body: Any) -> bytes:
    """ASCII JSON, where bytes that are no UTF-8 stay as they are (server sheet 1.7)."""

    def unescape(found: re.Match[bytes]) -> bytes:
        return found[1] or bytes([int(found[2], 16)])

    return _ESCAPES.sub(unescape, json.dumps(body).encode())


def success(result: Any) -> Response:
    body: dict[str, Any] = {"ok": True, "result": result}
    if isinstance(result, Result):
        body = {"ok": True, "result": result.value, "description": result.description}
    return _json(body, 200)


def failure(error: ApiError) -> Response:
    """The error's body; with a wait also the header `Retry-After` (server sheet 3.1)."""
    description, headers, parameters = error.description, {}, {}
    if error.retry_after is not None:
        parameters["retry_after"] = error.retry_after
        headers["Retry-After"] = str(error.retry_after)
        if error.code == _TOO_MANY_REQUESTS:
            description = f"Too Many Requests: retry after {error.retry_after}"
    if error.migrate_to_chat_id is not None:
        parameters["migrate_to_chat_id"] = error.migrate_to_chat_id
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return _json(body, error.code, headers)


def _json(body: Any, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(to_json(body), status, headers, "application/json")
