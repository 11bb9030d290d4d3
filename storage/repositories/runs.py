"""When each periodic piece of work was last done, by name."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

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

    async def all_of(self, prefix: str) -> Sequence[datetime]:
        """When each work was last done whose name begins so."""
        found = await self._db.execute(
            select(last_runs.c.at).where(last_runs.c.name.startswith(prefix, autoescape=True))
        )
        return list(found.scalars())

    async def forget(self, prefix: str, before: datetime) -> None:
        """Forget all work whose name begins so and that was done before then."""
        named = last_runs.c.name.startswith(prefix, autoescape=True)
        await self._db.execute(delete(last_runs).where(named, last_runs.c.at < before))
