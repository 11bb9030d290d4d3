"""`make failover`: every trial, and the twins of each, on a PostgreSQL cluster of its own."""

import argparse
import asyncio
import os
import time

from tests.failover.cluster import running_cluster
from tests.failover.outcomes import FULL, HEAD, SHORT, Outcome, Scale
from tests.failover.trials import NAMES, play, stars
from tests.failover.twins import TWINS, Twin

_PAYMENTS = 200


async def campaign(only: str, scale: Scale, seed: int, *, twins: bool) -> bool:
    """Print each outcome as it comes, then the table. True where every bound is met and every twin is seen."""
    found: list[Outcome] = []
    async with running_cluster() as cluster:
        for name in NAMES:
            if only in name:
                found.append(await _timed(name, play(name, cluster, scale, seed)))
        if not only:
            found.append(stars(found, _PAYMENTS if scale is FULL else 1))
        seen = [await _twin(twin, cluster, seed) for twin in TWINS if twins and only in twin.trial]
    print(
        f"\nseed {seed}, load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n\n{HEAD}"
    )
    print("\n".join(outcome.line() for outcome in found))
    if seen:
        print("\n| Guard removed | Trial | Seen | |\n|---|---|---|---|")
        print("\n".join(line for line, _ in seen))
    return all(outcome.met for outcome in found) and all(well for _, well in seen)


async def _timed(name: str, playing) -> Outcome:
    began = time.monotonic()
    try:
        outcome = await playing
    except (TimeoutError, RuntimeError) as error:  # nobody leads, or nobody answers
        outcome = Outcome(name, "it ends", f"{type(error).__name__}: {error}", met=False)
    took, load = time.monotonic() - began, os.getloadavg()[0]
    print(f"{name}, {took:.0f} s, load average {load:.1f}: {outcome.figure}", flush=True)
    for line in outcome.said:
        print(f"    {line}", flush=True)
    return outcome


async def _twin(twin: Twin, cluster, seed: int) -> tuple[str, bool]:
    outcome = await _timed(
        f"without {twin.guard}", play(twin.trial, cluster, twin.scale, seed, twin.remove)
    )
    harm = not outcome.met
    return (
        f"| {twin.guard} | {twin.trial} | {outcome.figure} | {'harm seen' if harm else 'NO HARM'} |",
        harm,
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.failover")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="a word of the trials' names; all without it")
    parser.add_argument("--short", action="store_true", help="the numbers of make prove")
    parser.add_argument("--no-twins", action="store_true")
    asked = parser.parse_args()
    scale = SHORT if asked.short else FULL
    well = asyncio.run(campaign(asked.only, scale, asked.seed, twins=not asked.no_twins))
    raise SystemExit(0 if well else 1)


if __name__ == "__main__":
    main()
