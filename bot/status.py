"""What the process is doing, for whoever watches it."""

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    STARTING = "starting"
    STANDING_BY = "standing_by"  # another process leads the shop; this one takes over when it ends
    LEADING = "leading"
    SUSPENDED = "suspended"  # it led, and cannot tell at this moment whether it still may
    STOPPING = "stopping"


@dataclass
class Status:
    """`last_poll`: when Telegram last answered a poll whose updates are kept, or told of the webhook.

    It is monotonic; None: not yet.
    """

    phase: Phase = Phase.STARTING
    migrated: bool = False
    last_poll: float | None = None
