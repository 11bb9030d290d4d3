"""A command of `hanout` in a terminal of its own, as somebody who types sees it."""

import asyncio
import functools
import os
import pty
import sys
import termios
from pathlib import Path
from typing import Protocol

from bot.sandbox.telegram.person import PATIENCE_SECONDS
from tests.e2e.forked import start_hanout


def _take(name: str) -> None:
    """Make the terminal of this name that of this process, which leads a session: what it types goes there."""
    terminal = os.open(name, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(terminal, stream)
    # multiprocessing has put another one there, and these are of the process that this one was forked from
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", closefd=False)


class Process(Protocol):
    @property
    def returncode(self) -> int | None: ...

    async def wait(self) -> int: ...


class Terminal:
    def __init__(self, process: Process, master: int, slave: int) -> None:
        self.process, self._master, self._slave = process, master, slave
        self._seen = bytearray()
        self._read_up_to = 0
        asyncio.get_running_loop().add_reader(master, self._receive)

    @classmethod
    def run(cls, *words: str, settings: dict[str, str], folder: Path) -> "Terminal":
        """A command of `hanout`, of these sources."""
        master, slave = pty.openpty()
        take = functools.partial(_take, os.ttyname(slave))
        said = folder.parent / f"{folder.name}.said"
        process = start_hanout(*words, settings=settings, folder=folder, said=said, before=take)
        return cls(process, master, slave)

    @classmethod
    async def of_program(cls, *words: str) -> "Terminal":
        """Any program."""
        master, slave = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            *words, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        return cls(process, master, slave)

    def _receive(self) -> None:
        try:
            data = os.read(self._master, 65536)
        except OSError:  # the process has ended
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._master)
        self._seen += data

    @property
    def text(self) -> str:
        """All that was shown, without the ends of lines."""
        return " ".join(self._seen.decode(errors="replace").split())

    @property
    def lines(self) -> str:
        return self._seen.decode(errors="replace").replace("\r\n", "\n")

    async def reads(self, words: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait for words that were not read before, and for the prompt behind them."""
        async with asyncio.timeout(seconds):
            while True:
                rest = " ".join(self._seen[self._read_up_to :].decode(errors="replace").split())
                if words in rest and rest.endswith(">"):
                    self._read_up_to = len(self._seen)
                    return
                if self.process.returncode is not None:
                    raise AssertionError(f"ended before {words!r}: {self.text[-600:]}")
                await asyncio.sleep(0.02)

    async def types(self, text: str, *, hidden: bool = False) -> None:
        """A line; one that is not to be seen is typed when the terminal shows nothing any more."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while hidden and termios.tcgetattr(self._slave)[3] & termios.ECHO:
                await asyncio.sleep(0.01)
        os.write(self._master, f"{text}\n".encode())

    async def answer(self, question: str, text: str, *, hidden: bool = False) -> None:
        await self.reads(question)
        await self.types(text, hidden=hidden)

    def press_ctrl_c(self) -> None:
        os.write(self._master, b"\x03")

    async def end(self) -> int:
        status = await asyncio.wait_for(self.process.wait(), 60)
        await asyncio.sleep(0.05)
        self._receive_rest()
        return status

    def _receive_rest(self) -> None:
        asyncio.get_running_loop().remove_reader(self._master)
        os.set_blocking(self._master, False)
        try:
            while data := os.read(self._master, 65536):
                self._seen += data
        except OSError:
            pass
        os.close(self._master)
        os.close(self._slave)
