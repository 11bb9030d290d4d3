"""When each periodic piece of work was last done, by name."""

from datetime import datetime

from sqlalchemy import select

from storage.repositories.base import Repository
from storage.tables import last_runs


class RunRepository(Repository):
    async def last(self, name: str) -> datetime | None:
        """When this work was last done; None if it never was."""
        found: datetime | None = (
            await self._db.execute(select(last_runs.c.at).where(last_runs.c.name == name))
        ).scalar_one_or_none()
        return found

    async def set_last(self, name: str, now: datetime) -> None:
        """Note that this work was done now, in place of the time before."""
        await self._db.execute(
            self.insert(last_runs)
            .values(name=name, at=now)
            .on_conflict_do_update(index_elements=["name"], set_={"at": now})
        )
