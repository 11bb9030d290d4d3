"""What systemd is told over NOTIFY_SOCKET: that the shop is ready, what it does, and that its loop still runs.

See sd_notify(3) and sd_watchdog_enabled(3). With the standard library's socket alone; where systemd
asks for nothing, nothing is sent.
"""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Mapping
from typing import Final

from bot.status import Phase, Status

_log = logging.getLogger(__name__)
_LOOK_SECONDS: Final = 0.25  # so soon a change of the phase is told
_READY_PHASES: Final = (Phase.LEADING, Phase.STANDING_BY)
_WORDS: Final = {
    Phase.STARTING: "starting",
    Phase.STANDING_BY: "standing by: another process leads",
    Phase.LEADING: "leading: the shop is open",
    Phase.SUSPENDED: "suspended: it led, and asks the database whether it still does",
    Phase.STOPPING: "closing",
}


class Notifier:
    """Sends datagrams to systemd. Raises nothing: the shop does not depend on being watched."""

    def __init__(self, address: str) -> None:
        # An @ stands for the zero byte of an abstract name.
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
        self._socket.setblocking(False)

    def send(self, *lines: str) -> None:
        try:
            self._socket.sendto("\n".join(lines).encode(), self._address)
        except OSError as error:
            _log.warning("systemd could not be told (%s)", type(error).__name__)

    def close(self) -> None:
        self._socket.close()


def watchdog_seconds(environment: Mapping[str, str]) -> float | None:
    """How often to say that the loop runs: twice within WATCHDOG_USEC. None: it is not watched."""
    microseconds, pid = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID")
    if not (microseconds.isascii() and microseconds.isdigit()) or int(microseconds) == 0:
        return None
    if pid is not None and pid != str(os.getpid()):
        return None
    return int(microseconds) / 2_000_000


@contextlib.asynccontextmanager
async def telling_systemd(
    status: Status, environment: Mapping[str, str] = os.environ
) -> AsyncIterator[None]:
    """Tell systemd of each phase until the end of the block, and that the event loop runs."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        yield
        return
    notifier, seconds = Notifier(address), watchdog_seconds(environment)
    notifier.send(f"STATUS={_WORDS[status.phase]}")
    tasks = [asyncio.create_task(_tell_phases(notifier, status))]
    if seconds is not None:
        tasks.append(asyncio.create_task(_tell_alive(notifier, seconds)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        notifier.send("STOPPING=1", f"STATUS={_WORDS[Phase.STOPPING]}")
        notifier.close()


async def _tell_phases(notifier: Notifier, status: Status) -> None:
    told, is_ready = status.phase, False
    while True:
        phase = status.phase
        if phase in _READY_PHASES and not is_ready:
            is_ready, told = True, phase
            notifier.send("READY=1", f"STATUS={_WORDS[phase]}")
        elif phase is not told:
            told = phase
            stopping = ("STOPPING=1",) if phase is Phase.STOPPING else ()
            notifier.send(*stopping, f"STATUS={_WORDS[phase]}")
        await asyncio.sleep(_LOOK_SECONDS)


async def _tell_alive(notifier: Notifier, seconds: float) -> None:
    """From a task of the loop: where the loop is blocked, nothing is sent, and systemd restarts us."""
    while True:
        notifier.send("WATCHDOG=1")
        await asyncio.sleep(seconds)
