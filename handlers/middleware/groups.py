"""When a command in a group is answered: seldom, so that no group is a way to slow the shop down."""

import time
from collections.abc import Callable
from typing import Final

from handlers.outgoing_queue import Bucket

_EVERY_SECONDS: Final = 600.0  # one answer for each group
# All groups together: whoever adds the shop to a thousand groups gets few answers a second.
_RATE, _BURST = 0.5, 5.0
_MOST_REMEMBERED: Final = 10_000


class GroupAnswers:
    """`monotonic` gives seconds that never run backwards. In memory only."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._answered: dict[int, float] = {}  # by group, the oldest answer first
        self._all = Bucket(_RATE, _BURST)

    def may_answer(self, chat_id: int) -> bool:
        """Whether a command in this group is answered now; if so, it counts as answered."""
        now = self._monotonic()
        if now - self._answered.get(chat_id, float("-inf")) < _EVERY_SECONDS:
            return False
        if self._all.level(now) < 1.0:
            return False
        self._all.take(now)
        self._answered.pop(chat_id, None)
        if len(self._answered) >= _MOST_REMEMBERED:
            del self._answered[next(iter(self._answered))]
        self._answered[chat_id] = now
        return True
