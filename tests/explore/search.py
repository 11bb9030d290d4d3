"""Choosing schedules: all within a bound, the cheapest first, or at random with a seed."""

import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.explore.play import Played, play
from tests.world.scheduler import Choice, Chooser, Option


@dataclass
class Finding:
    """A problem, after how many schedules it was found, and the cheapest schedule that shows it."""

    problem: str
    after: int
    played: Played


@dataclass
class Report:
    """What a search of one scene tried; `complete` False: it was cut off."""

    situation: str
    actors: tuple[str, ...]
    schedules: int = 0
    ends: set[str] = field(default_factory=set)
    seconds: float = 0.0
    complete: bool = True
    findings: dict[str, Finding] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)

    def take(self, played: Played) -> None:
        self.schedules += 1
        self.ends.add(played.end)
        self.happened += played.happened
        for problem in played.problems:
            known = self.findings.get(problem)
            if known is None:
                self.findings[problem] = Finding(problem, self.schedules, played)
            elif played.cost < known.played.cost:
                known.played = played


@dataclass(frozen=True, slots=True)
class Bounds:
    preemptions: int = 2
    faults: int = 0
    schedules: int = 100_000
    seconds: float = float("inf")
    stop_at_first: bool = False


def follow(path: Sequence[int]) -> Chooser:
    """Take these options, then always the first: nobody is interrupted and nothing fails."""
    return lambda nth, options: path[nth] if nth < len(path) else 0


def explore(
    situation: str, actors: Sequence[str], bounds: Bounds, seen: set[str] | None = None
) -> Report:
    """Play every schedule within the bounds, those with the fewest preemptions and faults first.

    `seen`: the fingerprints of ends that were judged before, in the same situation.
    """
    report, began = Report(situation, tuple(actors)), time.monotonic()
    known = set() if seen is None else seen
    by_cost: list[list[list[int]]] = [[[]]]
    by_cost += [[] for _ in range(bounds.preemptions + bounds.faults)]
    for cost, paths in enumerate(by_cost):
        while paths:
            late = time.monotonic() - began > bounds.seconds
            found = bounds.stop_at_first and report.findings
            if late or found or report.schedules >= bounds.schedules:
                report.complete = False
                break
            path = paths.pop()
            with_faults = bounds.faults > 0
            played = play(situation, actors, follow(path), with_faults=with_faults, seen=known)
            report.take(played)
            known.add(played.end)
            for branch_cost, branch in _branches(played.choices, len(path), bounds):
                (paths if branch_cost == cost else by_cost[branch_cost]).append(branch)
    report.seconds = time.monotonic() - began
    return report


def _branches(
    choices: Sequence[Choice], fixed: int, bounds: Bounds
) -> Iterable[tuple[int, list[int]]]:
    """The schedules that leave this one at a choice after the first `fixed`, with their costs."""
    preemptions = faults = 0
    for nth, choice in enumerate(choices):
        if nth >= fixed:
            for other, option in enumerate(choice.options[1:], start=1):
                p, f = preemptions + option.preemptions, faults + option.faults
                if p <= bounds.preemptions and f <= bounds.faults:
                    yield p + f, [*(c.taken for c in choices[:nth]), other]
        preemptions += choice.option.preemptions
        faults += choice.option.faults


def first_problems(
    situation: str, actors: Sequence[str], preemptions: int, *, most: int
) -> list[str]:
    """The problems of the first schedule that has any, by the cheapest preemptions."""
    bounds = Bounds(preemptions, schedules=most, stop_at_first=True)
    report = explore(situation, actors, bounds)
    print(f"{situation}, {actors}: found at schedule {report.schedules}")
    return list(report.findings)


_FAULT_CHANCES = (0.0, 0.03, 0.1)  # of one call or transaction


def priorities(seed: str, depth: int, length: int) -> Chooser:
    """Random priorities of the actors, lowered at `depth` random choices.

    Source: Burckhardt and others, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs" (PCT).
    """
    chance = random.Random(seed)
    rank: dict[str, float] = {}
    fault_chance = chance.choice(_FAULT_CHANCES)
    changes = {chance.randrange(max(1, length)) for _ in range(depth)}

    def choose(nth: int, options: Sequence[Option]) -> int:
        if not options[0].actor:  # whether something fails
            fails = chance.random() < fault_chance
            return chance.randrange(1, len(options)) if fails else 0
        for option in options:
            rank.setdefault(option.actor, 1 + chance.random())
        best = max(range(len(options)), key=lambda n: rank[options[n].actor])
        if nth in changes:
            rank[options[best].actor] = chance.random()
            best = max(range(len(options)), key=lambda n: rank[options[n].actor])
        return best

    return choose


def by_chance(
    situation: str,
    actors: Sequence[str],
    seeds: Iterable[str],
    *,
    depth: int = 3,
    with_faults: bool = False,
) -> Report:
    """Play one schedule for each seed."""
    report, began = Report(situation, tuple(actors)), time.monotonic()
    known: set[str] = set()
    length = len(play(situation, actors, follow([]), with_faults=with_faults).choices)
    for seed in seeds:
        choose = priorities(seed, depth, length)
        played = play(situation, actors, choose, with_faults=with_faults, seen=known)
        known.add(played.end)
        report.take(played)
    report.seconds = time.monotonic() - began
    return report
