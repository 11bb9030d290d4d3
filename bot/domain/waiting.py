"""How far an order is that waits for its supplier, and how long that usually takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from bot.domain.orders import WAITING_STATES, Order, OrderState, Stage
from bot.domain.schedule import LONGEST_WAIT_SECONDS, TELL_SLOW_AFTER_SECONDS

RECENT: Final = 30  # orders that tell how long it usually takes
_ENOUGH: Final = 5  # fewer tell nothing
_HIGH: Final = 0.9
_LEAST_SLOW_SECONDS: Final = 30.0
_SECONDS_STEP: Final = 5
_TO_MINUTES: Final = 50.0
_TO_HOURS: Final = 90 * 60.0


class Unit(StrEnum):
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Usual:
    """How long orders took from payment to their last code: half of them, and nine of ten."""

    median_seconds: float
    high_seconds: float

    @property
    def slow_after(self) -> timedelta:
        """When an order takes longer than usual."""
        seconds = max(_LEAST_SLOW_SECONDS, self.high_seconds)
        return timedelta(seconds=min(seconds, LONGEST_WAIT_SECONDS))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a customer is told of an order that waits; `usual` None: too few orders are known."""

    stage: Stage
    usual: Usual | None = None


def usual_of(seconds: Sequence[float]) -> Usual | None:
    """The figures of so many waits, by nearest rank; None of fewer than five.

    A wait below zero was measured by a clock that was set back, and says nothing.
    """
    known = sorted(wait for wait in seconds if wait >= 0)
    if len(known) < _ENOUGH:
        return None
    high = known[min(len(known) - 1, int(len(known) * _HIGH))]
    return Usual(known[len(known) // 2], high)


def slow_after(usual: Usual | None) -> timedelta:
    """The age from which an order takes longer than usual."""
    return timedelta(seconds=TELL_SLOW_AFTER_SECONDS) if usual is None else usual.slow_after


def waits(order: Order) -> bool:
    """Whether it is paid and has not ended."""
    return order.state in WAITING_STATES


def stage_of(order: Order, age: timedelta, usual: Usual | None) -> Stage:
    """What a paid order waits for; `age` is the time since it was paid.

    That it waits for our balance at the supplier is known by the last stage that was told, until
    the purchase is on its way.
    """
    if order.attention:
        return Stage.SUPPORT
    if order.state is OrderState.UNCONFIRMED:
        return Stage.SEARCHING
    if order.state is OrderState.PAID and order.stage is Stage.HELD:
        return Stage.HELD
    return Stage.SLOW if age >= slow_after(usual) else Stage.WAITING


def rounded(seconds: float) -> tuple[int, Unit]:
    """A time as people say it: in steps of five seconds, then whole minutes, then whole hours."""
    if seconds <= _TO_MINUTES - _SECONDS_STEP:
        return max(1, ceil(seconds / _SECONDS_STEP)) * _SECONDS_STEP, Unit.SECONDS
    if seconds < _TO_HOURS:
        return max(1, round(seconds / 60)), Unit.MINUTES
    return round(seconds / 3600), Unit.HOURS
