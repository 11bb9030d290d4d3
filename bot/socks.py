"""A network backend for httpcore that connects through a SOCKS5 proxy (RFC 1928, RFC 1929).

httpcore 1.0 has one of its own, which gives the handshake no time limit, leaves the connection open
when it fails, and loses a place in its pool when the call is cancelled meanwhile. A backend is asked
for a connection by httpcore's ordinary pool, which does all of that right.
"""

import asyncio
import ipaddress
from collections.abc import Iterable
from enum import IntEnum
from typing import Any, Final

import httpcore

_VERSION: Final = b"\x05"
_CONNECT: Final = b"\x05\x01\x00"
_IPV4, _NAME, _IPV6 = 1, 3, 4  # types of an address
_ADDRESS_BYTES: Final = {_IPV4: 4, _IPV6: 16}
LONGEST_CREDENTIAL: Final = 255  # bytes of a user or a password
_REASONS: Final = {
    1: "general failure",
    2: "forbidden by its rules",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "time to live expired",
    7: "command not supported",
    8: "address type not supported",
}


class _Method(IntEnum):
    NONE = 0
    PASSWORD = 2


class NotSocks(httpcore.ProxyError):
    """What listens at the proxy's address does not speak SOCKS5."""


class CredentialsRefused(httpcore.ProxyError):
    """The proxy asks for a user name and a password, or does not accept ours."""


class Unreached(httpcore.ProxyError):
    """The proxy works, and could not connect to the host; the message says why."""


class SocksBackend(httpcore.AsyncNetworkBackend):
    """Each connection is made by the proxy, which is told the host's name and resolves it."""

    def __init__(self, host: str, port: int, auth: tuple[bytes, bytes] | None) -> None:
        self._proxy = (host, port)
        self._auth = auth
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises ConnectTimeout where proxy and handshake together take longer than `timeout`."""
        try:
            async with asyncio.timeout(timeout):
                stream = await self._inner.connect_tcp(
                    *self._proxy, local_address=local_address, socket_options=socket_options
                )
                try:
                    await _Handshake(stream).run(host, port, self._auth)
                except BaseException:  # also when cancelled: nobody else knows of this stream
                    await stream.aclose()
                    raise
        except TimeoutError:
            raise httpcore.ConnectTimeout("the proxy does not answer") from None
        return stream

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _Handshake:
    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def run(self, host: str, port: int, auth: tuple[bytes, bytes] | None) -> None:
        # A proxy that knows us by our address asks for no password, whatever we could tell it.
        methods = [_Method.NONE] if auth is None else [_Method.PASSWORD, _Method.NONE]
        await self._stream.write(_VERSION + bytes((len(methods), *methods)))
        version, chosen = await self._read(2)
        if version != _VERSION[0]:
            raise NotSocks("no SOCKS5 reply")
        if chosen not in methods:
            raise CredentialsRefused("the proxy wants another authentication")
        if auth is not None and chosen == _Method.PASSWORD:
            await self._authenticate(*auth)
        await self._stream.write(_CONNECT + _address(host) + port.to_bytes(2, "big"))
        version, reply, _, kind = await self._read(4)
        if version != _VERSION[0]:
            raise NotSocks("no SOCKS5 reply")
        if reply:
            raise Unreached(_REASONS.get(reply, f"reply {reply}"))
        length = (await self._read(1))[0] if kind == _NAME else _ADDRESS_BYTES.get(kind)
        if length is None:
            raise NotSocks("no SOCKS5 address")
        await self._read(length + 2)

    async def _authenticate(self, user: bytes, password: bytes) -> None:
        await self._stream.write(b"\x01" + _counted(user) + _counted(password))
        _, failed = await self._read(2)
        if failed:
            raise CredentialsRefused("user name or password refused")

    async def _read(self, count: int) -> bytes:
        """Exactly so many bytes, however they were cut on the way."""
        read = b""
        while len(read) < count:
            piece = await self._stream.read(count - len(read))
            if not piece:
                raise NotSocks("the connection was closed in the handshake")
            read += piece
        return read


def _address(host: str) -> bytes:
    """Type and address; a name stays a name, so that the proxy resolves it."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return bytes((_NAME,)) + _counted(host.encode("ascii"))
    kind = _IPV4 if isinstance(address, ipaddress.IPv4Address) else _IPV6
    return bytes((kind,)) + address.packed


def _counted(text: bytes) -> bytes:
    return bytes((len(text),)) + text
