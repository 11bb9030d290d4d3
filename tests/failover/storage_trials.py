"""PostgreSQL is restarted, resets connections, swallows them, or another server takes its place: the shop goes on."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from tests.failover.arena import Arena, open_arena
from tests.failover.cluster import Cluster, running_cluster
from tests.failover.judge import judge
from tests.failover.outcomes import Outcome, Scale, outcome, spread
from tests.failover.proxy import Mode

Twin = Callable[[], None] | None

_RECOVERED_SECONDS, _OUT_OF_HOLE_SECONDS = 2.0, 10.0
_HOLE_SECONDS = 6.0
_RESET_EVERY_SECONDS = 0.4


async def _outages(
    arena: Arena, scale: Scale, outage: Callable[[int], Awaitable[float]], times: int
) -> list[float]:
    """Seconds from what each outage gives as its end to the first answer after it; payments are made meanwhile."""
    first = []
    await arena.begin_load()
    for number in range(times):
        await arena.supervisor.until_led(60)
        await arena.take_bills()
        await asyncio.sleep(arena.chance.uniform(0.5, 1.5))
        paying = arena.pay_around(scale.payments, 0.0, 1.0)
        end = await outage(number)
        first.append(await arena.first_answer(end))
        await asyncio.gather(*paying)
    return first


async def restarted(cluster: Cluster, scale: Scale, seed: int, twin: Twin = None) -> Outcome:
    """Stopped in order, or killed, and started again within three seconds."""
    async with open_arena(cluster, scale.size, seed, twin=twin) as arena:

        async def restart(number: int) -> float:
            await cluster.stop(("fast", "immediate")[number % 2])
            await asyncio.sleep(arena.chance.uniform(0.0, 3.0))
            await cluster.start()
            return time.monotonic()

        first = await _outages(arena, scale, restart, scale.restarts)
        verdict = await judge(arena)
    return outcome(
        f"PostgreSQL restarted under load, {scale.restarts} times",
        "every press answered, 0 unhandled, 0 late; ≤ 2 s after its end",
        [spread("first answer", first)],
        verdict,
        met=max(first) <= _RECOVERED_SECONDS,
        late=True,
    )


async def resets(cluster: Cluster, scale: Scale, seed: int, twin: Twin = None) -> Outcome:
    """Every connection to PostgreSQL is reset every 0.4 s."""
    async with open_arena(cluster, scale.size, seed, twin=twin) as arena:

        async def reset(_number: int) -> float:
            end = time.monotonic() + scale.resets_seconds
            while time.monotonic() < end:
                for machine in arena.machines:
                    machine.links["postgres"].reset()
                await asyncio.sleep(_RESET_EVERY_SECONDS)
            return time.monotonic()

        first = await _outages(arena, scale, reset, 2)
        verdict = await judge(arena)
    return outcome(
        f"connections reset every 0.4 s for {scale.resets_seconds:.0f} s, twice",
        "every press answered, 0 unhandled, 0 late; ≤ 2 s after its end",
        [spread("first answer", first)],
        verdict,
        met=max(first) <= _RECOVERED_SECONDS,
        late=True,
    )


async def hole(cluster: Cluster, scale: Scale, seed: int, twin: Twin = None) -> Outcome:
    """Open connections go nowhere from now on (a silent failover), or all of them for some seconds."""
    async with open_arena(cluster, scale.size, seed, twin=twin) as arena:

        async def fall(number: int) -> float:
            links = [machine.links["postgres"] for machine in arena.machines]
            if number % 2 == 0:
                for link in links:
                    link.swallow()
                return time.monotonic()
            for link in links:
                await link.set(Mode.HOLE)
            await asyncio.sleep(_HOLE_SECONDS)
            for link in links:
                await link.set(Mode.PASS)
            return time.monotonic()

        first = await _outages(arena, scale, fall, 2 * scale.holes)
        verdict = await judge(arena)
    return outcome(
        f"connections into a hole, {2 * scale.holes} times",
        "every press answered, 0 unhandled, 0 late; ≤ 10 s",
        [spread("first answer", first)],
        verdict,
        met=max(first) <= _OUT_OF_HOLE_SECONDS,
        late=True,
    )


async def promoted(
    cluster: Cluster, scale: Scale, seed: int, twin: Twin = None, *, mode: str = "fast"
) -> Outcome:
    """A streaming replica takes the place of the server, which ends in order (fast) or is lost (immediate).

    In order, the server hands everything to the replica before it ends, so nothing may be lost. An asynchronous
    replica of a server that is lost may lack the last commits: what that cost is said, and is no failure.
    """
    async with (
        open_arena(cluster, scale.size, seed, twin=twin) as arena,
        running_cluster(of=cluster) as replica,
    ):

        async def promote(_number: int) -> float:
            await cluster.stop(mode)
            for machine in arena.machines:
                machine.links["postgres"].target = replica.port
                machine.links["postgres"].reset()
            await replica.promote()
            arena.cluster = replica
            arena.supervisor.ask(replica)
            return time.monotonic()

        try:
            first = await _outages(arena, scale, promote, 1)
            verdict = await judge(arena)
            await arena.supervisor.stop_all()
        finally:
            await cluster.start()
    planned = mode == "fast"
    found = outcome(
        f"streaming replica promoted, the server {'ended in order' if planned else 'is lost'}",
        "the shop goes on" if planned else "the shop goes on; what the replica lacked is said",
        [spread("first answer", first)],
        verdict,
        met=max(first) <= _OUT_OF_HOLE_SECONDS,
    )
    found.met = found.met or (not planned and max(first) <= _OUT_OF_HOLE_SECONDS)
    return found
