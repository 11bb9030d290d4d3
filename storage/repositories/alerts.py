"""Alerts: problems that operators are told about, each open from its beginning to its end."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from bot.domain.alerts import Alert, AlertKind
from bot.domain.jobs import Job
from storage.repositories.base import Repository
from storage.tables import alerts


class AlertRepository(Repository):
    async def open(
        self, key: str, kind: AlertKind, now: datetime, data: Mapping[str, str]
    ) -> int | None:
        """Open an alert, or open it again after it was closed.

        Returns how many times this alert has been opened, this time included; None if it is open
        already: nothing is changed then. `data` holds the variables of the alert's text.
        """
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
        """End an alert. False if it is not open, so a second call returns False."""
        result = await self._db.execute(
            update(alerts)
            .where(alerts.c.key == key, alerts.c.closed_at.is_(None))
            .values(closed_at=now)
        )
        if result.rowcount:  # alerts that were withheld while this one was open may be sent now
            self._wakes.add(Job.ALERTS)
        return result.rowcount == 1

    async def opened_at(self, key: str) -> datetime | None:
        """When the alert was last opened, even if it is closed now; None if it never was."""
        found: datetime | None = (
            await self._db.execute(select(alerts.c.opened_at).where(alerts.c.key == key))
        ).scalar_one_or_none()
        return found

    async def closed_at(self, key: str) -> datetime | None:
        """When the alert was closed; None if it is open or was never opened."""
        found: datetime | None = (
            await self._db.execute(select(alerts.c.closed_at).where(alerts.c.key == key))
        ).scalar_one_or_none()
        return found

    async def is_open(self, key: str) -> bool:
        """Whether the alert was opened and not closed since."""
        statement = select(alerts.c.key).where(alerts.c.key == key, alerts.c.closed_at.is_(None))
        return (await self._db.execute(statement)).scalar_one_or_none() is not None

    async def untold(self) -> Sequence[Alert]:
        """Open alerts that were not sent to operators yet, the oldest first."""
        return await self._alerts(alerts.c.told_at.is_(None))

    async def open_of(self, kind: AlertKind) -> Sequence[Alert]:
        """Open alerts of a kind, sent or not, the oldest first."""
        return await self._alerts(alerts.c.kind == kind)

    async def _alerts(self, which: ColumnElement[bool]) -> Sequence[Alert]:
        rows = await self._db.execute(
            select(alerts)
            .where(which, alerts.c.closed_at.is_(None))
            .order_by(alerts.c.opened_at, alerts.c.key)
        )
        return [
            Alert(r.key, AlertKind(r.kind), r.times, r.opened_at, json.loads(r.data)) for r in rows
        ]

    async def set_told(self, keys: Sequence[str], now: datetime) -> None:
        """Mark alerts as sent to operators, until they are opened again."""
        await self._db.execute(update(alerts).where(alerts.c.key.in_(keys)).values(told_at=now))
