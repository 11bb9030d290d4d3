"""getUpdates: long polling by one poller at a time (server sheet 4)."""

import asyncio
from typing import Any

from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.update_queue import MAX_ANSWER_UPDATES, UpdateQueue
from bot.sandbox.telegram.values import Values, integer

MAX_TIMEOUT_SECONDS = 50
OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
    " running"
)
WEBHOOK_SET = "Conflict: terminated by setWebhook request"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
    " webhook first"
)


class Polling:
    """The waiting poll, and how soon requests may follow each other; real time, not the world's.

    A test may shorten `repeated_wait_seconds` and `conflict_seconds`.
    """

    def __init__(self, queue: UpdateQueue) -> None:
        self._queue = queue
        self._waiting: asyncio.Future[None] | None = None
        self._last_offset: int | None = None
        self._last_start = -60.0
        self._next_conflict = 0.0
        self.repeated_wait_seconds = 3.0
        self.repeated_at_once_seconds = 0.5
        self.conflict_seconds = 3.0
        self.batch_seconds = 0.002  # a waiting poll is answered a little after the first update

    async def get_updates(self, values: Values) -> list[dict[str, Any]]:
        """Raises ApiError 409 where a newer poll or setWebhook ends this one."""
        limit = integer(values.get("limit", MAX_ANSWER_UPDATES), 1, MAX_ANSWER_UPDATES)
        timeout = float(integer(values.get("timeout", 0), 0, MAX_TIMEOUT_SECONDS))
        offset = integer(values.get("offset", 0), -(2**31), 2**31 - 1)
        if "allowed_updates" in values:
            self._queue.allow(values["allowed_updates"])
        limit, timeout = self._slow_down(offset, limit, timeout)
        self._queue.confirm(offset)
        if (found := self._queue.head(limit)) or not timeout:
            return found
        self.cut(OTHER_POLLER)
        mine = asyncio.get_running_loop().create_future()
        # The client may be gone when its 409 comes.
        mine.add_done_callback(lambda poll: poll.cancelled() or poll.exception())
        self._waiting = mine
        try:
            await self._wait(mine, timeout)
        finally:
            if self._waiting is mine:
                self._waiting = None
        return self._queue.head(limit)

    async def _wait(self, mine: "asyncio.Future[None]", seconds: float) -> None:
        try:
            await asyncio.wait_for(asyncio.shield(mine), seconds)
        except TimeoutError:
            if self._waiting is not mine:
                await mine  # cut before: its 409 is on the way
            return
        await asyncio.sleep(self.batch_seconds)

    def _slow_down(self, offset: int, limit: int, timeout: float) -> tuple[int, float]:
        """The same offset again soon: wait longer, and take one update only."""
        now = asyncio.get_running_loop().time()
        since, same = now - self._last_start, offset == self._last_offset
        self._last_offset, self._last_start = offset, now
        if same and since < self.repeated_wait_seconds:
            timeout = max(timeout, self.repeated_wait_seconds)
        return (1 if same and since < self.repeated_at_once_seconds else limit), timeout

    def wake(self) -> None:
        """Let the waiting poll answer; also with nothing, as when the token is revoked."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def wake_for_updates(self) -> None:
        if self._queue.items:
            self.wake()

    def cut(self, description: str) -> None:
        """End the waiting poll with 409: at once, or 3 s later where one ended just before."""
        cut, self._waiting = self._waiting, None
        if cut is None or cut.done():
            return
        asyncio.get_running_loop().call_later(
            self.conflict_delay(), _fail, cut, ApiError(409, description)
        )

    def conflict_delay(self) -> float:
        """Seconds until the next 409 may be answered."""
        now = asyncio.get_running_loop().time()
        if now < self._next_conflict:
            return self.conflict_seconds
        self._next_conflict = now + self.conflict_seconds
        return 0.0


def _fail(poll: "asyncio.Future[None]", error: ApiError) -> None:
    if not poll.done():
        poll.set_exception(error)
