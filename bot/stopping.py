"""The end of the process: why it comes, with which exit status, and how long it may take."""

import asyncio
import contextlib
from time import monotonic
from typing import Final

BAD_START: Final = 1
TRY_AGAIN: Final = 75  # EX_TEMPFAIL: to be started again
LOST_LEADERSHIP: Final = TRY_AGAIN  # and stand by
BUG: Final = 70  # EX_SOFTWARE
DRAIN_SECONDS: Final = 1.5  # for everything that is at work


class StartFailure(Exception):
    """The shop cannot start, or go on, for a reason that its owner can act on."""

    def __init__(self, reason: str, exit_status: int = BAD_START) -> None:
        super().__init__(reason)
        self.exit_status = exit_status


class Stopping:
    """Whether the shop is to stop, and why, where it gives up."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._failure: StartFailure | None = None
        self._until = 0.0

    def set(self) -> None:
        """Stop in order."""
        if not self._event.is_set():
            self._until = monotonic() + DRAIN_SECONDS
        self._event.set()

    def give_up(self, reason: str, exit_status: int = BAD_START) -> None:
        """Stop in order, and end with an error that the owner can act on."""
        self._failure = StartFailure(reason, exit_status)
        self.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    def seconds_left(self) -> float:
        """How long what is at work may still take: all of it together has DRAIN_SECONDS."""
        return max(0.0, self._until - monotonic()) if self.is_set() else DRAIN_SECONDS

    async def wait(self, seconds: float | None = None) -> None:
        """Wait for the end, or so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()

    def check(self) -> None:
        """Raises StartFailure where the shop gave up."""
        if self._failure is not None:
            raise self._failure
