"""The trials of the campaign, in their order."""

from collections.abc import Awaitable, Callable
from contextlib import ExitStack

from tests.failover import process_trials, storage_trials
from tests.failover.arena import open_arena
from tests.failover.cluster import Cluster
from tests.failover.judge import judge
from tests.failover.network import networks
from tests.failover.outcomes import Outcome, Part, Scale, Trial, outcome
from tests.failover.refusals import one_file_twice, two_tokens
from tests.failover.supervisor import LINKS

Remove = Callable[[], None] | None

_EVERY_PRESS = "every press answered, 0 unhandled, 0 late"

PROCESSES = (
    Trial(
        "killed",
        "leader killed under purchases and payments",
        "0 lost, doubled, leaked; first answer p50 ≤ 1 s, p99 ≤ 3 s",
        process_trials.killed,
    ),
    Trial(
        "stopped",
        "leader stopped (SIGSTOP) and continued",
        "the epoch refuses its writes; at most the same codes again to the same person",
        process_trials.stopped,
    ),
    Trial(
        "cut off from PostgreSQL",
        "leader cut off from PostgreSQL only",
        "≤ 15 s; no two leaders act",
        process_trials.cut_off_from_postgres,
        cut=True,
    ),
    Trial(
        "cut off from Telegram",
        "leader cut off from Telegram only",
        "≤ 15 s; no two leaders act",
        process_trials.cut_off_from_telegram,
        cut=True,
    ),
    Trial(
        "rolling",
        "rolling restart with a standby",
        "no press waits over 3 s",
        process_trials.rolling,
    ),
)
STORAGE = (
    Trial(
        "restarted",
        "PostgreSQL restarted under load",
        f"{_EVERY_PRESS}; ≤ 2 s after its end",
        storage_trials.restarted,
        forbids_late=True,
    ),
    Trial(
        "resets",
        "connections reset every 0.4 s",
        f"{_EVERY_PRESS}; ≤ 2 s after its end",
        storage_trials.resets,
        forbids_late=True,
    ),
    Trial(
        "hole",
        "connections into a hole",
        f"{_EVERY_PRESS}; ≤ 10 s",
        storage_trials.hole,
        forbids_late=True,
    ),
    Trial(
        "promoted",
        "streaming replica promoted, the server ended in order",
        "the shop goes on",
        storage_trials.promoted,
    ),
    Trial(
        "server lost",
        "streaming replica promoted, the server is lost",
        "the shop goes on; what the replica lacked is said",
        storage_trials.server_lost,
        forgives_harm=True,
    ),
)
UNDER_LOAD = {trial.name: trial for trial in (*PROCESSES, *STORAGE)}
REFUSALS: dict[str, Callable[[Cluster, Remove], Awaitable[Outcome]]] = {
    "two tokens": two_tokens,
    "one file twice": one_file_twice,
}
NAMES = (*UNDER_LOAD, *REFUSALS)


async def play(
    name: str, cluster: Cluster, scale: Scale, seed: int, remove: Remove = None
) -> Outcome:
    """One trial on an empty database. `remove`: called in every process of the shop before it starts."""
    if name in REFUSALS:
        return await REFUSALS[name](cluster, remove)
    trial = UNDER_LOAD[name]
    with ExitStack() as stack:
        made = stack.enter_context(networks(scale.size.machines, LINKS)) if trial.cut else None
        async with open_arena(cluster, scale.size, seed, networks=made, remove=remove) as arena:
            await arena.begin_load()
            part = await trial.play(arena, scale)
            return outcome(trial, part, await judge(arena))


async def play_in_one(
    trials: tuple[Trial, ...], cluster: Cluster, scale: Scale, seed: int
) -> Outcome:
    """Several trials one after the other in one shop, with one look at the end; what came late is not judged."""
    figures, met = [], True
    async with open_arena(cluster, scale.size, seed) as arena:
        await arena.begin_load()
        for trial in trials:
            if trial.forgives_harm:
                continue  # what it costs could not be told from the harm of the others
            part = await trial.play(arena, scale)
            figures.append(
                f"{trial.name}: {', '.join(part.figures)}{'' if part.met else ' NOT MET'}"
            )
            met = met and part.met
            if trial.forbids_late and (late := arena.recorder.late()):
                figures.append(f"{len(late)} late by now: {late[0]}")
                met = False
        verdict = await judge(arena)
    whole = Trial("", " · ".join(trial.name for trial in trials), "all of them", trials[0].play)
    return outcome(whole, Part(figures, met), verdict)


def stars(found: list[Outcome], wanted: int) -> Outcome:
    """The line about all payments of the other trials."""
    count = sum(outcome.payments for outcome in found)
    slowest = max((outcome.slowest_credit for outcome in found), default=0.0)
    return Outcome(
        f"Stars paid at each of those moments, {count} times",
        "all credited without a restart, within 30 s",
        f"slowest {slowest:.1f} s",
        count >= wanted and slowest <= 30.0,
    )
