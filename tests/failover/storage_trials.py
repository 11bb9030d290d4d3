"""PostgreSQL is restarted, resets connections, swallows them, or another server takes its place: the shop goes on."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from tests.failover.arena import Arena
from tests.failover.cluster import running_cluster
from tests.failover.outcomes import Part, Scale, spread
from tests.failover.proxy import Mode

_RECOVERED_SECONDS, _OUT_OF_HOLE_SECONDS = 2.0, 10.0
_HOLE_SECONDS = 6.0
_RESET_EVERY_SECONDS = 0.4


async def _outages(
    arena: Arena,
    scale: Scale,
    outage: Callable[[int], Awaitable[float]],
    times: int,
    bound_seconds: float,
) -> Part:
    """From what each outage gives as its end: the first answer, and the last one to an earlier press."""
    first, last = [], []
    for number in range(times):
        await arena.supervisor.until_led(60)
        await arena.take_bills()
        await asyncio.sleep(arena.chance.uniform(0.5, 1.5))
        paying = arena.pay_around(scale.payments, 0.0, 1.0)
        end = await outage(number)
        first.append(await arena.first_answer(end))
        last.append(await arena.backlog(end))
        await asyncio.gather(*paying)
    figures = [spread("first answer", first), spread("all presses answered", last)]
    return Part(figures, max(first) <= bound_seconds and max(last) <= bound_seconds)


async def restarted(arena: Arena, scale: Scale) -> Part:
    """Stopped in order, or killed, and started again within three seconds."""

    async def restart(number: int) -> float:
        await arena.cluster.stop(("fast", "immediate")[number % 2])
        await asyncio.sleep(arena.chance.uniform(0.0, 3.0))
        await arena.cluster.start()
        return time.monotonic()

    return await _outages(arena, scale, restart, scale.restarts, _RECOVERED_SECONDS)


async def resets(arena: Arena, scale: Scale) -> Part:
    """Every connection to PostgreSQL is reset every 0.4 s."""

    async def reset(_number: int) -> float:
        end = time.monotonic() + scale.resets_seconds
        while time.monotonic() < end:
            for machine in arena.machines:
                machine.links["postgres"].reset()
            await asyncio.sleep(_RESET_EVERY_SECONDS)
        return time.monotonic()

    return await _outages(arena, scale, reset, 2, _RECOVERED_SECONDS)


async def hole(arena: Arena, scale: Scale) -> Part:
    """Open connections go nowhere from now on (a silent failover), or all of them for some seconds."""

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

    return await _outages(arena, scale, fall, 2 * scale.holes, _OUT_OF_HOLE_SECONDS)


async def promoted(arena: Arena, scale: Scale) -> Part:
    """A streaming replica takes the place of a server that ends in order, and hands over everything before."""
    return await _promote(arena, scale, "fast")


async def server_lost(arena: Arena, scale: Scale) -> Part:
    """The same where the server is lost: an asynchronous replica may lack its last commits."""
    return await _promote(arena, scale, "immediate")


async def _promote(arena: Arena, scale: Scale, mode: str) -> Part:
    primary = arena.cluster
    replica = await arena.stack.enter_async_context(running_cluster(of=primary))
    arena.stack.push_async_callback(primary.start)  # for the trials after this one
    arena.stack.push_async_callback(arena.supervisor.stop_all)

    async def promote(_number: int) -> float:
        await primary.stop(mode)
        for machine in arena.machines:
            machine.links["postgres"].target = replica.port
            machine.links["postgres"].reset()
        await replica.promote()
        arena.cluster = replica
        arena.supervisor.ask(replica)
        return time.monotonic()

    return await _outages(arena, scale, promote, 1, _OUT_OF_HOLE_SECONDS)
