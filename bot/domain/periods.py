"""Spans of time of the figures: where they begin, what they are compared with, and the bars of a picture.

A day is a day of the shop's time zone: it has 23 or 25 hours where clocks are changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

MOST_BARS: Final = 14  # of a picture: with more, the numbers on them cannot be read
_HOURS: Final = 2  # of a bar, where the span is a day
_MONTHS_OF_A_YEAR: Final = 12


class Span(StrEnum):
    """The spans of /stats: from a midnight of the shop's until now."""

    TODAY = "today"
    WEEK = "7d"
    MONTH = "30d"
    ALL = "all"


_DAYS: Final = {Span.TODAY: 1, Span.WEEK: 7, Span.MONTH: 30}  # today included


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a picture: from an instant until another, in UTC."""

    starts_at: datetime
    ends_at: datetime


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins, in UTC."""
    return _instant(datetime.combine(day, time(), zone))


def since(span: Span, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When a span that ends now began; None: it has no beginning."""
    if span is Span.ALL:
        return None
    return midnight(now.astimezone(zone).date() - timedelta(days=_DAYS[span] - 1), zone)


def before(span: Span, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """The span before: as many days, until the same time of the day; None for all time.

    Today until noon is compared with yesterday until noon.
    """
    begun = since(span, now, zone)
    if begun is None:
        return None
    days = timedelta(days=_DAYS[span])
    local = now.astimezone(zone)
    return midnight(begun.astimezone(zone).date() - days, zone), _instant(local - days)


def bars(span: Span, now: datetime, zone: ZoneInfo, first: datetime) -> tuple[Bar, ...]:
    """The bars of a span: hours, days or months, at most MOST_BARS. The last has `now` or is after it.

    `first`: when the shop's first sale was, with which all time begins.
    """
    today = now.astimezone(zone).date()
    if span is Span.TODAY:
        day = datetime.combine(today, time(), zone)
        edges = [_instant(day + timedelta(hours=hour)) for hour in range(0, 24, _HOURS)]
        return _between([*edges, midnight(today + timedelta(days=1), zone)])
    begun = since(span, now, zone)
    start = (begun or min(first, now)).astimezone(zone).date()
    days = (today - start).days + 1
    for step in (1, 3, 7):
        if days <= step * MOST_BARS:
            # The last bar ends with today; all time may begin some days before its first sale.
            count = -(-days // step)
            start = today - timedelta(days=step * count - 1)
            return _between(
                midnight(start + timedelta(days=step * index), zone) for index in range(count + 1)
            )
    return _months(start, today, zone)


def _months(start: date, today: date, zone: ZoneInfo) -> tuple[Bar, ...]:
    last = _number(today) + 1
    months = last - _number(start)
    step = next(s for s in (1, 3, *range(12, 12_000, 12)) if months <= s * MOST_BARS)
    count = -(-months // step)
    first = last - step * count
    return _between(midnight(_month(first + step * i), zone) for i in range(count + 1))


def _number(day: date) -> int:
    return day.year * _MONTHS_OF_A_YEAR + day.month - 1


def _month(number: int) -> date:
    year, month = divmod(number, _MONTHS_OF_A_YEAR)
    return date(year, month + 1, 1)


def month_bounds(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the month of a day begins and ends, in UTC."""
    number = _number(month)
    return midnight(_month(number), zone), midnight(_month(number + 1), zone)


def offsets(zone: ZoneInfo, start: datetime, end: datetime) -> list[tuple[datetime, timedelta]]:
    """The zone's distances from UTC between two instants: until when each holds, the last until `end`."""
    found: list[tuple[datetime, timedelta]] = []
    at = start
    while at < end:
        following = min(at + timedelta(days=1), end)
        if _offset(at, zone) != _offset(following, zone):
            found.append((_change(at, following, zone), _offset(at, zone)))
        at = following
    return [*found, (end, _offset(end, zone))]


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The second at which clocks are changed between two instants less than a day apart."""
    old = _offset(low, zone)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if _offset(middle, zone) == old else (low, middle)
    return high.replace(microsecond=0)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _instant(local: datetime) -> datetime:
    return local.astimezone(UTC)


def _between(edges: Iterable[datetime]) -> tuple[Bar, ...]:
    return tuple(Bar(*pair) for pair in pairwise(edges))
