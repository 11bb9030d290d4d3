"""What operators see and decide: supplier accounts, alerts, actions, and the checks of keys."""

from datetime import datetime

from sqlalchemy import select, update

from bot.domain.records import ActionKind, AlertKind, OperatorAction, Sealed, SupplierAccount
from bot.domain.supplier import Environment
from storage.base import Rows
from storage.tables import alerts, key_checks, operator_actions, supplier_accounts


class SqlOperators(Rows):
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

    async def open_alert(self, key: str, kind: AlertKind, now: datetime) -> int | None:
        if await self.insert_once(alerts, key=key, kind=kind, times=1, opened_at=now):
            return 1
        reopened = await self._db.execute(
            update(alerts)
            .where(alerts.c.key == key, alerts.c.closed_at.is_not(None))
            .values(times=alerts.c.times + 1, opened_at=now, closed_at=None)
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
        amount_minor: int,
        note: str,
        done: bool,
        now: datetime,
    ) -> int | None:
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
        r = (await self._db.execute(statement)).one_or_none()
        if r is None:
            return None
        return OperatorAction(
            r.id, r.operator_id, ActionKind(r.kind), r.target, r.amount_minor, r.note, r.done
        )

    async def decide(self, action_id: int) -> bool:
        result = await self._db.execute(
            update(operator_actions)
            .where(operator_actions.c.id == action_id, operator_actions.c.done.is_(False))
            .values(done=True)
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
