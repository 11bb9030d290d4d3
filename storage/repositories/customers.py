"""Customers: their language, whether messages reach them, and whether they want reminders."""

from datetime import datetime

from sqlalchemy import select, update

from bot.domain.records import Customer, Locale
from storage.repositories.base import Repository
from storage.tables import users


class CustomerRepository(Repository):
    async def get(self, user_id: int) -> Customer | None:
        """The customer with this Telegram id; None if they never wrote to the bot."""
        row = (await self._db.execute(select(users).where(users.c.id == user_id))).one_or_none()
        return Customer(row.id, Locale(row.locale), row.reachable) if row else None

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
