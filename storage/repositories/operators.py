"""Actions of operators, those still to be confirmed among them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from bot.domain.actions import ActionKind, OperatorAction
from storage.repositories.base import Repository
from storage.tables import operator_actions


def read_action(r: Row[Any]) -> OperatorAction:
    return OperatorAction(
        r.id,
        r.operator_id,
        ActionKind(r.kind),
        r.target,
        r.amount_minor,
        r.note,
        r.done,
        r.at,
        r.before,
        r.after,
    )


class OperatorRepository(Repository):
    async def add_action(
        self,
        *,
        key: str,
        operator_id: int,
        kind: ActionKind,
        target: str,
        now: datetime,
        amount_minor: int = 0,
        note: str = "",
        done: bool = True,
        before: str = "",
        after: str = "",
    ) -> int | None:
        """Record an action and return its id. None if an action with this key exists.

        `before` and `after`: what it changed, in plain words or figures.

        `done=False`: the action still waits for the operator's confirmation (see `decide`).
        """
        return await self.insert_for_id(
            operator_actions,
            key=key,
            operator_id=operator_id,
            kind=kind,
            target=target,
            amount_minor=amount_minor,
            note=note,
            done=done,
            at=now,
            before=before,
            after=after,
        )

    async def action(self, action_id: int, operator_id: int) -> OperatorAction | None:
        """An action, locked until the transaction ends, before any wallet.

        None if it does not exist or is another operator's.
        """
        statement = (
            select(operator_actions)
            .where(
                operator_actions.c.id == action_id, operator_actions.c.operator_id == operator_id
            )
            .with_for_update()
        )
        row = (await self._db.execute(statement)).one_or_none()
        return read_action(row) if row else None

    async def last_of(self, kinds: Sequence[ActionKind], target: str) -> OperatorAction | None:
        """The newest done action of these kinds about this target, whoever did it."""
        found = (
            select(operator_actions)
            .where(
                operator_actions.c.kind.in_(kinds),
                operator_actions.c.target == target,
                operator_actions.c.done.is_(True),
            )
            .order_by(operator_actions.c.id.desc())
            .limit(1)
        )
        row = (await self._db.execute(found)).one_or_none()
        return read_action(row) if row else None

    async def actions(
        self, kinds: Sequence[ActionKind], offset: int, limit: int
    ) -> tuple[Sequence[OperatorAction], int]:
        """A part of the done actions of these kinds, newest first, and how many in all."""
        these = operator_actions.c.kind.in_(kinds), operator_actions.c.done.is_(True)
        count = await self._db.execute(
            select(func.count()).select_from(operator_actions).where(*these)
        )
        rows = await self._db.execute(
            select(operator_actions)
            .where(*these)
            .order_by(operator_actions.c.id.desc())
            .offset(offset)
            .limit(limit)
        )
        return [read_action(row) for row in rows], count.scalar_one()

    async def targets_since(self, kind: ActionKind, since: datetime) -> Sequence[str]:
        """What done actions of this kind were about since then, each once."""
        rows = await self._db.execute(
            select(operator_actions.c.target)
            .distinct()
            .where(
                operator_actions.c.kind == kind,
                operator_actions.c.done.is_(True),
                operator_actions.c.at >= since,
            )
            .order_by(operator_actions.c.target)
        )
        return rows.scalars().all()

    async def done_since(
        self, kinds: Sequence[ActionKind], since: datetime, but_key: str = ""
    ) -> Sequence[OperatorAction]:
        """The done actions of these kinds since then, the newest first, without the one with this key."""
        found = await self._db.execute(
            select(operator_actions)
            .where(
                operator_actions.c.kind.in_(kinds),
                operator_actions.c.done.is_(True),
                operator_actions.c.at >= since,
                operator_actions.c.key != but_key,
            )
            .order_by(operator_actions.c.id.desc())
        )
        return [read_action(row) for row in found]

    async def moved_since(
        self, operator_id: int, kinds: Sequence[ActionKind], since: datetime
    ) -> int:
        """Minor units that an operator moved since then by done actions of these kinds.

        Amounts count without their sign: a credit and a debit do not cancel each other.
        """
        found = await self._db.execute(
            select(func.sum(func.abs(operator_actions.c.amount_minor))).where(
                operator_actions.c.operator_id == operator_id,
                operator_actions.c.kind.in_(kinds),
                operator_actions.c.done.is_(True),
                operator_actions.c.at >= since,
            )
        )
        return int(found.scalar_one_or_none() or 0)

    async def decide(
        self,
        action_id: int,
        now: datetime,
        before: str = "",
        after: str = "",
        *,
        amount_minor: int = 0,
    ) -> bool:
        """Mark an action as done now; `before` and `after` as in `add_action`, at this moment.

        `amount_minor`: what moves now, which is listed and counted; it may be another amount than
        was asked about. False if it was done before, so only the first call decides.
        """
        result = await self._db.execute(
            update(operator_actions)
            .where(operator_actions.c.id == action_id, operator_actions.c.done.is_(False))
            .values(done=True, at=now, amount_minor=amount_minor, before=before, after=after)
        )
        return result.rowcount == 1
