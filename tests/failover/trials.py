"""The trials of the campaign, in their order, and the harm that must be seen where a guard is removed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from tests.failover.cluster import Cluster
from tests.failover.outcomes import Outcome, Scale
from tests.failover.process_trials import cut_off, killed, rolling, stopped
from tests.failover.refusals import one_file_twice, two_tokens
from tests.failover.storage_trials import hole, promoted, resets, restarted

Trial = Callable[..., Awaitable[Outcome]]

TRIALS: dict[str, Trial] = {
    "killed": killed,
    "stopped": stopped,
    "cut off from PostgreSQL": partial(cut_off, link="postgres"),
    "cut off from Telegram": partial(cut_off, link="telegram"),
    "restarted": restarted,
    "resets": resets,
    "hole": hole,
    "promoted": promoted,
    "server lost": partial(promoted, mode="immediate"),
    "rolling": rolling,
    "two tokens": two_tokens,
    "one file twice": one_file_twice,
}


async def play(name: str, cluster: Cluster, scale: Scale, seed: int) -> Outcome:
    return await TRIALS[name](cluster, scale, seed)


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


def alone(scale: Scale) -> Scale:
    """The same with one process and no standby."""
    return replace(scale, size=replace(scale.size, machines=1))
