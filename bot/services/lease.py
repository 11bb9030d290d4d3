"""Until when this process surely leads the shop: outside calls that must be made once ask it first."""

from collections.abc import Callable
from math import inf

from bot.errors import NotLeading


class Lease:
    """Endless, until somebody renews it for a time. `monotonic` goes on while a process stands still."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._until = inf

    def renew(self, until: float) -> None:
        """It holds until then, monotonic."""
        self._until = until

    def end(self) -> None:
        """It does not hold, until it is renewed."""
        self._until = -inf

    @property
    def holds(self) -> bool:
        return self._monotonic() < self._until

    def check(self) -> None:
        """Raises NotLeading where it does not hold."""
        if not self.holds:
            raise NotLeading("this process does not surely lead the shop now")
