"""`make explore`: every order in which actors can take turns, within bounds, and more at random."""

import argparse

from tests.explore.campaign import (
    KNOWN,
    TRIPLES,
    Case,
    Figures,
    pairs,
    replay,
    run_by_chance,
    run_cases,
    shuffled,
)
from tests.explore.search import Bounds

_MOST_OF_ONE = 400  # schedules of one scene; the rest of a larger one comes with another seed


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.explore")
    parser.add_argument("--seed", type=int, default=1, help="the order of the scenes, and chance")
    parser.add_argument("--only", default="", help="a word of the situations' names")
    parser.add_argument("--most", type=int, default=_MOST_OF_ONE, help="schedules of one scene")
    parser.add_argument("--random", type=float, default=120, help="seconds of random schedules")
    parser.add_argument("--no-bounds", action="store_true", help="only the random schedules")
    parser.add_argument("--replay", default="", help="one schedule, as a problem names it")
    asked = parser.parse_args()
    if asked.replay:
        raise SystemExit(_replay(asked.replay))
    figures = []
    if not asked.no_bounds:
        for title, cases, bounds in (
            ("known scenes", KNOWN, Bounds(2)),
            ("pairs, two preemptions", pairs(), Bounds(2, schedules=asked.most)),
            ("triples, one preemption", TRIPLES, Bounds(1, schedules=asked.most)),
            ("known scenes, one fault", KNOWN, Bounds(1, 1, schedules=asked.most)),
        ):
            figures.append(_run(title, cases, bounds, asked))
    if asked.random:
        found = run_by_chance(asked.seed, asked.random, print)
        print(f"== at random, seed {asked.seed}, with faults: {found}")
        figures.append(found)
    raise SystemExit(_verdict(figures, is_whole=not (asked.only or asked.no_bounds)))


def _run(title: str, cases: object, bounds: Bounds, asked: argparse.Namespace) -> Figures:
    chosen: list[Case] = [case for case in cases if asked.only in case[0]]  # type: ignore[attr-defined]
    found = run_cases(shuffled(chosen, asked.seed), bounds, lambda line: print(line, flush=True))
    print(f"== {title}: {found}")
    return found


def _verdict(figures: list[Figures], *, is_whole: bool) -> int:
    whole = Figures()
    for one in figures:
        whole.schedules += one.schedules
        whole.scenes += one.scenes
        whole.cut += one.cut
        whole.seconds += one.seconds
        whole.happened += one.happened
        whole.problems += one.problems
    for problem in whole.problems:
        print(f"\nPROBLEM: {problem}")
    missing = whole.missing() if is_whole else []
    for what in missing:
        print(f"\nNEVER SEEN: {what}")
    print(f"\n{whole}")
    return int(bool(whole.problems or missing))


def _replay(name: str) -> int:
    played = replay(name)
    print("\n".join(f"{number:3} {step}" for number, step in enumerate(played.story, start=1)))
    print("\n".join(played.problems) or "nothing is wrong at its end")
    return int(bool(played.problems))


if __name__ == "__main__":
    main()
