"""Which presses are answered, and whose answers failed: the latest ones, in memory."""

from typing import Final

_MAX_REMEMBERED: Final = 10_000


class AnsweredPresses:
    """The ids of presses that were answered, and of those whose answer failed."""

    def __init__(self) -> None:
        self._answered: dict[str, None] = {}  # the oldest first
        self._failures: dict[str, int] = {}

    def __contains__(self, query_id: str) -> bool:
        return query_id in self._answered

    def note(self, query_id: str) -> None:
        """Remember that a press is answered; forgets the oldest one if there are too many."""
        if len(self._answered) >= _MAX_REMEMBERED:
            del self._answered[next(iter(self._answered))]
        self._answered[query_id] = None

    def forget(self, query_id: str) -> None:
        """A press was not answered after all."""
        self._answered.pop(query_id, None)

    def note_failure(self, query_id: str) -> int:
        """Remember that an answer failed, and return how many did."""
        failures = self._failures.pop(query_id, 0) + 1
        if len(self._failures) >= _MAX_REMEMBERED:
            del self._failures[next(iter(self._failures))]
        self._failures[query_id] = failures
        return failures
