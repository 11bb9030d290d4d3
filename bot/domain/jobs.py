"""The shop's background jobs, and which of them a transaction wakes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final


class Job(StrEnum):
    PLACE = "place"  # buy what is paid
    POLL = "poll"  # ask suppliers for the state of orders
    RECONCILE = "reconcile"  # find orders whose answer was lost
    INTERRUPTED = "interrupted"  # find purchases that were being sent when the process ended
    UNPAID = "unpaid"  # pay or expire orders that wait for money
    PAYMENTS = "payments"  # ask providers what became of payments
    PAYMENT_REFUNDS = "payment refunds"
    ALERTS = "alerts"  # put open alerts into the outbox
    OUTBOX = "outbox"  # send messages
    RECORD = "record"  # record messages of codes that were sent while the storage failed
    HIDE = "hide"  # turn messages of codes into receipts
    WATCH = "watch"  # tell customers and operators about orders that take long
    SILENCE = "silence"  # tell operators about a silent supplier
    BALANCE = "balance"
    ACCESS = "access"
    CATALOGUE = "catalogue"
    REMINDERS = "reminders"
    NIGHTLY = "nightly"
    CLOSING = "closing"  # tell operators the day's figures
    PAUSES = "pauses"  # lift pauses whose end has come
    PRICES = "prices"  # notice price rules of a command, and fixed prices below cost
    WATCHES = "watches"  # look whether values that customers wait for are back
    NEWS = "news"  # send operators' words to many
    CLOCK = "clock"  # notice that the wall clock was set to another time
    PURGE = "purge"
    STOCK = "stock"  # show what is left of the own stock, and tell what runs low or ends


AT_ONCE: Final = datetime.min.replace(tzinfo=UTC)


class Wakes:
    """The jobs that a transaction wakes, each with the earliest time at which it has work to do.

    Listeners are called after the commit: a run before it would read the old rows. `ended` has the
    supplier and the final state of each order that the transaction ended, for those who count them.
    """

    def __init__(self) -> None:
        self._due: dict[Job, datetime] = {}
        self.ended: list[tuple[str, str]] = []

    def add(self, job: Job, due_at: datetime = AT_ONCE) -> None:
        known = self._due.get(job)
        self._due[job] = due_at if known is None else min(known, due_at)

    def __iter__(self) -> Iterator[tuple[Job, datetime]]:
        return iter(self._due.items())

    def __bool__(self) -> bool:
        return bool(self._due or self.ended)
