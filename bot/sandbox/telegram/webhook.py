"""setWebhook, and the delivery of updates by HTTP POST (server sheet 5)."""

import asyncio
import json
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.sandbox.telegram.polling import WEBHOOK_SET, Polling
from bot.sandbox.telegram.responses import Result, to_json
from bot.sandbox.telegram.rules import bad, too_many
from bot.sandbox.telegram.update_queue import DEFAULT_KINDS, Update, UpdateQueue
from bot.sandbox.telegram.values import Values, boolean, integer

DEFAULT_CONNECTIONS = 40
MAX_CONNECTIONS = 100
_MAX_SECRET_LENGTH = 256
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_PORTS = (80, 88, 443, 8443)
_MAX_RETRY_AFTER = 3600
_GONE = 410
_GONE_SECONDS = 23 * 3600
_ANSWER_SECONDS = 60.0  # unproven: how long the server waits for an answer
_NOT_EXECUTED = ("setwebhook", "deletewebhook", "close", "logout")

Execute = Callable[[str, Values], Awaitable[None]]


@dataclass
class _Sender:
    """The chat, or user, whose updates go one at a time."""

    failures: int = 0
    next_try: float = 0.0
    busy: bool = False


class Webhook:
    """Delivers the queue to `url` while one is set. `local`: as a local server, which takes http.

    `transport` replaces the network in tests; `repeat_seconds` and `cap_seconds` may be shortened.
    """

    def __init__(self, queue: UpdateQueue, polling: Polling) -> None:
        self._queue = queue
        self._polling = polling
        self.url = ""
        self.secret = ""
        self.max_connections = DEFAULT_CONNECTIONS
        self.ip_address = ""
        self.local = False
        self.transport: httpx.AsyncBaseTransport | None = None
        self.execute: Execute | None = None  # runs a method that came as the body of an answer
        self.repeat_seconds = 2.0
        self.cap_seconds = (60.0, 120.0)
        self.last_error: tuple[int, str] | None = None
        self._senders: dict[str, _Sender] = {}
        self._gone_since: float | None = None
        self._next_set = 0.0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def set(self, values: Values) -> Result:
        """Set the webhook; an empty address deletes it. Raises ApiError."""
        url = str(values.get("url", ""))
        if not url:
            return self.delete(values)
        if (now := asyncio.get_running_loop().time()) < self._next_set:
            raise too_many(1)
        self._check_url(url)
        secret = str(values.get("secret_token", ""))
        if len(secret) > _MAX_SECRET_LENGTH:
            raise bad("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        self._next_set = now + 1.0
        connections = integer(values.get("max_connections", DEFAULT_CONNECTIONS))
        new = (url, secret, min(max(connections, 1), MAX_CONNECTIONS))
        changed = new != (self.url, self.secret, self.max_connections)
        self.url, self.secret, self.max_connections = new
        self.ip_address = str(values.get("ip_address", ""))
        self._prepare(values)
        self._polling.cut(WEBHOOK_SET)
        self._start()
        return Result(True, "Webhook was set" if changed else "Webhook is already set")

    def delete(self, values: Values) -> Result:
        was_set, self.url, self.secret = bool(self.url), "", ""
        self._prepare(values)
        self.stop()
        return Result(True, "Webhook was deleted" if was_set else "Webhook is already deleted")

    def _check_url(self, url: str) -> None:
        parts = urlsplit(url)
        if self.local and parts.scheme in ("http", "https") and parts.hostname:
            return
        if parts.scheme != "https" or not parts.hostname:
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in _PORTS:
            raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")

    def _prepare(self, values: Values) -> None:
        if "allowed_updates" in values:
            self._queue.allow(values["allowed_updates"])
        if boolean(values.get("drop_pending_updates")):
            self._queue.items = []

    def info(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._queue.items),
        }
        if self.last_error is not None:
            told["last_error_date"], told["last_error_message"] = self.last_error
        if self.url:
            told["max_connections"] = self.max_connections
            if self.ip_address:
                told["ip_address"] = self.ip_address
        if self._queue.allowed != DEFAULT_KINDS:
            told["allowed_updates"] = sorted(self._queue.allowed)
        return told

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = None

    async def close(self) -> None:
        """Stop, and wait until no delivery is on its way."""
        task = self._task
        self.stop()
        if task is not None:
            await asyncio.wait([task])

    def _start(self) -> None:
        self.stop()
        self._senders.clear()
        self._gone_since, self.last_error = None, None
        self._task = asyncio.create_task(self._deliver())

    async def _deliver(self) -> None:
        async with (
            httpx.AsyncClient(
                transport=self.transport, timeout=_ANSWER_SECONDS, trust_env=False
            ) as client,
            asyncio.TaskGroup() as posts,
        ):
            while True:
                self._wake.clear()
                for update, sender in self._due():
                    sender.busy = True
                    posts.create_task(self._post(client, update, sender))
                try:
                    await asyncio.wait_for(self._wake.wait(), self._pause())
                except TimeoutError:
                    continue

    def _due(self) -> list[tuple[Update, _Sender]]:
        """The first update of each chat that is neither busy nor waiting for its next try."""
        now, due, seen = asyncio.get_running_loop().time(), [], set()
        free = self.max_connections - sum(sender.busy for sender in self._senders.values())
        for update in self._queue.items:
            key = _sender_key(update)
            if key in seen:
                continue
            seen.add(key)
            sender = self._senders.setdefault(key, _Sender())
            if not sender.busy and sender.next_try <= now:
                due.append((update, sender))
        return due[: max(0, free)]

    def _pause(self) -> float:
        """Seconds until the next try; at most one, since updates expire by the world's time."""
        tries = [s.next_try for s in self._senders.values() if s.failures and not s.busy]
        now = asyncio.get_running_loop().time()
        return max(0.001, min([1.0, *(at - now for at in tries)]))

    async def _post(self, client: httpx.AsyncClient, update: Update, sender: _Sender) -> None:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.secret
        try:
            answer = await client.post(self.url, content=to_json(update), headers=headers)
        except httpx.HTTPError as error:
            self._failed(sender, str(error) or type(error).__name__, None)
        else:
            await self._answered(update, sender, answer)
        finally:
            sender.busy = False
            self._wake.set()

    async def _answered(self, update: Update, sender: _Sender, answer: httpx.Response) -> None:
        if answer.is_success:
            sender.failures, sender.next_try, self._gone_since = 0, 0.0, None
            number = update["update_id"]
            self._queue.items = [u for u in self._queue.items if u["update_id"] != number]
            await self._execute(answer)
            return
        self._failed(
            sender,
            f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}",
            answer.headers.get("Retry-After"),
        )
        if answer.status_code != _GONE:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = self._queue.now()
        elif self._queue.now() - self._gone_since > _GONE_SECONDS:
            self.delete({})

    def _failed(self, sender: _Sender, reason: str, retry_after: str | None) -> None:
        self.last_error = (int(self._queue.now()), reason)
        wait = 0.0 if not sender.failures else self.repeat_seconds * 2 ** (sender.failures - 1)
        wait = min(wait, random.uniform(*self.cap_seconds))
        if retry_after is not None and retry_after.strip().isdecimal():
            wait = float(min(int(retry_after), _MAX_RETRY_AFTER))
        sender.failures += 1
        sender.next_try = asyncio.get_running_loop().time() + wait

    async def _execute(self, answer: httpx.Response) -> None:
        """Run the method in the body of an answer, if there is one; its result is never told."""
        try:
            body = json.loads(answer.content)
        except ValueError:
            return
        method = str(body.pop("method", "")).lower() if isinstance(body, dict) else ""
        told = method and not method.startswith("get") and method not in _NOT_EXECUTED
        if told and self.execute is not None:
            await self.execute(method, body)


def _sender_key(update: Update) -> str:
    """Presses and checkouts go in order for their user, all else for its chat (server sheet 5.3)."""
    body: dict[str, Any] = next((v for v in update.values() if isinstance(v, dict)), {})
    chat = body.get("chat")
    if isinstance(chat, dict):
        return f"chat {chat.get('id')}"
    sender = body.get("from")
    return f"user {sender.get('id')}" if isinstance(sender, dict) else "nobody"
