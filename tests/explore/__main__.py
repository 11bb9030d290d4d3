"""`make explore`: every order in which actors can take turns, within bounds, and more at random."""

import argparse
import time
from dataclasses import dataclass
from typing import Final

from tests.explore.campaign import (
    KNOWN,
    TRIPLES,
    Case,
    Figures,
    other_triples,
    pairs,
    replay,
    sets_clock,
    shuffled,
)
from tests.explore.parallel import play_by_chance, processors, search_all
from tests.explore.search import Bounds
from tests.world.situations import SITUATIONS

_MINUTES: Final = 24.0
_MOST: Final = 1000  # schedules of one scene, where a part has hundreds of scenes
_LONGEST_LIST: Final = 400  # characters of a list of scenes


@dataclass(frozen=True)
class Part:
    """`share` of the time; what one leaves over is the next one's."""

    title: str
    cases: list[Case]
    bounds: Bounds
    share: float


def _parts() -> list[Part]:
    clocks = [case for case in pairs() if sets_clock(case)]
    others = [case for case in pairs() if not sets_clock(case)]
    one, two, fault = (Bounds(*n, schedules=_MOST) for n in ((1, 0), (2, 0), (0, 1)))
    return [
        Part("known scenes, two preemptions", list(KNOWN), Bounds(2), 0.03),
        Part("chosen triples, one preemption", list(TRIPLES), Bounds(1), 0.03),
        Part("chosen triples, one fault", list(TRIPLES), Bounds(0, 1), 0.04),
        Part("pairs, two preemptions", others, two, 0.35),
        Part("pairs of which one sets the clock, one preemption", clocks, one, 0.25),
        Part("pairs, one fault", others, fault, 0.15),
        Part("other triples, one preemption", other_triples(), one, 0.15),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.explore")
    parser.add_argument("--seed", type=int, default=1, help="the order of the scenes, and chance")
    parser.add_argument("--only", default="", help="a word of the situations' names")
    parser.add_argument("--minutes", type=float, default=_MINUTES, help="for all bounded searches")
    parser.add_argument(
        "--long", type=float, default=0, help="instead: so many seconds of random schedules"
    )
    parser.add_argument("--processes", type=int, default=processors(), help="that search at once")
    parser.add_argument("--replay", default="", help="one schedule, as a problem names it")
    asked = parser.parse_args()
    if asked.replay:
        raise SystemExit(_replay(asked.replay))
    figures = _by_chance(asked, asked.long) if asked.long else _bounded(asked)
    raise SystemExit(_verdict(figures, is_whole=not asked.only))


def _say(line: str) -> None:
    print(line, flush=True)


def _bounded(asked: argparse.Namespace) -> Figures:
    """Every schedule within the bounds; then at random for a tenth of the time."""
    whole, began = Figures(), time.monotonic()
    seconds = 60 * asked.minutes
    shares = 0.0
    for part in _parts():
        shares += 0.9 * part.share
        left = shares * seconds - (time.monotonic() - began)
        cases = shuffled([case for case in part.cases if asked.only in case[0]], asked.seed)
        found = search_all(cases, part.bounds, left, asked.processes, _say)
        _say(f"== {part.title}: {found}")
        for what, scenes in (("cut", found.cut), ("not begun", found.not_begun)):
            if scenes:
                _say(f"   {what}: {_list_of(scenes)}")
        whole.add(found)
    left = max(30.0, seconds - (time.monotonic() - began))
    whole.add(_by_chance(asked, left))
    return whole


def _by_chance(asked: argparse.Namespace, seconds: float) -> Figures:
    names = [name for name in SITUATIONS if asked.only in name]
    found = play_by_chance(names, asked.seed, seconds, asked.processes, _say)
    _say(f"== all actors at random, seed {asked.seed}, with faults: {found}")
    return found


def _list_of(scenes: list[str]) -> str:
    text = "; ".join(scenes)
    return text if len(text) <= _LONGEST_LIST else f"{text[:_LONGEST_LIST]} …"


def _verdict(whole: Figures, *, is_whole: bool) -> int:
    for problem in whole.problems:
        _say(f"\nPROBLEM: {problem}")
    missing = whole.missing() if is_whole else []
    for what in missing:
        _say(f"\nNEVER SEEN: {what}")
    _say("\nseen at the ends that were judged:")
    for what, times in sorted(whole.happened.items()):
        _say(f"  {times:6} {what}")
    _say(f"\n{whole}")
    return int(bool(whole.problems or missing))


def _replay(name: str) -> int:
    played = replay(name)
    print("\n".join(f"{number:3} {step}" for number, step in enumerate(played.story, start=1)))
    print("\n".join(played.problems) or "nothing is wrong at its end")
    return int(bool(played.problems))


if __name__ == "__main__":
    main()
