"""What the process remembers of the values that customers wait for. All times are monotonic seconds."""

from dataclasses import dataclass, field


@dataclass
class WatchMemory:
    """`next_look`: when something is to be looked at; None: nobody waits for anything.

    `asked`: when a product's prices were last asked for. `seen`: since when every look at a value
    has found it on sale.
    """

    next_look: float | None = None
    asked: dict[int, float] = field(default_factory=dict)
    seen: dict[int, float] = field(default_factory=dict)
