"""A known text sealed with each key: opening it proves that a key is the one used before."""

from sqlalchemy import select

from bot.domain.records import Sealed
from storage.repositories.base import Repository
from storage.tables import key_checks


class KeyCheckRepository(Repository):
    async def get(self, key_id: str) -> Sealed | None:
        """The text sealed with this key; None if the key was never used with this database."""
        found = await self._db.execute(
            select(key_checks.c.blob).where(key_checks.c.key_id == key_id)
        )
        blob = found.scalar_one_or_none()
        return None if blob is None else Sealed(key_id, blob)

    async def add(self, sealed: Sealed) -> None:
        """Store the text sealed with a key. A second call for the same key changes nothing."""
        await self.insert_once(key_checks, key_id=sealed.key_id, blob=sealed.blob)

    async def ids(self) -> set[str]:
        """Ids of all keys that were used with this database."""
        return set((await self._db.execute(select(key_checks.c.key_id))).scalars())
