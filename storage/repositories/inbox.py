"""Telegram's updates, encrypted, from their arrival until they are handled."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, func, select, tuple_, update

from bot.domain.records import InboxRow, Sealed, UpdateKey, identity_of_update
from storage.repositories.base import Repository
from storage.tables import inbox

_QUARANTINED = inbox.c.handled_at.is_(None) & inbox.c.quarantined_at.is_not(None)
_WAITING = inbox.c.handled_at.is_(None) & inbox.c.quarantined_at.is_(None)
_IDENTITY = (inbox.c.bot_id, inbox.c.update_id, inbox.c.identity)
_IN_ORDER = (inbox.c.bot_id, inbox.c.update_id)

_FINISH = update(inbox).where(
    inbox.c.bot_id == bindparam("of_bot"), inbox.c.update_id == bindparam("of_update")
)


def _inbox_row(r: Row[Any]) -> InboxRow:
    payload = Sealed(r.key_id, r.payload)
    return InboxRow(r.bot_id, r.update_id, r.chat_id, payload, r.trouble, r.identity)


def _one_of(keys: Collection[UpdateKey]) -> ColumnElement[bool]:
    return tuple_(inbox.c.bot_id, inbox.c.update_id).in_(list(keys))


class InboxRepository(Repository):
    async def add(self, rows: Sequence[InboxRow], now: datetime) -> dict[UpdateKey, int | None]:
        """Store updates; returns the identities of those that were not stored before.

        A row with `trouble` is quarantined at once.
        """
        statement = self.insert(inbox).on_conflict_do_nothing().returning(*_IDENTITY)
        values = [
            {
                "bot_id": row.bot_id,
                "update_id": row.update_id,
                "chat_id": row.chat_id,
                "key_id": row.payload.key_id,
                "payload": row.payload.blob,
                "received_at": now,
                "trouble": row.trouble,
                "quarantined_at": now if row.trouble else None,
                "identity": row.identity or identity_of_update(row.update_id, now),
            }
            for row in rows
        ]
        # As parameters: values within a statement would have it compiled for each number of rows.
        added = await self._db.execute(statement, values if len(values) > 1 else values[0])
        return {(r.bot_id, r.update_id): r.identity for r in added}

    async def received_at(self, bot_id: int, update_id: int) -> datetime | None:
        """When an update was stored; None for one that is not."""
        found = await self._db.execute(
            select(inbox.c.received_at).where(
                inbox.c.bot_id == bot_id, inbox.c.update_id == update_id
            )
        )
        moment: datetime | None = found.scalar_one_or_none()
        return moment

    async def name_bot(self, bot_id: int) -> None:
        """Give the updates of a version that did not note the bot, which have 0, to this bot."""
        await self._db.execute(update(inbox).where(inbox.c.bot_id == 0).values(bot_id=bot_id))

    async def unhandled(self, bot_id: int | None = None) -> Sequence[InboxRow]:
        """A bot's updates, or all, that are neither handled nor quarantined, by their ids."""
        statement = select(inbox).where(_WAITING).order_by(*_IN_ORDER)
        if bot_id is not None:
            statement = statement.where(inbox.c.bot_id == bot_id)
        return [_inbox_row(r) for r in await self._db.execute(statement)]

    async def still_unhandled(self, keys: Collection[UpdateKey]) -> dict[UpdateKey, int | None]:
        """The identities of those that are stored, and neither handled nor quarantined."""
        statement = select(*_IDENTITY).where(_WAITING, _one_of(keys))
        return {(r.bot_id, r.update_id): r.identity for r in await self._db.execute(statement)}

    async def with_payload(self) -> Sequence[InboxRow]:
        """Updates that are not handled, quarantined or not, in the order of their ids."""
        rows = await self._db.execute(
            select(inbox).where(inbox.c.handled_at.is_(None)).order_by(*_IN_ORDER)
        )
        return [_inbox_row(r) for r in rows]

    async def count_attempts(
        self, keys: Collection[UpdateKey], trouble: str
    ) -> dict[UpdateKey, int]:
        """Count one more attempt at each unhandled update; returns the number of attempts."""
        rows = await self._db.execute(
            update(inbox)
            .where(_one_of(keys), inbox.c.handled_at.is_(None))
            .values(attempts=inbox.c.attempts + 1, trouble=trouble)
            .returning(inbox.c.bot_id, inbox.c.update_id, inbox.c.attempts)
        )
        return {(row.bot_id, row.update_id): row.attempts for row in rows}

    async def forgive_attempt(self, keys: Collection[UpdateKey]) -> None:
        """Count one attempt less at each of these that waits to be handled; below zero: in advance."""
        await self._db.execute(
            update(inbox).where(_one_of(keys), _WAITING).values(attempts=inbox.c.attempts - 1)
        )

    async def quarantine(self, keys: Collection[UpdateKey], now: datetime) -> None:
        """Have unhandled updates wait for an operator instead of being tried again."""
        await self._db.execute(
            update(inbox)
            .where(_one_of(keys), inbox.c.handled_at.is_(None))
            .values(quarantined_at=now)
        )

    async def count_quarantined(self) -> int:
        """How many updates wait for an operator."""
        statement = select(func.count()).where(_QUARANTINED)
        return (await self._db.execute(statement)).scalar_one()

    async def release_quarantined(self) -> Sequence[InboxRow]:
        """End the quarantine of all updates and forget their attempts; returns them by id."""
        rows = await self._db.execute(select(inbox).where(_QUARANTINED).order_by(*_IN_ORDER))
        found = [_inbox_row(r) for r in rows]
        await self._db.execute(
            update(inbox).where(_QUARANTINED).values(quarantined_at=None, attempts=0, trouble=None)
        )
        return found

    async def finish(self, keys: Collection[UpdateKey], now: datetime) -> None:
        """Mark updates as handled and erase what they contain, and whose chat they came from."""
        erase = {"handled_at": now, "payload": None, "chat_id": None}
        await self._db.execute(
            _FINISH, [{"of_bot": bot, "of_update": number} | erase for bot, number in sorted(keys)]
        )

    async def key_ids(self) -> set[str]:
        """Ids of the encryption keys that unhandled updates are sealed with."""
        unhandled = select(inbox.c.key_id).where(inbox.c.handled_at.is_(None)).distinct()
        return {key_id for key_id in (await self._db.execute(unhandled)).scalars() if key_id}

    async def count_sealed(self, key_id: str) -> int:
        """How many unhandled updates are sealed with this key."""
        statement = select(func.count()).where(
            inbox.c.handled_at.is_(None), inbox.c.key_id == key_id
        )
        return (await self._db.execute(statement)).scalar_one()

    async def lose(self, key_id: str, now: datetime) -> None:
        """Mark as handled, and erase, what a lost key sealed."""
        await self._db.execute(
            update(inbox)
            .where(inbox.c.handled_at.is_(None), inbox.c.key_id == key_id)
            .values(handled_at=now, payload=None, chat_id=None, trouble="KeyAbandoned")
        )

    async def reseal(self, key: UpdateKey, payload: Sealed) -> None:
        """Replace the payload of an unhandled update by one sealed with another key."""
        await self._db.execute(
            update(inbox)
            .where(_one_of([key]), inbox.c.handled_at.is_(None))
            .values(key_id=payload.key_id, payload=payload.blob)
        )

    async def purge(self, before: datetime) -> int:
        """Delete updates that were handled before then; returns how many."""
        return (await self._db.execute(delete(inbox).where(inbox.c.handled_at < before))).rowcount
