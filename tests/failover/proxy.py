"""A TCP relay between the shop and a server, which cuts, resets, swallows and delays at run time.

tests/proxies.py has proxies that the shop knows of (HTTP, SOCKS); this one it takes for the server.
"""

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable
from enum import StrEnum

_CHUNK = 65536
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, 0 s: closing sends RST


class Mode(StrEnum):
    PASS = "pass"
    REFUSE = "refuse"  # new connections; those that are open go on
    HOLE = (
        "hole"  # everything is accepted and nothing forwarded; what was sent arrives after the hole
    )
    DELAY = "delay"


def listen_on_loopback(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(256)
    return listener


class Relay:
    """From a port of its own to the port `target`; `listen` makes its listening socket (port 0: any).

    `heard` is called with what the shop sends.
    """

    def __init__(
        self,
        target: int,
        listen: Callable[[int], socket.socket] = listen_on_loopback,
        heard: Callable[[bytes], None] | None = None,
    ) -> None:
        self.target = target
        self.delay_seconds = 0.0
        self.mode = Mode.PASS
        self._listen, self._heard = listen, heard
        self._gates: set[asyncio.Event] = set()  # of each open connection; cleared in a hole
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.host, self.port = "127.0.0.1", 0

    async def start(self) -> None:
        listener = self._listen(self.port)
        self.host, self.port = listener.getsockname()
        self._server = await asyncio.start_server(self._serve, sock=listener)

    async def stop(self) -> None:
        self._refuse()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.reset()

    def _refuse(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def set(self, mode: Mode, *, delay_seconds: float = 0.0) -> None:
        """From now on; connections that are open stay so in every mode."""
        self.mode, self.delay_seconds = mode, delay_seconds
        if mode is Mode.REFUSE:
            self._refuse()
        elif self._server is None:
            await self.start()
        for gate in self._gates:
            if mode is Mode.HOLE:
                gate.clear()
            else:
                gate.set()

    def swallow(self) -> None:
        """Forward nothing more on the connections that are open, ever, and tell nobody; new ones pass."""
        gates, self._gates = self._gates, set()
        for gate in gates:
            gate.clear()

    def reset(self) -> None:
        """End every open connection with RST, on both sides."""
        writers, self._writers = self._writers, set()
        for writer in writers:
            with contextlib.suppress(OSError):
                inner = writer.get_extra_info("socket")
                inner.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()

    @contextlib.asynccontextmanager
    async def resetting(self, every_seconds: float) -> AsyncIterator[None]:
        """Reset all connections again and again."""

        async def again() -> None:
            while True:
                self.reset()
                await asyncio.sleep(every_seconds)

        task = asyncio.create_task(again())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._writers.add(writer)
        gate = asyncio.Event()
        if self.mode is not Mode.HOLE:
            gate.set()
        self._gates.add(gate)
        try:
            await gate.wait()
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.target)
            self._writers.add(there_writer)
            try:
                await asyncio.gather(
                    self._pump(reader, there_writer, gate, self._heard),
                    self._pump(there_reader, writer, gate, None),
                )
                there_writer.close()
                writer.close()
            except BaseException:
                there_writer.transport.abort()
                raise
            finally:
                self._writers.discard(there_writer)
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()  # the server is down: so is this connection
        finally:
            self._gates.discard(gate)
            self._writers.discard(writer)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        gate: asyncio.Event,
        heard: Callable[[bytes], None] | None,
    ) -> None:
        while data := await reader.read(_CHUNK):
            if heard is not None:
                heard(data)
            await gate.wait()
            if self.delay_seconds:
                await asyncio.sleep(self.delay_seconds)
            writer.write(data)
            await writer.drain()
        await gate.wait()
        if writer.can_write_eof():
            with contextlib.suppress(OSError, RuntimeError):
                writer.write_eof()


class Calls:
    """The methods of the Bot API that one process called, read from what a relay forwards."""

    def __init__(self) -> None:
        self.made: list[tuple[float, str]] = []  # by monotonic time

    def __call__(self, data: bytes) -> None:
        if data.startswith((b"POST /bot", b"GET /bot")):
            path = data.split(b" ", 2)[1]
            self.made.append(
                (time.monotonic(), path.rpartition(b"/")[2].decode("ascii", "replace"))
            )

    def last(self, method: str) -> float:
        """When it was called last; 0.0 for never."""
        return next((at for at, name in reversed(self.made) if name == method), 0.0)
