"""A leader that is killed, stands still, is cut off, or is asked to end: a standby goes on."""

import asyncio
import signal
import time
from collections.abc import Sequence

from tests.failover.arena import Arena
from tests.failover.outcomes import Part, Scale, share, spread
from tests.failover.supervisor import Machine

_MEDIAN_SECONDS, _P99_SECONDS = 1.0, 3.0
_ENOUGH_KILLS = 20  # for a median
_TAKEN_OVER_SECONDS = 15.0
_LONGEST_PRESS_SECONDS = 3.0
_LOST_LEADERSHIP = 75
_SEEN_SECONDS = 3.0  # after a leader is back: what it does then
_READING = (
    "getMe",
    "getUpdates",
    "getWebhookInfo",
    "getMyCommands",
    "getMyDescription",
    "getMyShortDescription",
)


async def killed(arena: Arena, scale: Scale) -> Part:
    """SIGKILL of whoever leads, again and again, under purchases and payments."""
    first, last = [], []
    for _ in range(scale.kills):
        leader = await _ready(arena)
        paying = arena.pay_around(scale.payments, 0.0, 0.4)
        await asyncio.sleep(arena.chance.uniform(0.0, 0.4))
        moment = leader.signal(signal.SIGKILL)
        first.append(await arena.another_answers(leader, moment))
        last.append(await arena.backlog(moment))
        await asyncio.gather(*paying)
        # Whatever is handled at five ends of a process in a row counts as their cause, and is set aside.
        await arena.until_drained(time.monotonic())
    median_met = len(first) < _ENOUGH_KILLS or share(first, 0.5) <= _MEDIAN_SECONDS
    met = median_met and share(first, 0.99) <= _P99_SECONDS
    return Part([spread("first answer", first), spread("all presses answered", last)], met)


async def _ready(arena: Arena) -> Machine:
    """Wait until somebody leads, all others are warm, and every payer has a bill."""
    await arena.supervisor.until_led(60)
    await arena.take_bills()
    await arena.supervisor.until_warm()
    return await arena.supervisor.until_led(60)


async def stopped(arena: Arena, scale: Scale) -> Part:
    """SIGSTOP in the middle of purchases, a standby leads, SIGCONT."""
    leader = await _ready(arena)
    await asyncio.sleep(arena.chance.uniform(0.5, 1.5))
    paying = arena.pay_around(2 * scale.payments, 0.0, 2.0)
    moment = leader.signal(signal.SIGSTOP)
    first = await arena.another_answers(leader, moment, max(scale.stopped_seconds, 20.0))
    await asyncio.sleep(max(0.0, moment + scale.stopped_seconds - time.monotonic()))
    continued = leader.signal(signal.SIGCONT)
    await asyncio.gather(*paying)
    await _until_ended(leader, continued, 10.0)
    again = next((at for at in leader.starts if at >= continued), float("inf"))
    acts = _acts(leader, continued, again)
    status = _status(leader, continued)
    return Part(
        [
            f"another answered after {first:.2f} s",
            f"continued, it made {len(acts)} calls that act, and ended with {status}",
        ],
        first <= _TAKEN_OVER_SECONDS and status == _LOST_LEADERSHIP,
    )


async def cut_off_from_postgres(arena: Arena, scale: Scale) -> Part:
    return await _cut_off(arena, scale, "postgres")


async def cut_off_from_telegram(arena: Arena, scale: Scale) -> Part:
    return await _cut_off(arena, scale, "telegram")


async def _cut_off(arena: Arena, scale: Scale, link: str) -> Part:
    """The leader alone loses every packet to one server, for some time; its standbys reach all."""
    leader = await _ready(arena)
    await asyncio.sleep(arena.chance.uniform(0.5, 1.5))
    paying = arena.pay_around(2 * scale.payments, 0.0, 2.0)
    moment = await leader.cut(link)
    first = await arena.another_answers(leader, moment, max(scale.cut_seconds, 20.0))
    await asyncio.sleep(max(0.0, moment + scale.cut_seconds - time.monotonic()))
    await leader.heal(link)
    await asyncio.gather(*paying)
    await asyncio.sleep(_SEEN_SECONDS)
    together = _acted_together(arena.machines, moment)
    how = "packets dropped in a network namespace" if leader.network else "a relay swallows"
    return Part(
        [
            f"{how}: another answered after {first:.2f} s",
            f"{together} calls of a former leader beside a new one",
        ],
        first <= _TAKEN_OVER_SECONDS and not together,
    )


async def rolling(arena: Arena, scale: Scale) -> Part:
    """SIGTERM to one after the other, each started again before the next, as an update of all does."""
    await _ready(arena)
    began, statuses = time.monotonic(), []
    for machine in arena.machines:
        paying = arena.pay_around(scale.payments, 0.0, 0.5)
        statuses.append(await arena.supervisor.stop(machine))
        await arena.supervisor.start(machine)
        await _ready(arena)
        await asyncio.gather(*paying)
    ended = time.monotonic()
    await asyncio.sleep(_SEEN_SECONDS)
    waits = arena.recorder.waits(began, ended)
    met = max(waits, default=0.0) <= _LONGEST_PRESS_SECONDS and set(statuses) == {0}
    return Part([spread("presses", waits), f"ended with {sorted(set(map(str, statuses)))}"], met)


async def _until_ended(machine: Machine, moment: float, seconds: float) -> None:
    while _status(machine, moment) is None and time.monotonic() < moment + seconds:
        await asyncio.sleep(0.05)


def _status(machine: Machine, moment: float) -> int | None:
    """The exit status of its first end after this moment."""
    return next((status for at, status in machine.ends if at >= moment), None)


def _acts(machine: Machine, begin: float, end: float) -> list[tuple[float, str]]:
    """Its calls of Telegram that have an effect, in a time."""
    return [
        (at, name) for at, name in machine.calls.made if begin <= at < end and name not in _READING
    ]


def _acted_together(machines: Sequence[Machine], moment: float) -> int:
    """Calls with an effect, after `moment`, by a process that another one had taken over from.

    A process takes over with its first poll; who had acted before it may act no more without a new start.
    """
    events = sorted(
        (at, machine.number, name)
        for machine in machines
        for at, name in machine.calls.made
        if at >= moment - 5
    )
    starts = {machine.number: machine.starts for machine in machines}
    leader, since, count = None, 0.0, 0
    for at, number, name in events:
        if name == "getUpdates" and number != leader:
            leader, since = number, at
        elif name not in _READING and number != leader and at > moment:
            started = max((s for s in starts[number] if s <= at), default=0.0)
            count += leader is not None and started < since
    return count
