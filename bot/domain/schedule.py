"""Waiting times between the attempts of the sweeps; all durations in seconds.

A time that is stored is read by a wall clock that may have been set back meanwhile. So each stored
time has a limit: what is due later than any rule could have set is due now, and a stamp from the
future says nothing.
"""

from datetime import datetime, timedelta
from typing import Final

LONGEST_WAIT_SECONDS: Final = 3600.0  # that any rule sets for work: orders, payments, messages
LONGEST_LOOK_SECONDS: Final = 6 * 3600.0  # between two looks for an order that was refunded
_SLEWED: Final = timedelta(seconds=5)  # so far ahead a time may be of a clock that is slewed
LONGEST_WAIT: Final = timedelta(seconds=LONGEST_WAIT_SECONDS) + _SLEWED
LONGEST_LOOK: Final = timedelta(seconds=LONGEST_LOOK_SECONDS) + _SLEWED

# A payment for an order is told with the codes, if they come within this time.
TELL_PAYMENT_AFTER_SECONDS: Final = 20.0
TELL_SLOW_AFTER_SECONDS: Final = 5 * 60  # where nobody knows how long a product usually takes
LOOK_AFTER_SECONDS: Final = 30.0  # at a paid order: most are delivered before
# What an order waits for is told once it has lasted so long: a search of two seconds is no news.
STAGE_LASTS_SECONDS: Final = 10.0
GIVE_UP_RECONCILING_AFTER_SECONDS: Final = 15 * 60

ASK_LATER_SECONDS: Final = 120.0  # for orders that wait for an operator
_RECONCILE_SECONDS: Final = (1.0, 5.0, 10.0, 15.0, 30.0, 60.0)
_RECONCILE_OLD_SECONDS: Final = 600.0
_SEND_SECONDS: Final = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
_TRY_SECONDS: Final = (2.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0)
_PLACE_SECONDS: Final = (2.0, 5.0, 10.0, 20.0, 30.0)


# A message that failed so often (48 seconds, if it is tried when it is due) no longer holds up the
# later ones of its person.
SENDS_IN_ORDER: Final = 5
# Telegram may be away for a while; a message that fails for 20 minutes is a fault of its own.
SENDS_BEFORE_ALERT: Final = 8


def until_next_reconciliation(age_seconds: float, attempts: int) -> float:
    """For an order whose response was lost: growing waits up to one minute, and ten minutes once
    the order is 15 minutes old."""
    if age_seconds >= GIVE_UP_RECONCILING_AFTER_SECONDS:
        return _RECONCILE_OLD_SECONDS
    return _RECONCILE_SECONDS[min(attempts, len(_RECONCILE_SECONDS) - 1)]


def until_next_send(attempts: int) -> float:
    return _SEND_SECONDS[min(attempts, len(_SEND_SECONDS) - 1)]


def until_next_try(failures: int) -> float:
    """For an item of a sweep after so many failures in a row, one or more."""
    return _TRY_SECONDS[min(failures, len(_TRY_SECONDS)) - 1]


def until_next_placing(attempts: int) -> float:
    return _PLACE_SECONDS[min(attempts, len(_PLACE_SECONDS) - 1)]


CHECK_PAYMENTS_FOR_SECONDS: Final = 24 * 3600.0
# While the provider does not answer: what it said last, or never said, is no word about the money.
CHECK_SILENT_PAYMENTS_FOR_SECONDS: Final = 7 * 24 * 3600.0
_STILL_PAYING_SECONDS: Final = 5 * 60  # after a link has ended


def until_next_payment_check(age_seconds: float, lifetime_seconds: float) -> float:
    """Often while the customer types the card number; then rarely, as OneClickDz proposes, for
    payments that were started in time and are confirmed late.
    """
    if age_seconds < 3 * 60:
        return 12.0
    return 30.0 if age_seconds < lifetime_seconds + _STILL_PAYING_SECONDS else 20 * 60.0


def is_recent(stamp: datetime | None, now: datetime, lifetime: timedelta) -> bool:
    """Whether a stamp is younger than `lifetime`; none, and one from the future, never is."""
    return stamp is not None and -_SLEWED <= now - stamp < lifetime


def is_ahead(end: datetime, now: datetime, lifetime: timedelta) -> bool:
    """Whether what ends then still holds; an end that is further ahead than it was set does not."""
    return now < end <= now + lifetime + _SLEWED


def due_after(stamp: datetime | None, wait: timedelta, now: datetime) -> datetime:
    """When what was done at `stamp` is due again; now where it never was, or in the future."""
    return now if stamp is None or stamp > now + _SLEWED else stamp + wait


class GrowingWait:
    """The waits of a loop that fails: each twice as long as the last, up to the longest."""

    def __init__(self, first_seconds: float, longest_seconds: float) -> None:
        self._first, self._longest = first_seconds, longest_seconds
        self._next = first_seconds

    def longer(self) -> float:
        """The seconds to wait now; the next wait is longer."""
        wait, self._next = self._next, min(self._next * 2, self._longest)
        return wait

    def end(self) -> None:
        """The loop worked again: the next wait is the first."""
        self._next = self._first
