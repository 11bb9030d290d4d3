"""Stores updates, encrypted, before Telegram may forget them; after a crash they are replayed.

Telegram forgets an update once a higher offset is asked for, and PTB keeps received updates only in
memory. So `get_updates` itself stores each batch, in one transaction, before it returns the batch.
"""

import asyncio
import json
import logging
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from telegram import Update
from telegram.error import NetworkError, TelegramError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.domain.records import InboxRow
from bot.errors import HanoutError, StorageFailure, VaultFailure
from bot.services.codes.custody import update_associated_data
from bot.services.messaging.inbox import tell_quarantined
from bot.services.shop import Shop
from handlers.conversations import ConversationPersistence
from handlers.priorities import Priority
from storage.transaction import Transaction

_RETRY_SECONDS = 1.0
_UNREADABLE = "unreadable"
_LARGEST = 2**63  # what an integer column holds
_log = logging.getLogger(__name__)


def read_update(data: object, bot: ExtBot[Any] | None) -> Update | None:
    """Parse an update; None if PTB cannot read it."""
    if not isinstance(data, dict):
        return None
    try:
        return Update.de_json(data, bot)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, OSError):
        return None


class UpdatesRequest(HTTPXRequest):
    """Replaces unreadable updates in each batch: a single one would stop all polling.

    Each is replaced by an update with only its id. `unreadable` maps the id to what Telegram sent.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unreadable: dict[int, object] = {}

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Raises NetworkError for a successful answer that holds no list of updates."""
        status, payload = await super().do_request(*args, **kwargs)
        try:
            answer = json.loads(payload)
        except ValueError:
            return status, payload
        updates = answer.get("result") if isinstance(answer, dict) else None
        if status != HTTPStatus.OK:
            return status, payload
        if not isinstance(updates, list):  # PTB would fail on it, and stop polling
            raise NetworkError("an answer that is no list of updates")
        readable = [self._make_readable(data) for data in updates if _number_of(data) is not None]
        if readable == updates:
            return status, payload
        return status, json.dumps({"ok": True, "result": readable}).encode()

    def _make_readable(self, data: dict[str, Any]) -> dict[str, Any]:
        if read_update(data, None) is not None:
            return data
        number: int = data["update_id"]
        _log.error("update %d cannot be read; it is quarantined", number)
        self.unreadable[number] = data
        return {"update_id": number}


def _number_of(data: object) -> int | None:
    """The id of an update; None if there is none that the database can hold."""
    number = data.get("update_id") if isinstance(data, dict) else None
    if isinstance(number, bool) or not isinstance(number, int):
        return None
    return number if 0 <= number < _LARGEST else None


class Inbox:
    """Stores updates until they are handled; marks handled updates in batches."""

    def __init__(self, shop: Shop, conversations: ConversationPersistence) -> None:
        self._shop = shop
        self._store = shop.store
        self._conversations = conversations
        self._finished: list[int] = []
        self._has_work = asyncio.Event()

    async def receive(
        self, updates: Sequence[Update], unreadable: Mapping[int, object] | None = None
    ) -> list[Update]:
        """Store a batch; returns the updates that are new and readable, in order.

        Unreadable ones are quarantined and operators told. Raises StorageFailure.
        """
        unreadable = unreadable or {}
        rows = [self._row(update, unreadable.get(update.update_id)) for update in updates]
        new = await self._store.write(self._add, rows) if rows else set()
        return [u for u in updates if u.update_id in new and u.update_id not in unreadable]

    async def _add(self, tx: Transaction, rows: Sequence[InboxRow]) -> set[int]:
        new = await tx.inbox.add(rows, self._shop.clock.now())
        if any(row.trouble and row.update_id in new for row in rows):
            await tell_quarantined(tx, self._shop, _UNREADABLE)
        return new

    def _row(self, update: Update, unreadable: object | None) -> InboxRow:
        number, chat = update.update_id, update.effective_chat
        content = _replayable(update) if unreadable is None else unreadable
        payload = self._shop.vault.seal(json.dumps(content), update_associated_data(number))
        chat_id = chat.id if chat and isinstance(chat.id, int) and abs(chat.id) < _LARGEST else None
        return InboxRow(
            number, chat_id, payload, trouble=None if unreadable is None else _UNREADABLE
        )

    async def unhandled(self, bot: ExtBot[Any]) -> list[Update]:
        """The updates that the last process stored and did not handle, in order.

        Those that cannot be read are quarantined.
        """
        async with self._store.reading() as tx:
            rows = await tx.inbox.unhandled()
        return await self.open(rows, bot)

    async def open(self, rows: Sequence[InboxRow], bot: ExtBot[Any]) -> list[Update]:
        """Decrypt the updates of these rows. Those that cannot be read are quarantined."""
        updates, broken = [], []
        for row in rows:
            update = self._open(row, bot)
            if update is None:
                broken.append(row.update_id)
            else:
                updates.append(update)
        if broken:
            await self._store.write(self._quarantine, broken)
        return updates

    def _open(self, row: InboxRow, bot: ExtBot[Any]) -> Update | None:
        try:
            text = self._shop.vault.open(row.payload, update_associated_data(row.update_id))
        except VaultFailure as failure:
            _log.error("a stored update cannot be decrypted: %s", failure)
            return None
        return read_update(json.loads(text), bot)

    async def _quarantine(self, tx: Transaction, update_ids: Sequence[int]) -> None:
        await tx.inbox.count_attempts(update_ids, _UNREADABLE)
        await tx.inbox.quarantine(update_ids, self._shop.clock.now())
        await tell_quarantined(tx, self._shop, _UNREADABLE)

    def finish(self, update: Update) -> None:
        """Note that an update is handled; `keep_finishing` writes that soon."""
        if not isinstance(update, KnownUpdate):
            self._finished.append(update.update_id)
            self._has_work.set()

    async def keep_finishing(self) -> None:
        """Call `flush` whenever something is to be written, until cancelled; retry on failure."""
        while True:
            await self._has_work.wait()
            self._has_work.clear()
            try:
                await self.flush()
            except StorageFailure as failure:
                _log.error("handled updates could not be marked: %s", failure)
                await asyncio.sleep(_RETRY_SECONDS)
                self._has_work.set()

    async def flush(self) -> None:
        """Write which updates are handled, and changed conversations, in one transaction.

        If that fails the same is written by the next call. Raises StorageFailure.
        """
        done, self._finished = self._finished, []
        changed = self._conversations.take_changes()
        if not done and not changed:
            return
        try:
            await self._store.write(self._mark, done, changed)
        except HanoutError:
            self._finished = done + self._finished
            self._conversations.put_back(changed)
            raise

    async def _mark(self, tx: Transaction, done: Sequence[int], changed: set[int]) -> None:
        await self._conversations.write(tx, changed)
        if done:
            await tx.inbox.finish(done, self._shop.clock.now())


def _replayable(update: Update) -> dict[str, Any]:
    """What a replay needs. Of the message under a press, only its id, date and chat are kept."""
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
        date = int(query.message.date.timestamp())  # 0: the message can no longer be edited
        chat = query.message.chat.to_dict()
        body["message"] = {"message_id": query.message.message_id, "date": date, "chat": chat}
    return {"update_id": update.update_id, "callback_query": body}


class KnownUpdate(Update):
    """Stands for an update that is stored already: it only moves the offset of PTB."""

    __slots__ = ()


class InboxBot(ExtBot[Priority]):
    """A bot whose `get_updates` stores updates before it returns them, and only once each."""

    _inbox: Inbox | None = None  # PTB's objects take new attributes only with an underscore
    _polled_at: float = 0.0

    def store_in(self, inbox: Inbox) -> None:
        """Set the inbox; without one, `get_updates` stores nothing."""
        self._inbox = inbox

    def note_poll(self) -> None:
        """Note that a poll ended now."""
        self._polled_at = time.monotonic()

    def seconds_since_poll(self) -> float:
        """How long ago a poll last ended, with an answer or an error."""
        return time.monotonic() - self._polled_at

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        """Raises NetworkError if the updates cannot be stored; Telegram then sends them again."""
        try:
            updates = await super().get_updates(*args, **kwargs)
        except TelegramError:
            self.note_poll()
            raise
        if self._inbox is not None and updates:
            updates = await self._store(self._inbox, updates)
        self.note_poll()
        return updates

    async def _store(self, inbox: Inbox, updates: tuple[Update, ...]) -> tuple[Update, ...]:
        request = self._request[0]
        unreadable = request.unreadable if isinstance(request, UpdatesRequest) else {}
        try:
            new = await inbox.receive(updates, unreadable)
        except StorageFailure as failure:
            # PTB repeats a call after a NetworkError, without moving its offset.
            self.note_poll()
            raise NetworkError(f"updates could not be stored: {failure}") from failure
        unreadable.clear()
        last = updates[-1].update_id
        if not new or new[-1].update_id != last:
            # PTB takes its next offset from the last update, so the batch must end with its id.
            new.append(KnownUpdate(last))
        return tuple(new)
