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
    """`last_poll`: when updates were fetched last, monotonic; None: not yet, or by webhook."""

    phase: Phase = Phase.STARTING
    migrated: bool = False
    last_poll: float | None = None
