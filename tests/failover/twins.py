"""Guards that are removed from the process of a shop before it starts, to see that a trial finds what they prevent."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.failover.outcomes import SHORT, Scale


@dataclass(frozen=True)
class Twin:
    """`remove` is called in the process of the shop before anything else; the trial must then miss its bounds."""

    guard: str
    trial: str
    remove: Callable[[], None] | None
    scale: Scale = SHORT


def forget_updates() -> None:
    """What was stored and not handled is not handled by the next process."""
    from handlers.inbox import Inbox

    async def nothing(_self):
        return []

    Inbox.unhandled = nothing


_ALONE = replace(SHORT, size=replace(SHORT.size, machines=1))
TWINS = (
    Twin("the standbys", "killed", None, _ALONE),
    Twin("the replay of stored updates", "killed", forget_updates, replace(SHORT, kills=8)),
)
