"""systemd is told over a real datagram socket: ready, what the shop does, that its loop runs, and its end."""

import asyncio
import os
import socket
import time

import pytest

from bot.monitoring import systemd
from bot.monitoring.systemd import telling_systemd, watchdog_seconds
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.status import Phase, Status


class Systemd:
    """The service manager's end of NOTIFY_SOCKET."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + name[1:] if name.startswith("@") else name)
        self._socket.setblocking(False)

    def environment(self, **more: str) -> dict[str, str]:
        return {"NOTIFY_SOCKET": self.name, **more}

    def heard(self) -> list[str]:
        """What came since the last look, one text for each datagram."""
        found = []
        while True:
            try:
                found.append(self._socket.recv(4096).decode())
            except BlockingIOError:
                return found

    async def hears_that_the_loop_runs(self) -> None:
        while "WATCHDOG=1" not in await self.hears():
            pass

    async def hears(self) -> list[str]:
        """What comes next; it is waited for."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not (found := self.heard()):
            assert time.monotonic() < until, "nothing came"
            await asyncio.sleep(0.01)
        return found

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def manager(request, tmp_path):
    name = f"@hanout-test-{os.getpid()}-{time.monotonic_ns()}"
    made = Systemd(name if request.param == "abstract" else str(tmp_path / "notify"))
    yield made
    made.close()


async def test_each_phase_is_told_and_ready_once(manager):
    status = Status()
    async with telling_systemd(status, manager.environment()):
        assert manager.heard() == ["STATUS=starting"]
        status.phase = Phase.STANDING_BY
        assert await manager.hears() == ["READY=1\nSTATUS=standing by: another process leads"]
        status.phase = Phase.LEADING
        assert await manager.hears() == ["STATUS=leading: the shop is open"]
        status.phase = Phase.SUSPENDED
        assert await manager.hears() == [
            "STATUS=suspended: it led, and asks the database whether it still does"
        ]
        status.phase = Phase.LEADING
        assert await manager.hears() == ["STATUS=leading: the shop is open"]
        status.phase = Phase.STOPPING
        assert await manager.hears() == ["STOPPING=1\nSTATUS=closing"]

    assert manager.heard() == ["STOPPING=1\nSTATUS=closing"]


async def test_a_shop_that_never_leads_is_never_ready(manager):
    async with telling_systemd(Status(), manager.environment()):
        await asyncio.sleep(0.4)

    assert not [told for told in manager.heard() if "READY" in told]


async def test_the_loop_is_said_to_run_twice_within_the_watchdogs_time(manager):
    began, halves = time.monotonic(), 0
    async with telling_systemd(Status(), manager.environment(WATCHDOG_USEC="200000")):
        while halves < 5:  # as many as a loop on a busy machine gets to
            await asyncio.sleep(0.1)
            halves += 1
    passed = time.monotonic() - began

    alive = manager.heard().count("WATCHDOG=1")
    assert halves - 2 <= alive <= passed / 0.1 + 1


async def test_a_blocked_loop_says_nothing_so_that_systemd_restarts_it(manager):
    async with telling_systemd(Status(), manager.environment(WATCHDOG_USEC="200000")):
        await manager.hears_that_the_loop_runs()

        time.sleep(0.5)  # noqa: ASYNC251 - the fault that the watchdog is for
        while_blocked = manager.heard()

        await manager.hears_that_the_loop_runs()
    assert while_blocked == []


async def test_without_systemd_nothing_is_opened(monkeypatch):
    def refuse(*_args) -> None:
        raise AssertionError

    monkeypatch.setattr(systemd, "Notifier", refuse)

    async with telling_systemd(Status(), {"WATCHDOG_USEC": "200000"}):
        pass


async def test_a_manager_that_is_gone_ends_nothing(tmp_path, caplog):
    async with telling_systemd(Status(), {"NOTIFY_SOCKET": str(tmp_path / "nobody")}):
        pass

    assert "systemd could not be told (FileNotFoundError)" in caplog.text


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "x"}, None),
        ({"WATCHDOG_USEC": "30000000"}, 15.0),
        (
            {"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"},
            None,
        ),  # it is meant for another process
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 15.0),
    ],
)
def test_the_watchdogs_time_is_read(environment, seconds):
    assert watchdog_seconds(environment) == seconds
