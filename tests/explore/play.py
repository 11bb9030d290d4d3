"""Playing one schedule on a copy of a prepared scene."""

import gc
import logging
import os
import pickle
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

from tests.world.actors import find_actor
from tests.world.judge import judge
from tests.world.loop import Deadlock
from tests.world.scene import Scene, act, fingerprint, prepare
from tests.world.scheduler import Choice, Chooser
from tests.world.situations import SITUATIONS
from tests.world.store import empty_database

T = TypeVar("T")


@dataclass
class Played:
    """What came of one schedule; `judged` False: an equal end was judged before."""

    problems: list[str] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    end: str = ""
    work: int = 0
    judged: bool = False
    happened: Counter[str] = field(default_factory=Counter)

    @property
    def cost(self) -> int:
        """Preemptions and faults together."""
        return sum(c.option.preemptions + c.option.faults for c in self.choices)


@cache
def _empty() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="world")
    _FOLDERS.append(folder)
    return empty_database(Path(folder.name))


_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


@cache
def prepared(situation: str) -> Scene:
    """The scene before its actors act, once for each process; play only on copies of it."""
    begin, actors = SITUATIONS[situation]
    logging.disable(logging.CRITICAL)  # what fails in a scene is what it is about
    try:
        # The copies inherit the statements that this one has compiled: that takes half of a play.
        first = prepare(begin, _empty())
        _play(first, [a for a in actors if a != "crash"], lambda nth, options: 0, False, ())
        first.loop.close()
        scene = prepare(begin, _empty())
    finally:
        logging.disable(logging.NOTSET)
    gc.collect()
    gc.freeze()  # a copy shares its memory until somebody writes to it, and a collection writes
    return scene


def play(
    situation: str,
    actors: Sequence[str],
    choose: Chooser,
    *,
    with_faults: bool = False,
    seen: Collection[str] = (),
) -> Played:
    """Play one schedule in a copy of this process, and judge its end unless it is in `seen`."""
    scene = prepared(situation)
    return in_a_copy(lambda: _play(scene, actors, choose, with_faults, seen))


def _play(
    scene: Scene,
    actors: Sequence[str],
    choose: Chooser,
    with_faults: bool,
    seen: Collection[str],
) -> Played:
    logging.disable(logging.CRITICAL)
    run, scheduler = scene.loop.run_until_complete, scene.scheduler
    played = Played(story=scheduler.story, choices=scheduler.choices)
    try:
        named = [(name, find_actor(name)) for name in actors]
        run(act(scene, named, choose, with_faults=with_faults))
        played.end, played.work = fingerprint(scene), scene.work_done()
        if played.end not in seen:
            verdict = run(judge(scene))
            played.judged = True
            played.problems, played.happened = verdict.problems, verdict.happened
    except Deadlock as stuck:
        played.problems.append(f"nobody can go on {stuck}")
    except Exception as error:
        played.problems.append(f"the shop raised {type(error).__name__}: {error!s:.150}")
    return played


def in_a_copy(work: Callable[[], T]) -> T:
    """Run `work` in a fork of this process, database in memory and all, and throw the copy away."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            gc.disable()  # a collection would write to memory that is shared
            with os.fdopen(writing, "wb") as answer:
                answer.write(pickle.dumps(work()))
            status = 0
        finally:
            os._exit(status)  # nothing of the parent may run at the end of the copy
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        data = answer.read()
    os.waitpid(child, 0)
    if not data:
        raise RuntimeError("the copy of this process has failed; its traceback is above")
    result: T = pickle.loads(data)
    return result
