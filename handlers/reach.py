"""Whether Telegram can be reached: at the start, until it answers, and while the shop is open."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from bot.domain.schedule import GrowingWait
from handlers.edge import Do, Row, explain, is_outage, read, told_wait

_log = logging.getLogger("hanout")

_START_WAITS_SECONDS: Final = (1.0, 5.0)
_ASKING_WAITS_SECONDS: Final = (0.5, 5.0)
_TELLING_WAITS_SECONDS: Final = (1.0, 30.0)
_PAUSE_SECONDS: Final = 10.0  # between two ends of outages that are told: a line may come and go
# They carry nothing of anybody: where they fail, no message is to blame.
_PROBES: Final = frozenset({"getMe", "getUpdates", "getWebhookInfo"})


class Waiting(Protocol):
    """Waits that end early where the shop is to stop."""

    def is_set(self) -> bool: ...

    async def wait(self, seconds: float) -> None: ...


async def reach(connect: Callable[[], Awaitable[None]], stopping: Waiting) -> Row | None:
    """Connect until that works, or the shop is to stop; a row says why it never will."""
    wait = GrowingWait(*_START_WAITS_SECONDS)
    while not stopping.is_set():
        try:
            await connect()
        except Exception as error:  # also an answer of somebody else that the library fails on
            row = read(error)
            if row.start is Do.GIVE_UP:
                return row
            seconds = told_wait(error) if row.start is Do.WAIT_AS_TOLD else wait.longer()
            _log.warning("Telegram: %s; trying again in %.0f s", explain(error), seconds)
            await stopping.wait(seconds)
        else:
            break
    return None


class Reachability:
    """Learns from every call of a bot whether Telegram can be reached; in any mode.

    An outage begins with a call that failed and says nothing but that, such as `getMe`; after the
    failure of any other call that is asked at once. It ends with any call that succeeds.
    """

    def __init__(self) -> None:
        self._in_doubt = asyncio.Event()
        self._back = asyncio.Event()
        self._is_out = True  # what an earlier process met is not known

    def note_success(self) -> None:
        self._in_doubt.clear()
        if self._is_out:
            self._is_out = False
            self._back.set()

    def note_failure(self, method: str, error: BaseException) -> None:
        row = read(error)
        is_away = row.poll is Do.WAIT and is_outage(error)
        if is_away or row.poll is Do.ASK_GET_ME:
            self._in_doubt.set()
        if is_away and method in _PROBES:
            self._is_out = True

    async def watch(
        self, ask: Callable[[], Awaitable[object]], back: Callable[[], Awaitable[object]]
    ) -> None:
        """Until cancelled: `ask` Telegram often while a call has failed; call `back` once after an
        outage, and at the start.
        """
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._ask_in_doubt(ask))
            tasks.create_task(self._tell_back(back))

    async def _ask_in_doubt(self, ask: Callable[[], Awaitable[object]]) -> None:
        wait = GrowingWait(*_ASKING_WAITS_SECONDS)
        while True:
            await self._in_doubt.wait()
            await asyncio.sleep(wait.longer())
            if self._in_doubt.is_set():
                try:
                    await ask()
                except Exception as error:  # it has been noted
                    _log.debug("Telegram: %s", explain(error))
            if not self._in_doubt.is_set():
                wait.end()

    async def _tell_back(self, back: Callable[[], Awaitable[object]]) -> None:
        wait = GrowingWait(*_TELLING_WAITS_SECONDS)
        while True:
            await self._back.wait()
            self._back.clear()
            try:
                await back()
            except (
                Exception
            ) as error:  # such as a disk that is full: messages must not be forgotten
                _log.error("what waits for Telegram could not be hurried: %s", type(error).__name__)
                self._back.set()
                await asyncio.sleep(wait.longer())
            else:
                wait.end()
                await asyncio.sleep(_PAUSE_SECONDS)
