"""What people were sent and the database does not know yet: it must not be sent a second time.

Filled before anything is stored, and emptied after the commit. A process that ends forgets it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.records import SentCodes


@dataclass(slots=True)
class Unrecorded:
    """`rows`: by the ids of outbox rows whose message was sent, and which are not closed: the ids
    of the messages that a support case has to know. `payments`: those of which a message tells now.
    """

    codes: set[SentCodes] = field(default_factory=set)
    rows: dict[int, Sequence[int]] = field(default_factory=dict)
    payments: set[int] = field(default_factory=set)

    def of_order(self, order_id: int) -> list[SentCodes]:
        """The messages of an order, in the order in which they were sent."""
        found = [sent for sent in self.codes if sent.order_id == order_id]
        return sorted(found, key=lambda sent: sent.message_id)

    def parts(self, order_id: int) -> set[int]:
        """Which parts of a delivery were sent. Ask before the database: a part that is recorded
        in between is then in one of both answers."""
        return {sent.part for sent in self.of_order(order_id) if not sent.again}
