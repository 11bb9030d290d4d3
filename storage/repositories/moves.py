"""What a database knows of its last move to another one, or from there, and that it is being restored."""

from sqlalchemy import delete, insert, select, text

from bot.domain.records import MoveMark, MoveState
from storage.repositories.base import Repository
from storage.restoring import RESTORING
from storage.tables import moves

_ONLY_ROW = 1


class MoveRepository(Repository):
    async def get(self) -> MoveMark | None:
        """The mark of the last move; None if there was none."""
        row = (await self._db.execute(select(moves))).one_or_none()
        if row is None:
            return None
        return MoveMark(row.move_id, MoveState(row.state), row.place, row.machine, row.at)

    async def set(self, mark: MoveMark) -> None:
        """Put the mark in the place of the former one."""
        await self.clear()
        await self._db.execute(
            insert(moves).values(
                id=_ONLY_ROW,
                move_id=mark.move_id,
                state=mark.state,
                place=mark.place,
                machine=mark.machine,
                at=mark.at,
            )
        )

    async def clear(self) -> None:
        """Forget the last move."""
        await self._db.execute(delete(moves))

    async def end_restore(self) -> None:
        """Let the database be opened: whatever a backup cannot know is guarded by now."""
        await self._db.execute(text(f"DROP TABLE IF EXISTS {RESTORING}"))
