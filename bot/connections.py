"""What the shop's HTTP clients have in common: trusted certificates, and no proxy but their own."""

import contextlib
import functools
import re
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore
import httpx

from bot.socks import LONGEST_CREDENTIAL, SocksBackend

_SCHEMES: Final = ("http", "https", "socks5", "socks5h")
_SHAPE: Final = (
    "must be scheme://host:port or scheme://user:password@host:port; "
    "write / ? # @ : and % of the password as %2F %3F %23 %40 %3A %25"
)

# What was sent and is acknowledged by nobody is dropped as soon as the connection is closed, also by the end of the
# process, and on Linux after so many seconds anyway. Otherwise the system would go on sending it, and a purchase that
# is known as failed, or an answer of a process that leads no more, would arrive when the network is back.
UNACKNOWLEDGED_SECONDS: Final = 5
_CLOSED_AT_ONCE: Final = struct.pack("ii", 1, 0)  # SO_LINGER: on, 0 s
SOCKET_OPTIONS: Final[list[tuple[int, int, int] | tuple[int, int, bytes]]] = [
    (socket.SOL_SOCKET, socket.SO_LINGER, _CLOSED_AT_ONCE),
    *(
        [(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_SECONDS * 1000)]
        if hasattr(socket, "TCP_USER_TIMEOUT")
        else []
    ),
]


# Told of each answer: method, URL, status, body.
Witness = Callable[[str, str, int, bytes], None]
_witness: ContextVar[Witness | None] = ContextVar("sees the answers to clients made now")


@contextlib.contextmanager
def witnessed(witness: Witness) -> Iterator[None]:
    """Show the answers to all clients that are made within the block to `witness`, for as long as they live."""
    token = _witness.set(witness)
    try:
        yield
    finally:
        _witness.reset(token)


class _Witnessed(httpx.AsyncBaseTransport):
    def __init__(self, transport: httpx.AsyncBaseTransport, witness: Witness) -> None:
        self._transport, self._witness = transport, witness

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        response.request = request
        body = await response.aread()
        self._witness(request.method, str(request.url), response.status_code, body)
        return response

    async def aclose(self) -> None:
        await self._transport.aclose()


def seen_by_witness(transport: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
    """The transport as it is, unless it is made where answers are witnessed."""
    witness = _witness.get(None)
    return transport if witness is None else _Witnessed(transport, witness)


def direct_transport(connections: int, *, kept: int | None = None) -> httpx.AsyncBaseTransport:
    """Sends requests without a proxy, over so many connections at most; `kept`: those that stay open.

    What is sent into a dead network does not arrive later.
    """
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=kept)
    return seen_by_witness(
        httpx.AsyncHTTPTransport(limits=limits, socket_options=SOCKET_OPTIONS, **client_options())
    )


def client_options() -> dict[str, Any]:
    """Options for `httpx.AsyncClient`, the same for the clients of Telegram and of suppliers.

    HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and .netrc are not read: a variable that was set for another
    program would lead the suppliers' keys through a proxy that nobody chose for them. SSL_CERT_FILE
    and SSL_CERT_DIR are read, since they only say whom to trust.
    """
    return {"trust_env": False, "verify": tls_context()}


class _Backend(httpcore.AnyIOBackend):
    async def connect_tcp(self, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        return await super().connect_tcp(*args, **options | {"socket_options": SOCKET_OPTIONS})


class ProxyTransport(httpx.AsyncHTTPTransport):
    """Sends requests through a proxy, with at most `connections` connections at once."""

    def __init__(self, proxy: httpx.Proxy, connections: int) -> None:
        limits = httpx.Limits(max_connections=connections)
        super().__init__(limits=limits, **client_options())
        # httpx has no setting for httpcore's network backend: bot/socks.py tells why SOCKS needs one, and httpcore
        # sets the options of a socket on direct connections only.
        shared: dict[str, Any] = {
            "ssl_context": tls_context(),
            "max_connections": limits.max_connections,
            "keepalive_expiry": limits.keepalive_expiry,
        }
        if is_socks(proxy):
            backend = SocksBackend(proxy.url.host, proxy.url.port or 0, proxy.raw_auth)
            self._pool = httpcore.AsyncConnectionPool(
                **shared, network_backend=backend, socket_options=SOCKET_OPTIONS
            )
        else:
            self._pool = httpcore.AsyncHTTPProxy(
                str(proxy.url), proxy.raw_auth, **shared, network_backend=_Backend()
            )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx.ProxyError also where the proxy itself is not reached.

        It would be taken for Telegram otherwise: "its name is unknown", "nothing listens there".
        So the error that it replaces is not in its context either.
        """
        try:
            return await super().handle_async_request(request)
        except httpx.ConnectError as error:
            if any(isinstance(each, ssl.SSLError) for each in chain_of(error)):
                raise
        raise httpx.ProxyError("the proxy is not reached", request=request)


def is_socks(proxy: httpx.Proxy) -> bool:
    return proxy.url.scheme.startswith("socks")


@functools.cache
def tls_context() -> ssl.SSLContext:
    """Made once: reading the list of authorities takes longer than all else that a client needs."""
    return httpx.create_ssl_context()


def read_proxy(address: str) -> httpx.Proxy:
    """The proxy at an address such as `socks5://user:password@host:1080`.

    Raises ValueError with a sentence that says what is wrong and shows nothing of the address.
    """
    scheme, separator, _ = address.partition("://")
    if not separator or scheme.lower() not in _SCHEMES:
        raise ValueError("must start with http://, https://, socks5:// or socks5h://")
    if re.search(r"[\s\x00-\x1f\x7f]", address):
        raise ValueError("must not contain spaces")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(_SHAPE) from None
    if not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(_SHAPE)
    if not port:
        raise ValueError("must name the port of the proxy, such as socks5://proxy.example:1080")
    try:
        proxy = httpx.Proxy(address)
    except (httpx.InvalidURL, ValueError, UnicodeError):
        raise ValueError(_SHAPE) from None
    if is_socks(proxy) and max(map(len, proxy.raw_auth or ("",))) > LONGEST_CREDENTIAL:
        raise ValueError("must have a user and a password of at most 255 bytes each")
    return proxy


def chain_of(error: BaseException) -> list[BaseException]:
    """An error and what led to it, also inside groups; libraries wrap what the system said."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or any(each is known for known in found):
            continue
        found.append(each)
        waiting += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
    return found
