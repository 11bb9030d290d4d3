"""Work that needs much memory for a moment, in a process of its own that ends with it.

What a library takes, a process that goes on for months would keep: Python gives little back.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]  # where this very code was found
_START: Final = Path(__file__).with_name("short_process.py")
_KEPT: Final = ("PATH", "TZ", "LANG", "TMPDIR")  # the shop's own secrets are not passed on
_MOST_ERROR_LETTERS: Final = 300


class ShortProcessFailure(Exception):
    """It ended badly, took too long, or was ended with the shop. Its text has no figures in it."""


class ShortProcesses:
    """Runs modules of the shop, each once at a time; who comes second waits."""

    def __init__(self) -> None:
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._running: set[asyncio.subprocess.Process] = set()
        self._closed = False

    async def run(
        self, module: str, given: Any, *, seconds: float, mebibytes: int, kept: str | None = None
    ) -> bytes:
        """Run `python -m module` with `given` as JSON on its standard input; returns what it prints.

        Beside a few harmless variables it gets those whose names begin with `kept`.
        It is killed after so many seconds, where the caller is cancelled, and by `close`; the kernel
        lets it have so much memory. Raises ShortProcessFailure.
        """
        async with self._turns[module]:
            if self._closed:
                raise ShortProcessFailure("the shop closes")
            process = await self._start(module, seconds, mebibytes, kept)
            self._running.add(process)
            try:
                async with asyncio.timeout(seconds):
                    printed, said = await process.communicate(json.dumps(given).encode())
            except TimeoutError:
                raise ShortProcessFailure(f"{module} took longer than {seconds:.0f} s") from None
            except OSError as error:
                raise ShortProcessFailure(f"{module}: {error.strerror}") from None
            finally:
                await _end(process)
                self._running.discard(process)
        if process.returncode:
            last = said.decode(errors="replace").strip().rpartition("\n")[2]
            kind = last.partition(":")[0][:_MOST_ERROR_LETTERS]  # what follows may hold figures
            raise ShortProcessFailure(f"{module} ended with {process.returncode} ({kind})")
        return printed

    async def _start(
        self, module: str, seconds: float, mebibytes: int, kept: str | None
    ) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                str(_START),
                *(str(ROOT), module, str(int(seconds)), str(mebibytes)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={
                    name: value
                    for name, value in os.environ.items()
                    if name in _KEPT or (kept and name.startswith(kept))
                },
            )
        except OSError as error:
            raise ShortProcessFailure(f"{module} cannot be started: {error.strerror}") from None

    def close(self) -> None:
        """Kill those that run, and start no other."""
        self._closed = True
        for process in self._running:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
