"""What was sent into a network that stopped carrying it does not arrive when it carries again."""

import asyncio
import contextlib
import socket
import sys

import httpx
import pytest

from bot import connections
from bot.connections import ProxyTransport, direct_transport
from tests.proxies import HttpProxy, SocksProxy

BODY = b"x" * 4_000_000  # more than the buffers of both sides
PATIENCE_SECONDS = 0.3


HALF_A_SECOND = (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 500)
(DROPPED_AT_THE_END,) = [o for o in connections.SOCKET_OPTIONS if o[1] == socket.SO_LINGER]


class DeafServer:
    """The system accepts its connections, and nothing is read until it is asked what came."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = self._socket.getsockname()[1]

    async def bytes_that_came(self):
        """How many bytes arrive from now until the connection ends."""
        loop, count = asyncio.get_running_loop(), 0
        with self._socket, contextlib.suppress(ConnectionResetError):
            accepted, _ = await loop.sock_accept(self._socket)
            with accepted:
                while data := await loop.sock_recv(accepted, 65536):
                    count += len(data)
        return count


async def bytes_that_arrive_later(monkeypatch, options):
    monkeypatch.setattr(connections, "SOCKET_OPTIONS", options)
    server = DeafServer()
    async with httpx.AsyncClient(transport=direct_transport(2)) as client:
        with pytest.raises(httpx.TimeoutException):
            await client.post(
                f"http://127.0.0.1:{server.port}/", content=BODY, timeout=PATIENCE_SECONDS
            )
    await asyncio.sleep(2.5)
    return await asyncio.wait_for(server.bytes_that_came(), 10)


@pytest.mark.parametrize("option", [HALF_A_SECOND, DROPPED_AT_THE_END], ids=["time", "end"])
async def test_a_request_that_was_given_up_is_not_sent_on_by_the_system(monkeypatch, option):
    async def arrived(options):
        return await bytes_that_arrive_later(monkeypatch, options)

    kept = await arrived([])  # what the system does by itself: all that it had taken arrives
    assert await arrived([option]) < kept


def wanted_options():
    """By level and name: the bytes that the system tells of each option of SOCKET_OPTIONS."""
    options = connections.SOCKET_OPTIONS
    return {(level, name): in_bytes(value) for level, name, value in options}


def in_bytes(value):
    return value if isinstance(value, bytes) else value.to_bytes(4, sys.byteorder)


@pytest.mark.parametrize("kind", [None, HttpProxy, SocksProxy])
async def test_every_connection_has_the_options(kind):
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with contextlib.AsyncExitStack() as stack:
        transport = direct_transport(2)
        if kind is not None:
            proxy = await stack.enter_async_context(kind({"telegram": port}).running())
            transport = ProxyTransport(connections.read_proxy(proxy.url("")), 2)
        host = "127.0.0.1" if kind is None else "telegram"
        client = await stack.enter_async_context(httpx.AsyncClient(transport=transport))
        async with client.stream("GET", f"http://{host}:{port}/") as response:
            used = response.extensions["network_stream"].get_extra_info("socket")
            options = {
                each[:2]: used.getsockopt(*each[:2], 8) for each in connections.SOCKET_OPTIONS
            }
    server.close()

    assert options == wanted_options()
