"""Operators' notes about customers, sealed: only the ids of keys and people are in clear."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Row, func, select, update

from bot.domain.people import SealedNote
from bot.domain.records import Sealed
from bot.refusals import required
from storage.repositories.base import Repository
from storage.tables import notes

_UNSEALED = ""  # the key of a row whose text is sealed in the next statement


def _read(row: Row[tuple[object, ...]]) -> SealedNote:
    return SealedNote(row.id, row.user_id, row.operator_id, row.at, Sealed(row.key_id, row.blob))


class NoteRepository(Repository):
    async def begin(self, user_id: int, operator_id: int, now: datetime) -> int:
        """A row without a text, whose id the text is bound to; `seal` follows."""
        values = {"user_id": user_id, "operator_id": operator_id, "at": now, "key_id": _UNSEALED}
        return required(await self.insert_for_id(notes, blob=b"", **values))

    async def seal(self, note_id: int, sealed: Sealed) -> None:
        """Store the sealed text of a note, in place of any other."""
        await self._db.execute(
            update(notes)
            .where(notes.c.id == note_id)
            .values(key_id=sealed.key_id, blob=sealed.blob)
        )

    async def of_user(self, user_id: int, limit: int | None = None) -> Sequence[SealedNote]:
        """The notes about a customer, the newest first."""
        rows = await self._db.execute(
            select(notes).where(notes.c.user_id == user_id).order_by(notes.c.id.desc()).limit(limit)
        )
        return [_read(row) for row in rows]

    async def count(self, user_id: int) -> int:
        counted = select(func.count()).select_from(notes).where(notes.c.user_id == user_id)
        return (await self._db.execute(counted)).scalar_one()

    async def sealed_with_others(
        self, keys: Collection[str], after: int, limit: int
    ) -> Sequence[SealedNote]:
        """Notes that none of these keys sealed, by ascending id."""
        rows = await self._db.execute(
            select(notes)
            .where(notes.c.key_id.not_in(keys), notes.c.id > after)
            .order_by(notes.c.id)
            .limit(limit)
        )
        return [_read(row) for row in rows]

    async def key_ids(self) -> set[str]:
        """The ids of the keys that notes are sealed with."""
        return set((await self._db.execute(select(notes.c.key_id).distinct())).scalars())

    async def count_sealed(self, key_id: str) -> int:
        """How many notes are sealed with this key."""
        counted = select(func.count()).select_from(notes).where(notes.c.key_id == key_id)
        return (await self._db.execute(counted)).scalar_one()
