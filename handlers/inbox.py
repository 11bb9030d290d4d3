"""Updates are stored, encrypted, before Telegram hears that they came; a crash replays them.

Telegram forgets an update when a higher offset is asked for, and PTB keeps what it got in memory
only. So `get_updates` itself stores each batch, in one transaction, before it hands it on.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any

from telegram import Update
from telegram.error import NetworkError
from telegram.ext import ExtBot

from bot.domain.records import InboxRow
from bot.errors import HanoutError, StorageFailure
from bot.ports import Clock, Store, Tables, Vault
from bot.services.custody import place_of_update
from handlers.memory import ConversationMemory

_RETRY_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Inbox:
    """Keeps what came in until it is handled; handled marks are written in groups."""

    def __init__(
        self, store: Store, vault: Vault, clock: Clock, memory: ConversationMemory
    ) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._memory = memory
        self._finished: list[int] = []
        self._something = asyncio.Event()

    async def receive(self, updates: Sequence[Update]) -> list[Update]:
        """Store a batch; returns those that were not known yet. Raises StorageFailure."""
        rows = [self._row(update) for update in updates]
        new = await self._store.write(self._add, rows) if rows else set()
        return [update for update in updates if update.update_id in new]

    async def _add(self, tables: Tables, rows: Sequence[InboxRow]) -> set[int]:
        return await tables.inbox.add(rows, self._clock.now())

    def _row(self, update: Update) -> InboxRow:
        chat = update.effective_chat
        payload = self._vault.seal(json.dumps(_essence(update)), place_of_update(update.update_id))
        return InboxRow(update.update_id, chat.id if chat else None, payload)

    async def unhandled(self, bot: ExtBot[Any]) -> list[Update]:
        """What was stored and not handled before the last end of the process, in order."""
        async with self._store.reading() as tables:
            rows = await tables.inbox.unhandled()
        opened = (
            json.loads(self._vault.open(row.payload, place_of_update(row.update_id)))
            for row in rows
        )
        return [update for data in opened if (update := Update.de_json(data, bot))]

    def finish(self, update: Update) -> None:
        if not isinstance(update, KnownUpdate):
            self._finished.append(update.update_id)
            self._something.set()

    async def keep_finishing(self) -> None:
        """Write handled marks and conversations as they come, one transaction for all at hand."""
        while True:
            await self._something.wait()
            self._something.clear()
            try:
                await self.flush()
            except StorageFailure as failure:
                _log.error("handled updates could not be marked: %s", failure)
                await asyncio.sleep(_RETRY_SECONDS)
                self._something.set()

    async def flush(self) -> None:
        done, self._finished = self._finished, []
        changed = self._memory.take_changes()
        if not done and not changed:
            return
        try:
            await self._store.write(self._mark, done, changed)
        except HanoutError:
            self._finished = done + self._finished
            self._memory.put_back(changed)
            raise

    async def _mark(self, tables: Tables, done: Sequence[int], changed: set[int]) -> None:
        await self._memory.write(tables, changed)
        if done:
            await tables.inbox.finish(done, self._clock.now())


def _essence(update: Update) -> dict[str, Any]:
    """What a replay needs. A press brings along the whole message it stands under: not that."""
    query = update.callback_query
    if query is None:
        return update.to_dict()
    body: dict[str, Any] = {
        "id": query.id,
        "from": query.from_user.to_dict(),
        "chat_instance": query.chat_instance,
        "data": query.data,
    }
    if query.message is not None:
        date = int(query.message.date.timestamp())  # 0: a message that cannot be edited any more
        chat = query.message.chat.to_dict()
        body["message"] = {"message_id": query.message.message_id, "date": date, "chat": chat}
    return {"update_id": update.update_id, "callback_query": body}


class KnownUpdate(Update):
    """Stands for one that came before: it moves the offset and nothing else."""

    __slots__ = ()


class InboxBot(ExtBot[None]):
    """A bot whose `get_updates` returns only what is stored."""

    _inbox: Inbox | None = None  # PTB's objects take new attributes only with an underscore

    def keep_in(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        updates = await super().get_updates(*args, **kwargs)
        if self._inbox is None or not updates:
            return updates
        try:
            new = await self._inbox.receive(updates)
        except StorageFailure as failure:
            # PTB repeats a call that failed in the network, without moving its offset.
            raise NetworkError(f"updates could not be stored: {failure}") from failure
        last = updates[-1].update_id
        if not new or new[-1].update_id != last:
            # PTB takes its next offset from the last one: it must be there, though empty.
            new.append(KnownUpdate(last))
        return tuple(new)
