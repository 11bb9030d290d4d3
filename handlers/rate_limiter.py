"""Telegram takes about 30 messages a second of one bot: what can wait leaves room for answers."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

from telegram.ext import BaseRateLimiter

CAN_WAIT: Final = True  # as `rate_limit_args`: this message may wait for its turn
_A_SECOND: Final = 20  # messages in a second after which those that can wait do
# After these answers wait, too: fewer than Telegram takes, for on the way some catch up with others.
_AT_MOST: Final = 26
_LONGEST_WAIT_SECONDS: Final = 5.0
_STEP_SECONDS: Final = 0.05


class OutgoingRateLimiter(BaseRateLimiter[bool]):
    """Counts what goes out. Whoever pressed a button is answered first; the outbox waits its turn.

    What Telegram says itself (429) stands above this: it comes back as an error with its time.
    """

    def __init__(self, a_second: int = _A_SECOND, at_most: int = _AT_MOST) -> None:
        self._a_second = a_second
        self._at_most = at_most
        self._sent: deque[float] = deque()
        self._answers, self._news = asyncio.Lock(), asyncio.Lock()  # each in the order they came

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],  # noqa: ARG002 - the signature is the library's
        rate_limit_args: bool | None,
    ) -> Any:
        if endpoint.startswith(("send", "forward", "copy")) and endpoint != "sendChatAction":
            if rate_limit_args:
                await self._take(self._news, self._a_second)
            else:
                await self._take(self._answers, self._at_most)
        return await callback(*args, **kwargs)

    async def _take(self, turn: asyncio.Lock, limit: int) -> None:
        async with turn:
            for _ in range(round(_LONGEST_WAIT_SECONDS / _STEP_SECONDS)):
                if self._is_free(turn, limit):
                    break
                await asyncio.sleep(_STEP_SECONDS)
            self._sent.append(time.monotonic())

    def _is_free(self, turn: asyncio.Lock, limit: int) -> bool:
        now = time.monotonic()
        while self._sent and self._sent[0] < now - 1.0:
            self._sent.popleft()
        answers_wait = turn is self._news and self._answers.locked()
        return len(self._sent) < limit and not answers_wait
