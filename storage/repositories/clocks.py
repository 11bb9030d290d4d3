"""What a process has seen of its clocks, for the next one."""

from datetime import datetime

from sqlalchemy import delete, select

from bot.domain.clocks import Noted, NotedSpan
from storage.repositories.base import Repository
from storage.tables import clock_spans, other_clocks


class ClockRepository(Repository):
    async def noted(self, alive: datetime) -> Noted:
        """What was noted last; `alive`: when that was."""
        spans = await self._db.execute(select(clock_spans).order_by(clock_spans.c.nth))
        clocks = await self._db.execute(select(other_clocks))
        return Noted(
            alive,
            tuple(NotedSpan(row.began, row.before, row.sure) for row in spans),
            {row.source: (row.told, row.read_at) for row in clocks},
        )

    async def note(self, noted: Noted) -> None:
        """Note this in place of what was noted before; other clocks that are not in it are kept."""
        await self._db.execute(delete(clock_spans))
        rows = [
            {"nth": nth, "began": span.began, "before": span.before, "sure": span.sure}
            for nth, span in enumerate(noted.spans)
        ]
        await self.insert_all_once(clock_spans, rows)
        await self.note_other_clocks(noted)

    async def note_other_clocks(self, noted: Noted) -> None:
        """Note what other clocks told last, and leave the spans as they are."""
        for source, (told, read_at) in noted.known.items():
            values = {"told": told, "read_at": read_at}
            await self._db.execute(
                self.insert(other_clocks)
                .values(source=source, **values)
                .on_conflict_do_update(index_elements=["source"], set_=values)
            )
