"""The work that goes on by itself, and what a transaction wakes of it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final


class Job(StrEnum):
    PLACE = "place"  # buy what is paid
    POLL = "poll"  # ask suppliers what became of orders
    RECONCILE = "reconcile"  # find orders whose answer was lost
    INTERRUPTED = "interrupted"  # purchases that were being sent when the process ended
    UNPAID = "unpaid"  # orders that wait for money: go on, or expire
    PAYMENTS = "payments"  # ask providers what became of payments
    PAYMENT_REFUNDS = "payment refunds"
    ALERTS = "alerts"  # put open alerts into the outbox
    OUTBOX = "outbox"  # send messages
    HIDE = "hide"  # turn messages of codes into receipts
    WATCH = "watch"  # tell customers and operators about orders that take long
    SILENCE = "silence"  # tell operators about a silent supplier
    BALANCE = "balance"
    ACCESS = "access"
    CATALOGUE = "catalogue"
    REMINDERS = "reminders"
    NIGHTLY = "nightly"
    PURGE = "purge"


AT_ONCE: Final = datetime.min.replace(tzinfo=UTC)


class Wakes:
    """The jobs that a transaction wakes, each with the earliest instant at which it has work to do.

    They ring after the commit: a job that looked before would see the old rows and sleep on.
    """

    def __init__(self) -> None:
        self._due: dict[Job, datetime] = {}

    def add(self, job: Job, due_at: datetime = AT_ONCE) -> None:
        known = self._due.get(job)
        self._due[job] = due_at if known is None else min(known, due_at)

    def __iter__(self) -> Iterator[tuple[Job, datetime]]:
        return iter(self._due.items())

    def __bool__(self) -> bool:
        return bool(self._due)
