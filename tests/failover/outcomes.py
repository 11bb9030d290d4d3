"""How large a trial is, what it found, and the table of all."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.failover.arena import Size
from tests.failover.judge import Verdict


@dataclass(frozen=True)
class Scale:
    """`stopped_seconds`: how long a leader stands still, or is cut off."""

    size: Size
    kills: int
    restarts: int
    stopped_seconds: float
    cut_seconds: float
    resets_seconds: float
    holes: int
    payments: int  # at each moment


FULL = Scale(Size(), 100, 20, 30.0, 25.0, 10.0, 3, 3)
SHORT = Scale(Size(visitors=3, buyers=2, payers=2), 2, 1, 6.0, 6.0, 2.0, 1, 1)


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


def outcome(
    trial: str,
    bound: str,
    figures: Sequence[str],
    verdict: Verdict,
    *,
    met: bool,
    late: bool = False,
) -> Outcome:
    """`late`: answers that came late are harm in this trial."""
    words = [
        *figures,
        f"{verdict.presses} presses, {verdict.orders} orders, {verdict.codes} codes",
        verdict.words(),
    ]
    if late or verdict.late:
        words.append(f"{verdict.late} late")
    well = met and verdict.is_well and not (late and verdict.late)
    return Outcome(
        trial, bound, "; ".join(words), well, verdict.payments, verdict.slowest_credit, verdict.said
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
