"""What operators see and decide: supplier accounts, alerts, actions, and the checks of keys."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from bot.domain.records import (
    ActionKind,
    Alert,
    AlertKind,
    OperatorAction,
    PauseReason,
    Sealed,
    SupplierAccount,
)
from bot.domain.supplier import Environment
from storage.repositories.base import Rows
from storage.tables import (
    alerts,
    key_checks,
    last_runs,
    operator_actions,
    pauses,
    supplier_accounts,
    supplier_events,
)


def _action(r: Row[Any]) -> OperatorAction:
    return OperatorAction(
        r.id, r.operator_id, ActionKind(r.kind), r.target, r.amount_minor, r.note, r.done, r.at
    )


class OperatorRepository(Rows):
    async def account(self, supplier: str) -> SupplierAccount:
        statement = select(supplier_accounts).where(supplier_accounts.c.supplier == supplier)
        row = (await self._db.execute(statement)).one_or_none()
        if row is None:
            return SupplierAccount(supplier)
        return SupplierAccount(
            supplier,
            Environment(row.environment) if row.environment else None,
            row.balance_minor,
            row.balance_at,
            row.paused_for_balance,
            row.paused_for_access,
        )

    async def set_account(self, supplier: str, **values: object) -> None:
        await self._db.execute(
            self.insert(supplier_accounts)
            .values(supplier=supplier, **values)
            .on_conflict_do_update(index_elements=["supplier"], set_=values)
        )

    async def add_event(self, supplier: str, event_id: str, now: datetime) -> bool:
        """Note a supplier's message; False where it came before."""
        return await self.insert_once(supplier_events, supplier=supplier, event_id=event_id, at=now)

    async def forget_events(self, before: datetime) -> None:
        await self._db.execute(delete(supplier_events).where(supplier_events.c.at < before))

    async def open_alert(
        self, key: str, kind: AlertKind, now: datetime, data: Mapping[str, str]
    ) -> int | None:
        """The alert's number where it was not open yet, else None."""
        fresh = {"opened_at": now, "data": json.dumps(dict(data))}
        if await self.insert_once(alerts, key=key, kind=kind, times=1, **fresh):
            return 1
        reopened = await self._db.execute(
            update(alerts)
            .where(alerts.c.key == key, alerts.c.closed_at.is_not(None))
            .values(times=alerts.c.times + 1, closed_at=None, told_at=None, **fresh)
            .returning(alerts.c.times)
        )
        times: int | None = reopened.scalar_one_or_none()
        return times

    async def close_alert(self, key: str, now: datetime) -> bool:
        result = await self._db.execute(
            update(alerts)
            .where(alerts.c.key == key, alerts.c.closed_at.is_(None))
            .values(closed_at=now)
        )
        return result.rowcount == 1

    async def alert_closed_at(self, key: str) -> datetime | None:
        """When it was over; None where it is open or never was."""
        found: datetime | None = (
            await self._db.execute(select(alerts.c.closed_at).where(alerts.c.key == key))
        ).scalar_one_or_none()
        return found

    async def alert_is_open(self, key: str) -> bool:
        mine = select(alerts.c.key).where(alerts.c.key == key, alerts.c.closed_at.is_(None))
        return (await self._db.execute(mine)).scalar_one_or_none() is not None

    async def untold_alerts(self) -> Sequence[Alert]:
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

    async def pauses(self) -> Mapping[PauseReason, datetime]:
        """Why nothing is sold, and since when; empty in a shop that sells."""
        rows = await self._db.execute(select(pauses))
        return {PauseReason(row.reason): row.since for row in rows}

    async def pause(self, reason: PauseReason, now: datetime) -> bool:
        """False where it is paused for this already."""
        return await self.insert_once(pauses, reason=reason, since=now)

    async def resume(self) -> bool:
        """End every pause; False where there was none."""
        return (await self._db.execute(delete(pauses))).rowcount > 0

    async def last_run(self, name: str) -> datetime | None:
        found: datetime | None = (
            await self._db.execute(select(last_runs.c.at).where(last_runs.c.name == name))
        ).scalar_one_or_none()
        return found

    async def set_last_run(self, name: str, now: datetime) -> None:
        await self._db.execute(
            self.insert(last_runs)
            .values(name=name, at=now)
            .on_conflict_do_update(index_elements=["name"], set_={"at": now})
        )

    async def alert_opened_at(self, key: str) -> datetime | None:
        found: datetime | None = (
            await self._db.execute(select(alerts.c.opened_at).where(alerts.c.key == key))
        ).scalar_one_or_none()
        return found

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
        """None where an action with this key stands already."""
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
        statement = select(operator_actions).where(
            operator_actions.c.id == action_id, operator_actions.c.operator_id == operator_id
        )
        row = (await self._db.execute(statement)).one_or_none()
        return _action(row) if row else None

    async def actions(
        self, kinds: Sequence[ActionKind], offset: int, limit: int
    ) -> tuple[Sequence[OperatorAction], int]:
        """What operators did, newest first, and how many such actions there are."""
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
        """Minor units that an operator moved, in either direction."""
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
        """Mark an asked action done; False where it was already."""
        result = await self._db.execute(
            update(operator_actions)
            .where(operator_actions.c.id == action_id, operator_actions.c.done.is_(False))
            .values(done=True, at=now)
        )
        return result.rowcount == 1

    async def key_check(self, key_id: str) -> Sealed | None:
        found = await self._db.execute(
            select(key_checks.c.blob).where(key_checks.c.key_id == key_id)
        )
        blob = found.scalar_one_or_none()
        return None if blob is None else Sealed(key_id, blob)

    async def add_key_check(self, sealed: Sealed) -> None:
        await self.insert_once(key_checks, key_id=sealed.key_id, blob=sealed.blob)

    async def key_check_ids(self) -> set[str]:
        return set((await self._db.execute(select(key_checks.c.key_id))).scalars())
