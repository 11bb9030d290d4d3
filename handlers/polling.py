"""Long polling: fetches updates, keeps them in the inbox, and goes on after whatever happens."""

import asyncio
import logging
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from telegram.error import TelegramError

from bot.domain.schedule import GrowingWait
from bot.errors import StorageFailure
from handlers.bot import READ_SECONDS, ShopBot, update_id_of
from handlers.edge import Do, explain, read, told_wait
from handlers.raw_updates import UPDATE_ID, is_torn, whole_updates
from handlers.request import ForeignPage, TokenRefused, TornAnswer

_log = logging.getLogger("hanout")
_sleep = asyncio.sleep

LONG_POLL_SECONDS: Final = 25.0
_BATCH: Final = 100
_SLACK_SECONDS: Final = 5.0  # for a poll that does not even time out
_QUIET_SECONDS: Final = 60.0  # operators are told of a longer time without updates, after its end
_SHORTEST_POLL_SECONDS: Final = 1.0  # between polls that bring nothing new and end at once
_LONGEST_WAIT_SECONDS: Final = 5.0
_STORAGE_WAITS_SECONDS: Final = (0.25, 1.0)
# So often the same updates are asked for before one of them is passed: half a minute of answers that
# are torn on their way, some seconds of one that comes whole and is no JSON.
_TORN_TRIES: Final = 10
_UNREADABLE_TRIES: Final = 4
_CONFLICT_WAITS_SECONDS: Final = (3.0, 30.0)
# So many conflicts within so many seconds: a former process that ends causes one or two.
_MANY_CONFLICTS: Final = 3
_CONFLICT_PERIOD_SECONDS: Final = 300.0
_TELEGRAMS: Final = re.compile(rb'^\s*\{\s*"ok"\s*:\s*true\b')


@dataclass(frozen=True, slots=True)
class PollingNews:
    """Whom polling tells what; each is called at most once for each episode.

    `silent`: no updates for so many seconds, told after the end. `other_poller`: another program
    polls with the same token, `alone`: no longer. `token_refused`: the shop has to end. `may_poll`
    is awaited before each poll, `polled` called after each that worked, with its monotonic time.
    """

    silent: Callable[[int], Awaitable[None]]
    other_poller: Callable[[], Awaitable[None]]
    alone: Callable[[], Awaitable[None]]
    token_refused: Callable[[], None]
    may_poll: Callable[[], Awaitable[None]]
    polled: Callable[[float], None]


class Keeper(Protocol):
    """Keeps updates as they came, before Telegram is told that they arrived: an `Inbox`."""

    async def receive(self, updates: Sequence[object]) -> int:
        """Keep a batch; returns how many are new. Raises StorageFailure: they must come again."""
        ...

    async def set_aside(self, number: int, text: str) -> None:
        """Keep an update of which only the id can be read. Raises StorageFailure."""
        ...


class Polling:
    """Polls until it is cancelled; nothing else ends it. The bot must be initialized."""

    def __init__(self, bot: ShopBot, inbox: Keeper, news: PollingNews) -> None:
        self._bot = bot
        self._inbox = inbox
        self._news = news
        self._offset: int | None = None  # none at first: what is not confirmed comes again
        self._batch = _BATCH
        self._tries = 0  # of one batch that is no JSON
        self._good_at = time.monotonic()
        self._wait = GrowingWait(0.5, _LONGEST_WAIT_SECONDS)
        self._storage_wait = GrowingWait(*_STORAGE_WAITS_SECONDS)
        self._conflict_wait = GrowingWait(*_CONFLICT_WAITS_SECONDS)
        self._conflicts: deque[float] = deque(maxlen=_MANY_CONFLICTS)
        self._is_shared: bool | None = None  # None: what an earlier process told is not known
        self._silent_seconds: int | None = None  # a silence that is over and not told yet
        self._began_at = self._good_at
        self._ended = False

    async def run(self) -> None:
        """Poll for ever, or until Telegram refuses the token."""
        while not self._ended:
            await self._news.may_poll()
            began = time.monotonic()
            try:
                async with asyncio.timeout(LONG_POLL_SECONDS + READ_SECONDS + _SLACK_SECONDS):
                    brought = await self.poll(LONG_POLL_SECONDS)
                wait = 0.0
                if not brought:  # an empty answer at once, or the same updates over and over
                    wait = max(0.0, _SHORTEST_POLL_SECONDS - (time.monotonic() - began))
                self._note_good_poll()
                await self._tell_news()
            except StorageFailure as failure:
                wait = self._storage_wait.longer()
                _log.error("updates could not be kept (%s); Telegram sends them again", failure)
            except Exception as error:  # whatever it is, the shop must not become deaf
                wait = await self._wait_safely(error)
            await _sleep(wait)

    async def ask_telegram(self) -> None:
        """Make a call that says whether Telegram can be reached; a poll may wait for long."""
        try:
            await self._bot.get_me()
        except TokenRefused:
            self._end()

    async def poll(self, seconds: float = 0.0) -> int:
        """Fetch and keep one batch; returns how many updates are new.

        Raises TelegramError, and StorageFailure where nothing is confirmed to Telegram.
        """
        try:
            updates = await self._bot.fetch_updates(
                self._offset, limit=self._batch, seconds=seconds
            )
        except ForeignPage as page:
            if not _TELEGRAMS.match(page.body):
                raise
            return await self._pass_unreadable(page.body)
        self._batch, self._tries = _BATCH, 0
        return await self._keep(updates)

    async def _keep(self, updates: Sequence[object]) -> int:
        new = await self._inbox.receive(updates)
        self._move(updates)
        return new

    def _move(self, updates: Sequence[object]) -> None:
        """Confirm a batch. Ids may jump, also downwards: only the newest batch counts."""
        ids = [number for update in updates if (number := update_id_of(update)) is not None]
        if ids:
            self._offset = ids[-1] + 1
        elif updates:  # nothing that could be confirmed: not Telegram's
            raise ForeignPage(200, b"")

    async def _pass_unreadable(self, body: bytes) -> int:
        """Take what is whole in an answer of Telegram's that is no JSON, and ask again for the rest.

        What stays unreadable, asked for by itself and over growing times, is set aside.
        """
        text = body.decode("utf-8", "replace")
        whole = whole_updates(text)
        if whole:
            self._tries = 0
            return await self._keep(whole)
        self._batch = 1  # the next poll brings only the first one
        self._tries += 1
        found = UPDATE_ID.search(body)
        enough = _TORN_TRIES if is_torn(body) else _UNREADABLE_TRIES
        if found is None or self._tries < enough:
            raise TornAnswer
        number = int(found.group(1))
        _log.error("update %d is no readable JSON; it is quarantined", number)
        await self._inbox.set_aside(number, text)
        self._tries, self._offset = 0, number + 1
        return 1

    def _note_good_poll(self) -> None:
        now = time.monotonic()
        silent, self._good_at = now - self._good_at, now
        self._news.polled(now)
        for wait in (self._wait, self._storage_wait, self._conflict_wait):
            wait.end()
        if silent > LONG_POLL_SECONDS + _QUIET_SECONDS:
            _log.warning("polling goes on after %.0f s", silent)
            self._silent_seconds = int(silent)

    async def _tell_news(self) -> None:
        """Tell the operators what has ended; what cannot be told is told after a later poll."""
        try:
            if self._silent_seconds is not None:
                await self._news.silent(self._silent_seconds)
                self._silent_seconds = None
            newest = self._conflicts[-1] if self._conflicts else self._began_at
            is_quiet = time.monotonic() - newest > _CONFLICT_PERIOD_SECONDS
            if self._is_shared is not False and is_quiet:
                await self._news.alone()
                self._is_shared = False
        except Exception as error:  # news is less than polling
            _log.error("operators could not be told of polling (%s)", type(error).__name__)

    async def _wait_safely(self, error: Exception) -> float:
        """`_wait_after`, of which nothing gets out either."""
        try:
            return await self._wait_after(error)
        except Exception as worse:
            _log.error("after a failed poll: %s", type(worse).__name__)
            return self._wait.longer()

    async def _wait_after(self, error: Exception) -> float:
        """Do what the table says about this error; returns the seconds to wait."""
        row = read(error)
        if row.poll is Do.WAIT_AS_TOLD:
            wait = told_wait(error)
        elif row.poll is Do.TELL:
            wait = self._conflict_wait.longer()
            await self._note_conflict()
        else:
            wait = self._wait.longer()
        if row.poll is Do.REMOVE_WEBHOOK:
            await self._remove_webhook()
        elif row.poll is Do.ASK_GET_ME and await self._bot.is_token_refused():
            self._end()
            return 0.0
        _log.warning("polling: %s; polling again in %.1f s", explain(error), wait)
        return wait

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._news.token_refused()

    async def _note_conflict(self) -> None:
        now = time.monotonic()
        self._conflicts.append(now)
        many = len(self._conflicts) == _MANY_CONFLICTS
        if many and not self._is_shared and now - self._conflicts[0] < _CONFLICT_PERIOD_SECONDS:
            _log.error("another program polls with TELEGRAM_TOKEN: only one may")
            await self._news.other_poller()
            self._is_shared = True

    async def _remove_webhook(self) -> None:
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            _log.warning("the webhook could not be removed: %s", explain(error))
        else:
            _log.warning("a webhook was set for this bot; it is removed, polling goes on")
