"""Telegram takes about 30 messages a second of one bot: what can wait leaves room for answers."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

from telegram.ext import BaseRateLimiter

PATIENT: Final = True  # as `rate_limit_args`: this message may wait for its turn
_A_SECOND: Final = 22  # messages in a second after which those that can wait do
_LONGEST_WAIT_SECONDS: Final = 5.0
_STEP_SECONDS: Final = 0.05


class Pace(BaseRateLimiter[bool]):
    """Counts what goes out. Whoever pressed a button is answered at once; the outbox waits its turn.

    What Telegram says itself (429) stands above this: it comes back as an error with its time.
    """

    def __init__(self, a_second: int = _A_SECOND) -> None:
        self._a_second = a_second
        self._sent: deque[float] = deque()
        self._turn = asyncio.Lock()

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
                async with self._turn:
                    await self._wait()
                    self._sent.append(time.monotonic())
            else:
                self._sent.append(time.monotonic())
        return await callback(*args, **kwargs)

    async def _wait(self) -> None:
        began = time.monotonic()
        while (now := time.monotonic()) - began < _LONGEST_WAIT_SECONDS:
            while self._sent and self._sent[0] < now - 1.0:
                self._sent.popleft()
            if len(self._sent) < self._a_second:
                return
            await asyncio.sleep(_STEP_SECONDS)
