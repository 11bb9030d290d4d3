"""Whose turn it is to send: strict classes over one rate, fair between people inside a class.

Nothing here knows Telegram's library or makes a call; `handlers.rate_limiter` does.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Final, Protocol

from handlers.priorities import Priority

# Together at most 28 in any second, below the 30 that Telegram publishes: messages bunch up on
# their way.
RATE: Final = 24.0
BURST: Final = 4.0
# Answers to one person's texts: one message a second, the pace that Telegram publishes for a chat.
SHARE_RATE: Final = 1.0
SHARE_BURST: Final = 5.0
# Places of the burst that a class leaves free, so that a higher class finds one at once.
_LEFT_FREE: Final = {Priority.DELIVERY: 0.0, Priority.PRESS: 1.0, Priority.TEXT: 2.0}
_LEFT_FREE_BY_NEWS: Final = 3.0
# Telegram publishes no figure for edits; news makes room for so many calls a second of all kinds.
_CALLS_RATE: Final = 30.0
_MOST_CALLS_OWED: Final = 15.0
# An advert goes where fewer messages than these went out in the last second, and nothing else waits.
QUIET: Final = 10
_ADVERT_LOOKS_SECONDS: Final = 0.1
_NEWS_WAITS_SECONDS: Final = 5.0  # then it ranks with answers to texts, so that a flood ends
_MOST_PEOPLE: Final = 10_000


class Bucket:
    """A rate with a burst: `level` says how many calls may be made now, as a fraction."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = self._level = burst
        self._at = float("-inf")

    def level(self, now: float) -> float:
        if now > self._at:
            gained = (now - self._at) * self._rate
            self._level = min(self._burst, self._level + gained)
            self._at = now
        return self._level

    def take(self, now: float, *, at_least: float = float("-inf")) -> None:
        """Count one call; the level never falls below `at_least`."""
        self._level = max(at_least, self.level(now) - 1.0)

    def ready_at(self, now: float, needed: float) -> float:
        """When the level is `needed`; now, if it is already."""
        return now + max(0.0, needed - self.level(now)) / self._rate


@dataclass(eq=False, slots=True)
class Turn:
    """A message that waits. `person` pays for it, `chat` gets it; times are monotonic seconds."""

    priority: Priority
    person: int
    chat: int
    since: float
    granted: "asyncio.Future[None]" = field(repr=False)

    def rank(self, now: float) -> Priority:
        aged = self.priority is Priority.NEWS and now - self.since >= _NEWS_WAITS_SECONDS
        return Priority.TEXT if aged else self.priority


class Gate(Protocol):
    """What the queue asks before it grants a turn, and tells when it has; monotonic seconds."""

    def opens_at(self, chat: int, priority: Priority) -> float:
        """Until when a chat takes nothing of a class; a time of the past if it is open."""
        ...

    def note_attempt(self, now: float) -> None:
        """A message is going to be sent now."""
        ...


class OutgoingQueue:
    """Grants turns, where the gate is open."""

    def __init__(
        self,
        gate: Gate,
        rate: float = RATE,
        burst: float = BURST,
        share_rate: float = SHARE_RATE,
        quiet: int = QUIET,
    ) -> None:
        self._gate = gate
        self._share_rate = share_rate
        self._messages = Bucket(rate, burst)
        self._calls = Bucket(max(rate, _CALLS_RATE), burst)
        self._turns: list[Turn] = []
        self._lately: deque[float] = deque(maxlen=quiet)  # when the last messages went out
        self._shares: dict[int, Bucket] = {}
        self._served: dict[int, float] = {}  # by person: when they were last granted a turn
        self._timer: asyncio.TimerHandle | None = None

    def count_edit(self, now: float) -> None:
        """Count an edit. It waits for nobody; news makes room for it."""
        self._calls.take(now, at_least=-_MOST_CALLS_OWED)

    async def wait(self, priority: Priority, person: int, chat: int) -> None:
        """Wait for a turn to send one message. The caller limits how long, by cancelling."""
        loop = asyncio.get_running_loop()
        turn = Turn(priority, person, chat, loop.time(), loop.create_future())
        self._turns.append(turn)
        self._grant_turns()
        try:
            await turn.granted
        finally:
            if turn in self._turns:
                self._turns.remove(turn)

    def _grant_turns(self) -> None:
        """Grant what may be sent now, and come back when the next one may."""
        now = asyncio.get_running_loop().time()
        while (turn := self._next(now)) is not None:
            self._turns.remove(turn)
            self._messages.take(now)
            self._lately.append(now)
            self._gate.note_attempt(now)
            self._calls.take(now, at_least=-_MOST_CALLS_OWED)
            if turn.priority is Priority.TEXT:
                self._share(turn.person).take(now)
            self._note_served(turn.person, now)
            if not turn.granted.done():
                turn.granted.set_result(None)
        self._come_back(now)

    def _next(self, now: float) -> Turn | None:
        """The first of the highest class; of its people, the one who was served longest ago."""
        free = self._messages.level(now)
        may_go = [
            t for t in self._turns if free >= _needed(t.rank(now)) and self._at(t, now) <= now
        ]
        return min(
            may_go,
            # Who was never served counts as served when they came: a crowd of new people goes last.
            key=lambda t: (t.rank(now), self._served.get(t.person, t.since), t.since),
            default=None,
        )

    def _at(self, turn: Turn, now: float) -> float:
        """When a turn may be granted at the earliest."""
        rank = turn.rank(now)
        at = max(
            self._gate.opens_at(turn.chat, turn.priority),
            self._messages.ready_at(now, _needed(rank)),
        )
        if turn.priority is Priority.TEXT:
            at = max(at, self._share(turn.person).ready_at(now, 1.0))
        if rank is Priority.ADVERT:
            at = max(at, self._quiet_at(now), self._calls.ready_at(now, 1.0))
        if rank is Priority.NEWS:
            aged_at = turn.since + _NEWS_WAITS_SECONDS
            at = max(at, min(aged_at, self._calls.ready_at(now, 1.0)))
        return at

    def _quiet_at(self, now: float) -> float:
        """When an advert may go at the earliest: while anything else waits, that is looked at again soon."""
        if any(turn.priority is not Priority.ADVERT for turn in self._turns):
            return now + _ADVERT_LOOKS_SECONDS
        return self._lately[0] + 1.0 if len(self._lately) == self._lately.maxlen else now

    def _come_back(self, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._turns:
            at = min(self._at(turn, now) for turn in self._turns)
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(at, now + 0.001), self._grant_turns)

    def wake(self) -> None:
        """Look again: a chat may be open or closed now."""
        if self._turns:
            self._grant_turns()

    def close(self) -> None:
        """Grant nothing more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _share(self, person: int) -> Bucket:
        if person not in self._shares:
            if len(self._shares) >= _MOST_PEOPLE:
                del self._shares[next(iter(self._shares))]
            self._shares[person] = Bucket(self._share_rate, SHARE_BURST)
        return self._shares[person]

    def _note_served(self, person: int, now: float) -> None:
        self._served.pop(person, None)
        if len(self._served) >= _MOST_PEOPLE:
            del self._served[next(iter(self._served))]
        self._served[person] = now


def _needed(rank: Priority) -> float:
    """The level at which a class may send: one place for the call, and what it leaves free."""
    return 1.0 + _LEFT_FREE.get(rank, _LEFT_FREE_BY_NEWS)
