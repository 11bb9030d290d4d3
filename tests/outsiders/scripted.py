"""A Telegram that hands out the updates it is given, byte for byte, and takes every call: as small as it can be.

Offsets are those of the official server: a higher one forgets what is below it; one far beyond the newest is ignored.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import httpx

from tests.outsiders.specification import methods

_ME = {"id": 7_000_000_001, "is_bot": True, "first_name": "Hanout", "username": "HanoutShopBot"}
_BEYOND = 10  # an offset so far past the newest update is ignored
_MOMENT = 1_795_600_000


@dataclass(frozen=True)
class Sent:
    """A call of the shop: what it was, in which chat, or about which press."""

    method: str
    chat_id: int
    query_id: str


@dataclass
class ScriptedTelegram(httpx.AsyncBaseTransport):
    limit: int = 100
    queue: list[tuple[int, bytes]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    # Chats that are told to wait (429), and how long: each message and each edit there.
    waits: dict[int, int] = field(default_factory=dict)
    refused: Counter[int] = field(default_factory=Counter)
    _messages: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        self.calls[method] += 1
        raw = await request.aread()
        uploads = "multipart" in request.headers.get("content-type", "")
        form = {} if uploads else _form(raw)
        if method == "getUpdates":
            return self._updates(request, form)
        chat_id = int(form.get("chat_id", "0"))
        if chat_id in self.waits:
            self.refused[chat_id] += 1
            return _too_many(request, self.waits[chat_id])
        self.sent.append(Sent(method, chat_id, form.get("callback_query_id", "")))
        body = json.dumps({"ok": True, "result": self._result(method, form)}).encode()
        return httpx.Response(200, content=body, request=request)

    def confirm(self, offset: int) -> None:
        """Forget what is below an offset, unless it lies far beyond the newest update."""
        if self.queue and offset and offset <= max(n for n, _ in self.queue) + _BEYOND:
            self.queue = [(n, raw) for n, raw in self.queue if n >= offset]

    def _updates(self, request: httpx.Request, form: dict[str, str]) -> httpx.Response:
        self.confirm(int(form.get("offset", "0")))
        limit = min(self.limit, int(form.get("limit", "100")))
        body = b",".join(raw for _, raw in self.queue[:limit])
        return httpx.Response(200, content=b'{"ok":true,"result":[%b]}' % body, request=request)

    def _result(self, method: str, form: dict[str, str]) -> object:
        if method == "getMe":
            return _ME
        if "Message" not in methods()[method]["returns"]:
            return True
        self._messages += 1
        chat = {"id": int(form.get("chat_id", "0")), "type": "private", "first_name": "L"}
        number = int(form.get("message_id", 10**6 + self._messages))
        return {"message_id": number, "date": _MOMENT, "chat": chat, "from": _ME, "text": "x"}


def _too_many(request: httpx.Request, seconds: int) -> httpx.Response:
    told = {
        "ok": False,
        "error_code": 429,
        "description": f"Too Many Requests: retry after {seconds}",
        "parameters": {"retry_after": seconds},
    }
    return httpx.Response(429, content=json.dumps(told).encode(), request=request)


def _form(raw: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(raw.decode()).items()}
