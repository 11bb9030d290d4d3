"""One actor runs from its point to its next; which one goes on, and what fails, is a choice."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.world.loop import Deadlock, QuietLoop

# An actor's tasks are named so; whatever runs before and after the actors passes every point.
ACTOR = "@"
_MOST_STEPS = 3000


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may happen next, what it costs, and the actor who does it ("" for a fault)."""

    what: str
    actor: str = ""
    preemptions: int = 0
    faults: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[Option, ...]
    taken: int

    @property
    def option(self) -> Option:
        return self.options[self.taken]


Chooser = Callable[[int, Sequence[Option]], int]  # which option of the n-th choice


@dataclass
class _Waiting:
    task: str
    actor: str
    what: str
    future: asyncio.Future[None]


class Scheduler:
    """`story` tells what happened, in order; `choices` are the decisions, which replay it."""

    def __init__(self, loop: QuietLoop) -> None:
        self._loop = loop
        self._choose: Chooser = lambda nth, options: 0
        self._with_faults = False
        self._waiting: dict[str, _Waiting] = {}  # by task
        self._current = self._task = ""  # the actor that ran, and its task
        self._dead: set[str] = set()
        self._undisturbed: set[str] = set()
        self.running = False
        self.story: list[str] = []
        self.choices: list[Choice] = []
        self.steps = 0
        loop.decide = self._decide

    def begin(self, choose: Chooser, *, with_faults: bool) -> None:
        self._choose, self._with_faults, self.running = choose, with_faults, True

    def end(self) -> None:
        self.running = False

    def kill(self, actor: str) -> None:
        """The actor's process is gone: none of its tasks passes a point again."""
        self._dead.add(actor)
        self._waiting = {n: w for n, w in self._waiting.items() if w.actor != actor}

    def is_dead(self, actor: str) -> bool:
        return actor in self._dead

    async def point(self, what: str) -> None:
        """Wait here until this task is chosen to do `what`."""
        name = _task_name()
        actor = _actor_of(name)
        is_actor = name.startswith(ACTOR)
        passes = not self.running or actor in self._undisturbed
        if not is_actor or (passes and actor not in self._dead):
            return
        future = self._loop.create_future()
        if actor not in self._dead:
            self._waiting[name] = _Waiting(name, actor, what, future)
        try:
            await future
        finally:
            self._waiting.pop(name, None)

    @contextlib.contextmanager
    def undisturbed(self) -> Iterator[None]:
        """The present actor passes its points without a choice: nobody comes in between."""
        actor = _actor_of(_task_name())
        self._undisturbed.add(actor)
        try:
            yield
        finally:
            self._undisturbed.discard(actor)

    def fault(self, what: str, kinds: Sequence[str]) -> str:
        """One of these kinds, or "" where nothing fails."""
        if not (self.running and self._with_faults and _task_name().startswith(ACTOR)):
            return ""
        taken = self._ask([Option(""), *(Option(kind, faults=1) for kind in kinds)])
        if taken.what:
            self.story.append(f"!! {what}: {taken.what}")
        return taken.what

    def _ask(self, options: Sequence[Option]) -> Option:
        if len(options) == 1:
            return options[0]
        taken = self._choose(len(self.choices), options)
        self.choices.append(Choice(tuple(options), taken))
        return options[taken]

    def _decide(self) -> bool:
        if not self._waiting:
            return False
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise Deadlock("it does not end")
        waiting = self._waiting.pop(self._ask(self._who_may_go_on()).what)
        self._task = waiting.task
        self._current = waiting.actor
        self.story.append(f"{waiting.actor}: {waiting.what}")
        if not waiting.future.done():
            waiting.future.set_result(None)
        return True

    def _who_may_go_on(self) -> list[Option]:
        """The task that ran goes on for nothing, as the first option.

        To take the turn from its actor is a preemption. So is letting an actor's later task overtake an earlier one:
        else the items of one sweep alone would have more orders than can be tried.
        """
        names = sorted(
            self._waiting,
            key=lambda name: (self._waiting[name].actor != self._current, name != self._task),
        )
        interrupts = self._waiting[names[0]].actor == self._current
        options: list[Option] = []
        for name in names:
            actor = self._waiting[name].actor
            overtakes = any(option.actor == actor for option in options)
            cost = int(interrupts and actor != self._current) + int(overtakes)
            options.append(Option(name, actor, cost))
        return options


def _actor_of(task: str) -> str:
    return task.partition(".")[0].removeprefix(ACTOR)


def _task_name() -> str:
    task = asyncio.current_task()
    return task.get_name() if task else ""
