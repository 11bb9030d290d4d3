"""Long polling with a watchdog: polling that stopped without an error is started again."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Update
from telegram.error import Conflict, TelegramError
from telegram.ext import Application, Updater

from handlers.context import ShopContext
from handlers.inbox import InboxBot

_log = logging.getLogger("hanout")

ALLOWED_UPDATES = [
    Update.MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.PRE_CHECKOUT_QUERY,
]
LONG_POLL_SECONDS = 25
SILENT_AFTER_SECONDS = 60.0  # well above the time in which a poll ends
_CONFLICTS_BEFORE_STOP = 6
_STOP_SECONDS = 2.0


class Polling:
    """Runs PTB's updater and restarts it: its `running` stays true even if a poll never ends.

    `tell_stopped` is called after a restart, with the seconds since the last poll ended; `give_up`
    if another program keeps polling with the same token.
    """

    def __init__(
        self,
        application: "Application[Any, ShopContext, Any, Any, Any, Any]",
        bot: InboxBot,
        *,
        tell_stopped: Callable[[int], Awaitable[None]],
        give_up: Callable[[], None],
        silent_after_seconds: float = SILENT_AFTER_SECONDS,
    ) -> None:
        self._application = application
        self._bot = bot
        self._tell_stopped = tell_stopped
        self._give_up = give_up
        self._silent_after = silent_after_seconds
        self._conflicts = 0
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start polling and the watchdog. The application must be initialized."""
        await self._poll()
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Stop both. A second call does nothing."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self._end(self._application.updater)

    async def _poll(self) -> None:
        self._bot.note_poll()
        updater = self._application.updater
        if updater is not None:
            await updater.start_polling(
                timeout=LONG_POLL_SECONDS,
                bootstrap_retries=-1,
                allowed_updates=ALLOWED_UPDATES,
                error_callback=self._report,
            )

    def _report(self, error: TelegramError) -> None:
        self._conflicts = self._conflicts + 1 if isinstance(error, Conflict) else 0
        _log.warning("polling: %s", type(error).__name__)
        if self._conflicts >= _CONFLICTS_BEFORE_STOP:
            _log.error("another program polls with this token: only one may; stopping")
            self._give_up()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._silent_after / 10)
            silent = self._bot.seconds_since_poll()
            if silent >= self._silent_after:
                _log.error("no poll has ended for %.0f s; polling starts again", silent)
                await self._start_again()
                await self._tell_stopped(int(silent))

    async def _start_again(self) -> None:
        """Start polling with a new updater: one that failed cannot be started again reliably."""
        await self._end(self._application.updater)
        self._application.updater = Updater(self._bot, self._application.update_queue)
        await self._application.updater.initialize()
        await self._poll()

    @staticmethod
    async def _end(updater: Updater | None) -> None:
        if updater is None or not updater.running:
            return
        ending = asyncio.create_task(updater.stop())
        await asyncio.wait([ending], timeout=_STOP_SECONDS)
        ending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(ending, return_exceptions=True)
