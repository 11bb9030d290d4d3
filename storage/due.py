"""When a row is due: the one place where stored due times are compared with the present."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection


def is_due(column: Column[Any], now: datetime, longest: timedelta) -> ColumnElement[bool]:
    """Whether the time of a row has come.

    Due too is what stands further ahead than `longest`, which no rule has set: the clock was set
    back since.
    """
    return or_(column <= now, column > now + longest)


async def earliest_due(
    db: AsyncConnection,
    column: Column[Any],
    now: datetime,
    longest: timedelta,
    *conditions: ColumnElement[bool],
) -> datetime | None:
    """The earliest due time by the rule of `is_due`; None where no row has one."""
    # Two statements: each reads one end of an index, both in one read all of it.
    first = (await db.execute(select(func.min(column)).where(*conditions))).scalar_one_or_none()
    if first is None:
        return None
    last = (await db.execute(select(func.max(column)).where(*conditions))).scalar_one_or_none()
    if last is None:  # on PostgreSQL others may have taken the last row between the two
        return None
    return now if last > now + longest else first
