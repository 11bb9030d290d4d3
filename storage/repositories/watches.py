"""Values that customers wait for: who is told when they are back, in the order in which they asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func, select

from bot.domain.jobs import Job
from bot.domain.people import Watch, WatchedValue
from storage.repositories.base import Repository
from storage.tables import denominations, products, users, watches


class WatchRepository(Repository):
    async def add(self, user_id: int, denomination_id: int, since: datetime) -> bool:
        """Add a watch. False if there is one: it is left as it was."""
        added = await self.insert_once(
            watches, user_id=user_id, denomination_id=denomination_id, since=since
        )
        if added:
            self._wakes.add(Job.WATCHES)
        return added

    async def remove(self, user_id: int, denomination_id: int) -> bool:
        """False if there was none."""
        result = await self._db.execute(
            delete(watches).where(
                watches.c.user_id == user_id, watches.c.denomination_id == denomination_id
            )
        )
        return result.rowcount == 1

    async def of_user(self, user_id: int) -> Sequence[WatchedValue]:
        """A customer's watches with the names of their values, the oldest first."""
        rows = await self._db.execute(
            select(
                watches.c.denomination_id,
                products.c.title,
                denominations.c.label,
                watches.c.since,
                products.c.id,
            )
            .join(denominations, denominations.c.id == watches.c.denomination_id)
            .join(products, products.c.id == denominations.c.product_id)
            .where(watches.c.user_id == user_id)
            .order_by(watches.c.since, watches.c.denomination_id)
        )
        return [WatchedValue(*row) for row in rows]

    async def watched(self) -> Mapping[int, datetime]:
        """The values that somebody waits for, each with the oldest watch of it."""
        rows = await self._db.execute(
            select(watches.c.denomination_id, func.min(watches.c.since)).group_by(
                watches.c.denomination_id
            )
        )
        return {row[0]: row[1] for row in rows}

    async def forget(self, before: datetime) -> int:
        """Remove the watches that were set before then; returns how many."""
        return (await self._db.execute(delete(watches).where(watches.c.since < before))).rowcount

    async def take(self, denomination_id: int, limit: int) -> Sequence[Watch]:
        """Remove and return the oldest watches of a value, at most `limit`.

        Those of customers whom no message reaches are removed too, and not returned.
        """
        of_value = watches.c.denomination_id == denomination_id
        unreachable = select(users.c.id).where(users.c.reachable.is_(False))
        await self._db.execute(
            delete(watches).where(and_(of_value, watches.c.user_id.in_(unreachable)))
        )
        rows = await self._db.execute(
            select(watches)
            .where(of_value)
            .order_by(watches.c.since, watches.c.user_id)
            .limit(limit)
            .with_for_update()
        )
        found = [Watch(row.user_id, row.denomination_id, row.since) for row in rows]
        people = [watch.user_id for watch in found]
        await self._db.execute(delete(watches).where(and_(of_value, watches.c.user_id.in_(people))))
        return found
