"""Until when this process surely leads the shop: outside calls that must be made once ask it first."""

from math import inf
from typing import Final

from bot.errors import NotLeading
from bot.ports import Clock

_LOOK_SECONDS: Final = 0.05  # between two looks whether it holds again


class Lease:
    """Endless, until somebody renews it for a time. The monotonic clock goes on while a process stands still."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until = inf

    def renew(self, until: float) -> None:
        """It holds until then, monotonic."""
        self._until = until

    def end(self) -> None:
        """It does not hold, until it is renewed."""
        self._until = -inf

    @property
    def holds(self) -> bool:
        return self._clock.monotonic() < self._until

    def check(self) -> None:
        """Raises NotLeading where it does not hold."""
        if not self.holds:
            raise NotLeading("this process does not surely lead the shop now")

    async def wait(self) -> None:
        """Until it holds; for ever where another process leads now."""
        while not self.holds:
            await self._clock.sleep(_LOOK_SECONDS)
