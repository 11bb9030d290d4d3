"""A sealed word for each encryption key: it tells whether the key in hand is the one that was used."""

from sqlalchemy import select

from bot.domain.records import Sealed
from storage.repositories.base import Repository
from storage.tables import key_checks


class KeyCheckRepository(Repository):
    async def get(self, key_id: str) -> Sealed | None:
        found = await self._db.execute(
            select(key_checks.c.blob).where(key_checks.c.key_id == key_id)
        )
        blob = found.scalar_one_or_none()
        return None if blob is None else Sealed(key_id, blob)

    async def add(self, sealed: Sealed) -> None:
        await self.insert_once(key_checks, key_id=sealed.key_id, blob=sealed.blob)

    async def ids(self) -> set[str]:
        return set((await self._db.execute(select(key_checks.c.key_id))).scalars())
