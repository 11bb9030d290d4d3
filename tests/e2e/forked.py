"""Processes of `hanout` that start at once: forked from one that has only imported it.

A process reads its libraries for more than a second before it does anything, and the tests start hundreds. Each of
these has its own environment, folder, session and exit status, and can be killed, like one from a shell. The demo's
tests start theirs from a shell.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from multiprocessing.forkserver import ensure_running
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.e2e.forked", "tests.e2e.preloaded"])
_COVERAGE = "COVERAGE_PROCESS_CONFIG"


class Forked:
    """As much of `asyncio.subprocess.Process` as the tests use."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        while self.returncode is None:
            await asyncio.sleep(0.02)
        return self.returncode


def start_hanout(
    *words: str,
    settings: dict[str, str],
    folder: Path,
    said: Path,
    before: Callable[[], None] | None = None,
) -> Forked:
    """Its output and its log are added to the file `said`; `before` is called in it before anything else."""
    environment = {**os.environ, **settings}
    measured = os.environ.pop(_COVERAGE, None)  # the one that they are forked from is not
    ensure_running()
    if measured is not None:
        os.environ[_COVERAGE] = measured
    process = _FORKS.Process(target=_live, args=(words, environment, folder, said, before))
    process.start()
    return Forked(process)


def _live(
    words: tuple[str, ...],
    environment: dict[str, str],
    folder: Path,
    said: Path,
    before: Callable[[], None] | None,
) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for stream in (1, 2):
        os.dup2(os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), stream)
    if before is not None:
        before()
    measured = None
    if environment.get(_COVERAGE):
        import coverage

        measured = coverage.process_startup(force=True)
    from bot.cli import cli

    try:
        cli(list(words), prog_name="hanout")
    finally:
        if measured is not None:
            measured.stop()
            measured.save()
