"""What one process leaves to the next about the clocks it has seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class NotedSpan:
    """A span as it is stored; it ended where the next one's `before` is. `sure`: `before` and what passed."""

    began: datetime
    before: datetime
    sure: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """What a later process has to know of the clocks of this one.

    `alive`: our wall clock. `known`: by source, what another clock told, and when that was: our wall
    clock then, as if it had not been set since.
    """

    alive: datetime
    spans: tuple[NotedSpan, ...] = ()
    known: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)
