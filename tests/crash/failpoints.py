"""Every failpoint in every scene that passes it, on both cores."""

import asyncio
import multiprocessing
import tempfile
import time
from pathlib import Path

from storage.migrate import migrate
from storage.store import Store
from tests.crash.harness import crash
from tests.crash.points import POINTS
from tests.crash.scenes import SCENES


async def empty_database() -> Path:
    path = Path(tempfile.mkdtemp()) / "empty.db"
    store = Store(f"sqlite:///{path}")
    await migrate(store)
    await store.close()
    return path


def _play(case: tuple[Path, int, str, int]) -> tuple[str, str]:
    empty, scene, point, at_pass = case
    what = f"{SCENES[scene].__name__}, {point}, pass {at_pass}"
    try:
        died = asyncio.run(crash(empty, SCENES[scene], point, at_pass)).died
    except AssertionError as error:
        return "harm", f"{what}: {str(error).splitlines()[0] if str(error) else 'assertion'}"
    return ("died" if died else "not passed"), what


def failpoints(passes: int, only: str = "") -> bool:
    """`only`: a word of the scenes' names; empty: all."""
    began, empty = time.monotonic(), asyncio.run(empty_database())
    cases = []
    for number, scene in enumerate(SCENES):
        if only not in scene.__name__:
            continue
        passed = asyncio.run(crash(empty, scene, None)).passed
        cases += [
            (empty, number, point, nth)
            for point in POINTS
            if point in passed
            for nth in range(1, passes + 1)
        ]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        results = pool.map(_play, cases, chunksize=8)
    harm = [what for kind, what in results if kind == "harm"]
    died = sum(kind == "died" for kind, _ in results)
    print(
        f"failpoints: {len(POINTS)}, scenes: {len(SCENES)}, crashes: {died}, "
        f"in {time.monotonic() - began:.0f} s; harm: {len(harm)}"
    )
    for what in harm:
        print(f"  {what}")
    return not harm
