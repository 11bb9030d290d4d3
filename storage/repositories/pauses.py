"""Pauses of selling: drafts, those that are open, and those that were lifted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from bot.domain.jobs import Job
from bot.domain.pauses import Pause, PauseScope, PauseState
from bot.domain.records import Locale, PauseReason
from bot.refusals import required
from storage.repositories.base import Repository
from storage.tables import pauses

_OPEN = pauses.c.state == PauseState.OPEN
_DRAFT = pauses.c.state == PauseState.DRAFT


def _read(row: Row[Any]) -> Pause:
    texts = {Locale.EN: row.text_en, Locale.FR: row.text_fr, Locale.AR: row.text_ar}
    return Pause(
        row.id,
        PauseState(row.state),
        PauseScope(row.scope),
        row.target,
        PauseReason(row.reason),
        row.since,
        {locale: text for locale, text in texts.items() if text},
        row.stops_paid,
        row.until,
        row.operator_id,
    )


class PauseRepository(Repository):
    async def open(self) -> Sequence[Pause]:
        """All pauses that are open, the oldest first."""
        rows = await self._db.execute(select(pauses).where(_OPEN).order_by(pauses.c.id))
        return [_read(row) for row in rows]

    async def get(self, pause_id: int) -> Pause | None:
        """A pause, locked until the transaction ends."""
        found = select(pauses).where(pauses.c.id == pause_id).with_for_update()
        row = (await self._db.execute(found)).one_or_none()
        return _read(row) if row else None

    async def begin(
        self, scope: PauseScope, target: str, reason: PauseReason, now: datetime
    ) -> bool:
        """Open a pause of the shop's own. False if it is open for this reason already."""
        row = {"scope": scope, "target": target, "reason": reason, "since": now}
        return await self.insert_once(pauses, state=PauseState.OPEN, **row)

    async def draft(self, scope: PauseScope, target: str, operator_id: int, now: datetime) -> int:
        """A pause that an operator is asked about, in the place of any other draft of theirs."""
        await self._db.execute(delete(pauses).where(_DRAFT, pauses.c.operator_id == operator_id))
        values = {"scope": scope, "target": target, "operator_id": operator_id, "since": now}
        return required(
            await self.insert_for_id(
                pauses, state=PauseState.DRAFT, reason=PauseReason.SOON, **values
            )
        )

    async def change_draft(self, pause: Pause) -> None:
        """Store what a draft says by now."""
        await self._db.execute(
            update(pauses)
            .where(pauses.c.id == pause.id, _DRAFT)
            .values(
                reason=pause.reason,
                until=pause.until,
                stops_paid=pause.stops_paid,
                text_en=pause.texts.get(Locale.EN, ""),
                text_fr=pause.texts.get(Locale.FR, ""),
                text_ar=pause.texts.get(Locale.AR, ""),
            )
        )

    async def confirm(self, pause: Pause, now: datetime) -> bool:
        """Open a draft. False if the same is paused for the same reason already."""
        same = (
            pauses.c.scope == pause.scope,
            pauses.c.target == pause.target,
            pauses.c.reason == pause.reason,
        )
        if (await self._db.execute(select(pauses.c.id).where(_OPEN, *same))).first():
            return False
        opened = update(pauses).where(pauses.c.id == pause.id, _DRAFT)
        await self._db.execute(opened.values(state=PauseState.OPEN, since=now))
        if pause.until is not None:
            self._wakes.add(Job.PAUSES, pause.until)
        return True

    async def drop(self, pause_id: int) -> None:
        """Remove a draft."""
        await self._db.execute(delete(pauses).where(pauses.c.id == pause_id, _DRAFT))

    async def lift(self, pause_id: int, operator_id: int, now: datetime) -> bool:
        """End one pause, and no other. False if it is not open."""
        result = await self._db.execute(
            update(pauses)
            .where(pauses.c.id == pause_id, _OPEN)
            .values(state=PauseState.LIFTED, lifted_at=now, lifted_by=operator_id)
        )
        if result.rowcount != 1:
            return False
        for job in (Job.PLACE, Job.UNPAID):
            self._wakes.add(job)
        return True

    async def ended(self, now: datetime) -> Sequence[Pause]:
        """The open pauses whose end has come, the oldest first."""
        rows = await self._db.execute(
            select(pauses).where(_OPEN, pauses.c.until <= now).order_by(pauses.c.id)
        )
        return [_read(row) for row in rows]

    async def earliest_end(self) -> datetime | None:
        """When the first of the open pauses ends by itself."""
        found: datetime | None = (
            await self._db.execute(select(func.min(pauses.c.until)).where(_OPEN))
        ).scalar_one_or_none()
        return found
