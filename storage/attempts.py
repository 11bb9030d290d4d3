"""How often a transaction is tried that left nothing behind: only for so long as nobody notices it."""

from collections.abc import Callable
from typing import Final

from bot.domain.schedule import GrowingWait
from bot.errors import StorageConflict, StorageFailure, StorageOutage

_CONFLICTS: Final = 6
_CONFLICT_WAITS_SECONDS: Final = (0.01, 0.2)
_OUTAGE_SECONDS: Final = 2.0  # a longer one is answered: the person may press again
_OUTAGE_WAITS_SECONDS: Final = (0.02, 0.25)


class Attempts:
    """The attempts of one transaction. `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._began = monotonic()
        self._conflicts = 0
        self._conflict_wait = GrowingWait(*_CONFLICT_WAITS_SECONDS)
        self._outage_wait = GrowingWait(*_OUTAGE_WAITS_SECONDS)

    def wait_after(self, failure: StorageFailure) -> float | None:
        """The seconds until it is tried again; None: it is given up."""
        if isinstance(failure, StorageConflict):
            self._conflicts += 1
            return self._conflict_wait.longer() if self._conflicts < _CONFLICTS else None
        if isinstance(failure, StorageOutage) and self._monotonic() - self._began < _OUTAGE_SECONDS:
            return self._outage_wait.longer()
        return None
