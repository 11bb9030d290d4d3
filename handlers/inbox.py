"""Keeps updates, encrypted, until they are handled; after a crash they are replayed.

Telegram forgets an update once a higher offset is asked for, or once a webhook has answered. So
`Inbox.receive` keeps the JSON of a batch as it came, in one transaction, before any library reads
it. An update that cannot be read, or kept, is quarantined alone.
"""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from telegram import Update
from telegram.ext import ExtBot

from bot.domain.records import InboxRow, UpdateKey, identity_of_message
from bot.domain.schedule import GrowingWait
from bot.errors import StorageFailure, VaultFailure
from bot.services.codes.custody import update_associated_data
from bot.services.messaging.inbox import leave_updates, tell_quarantined
from bot.services.shop import Shop
from handlers.bot import LARGEST_ID, update_id_of
from handlers.conversations import ConversationPersistence
from handlers.middleware import CallNext, ShopApplication
from handlers.middleware.measure import Outcome, note_outcome
from handlers.raw_updates import find_update
from handlers.update_keys import IDENTITY
from storage.transaction import Transaction

_UNREADABLE: Final = "unreadable"
_TRIES: Final = 2  # of an update alone, before it is given up
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.25, 1.0
_log = logging.getLogger(__name__)

_New = dict[int, int | None]  # ids of updates to be handled, and the identities of their rows


class Inbox:
    """Stores updates until they are handled; marks handled updates in batches.

    Updates to handle are put into `queue`, as objects of PTB.
    """

    def __init__(
        self,
        shop: Shop,
        conversations: ConversationPersistence,
        bot: ExtBot[Any],
        queue: "asyncio.Queue[object]",
    ) -> None:
        self._shop = shop
        self._store = shop.store
        self._conversations = conversations
        self._bot = bot
        self._queue = queue
        self._finished: list[UpdateKey] = []
        self._unreadable: dict[UpdateKey, str] = {}  # kinds of updates to be quarantined
        self._in_hand: set[UpdateKey] = set()  # updates that this process has queued
        self._has_work = asyncio.Event()

    async def receive(self, updates: Sequence[object]) -> int:
        """Keep a batch as it came, then queue what is new and not set aside; returns how many.

        Raises StorageFailure where the storage fails: what could not be kept must come again.
        """
        came: dict[int, object] = {}
        for update in updates:
            number = update_id_of(update)
            if number is None:
                _log.error("an update without an id is left out (%s)", kind_of(update))
            else:
                came[number] = update
        rows = [self._row(number, update) for number, update in came.items()]
        new: _New = {}
        try:
            await self._keep(rows, new)
        finally:
            await self._queue_new([(n, came[n], new[n]) for n in came if n in new])
        return len(new)

    def _row(self, number: int, update: object) -> InboxRow:
        try:
            text = json.dumps(update)
        except (ValueError, RecursionError) as error:
            _log.error("update %d cannot be written (%s)", number, type(error).__name__)
            return self._stub(number, update)
        payload = self._shop.vault.seal(text, update_associated_data(number))
        identity = self._identity_of(update)
        return InboxRow(self._shop.bot_id, number, _chat_of(update), payload, identity=identity)

    def _identity_of(self, update: object) -> int | None:
        """That of the new message which an update brings; None where it brings none."""
        message = update.get("message") if isinstance(update, dict) else None
        if not isinstance(message, dict):
            return None
        text = json.dumps([self._shop.bot_id, message], sort_keys=True)
        return identity_of_message(self._shop.vault.fingerprints(text)[0])

    def _stub(self, number: int, update: object) -> InboxRow:
        """A quarantined row that says only that there was an update of this kind."""
        payload = self._shop.vault.seal("null", update_associated_data(number))
        trouble = f"{_UNREADABLE} {kind_of(update)}"
        return InboxRow(self._shop.bot_id, number, None, payload, trouble)

    async def _keep(self, rows: Sequence[InboxRow], new: _New) -> None:
        """Add the rows, and to `new` what was not there; singly if that fails."""
        if not rows:
            return
        try:
            new |= await self._store.write(self._add, rows)
        except Exception as error:
            if isinstance(error, StorageFailure) and len(rows) == 1:
                raise
            _log.error("a batch could not be kept (%s); each is tried alone", type(error).__name__)
        else:
            return
        for row in rows:
            new |= await self._keep_one(row)

    async def _keep_one(self, row: InboxRow) -> _New:
        """Keep an update; if only this one cannot be kept, set aside that there was one.

        The storage is tried in between: while it fails itself, that is raised, and the update has
        to come again.
        """
        for _ in range(_TRIES):
            try:
                return await self._store.write(self._add, [row])
            except Exception as error:
                _log.error("update %d cannot be kept (%s)", row.update_id, type(error).__name__)
            await self._store.write(_try_storage)
        stub = self._stub(row.update_id, None)
        return await self._store.write(self._add, [replace(stub, trouble="unstorable")])

    async def _add(self, tx: Transaction, rows: Sequence[InboxRow]) -> _New:
        """Store the rows; returns those to be handled.

        Those are also what is stored and in nobody's hands: its transaction was committed, and the
        answer to that was lost.
        """
        new = await tx.inbox.add(rows, self._shop.clock.now())
        if any(row.trouble and row.key in new for row in rows):
            await tell_quarantined(tx, self._shop, _UNREADABLE)
        known = [row.key for row in rows if row.key not in new]
        if known:
            new |= await tx.inbox.still_unhandled(known)
        return {
            row.update_id: new[row.key]
            for row in rows
            if row.key in new and not row.trouble and row.key not in self._in_hand
        }

    async def _queue_new(self, updates: Sequence[tuple[int, object, int | None]]) -> None:
        """Queue updates that are kept; those that the library cannot read are quarantined."""
        broken: dict[UpdateKey, str] = {}
        for number, data, identity in updates:
            update = read_update(data, self._bot, identity)
            if update is None:
                broken[self._shop.bot_id, number] = kind_of(data)
            else:
                self._in_hand.add((self._shop.bot_id, number))
                self._queue.put_nowait(update)
        await self._set_aside(broken)

    async def set_aside(self, number: int, text: str) -> None:
        """Keep, in quarantine, an update of which only the id can be read, and the text it came in.

        Raises StorageFailure.
        """
        payload = self._shop.vault.seal(text, update_associated_data(number))
        row = InboxRow(self._shop.bot_id, number, None, payload, _UNREADABLE)
        await self._store.write(self._add, [row])

    async def unhandled(self) -> list[Update]:
        """The updates that the last process stored and did not handle, in order.

        Those that cannot be read are quarantined.
        """
        updates = await self.open(await self._store.write(self._unhandled))
        self._in_hand |= {(self._shop.bot_id, update.update_id) for update in updates}
        return updates

    async def _unhandled(self, tx: Transaction) -> Sequence[InboxRow]:
        await tx.inbox.name_bot(self._shop.bot_id)
        return await tx.inbox.unhandled(self._shop.bot_id)

    async def open(self, rows: Sequence[InboxRow]) -> list[Update]:
        """Decrypt the updates of these rows. Those that cannot be read are quarantined."""
        updates: list[Update] = []
        broken: dict[UpdateKey, str] = {}
        for row in rows:
            data = self._open(row)
            update = read_update(data, self._bot, row.identity)
            if update is None:
                broken[row.key] = kind_of(data)
            else:
                updates.append(update)
        await self._set_aside(broken)
        return updates

    def _open(self, row: InboxRow) -> object:
        try:
            text = self._shop.vault.open(row.payload, update_associated_data(row.update_id))
        except VaultFailure as failure:
            _log.error("a stored update cannot be decrypted: %s", failure)
            return None
        # What was set aside unread is stored as the text it came in: an answer, perhaps torn.
        return find_update(text, row.update_id)

    async def _set_aside(self, broken: Mapping[UpdateKey, str]) -> None:
        """Quarantine updates that cannot be read; if that fails now, `flush` does it."""
        for (_, number), kind in broken.items():
            _log.error("update %d (%s) cannot be read; it is quarantined", number, kind)
        if not broken:
            return
        try:
            await self._store.write(self._quarantine, broken)
        except StorageFailure:
            self._unreadable |= broken
            self._has_work.set()

    async def guard(
        self, update: Update, application: ShopApplication, call_next: CallNext
    ) -> None:
        """Middleware, before all others: quarantine an update that breaks one of them.

        The library reads a message without a chat, for example, which every layer counts on. Errors
        of handlers are answered and tried again further inside, and do not come here.
        """
        try:
            await call_next(update)
        except Exception as error:
            trouble = type(error).__name__
            _log.error("update %d breaks the middleware", update.update_id, exc_info=error)
            note_outcome(Outcome.QUARANTINED)
            await self._set_aside({(self._shop.bot_id, update.update_id): trouble})

    async def _quarantine(self, tx: Transaction, broken: Mapping[UpdateKey, str]) -> None:
        for key, kind in broken.items():
            await tx.inbox.count_attempts([key], f"{_UNREADABLE} {kind}")
        await tx.inbox.quarantine(broken.keys(), self._shop.clock.now())
        await tell_quarantined(tx, self._shop, _UNREADABLE)

    def finish(self, update: Update) -> None:
        """Note that an update is handled; `keep_finishing` writes that soon."""
        self._finished.append((self._shop.bot_id, update.update_id))
        self._has_work.set()

    async def keep_finishing(self) -> None:
        """Call `flush` whenever something is to be written, until cancelled; retry on failure."""
        wait = GrowingWait(_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS)
        while True:
            await self._has_work.wait()
            self._has_work.clear()
            try:
                await self.flush()
            except Exception as error:  # whatever it was, marks must go on being written
                _log.error("handled updates could not be marked (%s)", type(error).__name__)
                await asyncio.sleep(wait.longer())
                self._has_work.set()
            else:
                wait.end()

    async def flush(self) -> None:
        """Write which updates are handled, and changed conversations, in one transaction.

        If that fails the same is written by the next call. Raises StorageFailure.
        """
        done, self._finished = self._finished, []
        broken, self._unreadable = self._unreadable, {}
        changed = self._conversations.take_changes()
        if not done and not changed and not broken:
            return
        try:
            await self._store.write(self._mark, done, changed, broken)
        except BaseException:
            self._finished = done + self._finished
            self._unreadable |= broken
            self._conversations.put_back(changed)
            raise
        self._in_hand -= set(done)

    async def leave(self) -> None:
        """At an end in order: what is in hand is for the next process. Raises StorageFailure."""
        await leave_updates(self._shop, [number for _, number in self._in_hand])

    async def _mark(
        self,
        tx: Transaction,
        done: Sequence[UpdateKey],
        changed: set[int],
        broken: Mapping[UpdateKey, str],
    ) -> None:
        await self._conversations.write(tx, changed)
        if done:
            await tx.inbox.finish(done, self._shop.clock.now())
        if broken:
            await self._quarantine(tx, broken)


async def _try_storage(tx: Transaction) -> None:
    await tx.inbox.count_quarantined()


def read_update(
    data: object, bot: ExtBot[Any] | None, identity: int | None = None
) -> Update | None:
    """Parse an update; None if PTB cannot read it, or if its chat or user has no possible id.

    `identity` is that of its row, for `handlers.update_keys`.
    """
    if update_id_of(data) is None or not isinstance(data, dict):
        return None
    try:
        update = Update.de_json({**data, IDENTITY: identity}, bot)
        return update if update and _has_possible_ids(update) else None
    except Exception as error:
        # The library checks nothing: whatever it raises on odd data belongs to this update.
        _log.debug("an update cannot be read: %s", type(error).__name__)
        return None


def _has_possible_ids(update: Update) -> bool:
    """The library takes anything for an id; everything after it needs a number it can look up."""
    return all(
        who is None or (type(who.id) is int and abs(who.id) <= LARGEST_ID)
        for who in (update.effective_chat, update.effective_user)
    )


def kind_of(update: object) -> str:
    """The kind of an update as it came, such as "message"; nothing of its content."""
    fields = update if isinstance(update, dict) else {}
    return next((kind for kind in Update.ALL_TYPES if kind in fields), "unknown")


def _chat_of(update: object) -> int | None:
    """The id of the chat that an update as it came belongs to, if it has one."""
    body: object = update.get(kind_of(update)) if isinstance(update, dict) else None
    for part in (body, body.get("message") if isinstance(body, dict) else None):
        chat = part.get("chat") if isinstance(part, dict) else None
        number = chat.get("id") if isinstance(chat, dict) else None
        if isinstance(number, int) and not isinstance(number, bool) and abs(number) <= LARGEST_ID:
            return number
    return None
