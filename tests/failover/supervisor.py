"""Machines with a shop on each, on one database: started, watched and started again as systemd does it."""

import asyncio
import contextlib
import re
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from bot.sandbox.simulation import Simulation
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from tests.e2e.forked import Forked, start_hanout
from tests.failover.cluster import DOWN, Cluster
from tests.failover.network import Network
from tests.failover.proxy import Calls, Mode, Relay, listen_on_loopback

LINKS = ("postgres", "telegram", "suppliers", "starship")
RESTART_SECONDS = 0.1
_CONFIGURATION = (
    1  # exit status of wrong settings: systemd would not restart it (RestartPreventExitStatus)
)


def chain(*steps: Callable[[], None] | None) -> Callable[[], None]:
    """What a process does before it is a shop, in order."""
    return partial(_run_all, [step for step in steps if step is not None])


def _run_all(steps: Sequence[Callable[[], None]]) -> None:
    for step in steps:
        step()


@dataclass
class Machine:
    """A process of the shop and its own ways to the servers. `ends`: when it ended, and with which status."""

    number: int
    folder: Path
    links: dict[str, Relay]
    calls: Calls
    network: Network | None
    settings: dict[str, str]
    remove: Callable[[], None] | None = None  # a guard, before the shop starts
    process: Forked | None = None
    wanted: bool = False
    ends: list[tuple[float, int]] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    said_before: int = 0  # the length of the log when its process started

    @property
    def log_path(self) -> Path:
        return self.folder / f"machine-{self.number}.log"

    @property
    def is_warm(self) -> bool:
        """Whether its process leads, or stands by and has said so."""
        said = self.log[self.said_before :]
        return self.is_running and ("stands by" in said or "leads the shop" in said)

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    @property
    def pid(self) -> int:
        return self.process.pid if self.process is not None else 0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.returncode is None

    def launch(self) -> Forked:
        entering = self.network.entering() if self.network is not None else None
        self.starts.append(time.monotonic())
        self.said_before = len(self.log)
        return start_hanout(
            "run",
            settings=self.settings,
            folder=self.folder,
            said=self.log_path,
            before=chain(entering, self.remove),
        )

    def signal(self, number: signal.Signals) -> float:
        """Send a signal; returns when (monotonic)."""
        if self.process is not None:
            self.process.send_signal(number)
        return time.monotonic()

    async def cut(self, link: str) -> float:
        """From now on nothing comes through a link, and nobody is told; returns when."""
        if self.network is not None:
            self.network.cut(link)
        else:
            await self.links[link].set(Mode.HOLE)
        return time.monotonic()

    async def heal(self, link: str) -> None:
        if self.network is not None:
            self.network.heal(link)
        else:
            await self.links[link].set(Mode.PASS)


class Supervisor:
    """Keeps each machine's process running: 0.1 s after it ended, unless it ended with 0 or 1."""

    def __init__(self, machines: list[Machine], cluster: Cluster | None) -> None:
        self.machines = machines
        self._cluster = cluster
        self._keepers: dict[int, asyncio.Task[None]] = {}

    def ask(self, cluster: Cluster) -> None:
        """From now on the row of `leader` is read there."""
        self._cluster = cluster

    async def start(self, machine: Machine) -> None:
        """Start it, and again whenever it ends."""
        machine.wanted = True
        self._keepers[machine.number] = asyncio.create_task(self._keep(machine))
        while machine.process is None:
            await asyncio.sleep(0.01)

    async def _keep(self, machine: Machine) -> None:
        while machine.wanted:
            machine.process = machine.launch()
            status = await machine.process.wait()
            machine.ends.append((time.monotonic(), status))
            if status in (0, _CONFIGURATION):
                machine.wanted = False
                return
            await asyncio.sleep(RESTART_SECONDS)

    async def stop(self, machine: Machine, seconds: float = PATIENCE_SECONDS) -> int | None:
        """SIGTERM, and no new start; returns the exit status, None where it had to be killed."""
        machine.wanted = False
        if not machine.is_running:
            await self._end(machine)
            return machine.ends[-1][1] if machine.ends else None
        machine.signal(signal.SIGCONT)
        machine.signal(signal.SIGTERM)
        assert machine.process is not None
        try:
            status: int | None = await asyncio.wait_for(machine.process.wait(), seconds)
        except TimeoutError:
            machine.process.kill()
            await machine.process.wait()
            status = None
        await self._end(machine)
        return status

    async def _end(self, machine: Machine) -> None:
        keeper = self._keepers.pop(machine.number, None)
        if keeper is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(keeper, 2)

    async def stop_all(self) -> list[int | None]:
        return list(await asyncio.gather(*(self.stop(machine) for machine in self.machines)))

    async def who_leads(self) -> Machine | None:
        """By the row of `leader`; where there is no such table, the one that polled last."""
        place = await self._place()
        running = [machine for machine in self.machines if machine.is_running]
        if place is not None:
            pid = int(re.findall(r"\d+", place)[-1])
            return next((machine for machine in running if machine.pid == pid), None)
        polled = [m for m in running if m.calls.last("getUpdates") > m.starts[-1]]
        return max(polled, key=lambda machine: machine.calls.last("getUpdates"), default=None)

    async def _place(self) -> str | None:
        if self._cluster is None:
            return None
        try:
            rows = await self._cluster.query("SELECT place FROM leader")
        except DOWN:
            return None
        return str(rows[0]["place"]) if rows else None

    async def until_led(
        self, seconds: float = PATIENCE_SECONDS, *, by_other_than: Machine | None = None
    ) -> Machine:
        """Wait until somebody leads and polls. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            leader = await self.who_leads()
            polls = leader is not None and leader.calls.last("getUpdates") > leader.starts[-1]
            if leader is not None and polls and leader is not by_other_than:
                return leader
            await asyncio.sleep(0.05)
        raise TimeoutError("nobody leads")

    async def until_warm(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until every machine leads or stands by, or for long enough."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if all(machine.is_warm for machine in self.machines):
                return
            await asyncio.sleep(0.05)


async def make_machines(
    count: int,
    folder: Path,
    simulation: Simulation,
    settings: dict[str, str],
    postgres: int,
    networks: list[Network] | None = None,
) -> list[Machine]:
    """`settings` of the shop, whose addresses are replaced by those of each machine's relays; `postgres`: a port."""
    return [
        await _make_machine(
            number, folder, simulation, settings, postgres, networks[number] if networks else None
        )
        for number in range(count)
    ]


async def _make_machine(
    number: int,
    folder: Path,
    simulation: Simulation,
    settings: dict[str, str],
    postgres: int,
    network: Network | None,
) -> Machine:
    calls = Calls()
    targets = {
        "postgres": postgres,
        "telegram": _port(simulation.telegram_url),
        "suppliers": _port(simulation.supplier_url),
        "starship": _port(simulation.starship_url),
    }
    links = {}
    for link, target in targets.items():
        listen = partial(network.listen, link) if network is not None else listen_on_loopback
        links[link] = Relay(target, listen, calls if link == "telegram" else None)
        await links[link].start()
    at = {link: f"{relay.host}:{relay.port}" for link, relay in links.items()}
    own = {
        "TELEGRAM_API_URL": f"http://{at['telegram']}",
        "ONECLICKDZ_BASE_URL": f"http://{at['suppliers']}/v3",
        "STARSHIP_BASE_URL": f"http://{at['starship']}",
    }
    database = settings["DATABASE_URL"]
    if database.startswith("postgresql"):
        own["DATABASE_URL"] = database.replace(
            urlsplit(database).netloc.partition("@")[2], at["postgres"]
        )
    return Machine(number, folder, links, calls, network, {**settings, **own})


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port
