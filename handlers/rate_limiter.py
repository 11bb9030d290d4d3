"""Keeps outgoing messages below the 30 a second that Telegram accepts; answers go first."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Final

from telegram.ext import BaseRateLimiter

CAN_WAIT: Final = True  # for `rate_limit_args`: this message may wait for answers to go first
_OUTBOX_RATE: Final = 20  # messages a second at which those that can wait begin to wait
# At this rate answers wait, too. It is below 30 because messages bunch up on their way.
_TOTAL_RATE: Final = 26
_LONGEST_WAIT_SECONDS: Final = 5.0
_STEP_SECONDS: Final = 0.05


class OutgoingRateLimiter(BaseRateLimiter[bool]):
    """Delays messages above the rates. Answers to customers go before messages of the outbox.

    The first message of each queue waits at most five seconds. Telegram's own limit (429) is not
    handled here: the caller gets it as an error with the time to wait.
    """

    def __init__(self, outbox_rate: int = _OUTBOX_RATE, total_rate: int = _TOTAL_RATE) -> None:
        self._outbox_rate = outbox_rate
        self._total_rate = total_rate
        self._sent: deque[float] = deque()
        # Two queues: a lock is given to those who wait in the order they came.
        self._answers, self._outbox = asyncio.Lock(), asyncio.Lock()

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
                await self._wait_for(self._outbox, self._outbox_rate)
            else:
                await self._wait_for(self._answers, self._total_rate)
        return await callback(*args, **kwargs)

    async def _wait_for(self, queue: asyncio.Lock, limit: int) -> None:
        async with queue:
            for _ in range(round(_LONGEST_WAIT_SECONDS / _STEP_SECONDS)):
                if self._is_free(queue, limit):
                    break
                await asyncio.sleep(_STEP_SECONDS)
            self._sent.append(time.monotonic())

    def _is_free(self, queue: asyncio.Lock, limit: int) -> bool:
        now = time.monotonic()
        while self._sent and self._sent[0] < now - 1.0:
            self._sent.popleft()
        answers_wait = queue is self._outbox and self._answers.locked()
        return len(self._sent) < limit and not answers_wait
