"""The state of conversations: which question each customer was asked and has not answered."""

import json
from collections.abc import Sequence

from sqlalchemy import delete, select

from bot.domain.records import Conversation
from storage.repositories.base import Repository
from storage.tables import conversations


class ConversationRepository(Repository):
    async def all(self) -> Sequence[Conversation]:
        """Every stored conversation, in no particular order."""
        rows = await self._db.execute(select(conversations))
        return [Conversation(r.user_id, r.name, r.state, json.loads(r.data)) for r in rows]

    async def save(self, changed: Sequence[Conversation]) -> None:
        """Store conversations, in place of those with the same customer and name."""
        if not changed:
            return
        rows = [
            {"user_id": c.user_id, "name": c.name, "state": c.state, "data": json.dumps(c.data)}
            for c in changed
        ]
        statement = self.insert(conversations).values(rows)
        new = {"state": statement.excluded.state, "data": statement.excluded.data}
        await self._db.execute(
            statement.on_conflict_do_update(index_elements=["user_id", "name"], set_=new)
        )

    async def drop(self, user_ids: Sequence[int], name: str) -> None:
        """Delete these customers' conversations of this name, if they exist."""
        if user_ids:
            theirs = conversations.c.user_id.in_(user_ids)
            await self._db.execute(
                delete(conversations).where(theirs, conversations.c.name == name)
            )
