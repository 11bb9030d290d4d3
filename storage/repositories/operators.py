"""Actions of operators, those still to be confirmed among them, and pauses of selling."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from bot.domain.jobs import Job
from bot.domain.records import ActionKind, OperatorAction, PauseReason
from storage.repositories.base import Repository
from storage.tables import operator_actions, pauses


def _action(r: Row[Any]) -> OperatorAction:
    return OperatorAction(
        r.id, r.operator_id, ActionKind(r.kind), r.target, r.amount_minor, r.note, r.done, r.at
    )


class OperatorRepository(Repository):
    async def pauses(self) -> Mapping[PauseReason, datetime]:
        """The reasons why nothing is sold, each with when it began; empty if the shop sells."""
        rows = await self._db.execute(select(pauses))
        return {PauseReason(row.reason): row.since for row in rows}

    async def pause(self, reason: PauseReason, now: datetime) -> bool:
        """Stop selling for this reason. False if selling is paused for it already."""
        return await self.insert_once(pauses, reason=reason, since=now)

    async def resume(self) -> bool:
        """End all pauses. False if there was none."""
        ended = (await self._db.execute(delete(pauses))).rowcount > 0
        if ended:
            self._wakes.add(Job.PLACE)
            self._wakes.add(Job.UNPAID)
        return ended

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
    ) -> int | None:
        """Record an action and return its id. None if an action with this key exists.

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
        return _action(row) if row else None

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
        return [_action(row) for row in rows], count.scalar_one()

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

    async def decide(self, action_id: int, now: datetime) -> bool:
        """Mark an action as done now.

        False if it was done before, so only the first call decides.
        """
        result = await self._db.execute(
            update(operator_actions)
            .where(operator_actions.c.id == action_id, operator_actions.c.done.is_(False))
            .values(done=True, at=now)
        )
        return result.rowcount == 1
