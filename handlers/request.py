"""The HTTP requests to Telegram: only what is in Telegram's own envelope is taken for its word."""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from email.utils import mktime_tz, parsedate_tz
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

from telegram.error import InvalidToken, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from bot.meter import NO_METER, Meter

_LONGEST_TEXT: Final = 200  # of a description, in the text of an error
_WAIT_SECONDS: Final = 5  # for a 429 that does not say how long
_LONGEST_WAIT_SECONDS: Final = 24 * 3600  # whatever a 429 says
# The statuses whose errors the library tells apart itself, by their descriptions.
_LIBRARYS: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT)


# What a meter is told: the kinds of methods, by how their names begin.
_GROUPS: Final = {
    "getUpdates": "poll",
    "answer": "answer",
    "send": "send",
    "copy": "send",
    "edit": "edit",
    "delete": "delete",
}
_KNOWN_STATUSES: Final = frozenset(HTTPStatus)
_NO_ANSWER: Final = "none"
_FOREIGN: Final = "foreign"

_headers: ContextVar[Mapping[str, str]] = ContextVar("headers of the last answer")


# Waits until this process may do what others see.
MayAct = Callable[[], Awaitable[None]]


async def at_once() -> None:
    """For a process that nobody can take over from."""


class ForeignPage(NetworkError):
    """An answer that is not Telegram's: HTML, or JSON without Telegram's envelope.

    `body` holds what came, for the poll that looks for the update that made it unreadable; it is
    never in the text of the error.
    """

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"somebody else's page (HTTP {status})")
        self.status = status
        self.body = body


class TornAnswer(NetworkError):
    """Telegram's answer ends before it is complete, or one update in it is no readable JSON."""

    def __init__(self) -> None:
        super().__init__("the connection broke off within an answer")


class ServerTrouble(NetworkError):
    """Telegram's own answer with a status that the library has no error for, such as 500."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(f"{status} {description}")
        self.status = status


class TokenRefused(InvalidToken):
    """Telegram's own 401: the only answer that blames the token."""


class NoSuchMethod(NetworkError):
    """Telegram's own 404: no such method, or a token that is not shaped like one."""


class TelegramRequest(HTTPXRequest):
    """Raises ForeignPage for whatever is not Telegram's answer, before the library reads it.

    The library would take a proxy's 403 for a customer who blocked the bot, its 404 for a wrong
    token, and would fail on a JSON list. `meter` is told of each request. What only reads does not wait for `may_act`.
    """

    def __init__(
        self,
        *,
        httpx_kwargs: dict[str, Any] | None = None,
        meter: Meter = NO_METER,
        may_act: MayAct = at_once,
        **kwargs: Any,
    ) -> None:
        self._meter = meter
        self._may_act = may_act
        # The library hands on no headers.
        hooks = {"event_hooks": {"response": [_note_headers]}}
        super().__init__(httpx_kwargs=(httpx_kwargs or {}) | hooks, **kwargs)

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        method = url.rpartition("/")[2]
        if not _only_reads(method, url):
            await self._may_act()
        began, code = time.perf_counter(), _NO_ANSWER
        try:
            status, body = await super().do_request(url, *args, **kwargs)
            answer = _content(url, status, body) or _envelope(status, body)
            code = _FOREIGN if answer is None else _code_of(status)
        finally:
            took, group = time.perf_counter() - began, _group_of(method)
            self._meter.telegram_called(group, code, took)
        if answer is None:
            raise ForeignPage(status, body)
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES or status in _LIBRARYS:
            return status, body
        description = str(answer["description"])
        if status == HTTPStatus.UNAUTHORIZED:
            raise TokenRefused(description[:_LONGEST_TEXT])
        if status == HTTPStatus.NOT_FOUND:
            raise NoSuchMethod(description[:_LONGEST_TEXT])
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise RetryAfter(_seconds(answer.get("parameters"), _headers.get({})))
        raise ServerTrouble(status, description)


_FILES: Final = "/file/bot"  # in the addresses of files, and of nothing else


def _only_reads(method: str, url: str) -> bool:
    return method.startswith("get") or _FILES in url


@lru_cache(maxsize=256)
def _group_of(method: str) -> str:
    """What kind of method that is; one of a few, whatever its name is."""
    return next((group for begin, group in _GROUPS.items() if method.startswith(begin)), "other")


def _code_of(status: int) -> str:
    return str(status) if status in _KNOWN_STATUSES else "other"


def _content(url: str, status: int, body: bytes) -> dict[str, Any] | None:
    """A file that was asked for has no envelope: whoever reads it compares its length."""
    is_file = _FILES in url and status == HTTPStatus.OK
    return {"ok": True, "result": len(body)} if is_file else None


def _envelope(status: int, body: bytes) -> dict[str, Any] | None:
    """The answer, where it has the shape that Telegram gives to a success or to an error."""
    try:
        # Telegram writes callback data that is no UTF-8 as it came.
        answer = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return answer if answer.get("ok") is True and "result" in answer else None
    is_error = answer.get("ok") is False and isinstance(answer.get("description"), str)
    parameters = answer.get("parameters", {})
    return answer if is_error and isinstance(parameters, dict) else None


async def _note_headers(response: Any) -> None:
    _headers.set(response.headers)


def _seconds(parameters: Any, headers: Mapping[str, str]) -> int:
    """How long a 429 asks to wait: its parameters say it, else the header Retry-After; bounded."""
    told = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if isinstance(told, bool) or not isinstance(told, int | float):
        told = _seconds_of_header(headers)
    if told > _LONGEST_WAIT_SECONDS:
        return _LONGEST_WAIT_SECONDS
    return round(told) if told > 1 else 1  # JSON's NaN is not above


def _seconds_of_header(headers: Mapping[str, str]) -> float:
    """Retry-After as a number of seconds or as a date, which is read by the sender's own clock."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return int(text[:18])
    until, now = _instant(text), _instant(headers.get("date", ""))
    if until is None:
        return _WAIT_SECONDS
    return until - (time.time() if now is None else now)


def _instant(text: str) -> float | None:
    """Seconds since 1970 of a date of HTTP; None if it is none."""
    try:
        parts = parsedate_tz(text)
        return mktime_tz(parts) if parts else None
    except (ValueError, OverflowError, TypeError):
        return None
