"""A prepared situation of a shop, and the actors that act in it at once."""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import LargeBinary

from bot.errors import PaymentFailure, SendFailure, StorageFailure, SupplierFailure
from bot.refusals import Refused
from bot.services.shop import Shop
from storage.tables import metadata
from tests.world.loop import QuietLoop
from tests.world.scheduler import ACTOR, Chooser, Scheduler
from tests.world.shop import World
from tests.world.store import MemoryEngine
from tests.world.witness import noted

# What an actor may be told instead of what it asked for. Anything else that one raises is a problem.
EXPECTED = (Refused, SupplierFailure, SendFailure, PaymentFailure, StorageFailure)
_MADE_AT_RANDOM = {"purchase_requests"}
_NAMED_AT_RANDOM = {"owner"}
_REFERENCE = re.compile(r"(own:\d+:)[0-9a-f]+")  # ends at random


@dataclass
class Facts:
    """What the judge has to know of a scene.

    `faultless`: orders that nothing has gone wrong with, so they must be delivered. `once`: codes are shown once only.
    """

    order: int = 0
    named: dict[str, Any] = field(default_factory=dict)
    faultless: set[int] = field(default_factory=set)
    once: bool = False


@dataclass
class Scene:
    """`disturbed`: what happened that excuses something: "refund", "crash", "clock", "second process", "fault", "stock".

    `banned`: whom somebody may have banned.
    """

    world: World
    facts: Facts
    loop: QuietLoop
    scheduler: Scheduler
    told_before: int = 0  # messages of the preparation
    changes_before: int = 0  # rows written until then
    disturbed: set[str] = field(default_factory=set)
    raised: list[str] = field(default_factory=list)
    banned: set[int] = field(default_factory=set)
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def shop(self, actor: str) -> Shop:
        """The process that an actor belongs to: a prime in its name says the second."""
        if actor.endswith("'") and self.world.other is not None:
            return self.world.other
        return self.world.shop

    async def crash(self, survivor: str) -> None:
        """The first process is gone, wherever it stood, and its tasks never go on."""
        self.disturbed.add("crash")
        for name, task in self.tasks.items():
            if not name.endswith("'") and name != survivor and not task.done():
                self.scheduler.kill(name)
        await self.world.start_again()

    def work_done(self) -> int:
        """Rows written, messages sent and orders made at suppliers since the preparation."""
        world = self.world
        return (
            world.engine.raw.total_changes
            - self.changes_before
            + len(world.sender.sent)
            - self.told_before
            + len(world.sender.masked)
        )


Prepare = Callable[[World], Awaitable[Facts]]
Actor = Callable[[Scene, str], Awaitable[object]]


def prepare(situation: Prepare, empty: Path) -> Scene:
    """Play the past of a scene, undisturbed."""
    loop = QuietLoop()
    scheduler = Scheduler(loop)

    async def make() -> Scene:
        world = World(MemoryEngine(empty), scheduler)
        await world.open()
        facts = await situation(world)
        await world.clock_watch.check()  # a shop that runs has noted that it is alive
        return Scene(
            world,
            facts,
            loop,
            scheduler,
            told_before=len(world.sender.sent),
            changes_before=world.engine.raw.total_changes,
        )

    return loop.run_until_complete(make())


async def act(
    scene: Scene, actors: Sequence[tuple[str, Actor]], choose: Chooser, *, with_faults: bool
) -> None:
    """Run the actors at once, to their ends, as `choose` decides."""
    if any(name.endswith("'") for name, _ in actors):
        scene.disturbed.add("second process")
        await scene.world.second_process()
    scheduler = scene.scheduler
    for name, work in actors:
        scene.tasks[name] = scene.loop.create_task(_one(scene, name, work), name=f"{ACTOR}{name}")
    scheduler.begin(choose, with_faults=with_faults)
    waiting = set(scene.tasks.values())
    while waiting:
        _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        waiting = {t for t in waiting if not scheduler.is_dead(t.get_name().removeprefix(ACTOR))}
    scheduler.end()
    if any(choice.option.faults for choice in scheduler.choices):
        scene.disturbed.add("fault")


async def _one(scene: Scene, name: str, work: Actor) -> None:
    await scene.scheduler.point("begins")
    try:
        await work(scene, name)
    except EXPECTED as failure:
        scene.scheduler.story.append(f"{name}: is told {type(failure).__name__}")
    except Exception as error:  # the scene goes on: what it leads to is judged too
        scene.raised.append(f"{name} raised {type(error).__name__}: {error!s:.100}")


def fingerprint(scene: Scene) -> str:
    """Equal for two ends that nothing can tell apart any more."""
    mark = hashlib.blake2b(digest_size=12)
    world = scene.world
    for table in metadata.sorted_tables:
        if table.name in _MADE_AT_RANDOM:
            continue
        kept = [c for c in table.columns if not isinstance(c.type, LargeBinary)]
        names = [f'"{c.name}"' for c in kept if c.name not in _NAMED_AT_RANDOM]
        rows = world.engine.raw.execute(f"SELECT {', '.join(names)} FROM {table.name}")
        mark.update(_REFERENCE.sub(r"\1", repr(sorted(map(repr, rows)))).encode())
    bought = [(o.id, o.status, o.quantity) for o in world.book.orders.values()]
    vouchers = [(o.id, o.status, len(o.vouchers)) for o in world.vouchers.orders.values()]
    told = sorted((s.kind, s.user_id, s.codes, s.again) for s in world.sender.sent)
    due = sorted((s.name, str(world.agenda.next_of(s))) for s in world.sweeps)
    rest = world.sender.masked, world.stars_gateway.refunded, world.clock.moment
    excused = sorted(scene.disturbed), scene.raised, noted(world.engine.raw)
    mark.update(repr((bought, vouchers, told, due, rest, excused)).encode())
    return mark.hexdigest()
