"""Sends every call in the order of its class, and waits where Telegram says so (429).

`OutgoingQueue` says whose turn it is. Source of what Telegram counts and answers: its FAQ
("My bot is hitting limits") and core.telegram.org/bots/api#responseparameters.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from handlers.closures import Closures
from handlers.edge import wait_of
from handlers.outgoing_queue import BURST, QUIET, RATE, SHARE_RATE, OutgoingQueue
from handlers.priorities import Priority, current_cause

_log = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS: Final = 60.0  # of an answer; what Telegram wants to wait longer is given up
# A call without a chat, such as the answer to a press: its chat is not kept waiting for it.
_SIDE_CALL_WAITS_SECONDS: Final = 2.0
# The payer is told after ten that the shop did not answer. A 429 that says no time counts as five (handlers/edge.py).
_CHECKOUT_WAITS_SECONDS: Final = 7.0


class OutgoingRateLimiter(BaseRateLimiter[Priority]):
    """The class of a call is its `rate_limit_args`, else that of the update that caused it.

    Messages wait for their turn; edits wait only while their chat is closed, and all other calls go
    at once. After a 429, an answer waits and is sent once more, within sixty seconds. Calls of
    the outbox wait for no closed chat: they raise RetryAfter, and the outbox stores the time.
    """

    def __init__(
        self,
        rate: float = RATE,
        burst: float = BURST,
        share_rate: float = SHARE_RATE,
        quiet: int = QUIET,
    ) -> None:
        self._closures = Closures()
        self._opened = asyncio.Event()  # set, and replaced, when the guess that all are closed ends
        self._queue = OutgoingQueue(self._closures, rate, burst, share_rate, quiet)

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        self._queue.close()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Priority | None,
    ) -> Any:
        """Make the call. Raises what it raises, and RetryAfter where it would wait too long."""
        call = _Call(endpoint, data, rate_limit_args)
        patience = _CHECKOUT_WAITS_SECONDS if call.is_checkout else LONGEST_WAIT_SECONDS
        until = asyncio.get_running_loop().time() + patience
        await self._wait(call, until)
        try:
            return await self._make(call, callback, args, kwargs)
        except RetryAfter as error:
            seconds = wait_of(error)
            now = asyncio.get_running_loop().time()
            if not (call.is_checkout or call.priority.is_answer) or now + seconds > until:
                raise
            if call.chat is None:
                if seconds > _SIDE_CALL_WAITS_SECONDS and not call.is_checkout:
                    raise
                await asyncio.sleep(seconds)
        await self._wait(call, until)
        return await self._make(call, callback, args, kwargs)

    async def _make(
        self,
        call: "_Call",
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
    ) -> Any:
        """Make the call, and note what its end says about which chats are open."""
        began = asyncio.get_running_loop().time()
        try:
            made = await callback(*args, **kwargs)
        except RetryAfter as error:
            self._note(call, wait_of(error))
            raise
        if call.chat is not None and self._closures.note_success(call.chat, began):
            _log.warning("Telegram takes messages again: only single chats were meant")
            self._opened.set()
            self._opened = asyncio.Event()
            self._queue.wake()
        return made

    def _note(self, call: "_Call", seconds: float) -> None:
        if call.chat is None:
            return
        for_all = self._closures.note(call.chat, seconds, asyncio.get_running_loop().time())
        _log.warning(
            "Telegram wants %.0f s without messages to %s",
            seconds,
            "anybody" if for_all else "one chat",
        )
        self._queue.wake()

    async def _wait(self, call: "_Call", until: float) -> None:
        """Wait until a call may be made. Raises RetryAfter where that would be too late."""
        if call.chat is None or call.is_checkout:
            return
        loop = asyncio.get_running_loop()
        closed_for = self._closures.opens_at(call.chat, call.priority) - loop.time()
        if closed_for > 0 and (not call.priority.is_answer or loop.time() + closed_for > until):
            raise RetryAfter(timedelta(seconds=closed_for))
        try:
            async with asyncio.timeout_at(until):
                if call.is_message:
                    await self._queue.wait(call.priority, call.person, call.chat)
                else:
                    await self._wait_to_edit(call.chat, call.priority)
        except TimeoutError:
            raise RetryAfter(timedelta(seconds=1)) from None

    async def _wait_to_edit(self, chat: int, priority: Priority) -> None:
        loop = asyncio.get_running_loop()
        while (closed_for := self._closures.opens_at(chat, priority) - loop.time()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(closed_for):
                    await self._opened.wait()
        self._closures.note_attempt(loop.time())
        self._queue.count_edit(loop.time())


class _Call:
    """What the limiter has to know about a call of the Bot API."""

    def __init__(self, endpoint: str, data: dict[str, Any], given: Priority | None) -> None:
        cause = current_cause()
        self.is_checkout = endpoint == "answerPreCheckoutQuery"
        self.priority = Priority.CHECKOUT if self.is_checkout else given or cause.priority
        self.is_message = (
            endpoint.startswith(("send", "forward", "copy")) and endpoint != "sendChatAction"
        )
        counts = self.is_message or endpoint.startswith("edit")
        chat = data.get("chat_id") if counts else None
        self.chat = chat if isinstance(chat, int) else None
        self.person = cause.person if cause.person is not None else self.chat or 0
