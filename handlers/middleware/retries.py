"""Tries an update whose handler fails five times in all, and then quarantines the update.

Meanwhile the chat of the update waits, for less than four seconds; for a minute where answers of
Telegram are missing; or, while it cannot be reached, for up to two minutes. No other chat does.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from telegram import Update

from bot.errors import StorageFailure
from bot.services.messaging.inbox import MOST_ATTEMPTS, record_failed_attempt, record_replay
from bot.services.shop import Shop
from handlers.edge import is_outage, may_have_arrived
from handlers.middleware import CallNext, ShopApplication
from handlers.middleware.albums import album_of
from handlers.middleware.measure import Outcome, note_outcome
from handlers.payment_updates import is_payment

WAITS_SECONDS: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0)
# Where only the answer of Telegram is missing, the call may have had its effect, and the person gets
# the same once more with each attempt: few attempts, far apart.
UNSURE_WAITS_SECONDS: tuple[float, ...] = (1.0, 8.0, 50.0)
MOST_UNSURE_ATTEMPTS = 4
# While Telegram cannot be reached no attempt counts: nothing is wrong with the update. A press is
# too old to be answered after 150 seconds (server's queue), so what lasts longer counts again.
OUTAGE_SECONDS = 120.0
OUTAGE_WAITS_SECONDS = (1.0, 2.0, 3.0, 5.0)
LONGEST_POSTPONEMENT_SECONDS = 600.0  # then it is tried, whatever Telegram said
_log = logging.getLogger(__name__)


class HandleLater(Exception):
    """The update has to be handled again, as a whole, after so many seconds.

    Raised by a handler that sends something to somebody else, in whose chat Telegram takes nothing
    now. What the handler has done already it must not do twice.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Retries:
    """Middleware that counts attempts and repeats them.

    `not_handled` holds ids of updates that must not count as handled. `replayed` holds those that the last
    process left unhandled; the caller fills it.
    """

    def __init__(self, shop: Shop, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._shop = shop
        self._monotonic = monotonic
        self._failures: dict[int, int] = {}  # by update id, while the update is being tried
        self._out_since: dict[int, float] = {}  # the same: when Telegram could not be reached first
        self._outages: dict[int, int] = {}  # the same: how many attempts did not reach it
        self._due: dict[int, float] = {}  # seconds until an update is tried again
        self._postponed: set[asyncio.Task[None]] = set()
        self._closed = False
        self.not_handled: set[int] = set()
        self.replayed: set[int] = set()

    def close(self) -> None:
        """Try no update again: those that failed are left in the inbox for the next start."""
        self._closed = True
        for task in self._postponed:
            task.cancel()

    @property
    def is_closed(self) -> bool:
        return self._closed

    def postpone(self, update: Update, seconds: float, queue: "asyncio.Queue[object]") -> None:
        """Have an update handled again later, with its whole album, as the one message it is.

        Until then it counts as not handled.
        """
        album = album_of(update).updates

        async def wait() -> None:
            await asyncio.sleep(min(seconds, LONGEST_POSTPONEMENT_SECONDS))
            for item in album:  # nothing may come between them: it would end the album
                queue.put_nowait(item)

        self.not_handled.add(update.update_id)
        note_outcome(Outcome.POSTPONED)
        task = asyncio.create_task(wait())
        self._postponed.add(task)
        task.add_done_callback(self._postponed.discard)

    async def count_replays(
        self, update: Update, application: ShopApplication, call_next: CallNext
    ) -> None:
        """Middleware: count the replay of an update after a restart, and skip it after too many.

        The update may be the cause of the restarts.
        """
        if update.update_id not in self.replayed or await self._may_replay(update.update_id):
            await call_next(update)

    async def _may_replay(self, number: int) -> bool:
        self.replayed.discard(number)
        try:
            over = await record_replay(self._shop, number)
        except StorageFailure as failure:
            _log.error("a replay could not be counted: %s", failure)
            return True
        if over:
            self.not_handled.add(number)
            note_outcome(Outcome.QUARANTINED)
        return not over

    async def retry(
        self, update: Update, application: ShopApplication, call_next: CallNext
    ) -> None:
        """Middleware: handle an update again as often as `note` demands, after growing waits."""
        number = update.update_id
        await call_next(update)
        while number in self._due:
            await asyncio.sleep(self._due.pop(number))
            if self._closed:
                self.not_handled.add(number)
                note_outcome(Outcome.LEFT)
                break
            await call_next(update)
        self._failures.pop(number, None)
        self._forget_outage(number)

    def _forget_outage(self, number: int) -> None:
        self._out_since.pop(number, None)
        self._outages.pop(number, None)

    async def note(self, update: Update, error: BaseException) -> bool:
        """Note that a handler failed.

        True if this was the last attempt: the person is told then. A payment that the storage
        cannot even count an attempt of is tried until it can: nobody else remembers it.
        """
        number, trouble = update.update_id, type(error).__name__
        if self._is_waited_for(number, error):
            tries = self._outages[number] = self._outages.get(number, 0) + 1
            self._due[number] = _nth(OUTAGE_WAITS_SECONDS, tries)
            return False
        unsure = may_have_arrived(error)
        most = MOST_UNSURE_ATTEMPTS if unsure else MOST_ATTEMPTS
        failures = self._failures[number] = self._failures.get(number, 0) + 1
        try:
            last = await record_failed_attempt(self._shop, number, trouble, most)
        except StorageFailure as failure:
            _log.error("an attempt could not be counted: %s", failure)
            last = failures >= most and not is_payment(update)
        if last:
            _log.error("update %d is quarantined after %s", number, trouble)
            self.not_handled.add(number)
            note_outcome(Outcome.QUARANTINED)
        else:
            self._due[number] = _nth(UNSURE_WAITS_SECONDS if unsure else WAITS_SECONDS, failures)
        return last

    def _is_waited_for(self, number: int, error: BaseException) -> bool:
        """Whether the attempt does not count: Telegram is out of reach, and nothing was sent."""
        if not is_outage(error) or may_have_arrived(error):
            self._forget_outage(number)
            return False
        now = self._monotonic()
        return now - self._out_since.setdefault(number, now) < OUTAGE_SECONDS


def _nth(waits: Sequence[float], number: int) -> float:
    """The wait after so many failures; the last one is for all that follow."""
    return waits[min(number, len(waits)) - 1]
