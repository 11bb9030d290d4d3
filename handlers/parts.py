"""A message that takes several calls: once the first was made, the others follow, and none is made twice."""

from asyncio import get_running_loop, sleep
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from telegram.error import RetryAfter

from handlers.edge import wait_of

_PATIENCE_SECONDS: Final = 20.0  # for all calls after the first

_Sent = TypeVar("_Sent")


class Parts:
    """The calls of one message, in order.

    Whoever repeats a message because its chat takes nothing begins anew, and where a chat takes one
    message a second a second call would never come to its turn. So what Telegram asks to wait is
    waited for here, between two parts.
    """

    def __init__(self) -> None:
        self._until: float | None = None  # None: no call was made

    async def send(self, call: Callable[[], Awaitable[_Sent]]) -> _Sent:
        """Make a call. Raises what it raises, and RetryAfter for the first, or where it would take too long."""
        loop = get_running_loop()
        while True:
            try:
                sent = await call()
            except RetryAfter as error:
                seconds = wait_of(error)
                if self._until is None or loop.time() + seconds > self._until:
                    raise
                await sleep(seconds)
            else:
                self._until = self._until or loop.time() + _PATIENCE_SECONDS
                return sent
