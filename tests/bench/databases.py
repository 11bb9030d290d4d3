"""SQLite beside PostgreSQL: the same presses on both, by turns, in one run.

PostgreSQL is a cluster of its own with fsync on, on the same disk; its processes' CPU time is counted apart.
"""

import asyncio
import os
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.simulation import (
    OPERATOR_ID,
    Simulation,
    close_shop,
    open_simulation,
    shop_settings,
    start_shop,
    until_open,
)
from tests.bench.presses import _cpu, _crowd, _p, _press_and_wait, _walk_of
from tests.failover.cluster import NO_POSTGRES, Cluster, find_postgres, running_cluster

TURNS = 2
_WALKS_ALONE = 15
_CUSTOMERS_OF_A_TURN = 1000  # the ids of each turn's people are apart


@dataclass
class _Side:
    """A shop on one of the databases. `server`: the CPU seconds of the database's own processes so far."""

    name: str
    simulation: Simulation
    process: asyncio.subprocess.Process
    walk: list[str]
    cluster: Cluster | None
    alone: list[float] = field(default_factory=list)  # seconds of each press of one person
    times: list[float] = field(default_factory=list)  # of 50 at once
    rates: list[float] = field(default_factory=list)
    cpu: float = 0.0
    server_cpu: float = 0.0

    async def press(self, first: int) -> None:
        one = self.simulation.world.person(OPERATOR_ID)
        self.alone += [await _press_and_wait(one, data) for data in self.walk * _WALKS_ALONE]
        before, server = _cpu(self.process), _server_cpu(self.cluster)
        rate, times = await _crowd(self.simulation, first, self.walk)
        self.cpu += _cpu(self.process) - before
        self.server_cpu += _server_cpu(self.cluster) - server
        self.rates.append(rate)
        self.times += times

    def line(self) -> str:
        thousands = len(self.times) / 1000
        server = f" and {self.server_cpu / thousands:.2f} s of the server" if self.cluster else ""
        return (
            f"  {self.name:10} one alone p50 {_p(self.alone, 0.5):5.1f} ms  p99 {_p(self.alone, 0.99):5.1f} ms  "
            f"50 at once {sum(self.rates) / len(self.rates):4.0f}/s  p50 {_p(self.times, 0.5):6.1f} ms  "
            f"p99 {_p(self.times, 0.99):6.1f} ms  CPU for 1,000 presses {self.cpu / thousands:.2f} s{server}"
        )


def _server_cpu(cluster: Cluster | None) -> float:
    """CPU seconds of PostgreSQL's processes, with those that have ended."""
    if cluster is None:
        return 0.0
    postmaster = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    ticks = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(entry.name) == postmaster:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == postmaster:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


async def _open(stack: AsyncExitStack, name: str, cluster: Cluster | None) -> _Side:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    simulation = await stack.enter_async_context(open_simulation())
    settings = shop_settings(simulation, simulation.book.add_key(), folder)
    if cluster is not None:
        await cluster.new_database()
        settings["DATABASE_URL"] = cluster.url()
    process = await start_shop(settings, folder)
    stack.push_async_callback(close_shop, process)
    await until_open(simulation, process)
    walk, _ = await _walk_of(simulation)
    return _Side(name, simulation, process, walk, cluster)


async def report() -> None:
    if find_postgres() is None:
        print(f"SQLite beside PostgreSQL: left out. {NO_POSTGRES}\n")
        return
    async with running_cluster(fsync=True) as cluster, AsyncExitStack() as stack:
        sides = [
            await _open(stack, "SQLite", None),
            await _open(stack, "PostgreSQL", cluster),
        ]
        for turn in range(TURNS):
            for side in sides:
                await side.press(10_000 + turn * _CUSTOMERS_OF_A_TURN)
    print(f"SQLite beside PostgreSQL, the same presses, {TURNS} turns each")
    print("\n".join(side.line() for side in sides))
    print()


if __name__ == "__main__":
    asyncio.run(report())
