"""Numbers of orders, payments and cases after a restore: none that was given out before is given again."""

from datetime import timedelta
from typing import Final

LEAST_MARGIN: Final = 1_000
_BUSIER: Final = 3  # the lost time may have been so many times as busy as the time before it


def last_number_after_restore(last: int, *, given: int, over: timedelta, lost: timedelta) -> int:
    """The number above which new ones begin: a round one, at least LEAST_MARGIN above `last`.

    `given`: how many were given out in the time `over` before the backup; `lost`: how much time has
    passed since the backup, of which nothing is known.
    """
    seconds = max(over, timedelta(days=1)).total_seconds()
    may_be_used = round(given * _BUSIER * max(lost, timedelta(0)).total_seconds() / seconds)
    margin = LEAST_MARGIN + may_be_used
    unit = int("1" + "0" * (len(str(margin)) - 1))
    return -(-(last + margin) // unit) * unit
