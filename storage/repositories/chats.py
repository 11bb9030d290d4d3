"""Customers, their conversations, what came in from them and what has to go out to them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from bot.domain.records import (
    Conversation,
    Customer,
    InboxRow,
    Locale,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Sealed,
)
from storage.repositories.base import Rows
from storage.tables import conversations, inbox, outbox, users


class CustomerRepository(Rows):
    async def get(self, user_id: int) -> Customer | None:
        row = (await self._db.execute(select(users).where(users.c.id == user_id))).one_or_none()
        return Customer(row.id, Locale(row.locale), row.reachable) if row else None

    async def add(self, user_id: int, locale: Locale, now: datetime) -> Customer:
        await self.insert_once(users, id=user_id, locale=locale, reachable=True, created_at=now)
        return await self.get(user_id) or Customer(user_id, locale)

    async def set_locale(self, user_id: int, locale: Locale) -> None:
        await self._db.execute(update(users).where(users.c.id == user_id).values(locale=locale))

    async def set_reachable(self, user_id: int, *, reachable: bool) -> None:
        await self._db.execute(
            update(users).where(users.c.id == user_id).values(reachable=reachable)
        )

    async def wants_reminders(self, user_id: int) -> bool:
        found = await self._db.execute(select(users.c.reminders).where(users.c.id == user_id))
        return bool(found.scalar_one_or_none())

    async def set_reminders(self, user_id: int, *, wanted: bool) -> None:
        await self._db.execute(update(users).where(users.c.id == user_id).values(reminders=wanted))


class ConversationRepository(Rows):
    async def all(self) -> Sequence[Conversation]:
        rows = await self._db.execute(select(conversations))
        return [Conversation(r.user_id, r.name, r.state, json.loads(r.data)) for r in rows]

    async def save(self, changed: Sequence[Conversation]) -> None:
        if not changed:
            return
        rows = [
            {"user_id": c.user_id, "name": c.name, "state": c.state, "data": json.dumps(c.data)}
            for c in changed
        ]
        statement = self.insert(conversations).values(rows)
        new = {"state": statement.excluded.state, "data": statement.excluded.data}
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=["user_id", "name"], set_=new)
        )

    async def drop(self, user_ids: Sequence[int], name: str) -> None:
        if user_ids:
            mine = conversations.c.user_id.in_(user_ids)
            await self._db.execute(delete(conversations).where(mine, conversations.c.name == name))


_QUARANTINED = inbox.c.handled_at.is_(None) & inbox.c.quarantined_at.is_not(None)


def _inbox_row(r: Row[Any]) -> InboxRow:
    return InboxRow(r.update_id, r.chat_id, Sealed(r.key_id, r.payload), r.trouble)


class InboxRepository(Rows):
    async def add(self, rows: Sequence[InboxRow], now: datetime) -> set[int]:
        """Store updates; returns the ids that were new."""
        statement = (
            self.insert(inbox)
            .values(
                [
                    {
                        "update_id": row.update_id,
                        "chat_id": row.chat_id,
                        "key_id": row.payload.key_id,
                        "payload": row.payload.blob,
                        "received_at": now,
                        "trouble": row.trouble,
                        "quarantined_at": now if row.trouble else None,
                    }
                    for row in rows
                ]
            )
            .on_conflict_do_nothing()
            .returning(inbox.c.update_id)
        )
        return set((await self._db.execute(statement)).scalars())

    async def unhandled(self) -> Sequence[InboxRow]:
        """What waits for its turn, in order; what was set aside does not."""
        rows = await self._db.execute(
            select(inbox)
            .where(inbox.c.handled_at.is_(None), inbox.c.quarantined_at.is_(None))
            .order_by(inbox.c.update_id)
        )
        return [_inbox_row(r) for r in rows]

    async def kept(self) -> Sequence[InboxRow]:
        """All whose payload is still there: what waits, and what was set aside."""
        rows = await self._db.execute(
            select(inbox).where(inbox.c.handled_at.is_(None)).order_by(inbox.c.update_id)
        )
        return [_inbox_row(r) for r in rows]

    async def count_attempts(self, update_ids: Sequence[int], trouble: str) -> dict[int, int]:
        """One more attempt at each; how many there were, by update."""
        rows = await self._db.execute(
            update(inbox)
            .where(inbox.c.update_id.in_(update_ids), inbox.c.handled_at.is_(None))
            .values(attempts=inbox.c.attempts + 1, trouble=trouble)
            .returning(inbox.c.update_id, inbox.c.attempts)
        )
        return {row.update_id: row.attempts for row in rows}

    async def quarantine(self, update_ids: Sequence[int], now: datetime) -> None:
        await self._db.execute(
            update(inbox)
            .where(inbox.c.update_id.in_(update_ids), inbox.c.handled_at.is_(None))
            .values(quarantined_at=now)
        )

    async def count_quarantined(self) -> int:
        waiting = select(func.count()).where(_QUARANTINED)
        return (await self._db.execute(waiting)).scalar_one()

    async def release_quarantined(self) -> Sequence[InboxRow]:
        """What was set aside waits for its turn again, with all its attempts; returns it, in order."""
        rows = await self._db.execute(select(inbox).where(_QUARANTINED).order_by(inbox.c.update_id))
        found = [_inbox_row(r) for r in rows]
        await self._db.execute(
            update(inbox).where(_QUARANTINED).values(quarantined_at=None, attempts=0, trouble=None)
        )
        return found

    async def finish(self, update_ids: Sequence[int], now: datetime) -> None:
        await self._db.execute(
            update(inbox)
            .where(inbox.c.update_id.in_(update_ids))
            .values(handled_at=now, payload=None)
        )

    async def key_ids(self) -> set[str]:
        """The keys that what is unhandled was sealed with."""
        unhandled = select(inbox.c.key_id).where(inbox.c.handled_at.is_(None)).distinct()
        return {key_id for key_id in (await self._db.execute(unhandled)).scalars() if key_id}

    async def reseal(self, update_id: int, payload: Sealed) -> None:
        await self._db.execute(
            update(inbox)
            .where(inbox.c.update_id == update_id, inbox.c.handled_at.is_(None))
            .values(key_id=payload.key_id, payload=payload.blob)
        )

    async def purge(self, before: datetime) -> int:
        return (await self._db.execute(delete(inbox).where(inbox.c.handled_at < before))).rowcount


class OutboxRepository(Rows):
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
        """Add once for each key; False where it stands already."""
        return await self.insert_once(
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

    async def due(self, now: datetime, limit: int) -> Sequence[OutboxRow]:
        # Only the oldest row of each person: what is said to one person keeps its order.
        """The oldest unsent row of each person, where it is due."""
        oldest = (
            select(func.min(outbox.c.id))
            .where(outbox.c.state == OutboxState.PENDING)
            .group_by(outbox.c.user_id)
        )
        rows = await self._db.execute(
            select(outbox)
            .where(outbox.c.id.in_(oldest), outbox.c.due_at <= now)
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
        await self._db.execute(update(outbox).where(outbox.c.id == row_id).values(state=state))

    async def postpone(self, row_id: int, due_at: datetime, *, count: bool) -> None:
        await self._db.execute(
            update(outbox)
            .where(outbox.c.id == row_id)
            .values(due_at=due_at, attempts=outbox.c.attempts + int(count))
        )

    async def requeue(self, user_id: int, now: datetime) -> int:
        result = await self._db.execute(
            update(outbox)
            .where(outbox.c.user_id == user_id, outbox.c.state == OutboxState.UNREACHABLE)
            .values(state=OutboxState.PENDING, due_at=now)
        )
        return result.rowcount
