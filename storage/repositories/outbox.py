"""Messages that have to be sent to customers and operators.

Messages to one person are sent in their order, with two exceptions: what an order brings does not
wait behind news that is postponed, and nothing waits behind a message that has failed too often.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update

from bot.domain.jobs import Job
from bot.domain.outbox import ORDER_KINDS, OutboxKind, OutboxRow, OutboxState
from bot.domain.people import is_pseudonym
from bot.domain.schedule import LONGEST_WAIT, SENDS_IN_ORDER
from storage.due import earliest_due, is_due
from storage.repositories.base import Repository
from storage.tables import outbox

_PENDING = outbox.c.state == OutboxState.PENDING
_IN_ORDER = and_(_PENDING, outbox.c.attempts < SENDS_IN_ORDER)
_OUT_OF_ORDER = and_(_PENDING, outbox.c.attempts >= SENDS_IN_ORDER)
_OF_ORDER = outbox.c.kind.in_(ORDER_KINDS)


def _oldest(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a row is its person's oldest of this kind."""
    return outbox.c.id.in_(select(func.min(outbox.c.id)).where(which).group_by(outbox.c.user_id))


_HEAD = or_(_oldest(_IN_ORDER), _OUT_OF_ORDER)
# Made once: to build these takes longer than SQLite takes to answer them.
_MESSAGES: Final = select(outbox)
_FIRST_OF_ORDERS: Final = and_(_OF_ORDER, or_(_oldest(and_(_IN_ORDER, _OF_ORDER)), _OUT_OF_ORDER))
_FIRST_OF_OTHERS: Final = and_(~_OF_ORDER, _HEAD)
_HEADS: Final = or_(_HEAD, _oldest(and_(_IN_ORDER, _OF_ORDER)))


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
        due_at: datetime | None = None,
    ) -> bool:
        """Add a message, due at once or at `due_at`. False if its key exists, sent or not.

        Also False, and nothing is added, for a customer who was forgotten.
        """
        if is_pseudonym(user_id):
            return False
        due_at = due_at or now
        added = await self.insert_once(
            outbox,
            key=key,
            user_id=user_id,
            kind=kind,
            order_id=order_id,
            data=json.dumps(dict(data or {})),
            state=OutboxState.PENDING,
            attempts=0,
            due_at=due_at,
            created_at=now,
        )
        if added:
            self._wakes.add(Job.OUTBOX, due_at)
        return added

    async def is_open(self, row_id: int) -> bool:
        """Whether the message is still to be sent."""
        found = select(outbox.c.id).where(_PENDING, outbox.c.id == row_id)
        return (await self._db.execute(found)).scalar_one_or_none() is not None

    async def is_sent(self, key: str) -> bool:
        """Whether the message with this key was sent."""
        return await self._has(key, OutboxState.SENT)

    async def is_pending(self, key: str) -> bool:
        """Whether the message with this key is still to be sent."""
        return await self._has(key, OutboxState.PENDING)

    async def _has(self, key: str, state: OutboxState) -> bool:
        found = select(outbox.c.id).where(outbox.c.key == key, outbox.c.state == state)
        return (await self._db.execute(found)).scalar_one_or_none() is not None

    async def is_waiting(self, user_id: int, kind: OutboxKind) -> bool:
        """Whether a message of this kind waits to be sent to this person."""
        found = select(outbox.c.id).where(
            _PENDING, outbox.c.user_id == user_id, outbox.c.kind == kind
        )
        return (await self._db.execute(found.limit(1))).scalar_one_or_none() is not None

    async def due_of_orders(
        self, now: datetime, limit: int, busy: Collection[int] = ()
    ) -> Sequence[OutboxRow]:
        """Due messages about orders, by ascending id: the first of each person, none of `busy`.

        A message of another kind holds them up only while it is being sent: the caller counts its
        person as busy.
        """
        return await self._due(_FIRST_OF_ORDERS, now, limit, busy)

    async def due_news(
        self, now: datetime, limit: int, busy: Collection[int] = ()
    ) -> Sequence[OutboxRow]:
        """Due messages of all other kinds, where nothing older waits for their person."""
        return await self._due(_FIRST_OF_OTHERS, now, limit, busy)

    async def _due(
        self, which: ColumnElement[bool], now: datetime, limit: int, busy: Collection[int]
    ) -> Sequence[OutboxRow]:
        found = await self._db.execute(
            _MESSAGES.where(
                which, is_due(outbox.c.due_at, now, LONGEST_WAIT), outbox.c.user_id.not_in(busy)
            )
            .order_by(outbox.c.id)
            .limit(limit)
        )
        firsts: dict[int, OutboxRow] = {}
        for row in found:
            firsts.setdefault(row.user_id, _record(row))
        return list(firsts.values())

    async def close(self, row_id: int, state: OutboxState) -> None:
        """Set the final state of a message."""
        await self._db.execute(update(outbox).where(outbox.c.id == row_id).values(state=state))

    async def open_again(self, row_id: int) -> None:
        """Take back that a message was sent: it surely was not."""
        await self._db.execute(
            update(outbox).where(outbox.c.id == row_id).values(state=OutboxState.PENDING)
        )

    async def earliest_due(self, now: datetime) -> datetime | None:
        """When the next message has to be sent, of those that wait for no other."""
        return await earliest_due(self._db, outbox.c.due_at, now, LONGEST_WAIT, _HEADS)

    async def postpone(self, row_id: int, due_at: datetime, *, count: bool) -> None:
        """Send a message at `due_at` instead; `count`: this was a failed attempt."""
        self._wakes.add(Job.OUTBOX, due_at)
        await self._db.execute(
            update(outbox)
            .where(outbox.c.id == row_id)
            .values(due_at=due_at, attempts=outbox.c.attempts + int(count))
        )

    async def hurry(self, now: datetime) -> int:
        """Have everything that failed before tried at once; returns how many messages that are."""
        result = await self._db.execute(
            update(outbox)
            .where(
                outbox.c.state == OutboxState.PENDING,
                outbox.c.attempts > 0,
                outbox.c.due_at > now,
            )
            .values(due_at=now)
        )
        if result.rowcount:
            self._wakes.add(Job.OUTBOX, now)
        return result.rowcount

    async def hurry_one(self, key: str, now: datetime) -> None:
        """Have the message with this key tried at once, where it is still to be sent."""
        result = await self._db.execute(
            update(outbox)
            .where(outbox.c.key == key, _PENDING, outbox.c.due_at > now)
            .values(due_at=now)
        )
        if result.rowcount:
            self._wakes.add(Job.OUTBOX, now)

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


def _record(row: Row[Any]) -> OutboxRow:
    kind = OutboxKind(row.kind)
    return OutboxRow(row.id, row.user_id, kind, row.order_id, json.loads(row.data), row.attempts)
