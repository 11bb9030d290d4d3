"""What the process remembers of the nightly work that it is doing."""

from dataclasses import dataclass, field
from datetime import date

from bot.domain.schedule import GrowingWait


@dataclass
class NightMemory:
    """`rests_until` is monotonic: a night that failed is tried again then, each time later."""

    began: date | None = None  # the night that this process has begun last
    told: date | None = None  # the night whose failing backup was told last
    rests_until: float = 0.0
    wait: GrowingWait = field(default_factory=lambda: GrowingWait(60.0, 3600.0))
