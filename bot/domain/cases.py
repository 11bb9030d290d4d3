"""Support cases, and how long what a customer writes goes to one without a button."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

# After each exchange, what a customer writes goes to the case for so long, unless they go back to
# the shop before.
TALKS_FOR: Final = timedelta(hours=24)
# What was being typed while an operator closed the case opens it again.
TALKS_AFTER_CLOSING: Final = timedelta(minutes=2)


def case_name(case_id: int) -> str:
    """How people read and write a case: `K7`. Orders are the ones that read `#7`."""
    return f"K{case_id}"


@dataclass(frozen=True, slots=True)
class SupportCase:
    """A customer's conversation with support.

    `order_id`: the order that the customer came from. `talks_until`: what the customer writes goes
    to the case until then; None after they went back to the shop. `waits_since`: when they wrote
    what support has not answered; None where support has.
    """

    id: int
    user_id: int
    opened_at: datetime
    closed_at: datetime | None
    order_id: int | None = None
    talks_until: datetime | None = None
    waits_since: datetime | None = None

    def talks(self, now: datetime) -> bool:
        """Whether what the customer writes now goes to this case.

        A time that lies further ahead than any exchange sets it comes from a wrong clock.
        """
        return self.talks_until is not None and now < self.talks_until <= now + TALKS_FOR
