"""A handler that fails is tried again, five times in all; then its update is set aside for an operator.

The chat of the update waits meanwhile, for less than four seconds; no other chat does.
"""

import asyncio
import logging

from telegram import Update

from bot.errors import StorageFailure
from bot.services.messaging.inbox import MOST_ATTEMPTS, count_attempt, count_replay
from bot.services.shop import Shop
from handlers.middleware import CallNext, ShopApplication

WAITS_SECONDS = (0.25, 0.5, 1.0, 2.0)
_log = logging.getLogger(__name__)


def is_payment(update: Update) -> bool:
    """An update that says money was paid: never dropped, whatever fails."""
    message = update.effective_message
    return message is not None and bool(message.successful_payment or message.refunded_payment)


class Retries:
    """`kept` names updates that must not count as handled."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._failures: dict[int, int] = {}  # by update, while it is being tried
        self._due: set[int] = set()
        self._closed = False
        self.kept: set[int] = set()
        self.replayed: set[int] = set()  # kept through an end of the process

    def close(self) -> None:
        """No further tries: what failed is left in the inbox for the next start."""
        self._closed = True

    async def count_replays(
        self, update: Update, application: ShopApplication, call_next: CallNext
    ) -> None:
        """Middleware: stop what ended the process, or was there when it ended, as often as it may."""
        if update.update_id not in self.replayed or await self._may_replay(update.update_id):
            await call_next(update)

    async def _may_replay(self, number: int) -> bool:
        self.replayed.discard(number)
        try:
            over = await count_replay(self._shop, number)
        except StorageFailure as failure:
            _log.error("a replay could not be counted: %s", failure)
            return True
        if over:
            self.kept.add(number)
        return not over

    async def try_again(
        self, update: Update, application: ShopApplication, call_next: CallNext
    ) -> None:
        """Middleware: work on an update whose handler failed again, as long as that is due."""
        number = update.update_id
        await call_next(update)
        while number in self._due:
            self._due.discard(number)
            wait = WAITS_SECONDS[min(self._failures[number], len(WAITS_SECONDS)) - 1]
            await asyncio.sleep(wait)
            if self._closed:
                self.kept.add(number)
                break
            await call_next(update)
        self._failures.pop(number, None)

    async def note(self, update: Update, error: BaseException) -> bool:
        """A handler failed. True where this was the last try, and the person should hear of it."""
        number, trouble = update.update_id, type(error).__name__
        failures = self._failures[number] = self._failures.get(number, 0) + 1
        try:
            last = await count_attempt(self._shop, number, trouble)
        except StorageFailure as failure:
            _log.error("an attempt could not be counted: %s", failure)
            last = failures >= MOST_ATTEMPTS
        if last:
            _log.error("update %d is set aside after %s", number, trouble)
            self.kept.add(number)
        else:
            self._due.add(number)
        return last
