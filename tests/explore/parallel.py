"""Many searches at once, each in a process of its own: it prepares its situation, plays on copies, and ends."""

import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from tests.explore.campaign import Case, Figures, chunks, line_of, run_cases, scene_of
from tests.explore.search import Bounds, by_chance
from tests.world.situations import SITUATIONS

Say = Callable[[str], object]
_LONGEST_SLICE_SECONDS: Final = 60.0  # of random schedules in one situation, before the next one


@dataclass(frozen=True)
class _Search:
    """Every schedule of these cases, which are of one situation, until `until` (monotonic)."""

    cases: tuple[Case, ...]
    bounds: Bounds
    until: float

    def run(self, say: Say) -> Figures:
        return run_cases(self.cases, self.bounds, say, until=self.until)


@dataclass(frozen=True)
class _Chance:
    """Random schedules of all actors of a situation, with faults."""

    situation: str
    seed: str
    seconds: float
    until: float

    def run(self, say: Say) -> Figures:
        figures, began = Figures(), time.monotonic()
        actors = SITUATIONS[self.situation][1]
        if began > self.until:
            figures.not_begun.append(scene_of(self.situation, actors))
            return figures
        seeds = self._seeds(min(self.until, began + self.seconds))
        report = by_chance(self.situation, actors, seeds, with_faults=True)
        figures.take(report, Bounds(faults=1))
        say(line_of(report))
        return figures

    def _seeds(self, until: float) -> Iterator[str]:
        """Until then, but one at least."""
        for number in count():
            yield f"{self.seed}.{number}"
            if time.monotonic() > until:
                return


@dataclass
class _Done:
    figures: Figures
    lines: list[str] = field(default_factory=list)


def _do(work: "_Search | _Chance") -> _Done:
    lines: list[str] = []
    return _Done(work.run(lines.append), lines)


def _at_once(work: Iterable["_Search | _Chance"], processes: int, say: Say) -> Figures:
    """The figures of all together; `seconds` of them is the time that passed."""
    whole, began = Figures(), time.monotonic()
    fork = multiprocessing.get_context("fork")
    # A process for each search: a copy of one that has prepared little is made faster.
    with fork.Pool(processes, maxtasksperchild=1) as pool:
        for done in pool.imap_unordered(_do, work, chunksize=1):
            whole.add(done.figures)
            for line in done.lines:
                say(line)
    whole.seconds = time.monotonic() - began
    return whole


def processors() -> int:
    return len(os.sched_getaffinity(0))


def search_all(
    cases: Iterable[Case], bounds: Bounds, seconds: float, processes: int, say: Say
) -> Figures:
    """Search these cases in several processes; what is not begun after so many seconds is named."""
    until = time.monotonic() + seconds
    return _at_once([_Search(chunk, bounds, until) for chunk in chunks(cases)], processes, say)


def play_by_chance(
    situations: Iterable[str], seed: int, seconds: float, processes: int, say: Say
) -> Figures:
    """Random schedules of these situations in turns, all their actors at once, until the time is up."""
    names, until = list(situations), time.monotonic() + seconds
    random.Random(seed).shuffle(
        names
    )  # a slow machine comes to the end of its time before the last
    # Each situation has its turn, also in a short run; preparing it takes some seconds.
    share = seconds * processes / len(names)
    rounds = max(1, round(share / _LONGEST_SLICE_SECONDS))
    work = [
        _Chance(name, f"{seed}.{number}", share / rounds, until)
        for number in range(rounds)
        for name in names
    ]
    return _at_once(work, processes, say)
