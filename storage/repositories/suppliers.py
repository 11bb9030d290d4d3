"""The shop's accounts at suppliers, and the events that suppliers sent to the webhook."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Unpack

from sqlalchemy import Row, bindparam, delete, select

from bot.domain.jobs import Job
from bot.domain.records import AccountChanges, SupplierAccount
from bot.domain.supplier import Environment
from storage.repositories.base import Repository
from storage.tables import supplier_accounts, supplier_events

# Read by many sweeps: to build a statement takes longer than SQLite takes to answer it.
_ACCOUNT: Final = select(supplier_accounts).where(supplier_accounts.c.supplier == bindparam("name"))


def _read_account(row: Row[Any]) -> SupplierAccount:
    return SupplierAccount(
        row.supplier,
        Environment(row.environment) if row.environment else None,
        row.balance_minor,
        row.balance_at,
        row.paused_for_balance,
        row.paused_for_access,
    )


class SupplierRepository(Repository):
    async def account(self, supplier: str) -> SupplierAccount:
        """What is known of the account at a supplier, without a lock; empty if nothing is."""
        row = (await self._db.execute(_ACCOUNT, {"name": supplier})).one_or_none()
        return SupplierAccount(supplier) if row is None else _read_account(row)

    async def accounts(self) -> Mapping[str, SupplierAccount]:
        """What is known of all accounts, by supplier, in one statement and without a lock."""
        rows = await self._db.execute(select(supplier_accounts))
        return {row.supplier: _read_account(row) for row in rows}

    async def update_account(self, supplier: str, **changes: Unpack[AccountChanges]) -> None:
        """Change what is known of an account; creates it if needed.

        Collects the jobs that wait for a pause to begin or end, even if a value stays the same.
        """
        await self._db.execute(
            self.insert(supplier_accounts)
            .values(supplier=supplier, **changes)
            .on_conflict_do_update(index_elements=["supplier"], set_=changes)
        )
        if "paused_for_balance" in changes:
            self._wakes.add(Job.BALANCE)
        # Not where the key was refused: that answer comes from this very job, which would ask again at once.
        if "environment" in changes and changes["environment"] is None:
            self._wakes.add(Job.ACCESS)
        unpaused = False in (changes.get("paused_for_balance"), changes.get("paused_for_access"))
        if unpaused or changes.get("environment"):
            self._wakes.add(Job.PLACE)
            self._wakes.add(Job.UNPAID)
            self._wakes.add(Job.BALANCE)

    def watch_balance(self) -> None:
        """Collect the job that reads balances: when it has work may have changed."""
        self._wakes.add(Job.BALANCE)

    async def add_event(self, supplier: str, event_id: str, now: datetime) -> bool:
        """Note that a supplier sent this event. False if the same event came before."""
        return await self.insert_once(supplier_events, supplier=supplier, event_id=event_id, at=now)

    async def forget_events(self, before: datetime) -> None:
        """Delete events that came before then; the same event would count as new again."""
        await self._db.execute(delete(supplier_events).where(supplier_events.c.at < before))
