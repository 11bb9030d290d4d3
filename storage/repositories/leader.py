"""Whose shop the database is, which process leads it, and the marks of its commits."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update

from bot.domain.records import Leader
from storage.repositories.base import Repository
from storage.tables import commit_marks, leader

_ROW: Final = 1
LONGEST_PLACE: Final = 128


class LeaderRepository(Repository):
    async def get(self) -> Leader | None:
        """Who leads, or led last; None: no process has led this shop yet."""
        row = (await self._db.execute(select(leader))).one_or_none()
        if row is None:
            return None
        return Leader(row.bot_id, row.epoch, row.instance, row.place, row.since)

    async def take(self, instance: str, place: str, bot_id: int, now: datetime) -> int:
        """Note that this process leads; returns its epoch. Whoever holds the leader's lock calls it.

        From its commit on no transaction of a former leader begins (see `storage.commits`).
        """
        values = {
            "bot_id": bot_id,
            "instance": instance,
            "place": place[:LONGEST_PLACE],
            "since": now,
        }
        statement = (
            self.insert(leader)
            .values(id=_ROW, epoch=1, **values)
            .on_conflict_do_update(
                index_elements=["id"], set_={"epoch": leader.c.epoch + 1, **values}
            )
            .returning(leader.c.epoch)
        )
        epoch: int = (await self._db.execute(statement)).scalar_one()
        return epoch

    async def give_to_bot(self, bot_id: int) -> None:
        """Make this the shop of another bot."""
        await self._db.execute(update(leader).values(bot_id=bot_id))

    async def forget_marks(self, before: datetime) -> None:
        """Delete the marks of connections that have committed nothing since (see `storage.commits`)."""
        await self._db.execute(delete(commit_marks).where(commit_marks.c.at < before))
