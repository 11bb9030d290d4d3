"""How large a trial is, what it found, and the table of all."""

import statistics
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from tests.failover.arena import Arena, Size
from tests.failover.judge import Verdict


@dataclass(frozen=True)
class Scale:
    """`stopped_seconds`: how long a leader stands still; `cut_seconds`: how long it is cut off at least."""

    size: Size
    kills: int
    restarts: int
    stopped_seconds: float
    cut_seconds: float
    resets_seconds: float
    holes: int  # of each kind
    payments: int  # at each moment


FULL = Scale(Size(), 100, 20, 30.0, 25.0, 10.0, 3, 3)
SHORT = Scale(Size(machines=2, visitors=3, buyers=2, payers=2), 2, 1, 6.0, 0.0, 1.5, 1, 1)


@dataclass(frozen=True)
class Part:
    """What a trial measured, before the judge looks at everything."""

    figures: list[str]
    met: bool


@dataclass(frozen=True)
class Trial:
    """`play` disturbs a shop under load.

    `forgives_harm`: it is told and no failure; `forbids_late`: answers that come late are harm; `cut`: each machine
    wants a network that can lose packets, where the machine we run on can make one.
    """

    name: str
    title: str
    bound: str
    play: Callable[[Arena, Scale], Awaitable[Part]]
    forgives_harm: bool = False
    forbids_late: bool = False
    cut: bool = False


@dataclass
class Outcome:
    """One line of the table. `payments`: in Stars, and how long the slowest took to be credited."""

    trial: str
    bound: str
    figure: str
    met: bool
    payments: int = 0
    slowest_credit: float = 0.0
    said: list[str] = field(default_factory=list)

    def line(self) -> str:
        return (
            f"| {self.trial} | {self.bound} | {self.figure} | {'met' if self.met else 'NOT MET'} |"
        )


def outcome(trial: Trial, part: Part, verdict: Verdict) -> Outcome:
    counts = f"{verdict.presses} presses, {verdict.orders} orders, {verdict.codes} codes"
    words = [*part.figures, counts, verdict.words(), f"{verdict.late} late"]
    met = (
        part.met
        and (verdict.is_well or trial.forgives_harm)
        and not (trial.forbids_late and verdict.late)
    )
    return Outcome(
        trial.title,
        trial.bound,
        "; ".join(words),
        met,
        verdict.payments,
        verdict.slowest_credit,
        verdict.said,
    )


def share(times: Sequence[float], of: float) -> float:
    """The time that so many of them do not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * of))] if ordered else float("inf")


def spread(what: str, times: Sequence[float]) -> str:
    if not times:
        return f"{what}: never"
    middle = statistics.median(times)
    return f"{what}: p50 {middle:.2f} s, p99 {share(times, 0.99):.2f} s, most {max(times):.2f} s ({len(times)})"


HEAD = "| Trial | Bound | Found | |\n|---|---|---|---|"
