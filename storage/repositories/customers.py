"""Customers: their language, whether messages reach them, and whether they want reminders."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.domain.people import Ban
from bot.domain.records import Customer, Locale
from storage.repositories.base import Repository
from storage.tables import users


def _read_ban(row: Row[Any] | None) -> Ban | None:
    if row is None or row.banned_at is None:
        return None
    return Ban(row.banned_at, row.ban_reason or "", row.banned_by or 0)


class CustomerRepository(Repository):
    async def get(self, user_id: int) -> Customer | None:
        """The customer with this Telegram id; None if they never wrote to the bot."""
        row = (await self._db.execute(select(users).where(users.c.id == user_id))).one_or_none()
        if row is None:
            return None
        return Customer(row.id, Locale(row.locale), row.reachable, row.banned_at is not None)

    async def lock_ban(self, user_id: int) -> Ban | None:
        """Whether a customer is banned; their row is locked until the transaction ends.

        Before any wallet, like whoever forgets them.
        """
        statement = select(users).where(users.c.id == user_id).with_for_update()
        return _read_ban((await self._db.execute(statement)).one_or_none())

    async def ban_of(self, user_id: int) -> Ban | None:
        """Whether a customer is banned, and why."""
        statement = select(users).where(users.c.id == user_id)
        return _read_ban((await self._db.execute(statement)).one_or_none())

    async def set_ban(self, user_id: int, ban: Ban | None) -> None:
        """Ban a customer, or end that."""
        values = (ban.at, ban.reason, ban.operator_id) if ban else (None, None, None)
        names = ("banned_at", "ban_reason", "banned_by")
        await self._db.execute(
            update(users).where(users.c.id == user_id).values(dict(zip(names, values, strict=True)))
        )

    async def add(self, user_id: int, locale: Locale, now: datetime) -> Customer:
        """Insert a customer, or return the stored one unchanged, with the language they have."""
        await self.insert_once(users, id=user_id, locale=locale, reachable=True, created_at=now)
        return await self.get(user_id) or Customer(user_id, locale)

    async def set_locale(self, user_id: int, locale: Locale) -> None:
        """Set the language of the shop's messages to a customer."""
        await self._db.execute(update(users).where(users.c.id == user_id).values(locale=locale))

    async def set_reachable(self, user_id: int, *, reachable: bool) -> None:
        """Note whether Telegram delivers to a customer; false after they blocked the bot."""
        await self._db.execute(
            update(users).where(users.c.id == user_id).values(reachable=reachable)
        )

    async def wants_reminders(self, user_id: int) -> bool:
        """Whether a customer wants to be told before codes expire; false for an unknown one."""
        found = await self._db.execute(select(users.c.reminders).where(users.c.id == user_id))
        return bool(found.scalar_one_or_none())

    async def set_reminders(self, user_id: int, *, wanted: bool) -> None:
        """Set whether a customer wants to be told before codes expire."""
        await self._db.execute(update(users).where(users.c.id == user_id).values(reminders=wanted))
