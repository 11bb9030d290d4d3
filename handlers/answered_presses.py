"""Which presses are answered, and what is known of answers that failed: the latest ones, in memory."""

from typing import Final

_MAX_REMEMBERED: Final = 10_000


class AnsweredPresses:
    """The ids of presses that were answered, and of those whose answer failed."""

    def __init__(self) -> None:
        self._answered: dict[str, None] = {}  # the oldest first
        # Of each failed answer: whether Telegram may have taken it all the same.
        self._failed: dict[str, tuple[bool, ...]] = {}

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

    def note_failure(self, query_id: str, *, unsure: bool) -> int:
        """Remember that an answer failed, and return how many did. `unsure`: it may have been taken."""
        failed = (*self._failed.pop(query_id, ()), unsure)
        if len(self._failed) >= _MAX_REMEMBERED:
            del self._failed[next(iter(self._failed))]
        self._failed[query_id] = failed
        return len(failed)

    def may_be_taken(self, query_id: str) -> bool:
        """Whether Telegram may have taken an answer that failed: it takes no second one."""
        return any(self._failed.get(query_id, ()))
