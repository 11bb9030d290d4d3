"""Alerts: what went wrong, whether operators have been told, and whether it is over."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update

from bot.domain.jobs import Job
from bot.domain.records import Alert, AlertKind
from storage.repositories.base import Repository
from storage.tables import alerts


class AlertRepository(Repository):
    async def open(
        self, key: str, kind: AlertKind, now: datetime, data: Mapping[str, str]
    ) -> int | None:
        """The alert's number where it was not open yet, else None."""
        fresh = {"opened_at": now, "data": json.dumps(dict(data))}
        if await self.insert_once(alerts, key=key, kind=kind, times=1, **fresh):
            self._wakes.add(Job.ALERTS)
            return 1
        reopened = await self._db.execute(
            update(alerts)
            .where(alerts.c.key == key, alerts.c.closed_at.is_not(None))
            .values(times=alerts.c.times + 1, closed_at=None, told_at=None, **fresh)
            .returning(alerts.c.times)
        )
        times: int | None = reopened.scalar_one_or_none()
        if times is not None:
            self._wakes.add(Job.ALERTS)
        return times

    async def close(self, key: str, now: datetime) -> bool:
        result = await self._db.execute(
            update(alerts)
            .where(alerts.c.key == key, alerts.c.closed_at.is_(None))
            .values(closed_at=now)
        )
        if result.rowcount:  # alerts that were held back by this one may be told now
            self._wakes.add(Job.ALERTS)
        return result.rowcount == 1

    async def opened_at(self, key: str) -> datetime | None:
        found: datetime | None = (
            await self._db.execute(select(alerts.c.opened_at).where(alerts.c.key == key))
        ).scalar_one_or_none()
        return found

    async def closed_at(self, key: str) -> datetime | None:
        """When it was over; None where it is open or never was."""
        found: datetime | None = (
            await self._db.execute(select(alerts.c.closed_at).where(alerts.c.key == key))
        ).scalar_one_or_none()
        return found

    async def is_open(self, key: str) -> bool:
        mine = select(alerts.c.key).where(alerts.c.key == key, alerts.c.closed_at.is_(None))
        return (await self._db.execute(mine)).scalar_one_or_none() is not None

    async def untold(self) -> Sequence[Alert]:
        """Open alerts that nobody has heard of, the oldest first."""
        rows = await self._db.execute(
            select(alerts)
            .where(alerts.c.told_at.is_(None), alerts.c.closed_at.is_(None))
            .order_by(alerts.c.opened_at, alerts.c.key)
        )
        return [
            Alert(r.key, AlertKind(r.kind), r.times, r.opened_at, json.loads(r.data)) for r in rows
        ]

    async def set_told(self, keys: Sequence[str], now: datetime) -> None:
        await self._db.execute(update(alerts).where(alerts.c.key.in_(keys)).values(told_at=now))
