"""Which outgoing calls go first, and on whose account they are made."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import IntEnum


class Priority(IntEnum):
    """The classes of outgoing calls; the lower number goes first."""

    CHECKOUT = 1  # Telegram waits ten seconds for it: never queued
    DELIVERY = 2  # codes that were paid for, and what became of their order
    PRESS = 3  # answers to pressed buttons
    TEXT = 4  # answers to typed messages
    NEWS = 5  # alerts, reminders and whatever else can wait
    ADVERT = 6  # operators' words to many: only while nothing else is to be sent

    @property
    def is_answer(self) -> bool:
        """Whether a person waits for the call, who did something a moment ago."""
        return self in (Priority.PRESS, Priority.TEXT)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why calls are made: their class, and the person on whose account they are.

    `person` is None where nobody asked for the call: it counts for the chat that it goes to.
    """

    priority: Priority = Priority.NEWS
    person: int | None = None


_NOBODY = Cause()
_cause: ContextVar[Cause] = ContextVar("cause", default=_NOBODY)


def current_cause() -> Cause:
    """The cause of the calls that the running task makes; news of nobody, unless it was set."""
    return _cause.get()


@contextmanager
def caused_by(cause: Cause) -> Iterator[None]:
    """Make calls with this cause, also in the tasks that are created meanwhile."""
    token = _cause.set(cause)
    try:
        yield
    finally:
        _cause.reset(token)


def class_of_codes(*, again: bool) -> Priority | None:
    """Codes that were paid for go first; to show them again answers a press."""
    return None if again else Priority.DELIVERY
