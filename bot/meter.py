"""Where the parts of the shop report what happens, for those who count it. Nothing is counted here.

All names that are reported come from short fixed lists: no ids, no texts. What counts must be quick
and raise nothing.
"""

from typing import Final, Protocol


class Meter(Protocol):
    """Durations are seconds."""

    def update_handled(self, kind: str, outcome: str, seconds: float) -> None:
        """An update has passed all middleware; `seconds` since it came out of the queue."""
        ...

    def supplier_called(self, supplier: str, operation: str, outcome: str, seconds: float) -> None:
        """One request to a supplier has ended, with or without an answer."""
        ...

    def telegram_called(self, group: str, code: str, seconds: float) -> None:
        """One request to Telegram has ended; `code` is the HTTP status or says why there is none."""
        ...

    def sweep_begun(self, sweep: str, lag_seconds: float) -> None:
        """A run begins, so long after it was due."""
        ...

    def sweep_ended(self, sweep: str, *, failed: bool) -> None: ...

    def order_ended(self, supplier: str, outcome: str) -> None:
        """An order has reached its final state, and that is committed."""
        ...


class _NoMeter:
    def update_handled(self, kind: str, outcome: str, seconds: float) -> None:
        pass

    def supplier_called(self, supplier: str, operation: str, outcome: str, seconds: float) -> None:
        pass

    def telegram_called(self, group: str, code: str, seconds: float) -> None:
        pass

    def sweep_begun(self, sweep: str, lag_seconds: float) -> None:
        pass

    def sweep_ended(self, sweep: str, *, failed: bool) -> None:
        pass

    def order_ended(self, supplier: str, outcome: str) -> None:
        pass


NO_METER: Final[Meter] = _NoMeter()
