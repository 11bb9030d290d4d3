"""How much time has passed, as far as this process can tell: the wall clock beside monotonic time.

The wall clock may be set back or ahead while the shop runs. Whatever ends something (an order that
nobody paid, a paid one that nobody bought, what is purged) asks here how old a stamp is at least.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from bot.domain.clocks import Noted, NotedSpan
from bot.supplier_ports import ServerTime

STEP: Final = timedelta(seconds=5)  # smaller differences are those of a clock that is slewed
_NONE: Final = timedelta(0)
_SPANS_KEPT: Final = 100
# A stop of any length takes so much of monotonic time: stored in milliseconds, what came before it stays before it.
_STOP_SECONDS: Final = 0.002


@dataclass(slots=True)
class _Span:
    """A time in which the wall clock went as fast as monotonic time.

    `before`: where the wall clock stood when the span before ended. `skipped`: by how much it
    jumped ahead of that; 0 where it was set back. `passed`: how much of that really passed.
    """

    began: datetime
    began_monotonic: float
    before: datetime
    skipped: timedelta = _NONE
    passed: timedelta = _NONE

    @property
    def set_back(self) -> timedelta:
        """By how much the clock was set back when it began: stamps from the future were moved by that."""
        return max(self.before - self.began, _NONE)


@dataclass(frozen=True, slots=True)
class Step:
    """`by`: how far the wall clock was set, less than 0 for back. `until`: where it stood at the latest since then."""

    by: timedelta
    until: datetime


class Timeline:
    """What one process has seen of its wall clock. Every method looks at both clocks first."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._now, self._monotonic = now, monotonic
        self._wall, self._at = now(), monotonic()
        self._spans = [_Span(self._wall, self._at, self._wall)]
        self.steps = 0  # seen by this process, whoever looked
        self._untold: list[tuple[timedelta, _Span]] = []  # with the span that each began
        self._known: dict[str, ServerTime] = {}

    def look(self) -> bool:
        """Compare both clocks; True where the wall clock was set to another time since the last look."""
        wall, at = self._now(), self._monotonic()
        expected = self._wall + timedelta(seconds=at - self._at)
        self._wall, self._at = wall, at
        step = wall - expected
        if abs(step) < STEP:
            return False
        self._spans.append(_Span(wall, at, expected, max(step, _NONE)))
        del self._spans[:-_SPANS_KEPT]
        self.steps += 1
        self._untold.append((step, self._spans[-1]))
        return True

    def untold_steps(self) -> list[Step]:
        """The steps of which `forget_steps` does not know yet, the oldest first."""
        self.look()
        return [Step(by, self._latest_since(span)) for by, span in self._untold]

    def forget_steps(self, number: int) -> None:
        """What had to be done about so many of the oldest steps is done."""
        del self._untold[:number]

    def _latest_since(self, began: _Span) -> datetime:
        """Of a span that is kept no more, as if it was the one before the first."""
        after = [n for n, span in enumerate(self._spans, start=1) if span is began]
        later = self._spans[after[0] if after else 0 :]
        return max([self._wall, *(span.before for span in later)])

    def note(self) -> Noted:
        """What `resume` of a later process continues with."""
        self.look()
        spans = (NotedSpan(s.began, s.before, s.before + s.passed) for s in self._spans)
        known = {
            source: (theirs.time, self._wall - timedelta(seconds=self._at - theirs.at))
            for source, theirs in self._known.items()
        }
        return Noted(self._wall, tuple(spans), known)

    def resume(self, noted: Noted) -> None:
        """Continue after a stop, once, with what was noted last.

        The stop is a skip like others, and those that were seen before it count no more than they did. It ends
        now: what this process saw of its clock as it stood by, another one acted on.
        """
        self._wall, self._at = self._now(), self._monotonic()
        self._spans, self._untold = [_Span(self._wall, self._at, self._wall)], []
        first = self._spans[0]
        stopped = first.began - noted.alive
        stopped_at = first.began_monotonic - _STOP_SECONDS
        first.before = noted.alive
        first.skipped = max(stopped, _NONE)
        if stopped <= -STEP:
            self._untold.append((stopped, first))
        for source, (theirs, read) in noted.known.items():
            before = (noted.alive - read).total_seconds()
            self._known.setdefault(source, ServerTime(theirs, stopped_at - before))
        self._spans[:0] = _rebuilt(noted, stopped_at)
        del self._spans[:-_SPANS_KEPT]

    def compare(self, source: str, theirs: ServerTime) -> None:
        """Confirm by another clock how much of what our wall clock skipped has really passed.

        That clock need not be right: only how far it went between two readings counts.
        """
        self.look()
        known = self._known.get(source)
        self._known[source] = theirs
        if known is None:
            return
        more = theirs.time - known.time - timedelta(seconds=theirs.at - known.at)
        between = [s for s in self._spans if known.at < s.began_monotonic <= theirs.at]
        for span in between:
            span.passed = max(span.passed, min(span.skipped, max(more, _NONE)))
            more -= span.passed

    def difference(self, theirs: ServerTime) -> timedelta:
        """Another clock minus our wall clock, now."""
        self.look()
        return theirs.time + timedelta(seconds=self._at - theirs.at) - self._wall

    def age(self, stamp: datetime) -> timedelta:
        """How old a stamp surely is: at most as the wall clock says, and 0 if it lies in the future.

        Time that only our wall clock skipped does not count. A stamp of shortly before the clock was set
        back may have been moved then: it counts as moved.
        """
        self.look()
        passed, at, written = _NONE, self._at, stamp
        for span in reversed(self._spans):
            passed += timedelta(seconds=at - span.began_monotonic)
            at = span.began_monotonic
            # The moment at which the wall clock went past the stamp last.
            if stamp >= span.began:
                passed -= stamp - span.began
                break
            if stamp >= span.before:
                passed += min(span.passed, span.began - stamp)
                break
            passed += span.passed
            stamp = self._before_it_was_moved(span, stamp)
        else:
            passed += self._spans[0].before - stamp
        return max(min(passed, self._wall - written), _NONE)

    def _before_it_was_moved(self, back: _Span, stamp: datetime) -> datetime:
        """What stood at this stamp before the clock was set back to where the span began, at the latest."""
        if stamp <= back.began - back.set_back:
            return stamp
        then = stamp + back.set_back
        earlier = self._spans[: self._spans.index(back) + 1]
        seen = then < earlier[0].before or any(
            span.began <= then <= later.before for span, later in pairwise(earlier)
        )
        return then if seen else stamp

    def older_than(self, age: timedelta) -> datetime:
        """What was stamped before this is surely as old as that."""
        self.look()
        wall, at, left = self._wall, self._at, age
        oldest = wall - age
        for span in reversed(self._spans):
            length = timedelta(seconds=at - span.began_monotonic)
            if left <= length:
                return min(oldest, wall - left)
            left -= length
            oldest = min(oldest, wall - length - min(left, span.set_back))
            if left <= span.passed:
                return min(oldest, wall - length - left)
            left -= span.passed
            wall, at = span.before, span.began_monotonic
        return min(oldest, wall - left)

    def surely(self, longest: timedelta) -> datetime:
        """Ends that were set at most so far ahead have surely come if they stand at or before this."""
        return self.older_than(longest) + longest

    def highest_age(self, stamp: datetime) -> timedelta:
        """How old a stamp may be at most; a stamp from the future may be of any age.

        Time that our wall clock skipped counts, and time that it went through twice counts twice.
        """
        self.look()
        age, at = _NONE, self._at
        oldest: timedelta | None = None
        for span in reversed(self._spans):
            length = timedelta(seconds=at - span.began_monotonic)
            if min(span.before, span.began) <= stamp <= span.began + length + STEP:
                oldest = max(age + (span.began + length - stamp), _NONE)
            age += length + span.skipped
            at = span.began_monotonic
        first = self._spans[0]
        if stamp < first.before:
            return age + (first.before - stamp)
        return timedelta.max if oldest is None else oldest


def _rebuilt(noted: Noted, stopped_at: float) -> list[_Span]:
    """The spans of earlier processes, on the monotonic time of this one."""
    spans: list[_Span] = []
    at, ended = stopped_at, noted.alive
    for span in reversed(noted.spans):
        at -= max(ended - span.began, _NONE).total_seconds()
        ended = span.before
        skipped = max(span.began - span.before, _NONE)
        spans.append(_Span(span.began, at, span.before, skipped, span.sure - span.before))
    return spans[::-1]
