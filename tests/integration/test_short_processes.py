"""Work in a process of its own: limited in time and memory, once at a time, and gone with the shop."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from bot import short_processes
from bot.charts.draughtsman import ShortDraughtsman
from bot.domain.charts import Chart, Row
from bot.errors import NoPicture
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.short_processes import ShortProcesses, ShortProcessFailure
from tests.patience import until

CHART = Chart("T", "1", right_to_left=False, rows=(Row("r", 1, "1"),))
LIMITS: Any = {"seconds": PATIENCE_SECONDS, "mebibytes": 256}


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Modules of a test stand where the shop's code is looked for."""
    monkeypatch.setattr(short_processes, "ROOT", tmp_path)

    def write(name: str, *lines: str) -> str:
        (tmp_path / f"{name}.py").write_text("\n".join(lines))
        return name

    return write


async def test_what_it_prints_is_returned(modules):
    echo = modules("echo", "import sys", "print(sys.stdin.read()[::-1], end='')")

    assert await ShortProcesses().run(echo, [1, 2], **LIMITS) == b"]2 ,1["


async def test_a_process_that_hangs_is_killed(modules):
    hangs = modules("hangs", "import time", "time.sleep(60)")
    processes = ShortProcesses()
    running = asyncio.create_task(processes.run(hangs, None, seconds=1.0, mebibytes=256))
    await until(lambda: processes._running)
    (process,) = processes._running

    with pytest.raises(ShortProcessFailure, match="longer than 1 s"):
        await running

    assert process.returncode == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


async def test_a_process_gets_no_more_memory_than_it_may_have(modules):
    large = modules("large", "x = bytes(400 * 1024 * 1024)")

    with pytest.raises(ShortProcessFailure, match="MemoryError"):
        await ShortProcesses().run(large, None, **LIMITS)


async def test_what_a_process_says_of_its_failure_holds_no_figures(modules):
    fails = modules("fails", "raise ValueError('sales 12345')")

    with pytest.raises(ShortProcessFailure) as failure:
        await ShortProcesses().run(fails, None, **LIMITS)

    assert str(failure.value) == "fails ended with 1 (ValueError)"


async def test_secrets_of_the_shop_are_not_passed_on(modules, monkeypatch):
    monkeypatch.setenv("HANOUT_KEYS", "k1:secret")
    shows = modules("shows", "import os", "print(sorted(os.environ))")

    assert b"HANOUT" not in await ShortProcesses().run(shows, None, **LIMITS)


async def test_only_who_reads_the_database_gets_how_it_is_reached(modules, monkeypatch):
    for name in ("PGPASSWORD", "PGSSLMODE", "HANOUT_KEYS"):
        monkeypatch.setenv(name, "x")
    lines = ("import os", "print(*(it for it in os.environ if it[:2] in ('PG', 'HA')))")
    shows = modules("shows", *lines)

    assert await ShortProcesses().run(shows, None, **LIMITS) == b"\n"
    found = await ShortProcesses().run(shows, None, **LIMITS, kept="PG")
    assert {"PGPASSWORD", "PGSSLMODE"} <= set(found.decode().split())
    assert b"HANOUT" not in found


async def test_a_second_call_waits_for_the_first(modules):
    sleeps = modules(
        "sleeps", "import time", "a = time.monotonic(); time.sleep(0.2); print(a, time.monotonic())"
    )
    processes = ShortProcesses()

    found = await asyncio.gather(*(processes.run(sleeps, None, **LIMITS) for _ in range(2)))

    first, second = sorted(tuple(map(float, it.split())) for it in found)
    assert first[1] <= second[0]


async def test_closing_kills_what_runs_and_starts_no_other(modules):
    sleeps = modules("sleeps", "import time", "time.sleep(60)")
    processes = ShortProcesses()
    running = asyncio.create_task(processes.run(sleeps, None, **LIMITS))
    await until(lambda: processes._running)
    (process,) = processes._running

    processes.close()

    with pytest.raises(ShortProcessFailure):
        await running
    with pytest.raises(ShortProcessFailure, match="closes"):
        await processes.run(sleeps, None, **LIMITS)
    assert process.returncode == -signal.SIGKILL


async def test_a_caller_that_is_cancelled_leaves_no_process(modules):
    sleeps = modules("sleeps", "import time", "time.sleep(60)")
    processes = ShortProcesses()
    running = asyncio.create_task(processes.run(sleeps, None, **LIMITS))
    await until(lambda: processes._running)
    (process,) = processes._running

    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running

    assert process.returncode is not None
    assert not processes._running


async def test_what_cannot_be_started_is_a_failure(monkeypatch):
    monkeypatch.setattr("sys.executable", "/nowhere/python")

    with pytest.raises(ShortProcessFailure, match="cannot be started"):
        await ShortProcesses().run("x", None, **LIMITS)


async def test_a_draughtsman_without_his_tools_says_so(monkeypatch):
    monkeypatch.setattr("bot.charts.draughtsman._RENDERER", "not_installed_here")
    draughtsman = ShortDraughtsman(ShortProcesses())

    assert not draughtsman.is_there
    with pytest.raises(NoPicture, match="not installed"):
        await draughtsman.draw(CHART)


async def test_a_picture_that_fails_is_none(modules):
    modules("bot", "")  # there is no bot.charts in it

    with pytest.raises(NoPicture, match=r"bot\.charts ended"):
        await ShortDraughtsman(ShortProcesses()).draw(CHART)
    assert Path(short_processes.ROOT, "bot.py").exists()
