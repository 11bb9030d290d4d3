"""Everything that a trial needs: simulators that outlive the shop, machines, people, and a look at the database itself."""

import asyncio
import contextlib
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bot.sandbox.simulation import (
    OPERATOR_ID,
    Simulation,
    both_suppliers,
    open_simulation,
    shop_settings,
)
from bot.sandbox.telegram.world import Person
from tests.crash.kills import Buyer, Figures, make_buyer
from tests.failover.cluster import DOWN, Cluster
from tests.failover.network import Network
from tests.failover.people import STARS_DINARS, StarPayer, Visitor
from tests.failover.recorder import Recorder, record
from tests.failover.supervisor import Machine, Supervisor, make_machines

_FIRST_VISITOR, _FIRST_PAYER = 20_000, 30_000
_MANY = 10**6
_LOOK_SECONDS = 0.25
_UNHANDLED = "SELECT count(*) FROM inbox WHERE handled_at IS NULL"
_OPEN_UPDATES = (
    "SELECT update_id, chat_id, received_at, attempts, trouble, quarantined_at FROM inbox "
    "WHERE handled_at IS NULL LIMIT 3"
)
_AT_WORK = 2  # updates that a shop under load is just handling


@dataclass(frozen=True)
class Size:
    """How many of whom; `pause_seconds`: a visitor's, between an answer and the next press."""

    machines: int = 3
    visitors: int = 6
    buyers: int = 4
    payers: int = 6
    pause_seconds: float = 0.4


@dataclass
class Arena:
    simulation: Simulation
    cluster: Cluster
    supervisor: Supervisor
    recorder: Recorder
    folder: Path
    settings: dict[str, str]
    chance: random.Random
    operator: Person
    stack: contextlib.AsyncExitStack  # closed before the machines and the simulators are
    visitors: list[Visitor] = field(default_factory=list)
    buyers: list[Buyer] = field(default_factory=list)
    payers: list[StarPayer] = field(default_factory=list)
    figures: Figures = field(default_factory=Figures)
    credited: dict[str, float] = field(
        default_factory=dict
    )  # by charge id: when it was first seen so
    working: list[asyncio.Task[None]] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def machines(self) -> list[Machine]:
        return self.supervisor.machines

    @property
    def shop(self) -> Any:
        """As much of a ShopProcess as the judge of the kill campaign uses; its database is asked past the relays."""
        return SimpleNamespace(
            settings={**self.settings, "DATABASE_URL": self.cluster.url()}, folder=self.folder
        )

    async def begin_load(self) -> None:
        """Everybody begins; until `end_load`."""
        works = [visitor.keep_looking(self.ended) for visitor in self.visitors]
        works += [buyer.keep_buying(self.ended) for buyer in self.buyers]
        self.working = [asyncio.create_task(work) for work in works]

    async def end_load(self) -> None:
        self.ended.set()
        await asyncio.gather(*self.working)

    async def first_answer(self, moment: float, seconds: float = 60.0) -> float:
        """Seconds from this moment to the first answer after it; infinite where none comes."""
        return await _until_known(lambda: self.recorder.first_answer(moment), seconds)

    async def backlog(self, moment: float, seconds: float = 60.0) -> float:
        """Seconds from this moment until every earlier press is answered."""
        return await _until_known(lambda: self.recorder.backlog(moment), seconds)

    async def another_answers(
        self, machine: Machine, moment: float, seconds: float = 60.0
    ) -> float:
        """Seconds from the end of a machine's process to the first answer of another process."""

        def answer() -> float | None:
            again = next((at for at in machine.starts if at > moment), float("inf"))
            answers = [
                at
                for other in self.machines
                for at, name in other.calls.made
                if name == "answerCallbackQuery" and at > (again if other is machine else moment)
            ]
            return min(answers) - moment if answers else None

        return await _until_known(answer, seconds)

    async def unhandled(self) -> int:
        """Updates that are neither handled nor, by an operator's decision, left; 1 where nobody says."""
        with contextlib.suppress(*DOWN):
            return int((await self.cluster.query(_UNHANDLED))[0][0])
        return 1

    async def open_updates(self) -> list[str]:
        """What is known of the updates that are not handled."""
        return [str(dict(row)) for row in await self.cluster.query(_OPEN_UPDATES)]

    async def until_drained(self, moment: float, seconds: float = 15.0) -> None:
        """Wait until every press before this moment is answered and nearly nothing waits; or for long enough."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.recorder.backlog(moment) is not None and await self.unhandled() <= _AT_WORK:
                return
            await asyncio.sleep(0.1)

    async def take_bills(self) -> None:
        """Every payer has a bill at hand, as far as the shop brings it."""
        await asyncio.gather(*(payer.take_bill() for payer in self.payers))

    def pay_around(self, count: int, first: float, last: float) -> list[asyncio.Task[bool]]:
        """Of so many payers each pays at some time from `first` to `last` seconds from now."""
        chosen = self.chance.sample(self.payers, min(count, len(self.payers)))
        return [
            asyncio.create_task(self._pay(payer, self.chance.uniform(first, last)))
            for payer in chosen
        ]

    async def _pay(self, payer: StarPayer, after: float) -> bool:
        await asyncio.sleep(after)
        return await payer.pay()

    async def watch_credits(self) -> None:
        """Note when each payment in Stars is first seen as credited."""
        statement = "SELECT external_id FROM payments WHERE state = 'credited' AND method = 'stars'"
        while True:
            with contextlib.suppress(*DOWN):
                for row in await self.cluster.query(statement):
                    self.credited.setdefault(row["external_id"], time.monotonic())
            await asyncio.sleep(_LOOK_SECONDS)


async def _until_known(figure: Callable[[], float | None], seconds: float) -> float:
    """The figure as soon as there is one; infinite where there is none for so long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (found := figure()) is not None:
            return found
        await asyncio.sleep(0.02)
    return float("inf")


def endless(simulation: Simulation) -> None:
    """Suppliers with as many codes, as much money and as many calls as anybody wants."""
    simulation.book.calls_per_minute = _MANY
    simulation.book.balance *= 1000
    for category in simulation.book.categories:
        for kind in (kind for product in category.products for kind in product.denominations):
            kind.quantity = _MANY
    simulation.vouchers.burst = _MANY
    simulation.vouchers.balance *= 1000


def _settings(simulation: Simulation, folder: Path, database: str) -> dict[str, str]:
    return {
        **shop_settings(simulation, simulation.book.add_key("PRODUCTION"), folder / "data"),
        **both_suppliers(simulation),
        "DATABASE_URL": database,
        "ONECLICKDZ_CALLS_PER_MINUTE": "100000",
        "STARSHIP_CALLS_PER_TEN_SECONDS": "100000",
        "LOG_LEVEL": "INFO",
        "CONFIRM_ABOVE": "1000000",
        "PAYMENT_METHODS": "ocpay,chargily,stars,transfer",
        "TRANSFER_INSTRUCTIONS_EN": "CCP 00 1234567890",
        "STARS_DINARS": str(STARS_DINARS),
        "BACKUPS_KEPT": "0",
    }


@contextlib.asynccontextmanager
async def open_arena(
    cluster: Cluster,
    size: Size,
    seed: int,
    *,
    networks: list[Network] | None = None,
    remove: Callable[[], None] | None = None,
    **changes: str,
) -> AsyncIterator[Arena]:
    """A shop on an empty database, its machines running and its people in; nobody does anything yet."""
    await cluster.new_database()
    async with (
        open_simulation(handling_seconds=0.8) as simulation,
        contextlib.AsyncExitStack() as stack,
    ):
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hanout-failover-")))
        endless(simulation)
        settings = {**_settings(simulation, folder, cluster.url()), **changes}
        machines = await make_machines(
            size.machines, folder, simulation, settings, cluster.port, networks
        )
        for machine in machines:
            machine.remove = remove
            for relay in machine.links.values():
                stack.push_async_callback(relay.stop)
        supervisor = Supervisor(machines, cluster)
        stack.push_async_callback(supervisor.stop_all)
        world = simulation.world
        arena = Arena(
            simulation,
            cluster,
            supervisor,
            record(world),
            folder,
            settings,
            random.Random(seed),
            world.person(OPERATOR_ID, "Operator", "en"),
            await stack.enter_async_context(contextlib.AsyncExitStack()),
        )
        world.chat(OPERATOR_ID)
        await supervisor.start(machines[0])
        await supervisor.until_led()
        for machine in machines[1:]:
            await supervisor.start(machine)
        await _invite(arena, size)
        watching = asyncio.create_task(arena.watch_credits())
        stack.callback(watching.cancel)
        yield arena


async def _invite(arena: Arena, size: Size) -> None:
    world = arena.simulation.world
    await arena.operator.ask_and_read("/start", "Gift-card codes", 30)
    for number in range(size.visitors):
        person = world.person(_FIRST_VISITOR + number, "Visitor", "en")
        own = random.Random(arena.chance.random())
        arena.visitors.append(Visitor(person, arena.recorder, own, size.pause_seconds))
        await arena.visitors[-1].enter()
    if arena.visitors:
        await arena.visitors[0].learn()
    arena.buyers = [
        await make_buyer(arena.simulation, arena.operator, number, arena.chance, arena.figures)
        for number in range(size.buyers)
    ]
    arena.payers = [
        StarPayer(world.person(_FIRST_PAYER + n, "Payer", "en")) for n in range(size.payers)
    ]
    for payer in arena.payers:
        await payer.enter()
    await arena.take_bills()
