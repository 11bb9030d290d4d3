"""Our accounts at suppliers, and the events that suppliers sent us."""

from datetime import datetime
from typing import Unpack

from sqlalchemy import delete, select

from bot.domain.jobs import Job
from bot.domain.records import AccountChanges, SupplierAccount
from bot.domain.supplier import Environment
from storage.repositories.base import Repository
from storage.tables import supplier_accounts, supplier_events


class SupplierRepository(Repository):
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

    async def update_account(self, supplier: str, **changes: Unpack[AccountChanges]) -> None:
        await self._db.execute(
            self.insert(supplier_accounts)
            .values(supplier=supplier, **changes)
            .on_conflict_do_update(index_elements=["supplier"], set_=changes)
        )
        if "paused_for_balance" in changes:
            self._wakes.add(Job.BALANCE)
        if "paused_for_access" in changes or "environment" in changes:
            self._wakes.add(Job.ACCESS)
        freed = False in (changes.get("paused_for_balance"), changes.get("paused_for_access"))
        if freed or changes.get("environment"):
            self._wakes.add(Job.PLACE)
            self._wakes.add(Job.UNPAID)
            self._wakes.add(Job.BALANCE)

    async def add_event(self, supplier: str, event_id: str, now: datetime) -> bool:
        """Note a supplier's message; False where it came before."""
        return await self.insert_once(supplier_events, supplier=supplier, event_id=event_id, at=now)

    async def forget_events(self, before: datetime) -> None:
        await self._db.execute(delete(supplier_events).where(supplier_events.c.at < before))
