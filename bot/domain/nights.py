"""Which night it is: nightly work belongs to a night, and a night has one instant in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


def night_begins(night: date, at: time, zone: ZoneInfo) -> datetime:
    """When that local time is reached on that date, in UTC.

    A time that the zone skips stands for as long after the change; of one that it repeats, the first
    counts.
    """
    return datetime.combine(night, at, zone).astimezone(UTC)


def night_of(moment: datetime, at: time, zone: ZoneInfo) -> date:
    """The last night that has begun at a moment."""
    # Compared in UTC: local times of one zone are compared as they stand on a clock on the wall.
    day = moment.astimezone(zone).date() + _DAY
    while night_begins(day, at, zone) > moment:
        day -= _DAY
    return day
