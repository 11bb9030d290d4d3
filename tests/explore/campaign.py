"""What the explorer is asked to do: known scenes, pairs, triples, everybody at random; and replaying a schedule."""

import itertools
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.explore.play import Played, play
from tests.explore.search import Bounds, Report, explore, follow
from tests.world.situations import CLOCK_ACTORS, SITUATIONS

Case = tuple[str, tuple[str, ...]]  # a situation and its actors
_TOGETHER: Final = 8  # cases of one situation that are searched one after another

# In each of these a race was found once: see docs/reliability.md.
KNOWN: Final[tuple[Case, ...]] = (
    ("two lost vouchers", ("reconcile starship", "refund")),
    ("lost and equal", ("reconcile oneclickdz", "place")),
    ("paid", ("stand still", "place", "refund")),
    ("due, once", ("send", "show")),
    ("own, reserved", ("poll own", "refund", "an hour later")),
)
TRIPLES: Final[tuple[Case, ...]] = (
    ("paid", ("place", "stand still", "crash")),
    ("paid", ("place", "place'", "refund")),
    ("lost", ("reconcile oneclickdz", "reconcile oneclickdz'", "refund")),
    ("lost voucher, arrived", ("reconcile starship", "refund", "crash")),
    ("lost and equal", ("reconcile oneclickdz", "place", "crash")),
    ("lost and equal", ("reconcile oneclickdz", "place", "refund")),
    ("handling", ("poll oneclickdz", "refund", "crash")),
    ("handling vouchers, in parts", ("poll starship", "refund", "crash")),
    ("due", ("send", "show", "crash")),
    ("visible", ("hide", "press hide", "show")),
    ("awaiting", ("payments", "stars", "cancel")),
    ("awaiting", ("stars", "accept", "credit")),
    ("awaiting", ("accept", "reject", "receipt")),
    ("credited", ("refund payment", "charge back", "buy")),
    ("own, the last code", ("place", "place'", "withdraw")),
    ("own, the last code ends", ("place", "place'", "codes end")),
    ("own, enough", ("place", "rotate", "withdraw")),
    ("own, reserved", ("poll own", "refund", "buy")),
    ("own, linked", ("place", "buy", "pause own")),
    ("paid", ("place", "pause", "ban")),
    ("awaiting", ("stars", "ban", "pause")),
)
# What must be seen somewhere in a whole run; a run that never sees one of them has looked at nothing.
MUST_HAPPEN: Final = (
    *(f"an order is {state}" for state in ("fulfilled", "partial", "refunded", "cancelled")),
    *(f"a person reads {kind}" for kind in ("codes", "returned", "credited", "payment", "alert")),
    *(f"a payment is {state}" for state in ("credited", "rejected", "returned", "expired")),
    *(f"with a {what}" for what in ("clock", "crash", "refund", "second process", "fault")),
    "codes are covered",
    "own codes are sold",
    "with a ban",
    "with a pause",
)


def pairs() -> list[Case]:
    """Every two actors of every situation."""
    return _combinations(2)


def sets_clock(case: Case) -> bool:
    """Whether one of the actors sets the clock: so do two thirds of the pairs."""
    return bool(CLOCK_ACTORS & set(case[1]))


def other_triples() -> list[Case]:
    """Every three actors of every situation, but for the chosen ones."""
    chosen = {(situation, frozenset(actors)) for situation, actors in TRIPLES}
    return [case for case in _combinations(3) if (case[0], frozenset(case[1])) not in chosen]


def _combinations(size: int) -> list[Case]:
    """At most one of them sets the clock: a machine has one, and two hands at once are not tried."""
    return [
        (situation, some)
        for situation, (_, actors) in SITUATIONS.items()
        for some in itertools.combinations(actors, size)
        if len(CLOCK_ACTORS & set(some)) <= 1
    ]


def shuffled(cases: Iterable[Case], seed: int) -> list[Case]:
    """In an order that the seed decides, some of one situation after another: preparing one takes seconds."""
    mixed = list(cases)
    chance = random.Random(seed)
    chance.shuffle(mixed)
    some = chunks(mixed)
    chance.shuffle(some)
    return [case for chunk in some for case in chunk]


def chunks(cases: Iterable[Case]) -> list[tuple[Case, ...]]:
    """The cases by their situations, a few together."""
    by_situation: dict[str, list[Case]] = {}
    for case in cases:
        by_situation.setdefault(case[0], []).append(case)
    return [
        tuple(of_one[first : first + _TOGETHER])
        for of_one in by_situation.values()
        for first in range(0, len(of_one), _TOGETHER)
    ]


@dataclass
class Figures:
    """The figures of several searches together."""

    schedules: int = 0
    scenes: int = 0
    cut: list[str] = field(default_factory=list)  # scenes with more schedules than the bound
    not_begun: list[str] = field(default_factory=list)  # scenes for which the time was over
    seconds: float = 0.0
    happened: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def take(self, report: Report, bounds: Bounds) -> None:
        self.schedules += report.schedules
        self.scenes += 1
        if not report.complete:
            self.cut.append(scene_of(report.situation, report.actors))
        self.seconds += report.seconds
        self.happened += report.happened
        for found in report.findings.values():
            told = tell(report.situation, report.actors, found.played, faults=bounds.faults > 0)
            head = f"{found.problem} (schedule {found.after}, cost {found.played.cost})"
            self.problems.append(f"{head}\n{told}")

    def add(self, other: "Figures") -> None:
        self.schedules += other.schedules
        self.scenes += other.scenes
        self.cut += other.cut
        self.not_begun += other.not_begun
        self.seconds += other.seconds
        self.happened += other.happened
        self.problems += other.problems

    def missing(self) -> list[str]:
        return [what for what in MUST_HAPPEN if not self.happened[what]]

    def __str__(self) -> str:
        rate = self.schedules / max(self.seconds, 0.001)
        return (
            f"{self.scenes} scenes, {self.schedules} schedules in {self.seconds:.0f} s "
            f"({rate:.1f}/s), {len(self.cut)} scenes cut, {len(self.not_begun)} not begun; "
            f"problems: {len(self.problems)}"
        )


def run_cases(
    cases: Iterable[Case],
    bounds: Bounds,
    say: Callable[[str], object],
    until: float = float("inf"),
) -> Figures:
    """Search each case; one line each. Begins no further case after `until` (monotonic)."""
    figures = Figures()
    judged: dict[str, set[str]] = {}
    for situation, actors in cases:
        if time.monotonic() > until:
            figures.not_begun.append(scene_of(situation, actors))
            continue
        report = explore(situation, actors, bounds, judged.setdefault(situation, set()))
        figures.take(report, bounds)
        say(line_of(report))
    return figures


def scene_of(situation: str, actors: Sequence[str]) -> str:
    return f"{situation}: {' | '.join(actors)}"


def line_of(report: Report) -> str:
    rate = report.schedules / max(report.seconds, 0.001)
    return (
        f"{scene_of(report.situation, report.actors)}: {report.schedules} schedules, "
        f"{len(report.ends)} ends, {rate:.1f}/s, {'complete' if report.complete else 'cut'}"
        + (f"; PROBLEMS: {len(report.findings)}" if report.findings else "")
    )


# --- One schedule as one line ---------------------------------------------------------------------


def name_of(situation: str, actors: Sequence[str], played: Played, *, faults: bool) -> str:
    """A schedule as text that `replay` takes: of its choices, those that took no first option."""
    taken = [f"{nth}:{c.taken}" for nth, c in enumerate(played.choices) if c.taken]
    kind = "faults" if faults else "turns"
    return f"{situation} / {' + '.join(actors)} / {kind} {' '.join(taken)}".strip()


def replay(name: str) -> Played:
    """Play the schedule of this name. Raises ValueError for a text that is none."""
    name = name.replace("’", "'")
    situation, actors, choices = (part.strip() for part in name.split("/"))
    kind, *taken = choices.split()
    if situation not in SITUATIONS or kind not in ("faults", "turns"):
        raise ValueError(f"no schedule: {name}")
    at = {int(nth): int(option) for nth, _, option in (t.partition(":") for t in taken)}
    path = [at.get(nth, 0) for nth in range(max(at, default=-1) + 1)]
    return play(situation, actors.split(" + "), follow(path), with_faults=kind == "faults")


def tell(situation: str, actors: Sequence[str], played: Played, *, faults: bool) -> str:
    """A schedule as a numbered story, with the command that plays it again."""
    name = name_of(situation, actors, played, faults=faults)
    return "\n".join(
        [*_numbered(played.story), f"  make explore ARGUMENTS=\"--replay '{_shell(name)}'\""]
    )


def _numbered(story: Iterable[str]) -> Iterator[str]:
    before = ""
    for number, step in enumerate(story, start=1):
        actor = step.partition(":")[0]
        turn = ">" if actor not in (before, "!!") else " "
        before = actor if actor != "!!" else before
        yield f"  {number:3} {turn} {step}"


def _shell(name: str) -> str:
    """The prime of a second process would end the quotation."""
    return name.replace("'", "’")
