"""Reaching Telegram: at the start, until it answers."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from bot.domain.schedule import GrowingWait
from handlers.edge import Do, Row, explain, read, told_wait

_log = logging.getLogger("hanout")

_FIRST_WAIT_SECONDS: Final = 1.0
_LONGEST_WAIT_SECONDS: Final = 5.0


class Waiting(Protocol):
    """Waits that end early where the shop is to stop."""

    def is_set(self) -> bool: ...

    async def wait(self, seconds: float) -> None: ...


async def reach(connect: Callable[[], Awaitable[None]], stopping: Waiting) -> Row | None:
    """Connect until that works, or the shop is to stop; a row says why it never will."""
    wait = GrowingWait(_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS)
    while not stopping.is_set():
        try:
            await connect()
        except Exception as error:  # also an answer of somebody else that the library fails on
            row = read(error)
            if row.start is Do.GIVE_UP:
                return row
            seconds = told_wait(error) if row.start is Do.WAIT_AS_TOLD else wait.longer()
            _log.warning("Telegram: %s; trying again in %.0f s", explain(error), seconds)
            await stopping.wait(seconds)
        else:
            break
    return None
