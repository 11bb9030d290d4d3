"""How long to wait before looking again; all durations in seconds."""

from typing import Final

TELL_SLOW_AFTER_SECONDS: Final = 5 * 60
GIVE_UP_RECONCILING_AFTER_SECONDS: Final = 15 * 60

ASK_LATER_SECONDS: Final = 120.0  # for what an operator has to look at
_SEARCH: Final = (1.0, 5.0, 10.0, 15.0, 30.0, 60.0)
_SEARCH_OLD: Final = 600.0
_SEND: Final = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
_PLACE: Final = (2.0, 5.0, 10.0, 20.0, 30.0)


def until_next_reconciliation(age_seconds: float, attempts: int) -> float:
    """For an order whose answer was lost: soon, then every minute to 15 minutes, then rarely."""
    if age_seconds >= GIVE_UP_RECONCILING_AFTER_SECONDS:
        return _SEARCH_OLD
    return _SEARCH[min(attempts, len(_SEARCH) - 1)]


def until_next_send(attempts: int) -> float:
    return _SEND[min(attempts, len(_SEND) - 1)]


def until_next_placing(attempts: int) -> float:
    return _PLACE[min(attempts, len(_PLACE) - 1)]


CHECK_PAYMENTS_FOR_SECONDS: Final = 24 * 3600.0


def until_next_payment_check(age_seconds: float) -> float:
    """Seconds to the next question about a payment: often while its customer types a card number,
    then as OneClickDz proposes, for what was begun in time and is confirmed late.
    """
    if age_seconds < 3 * 60:
        return 12.0
    return 30.0 if age_seconds < 25 * 60 else 20 * 60.0
