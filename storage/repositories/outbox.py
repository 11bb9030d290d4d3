"""Messages that have to be sent to customers and operators."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from bot.domain.jobs import Job
from bot.domain.records import OutboxKind, OutboxRow, OutboxState
from storage.repositories.base import Repository
from storage.tables import outbox

# The oldest unsent row of each person, because messages to one person are sent in their order.
_OLDEST = (
    select(func.min(outbox.c.id))
    .where(outbox.c.state == OutboxState.PENDING)
    .group_by(outbox.c.user_id)
)


class OutboxRepository(Repository):
    async def add(
        self,
        key: str,
        user_id: int,
        kind: OutboxKind,
        now: datetime,
        *,
        order_id: int | None = None,
        data: Mapping[str, str] | None = None,
    ) -> bool:
        """Add a message, due at once. False if one with this key exists, sent or not."""
        added = await self.insert_once(
            outbox,
            key=key,
            user_id=user_id,
            kind=kind,
            order_id=order_id,
            data=json.dumps(dict(data or {})),
            state=OutboxState.PENDING,
            attempts=0,
            due_at=now,
            created_at=now,
        )
        if added:
            self._wakes.add(Job.OUTBOX, now)
        return added

    async def due(self, now: datetime, limit: int) -> Sequence[OutboxRow]:
        """The oldest unsent message of each person, if that one is due; by ascending id."""
        rows = await self._db.execute(
            select(outbox)
            .where(outbox.c.id.in_(_OLDEST), outbox.c.due_at <= now)
            .order_by(outbox.c.id)
            .limit(limit)
        )
        return [
            OutboxRow(
                r.id, r.user_id, OutboxKind(r.kind), r.order_id, json.loads(r.data), r.attempts
            )
            for r in rows
        ]

    async def close(self, row_id: int, state: OutboxState) -> None:
        """Set the final state of a message."""
        await self._db.execute(update(outbox).where(outbox.c.id == row_id).values(state=state))

    async def earliest_due(self) -> datetime | None:
        """When the next message has to be sent, of those that are the oldest of their person."""
        heads = select(func.min(outbox.c.due_at)).where(outbox.c.id.in_(_OLDEST))
        found: datetime | None = (await self._db.execute(heads)).scalar_one_or_none()
        return found

    async def postpone(self, row_id: int, due_at: datetime, *, count: bool) -> None:
        """Send a message at `due_at` instead; `count`: this was a failed attempt."""
        self._wakes.add(Job.OUTBOX, due_at)
        await self._db.execute(
            update(outbox)
            .where(outbox.c.id == row_id)
            .values(due_at=due_at, attempts=outbox.c.attempts + int(count))
        )

    async def requeue(self, user_id: int, now: datetime) -> int:
        """Send again what could not reach this person; returns how many messages that are."""
        result = await self._db.execute(
            update(outbox)
            .where(outbox.c.user_id == user_id, outbox.c.state == OutboxState.UNREACHABLE)
            .values(state=OutboxState.PENDING, due_at=now)
        )
        if result.rowcount:
            self._wakes.add(Job.OUTBOX, now)
        return result.rowcount
