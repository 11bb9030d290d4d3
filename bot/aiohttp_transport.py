"""The connections to Telegram: httpx's interface, with aiohttp below it, which costs a fraction of the CPU.

httpx's own transport is half of what a crowd of customers costs. `httpx-aiohttp` exists too, but tells
a connection that broke after the request was sent as one that was never made: what nobody knows to
have arrived would be sent again. Decision 98 has the figures.
"""

import asyncio
import io
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from ssl import SSLContext
from typing import Any, Final

import aiohttp
import httpx
from yarl import URL

_CHUNK_BYTES: Final = 64 * 1024
_LARGE_BYTES: Final = 64 * 1024  # aiohttp sends a body of bytes in one piece, a file in many
_KEPT_SECONDS: Final = 5.0  # an idle connection, as httpx keeps it
# What aiohttp would add by itself; httpx has said all that is to be said.
_AUTOMATIC_HEADERS: Final = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
# The first that fits. In the timeout and the error of connecting nothing was sent, and only those are told as such.
_ERRORS: Final[Sequence[tuple[type[BaseException], type[httpx.TransportError]]]] = (
    (aiohttp.ConnectionTimeoutError, httpx.ConnectTimeout),
    (aiohttp.ServerTimeoutError, httpx.ReadTimeout),
    (TimeoutError, httpx.WriteTimeout),  # of ours, since aiohttp has no limit for sending
    (aiohttp.ClientConnectorError, httpx.ConnectError),
    (aiohttp.InvalidURL, httpx.UnsupportedProtocol),
    (aiohttp.ServerDisconnectedError, httpx.RemoteProtocolError),
    (aiohttp.ClientOSError, httpx.ReadError),
    (aiohttp.ClientError, httpx.RemoteProtocolError),
    (OSError, httpx.ReadError),
)


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Sends requests directly, over `connections` connections at most.

    Raises the errors of httpx, as its own transport does; their texts hold no address, which has the
    token in it. Cookies are not kept, redirects not followed, and nothing is sent twice.
    """

    def __init__(
        self,
        connections: int,
        tls: SSLContext,
        socket_options: Sequence[tuple[int, int, int] | tuple[int, int, bytes]],
    ) -> None:
        self._places = asyncio.Semaphore(connections)
        self._tls = tls
        self._socket_options = socket_options
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        limits: dict[str, float | None] = request.extensions.get("timeout", {})
        body = await request.aread()
        try:
            async with asyncio.timeout(limits.get("pool")):
                await self._places.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("no connection is free", request=request) from None
        try:
            with _httpx_errors(request):
                answer = await self._send(request, body, limits)
        except BaseException:
            self._places.release()
            raise
        return httpx.Response(
            answer.status,
            headers=list(answer.raw_headers),
            stream=_Stream(answer, self._places, request),
            extensions={"http_version": b"HTTP/1.1"},
        )

    async def _send(
        self, request: httpx.Request, body: bytes, limits: dict[str, float | None]
    ) -> aiohttp.ClientResponse:
        headers = [
            (name, value)
            for name, value in request.headers.multi_items()
            if name != "transfer-encoding"  # the whole body is here
        ]
        connect, write, read = (limits.get(name) for name in ("connect", "write", "read"))
        longest = None  # connecting and reading end by themselves before that
        if connect is not None and write is not None and read is not None:
            longest = connect + write + read
        async with asyncio.timeout(longest):
            return await self._open().request(
                request.method,
                URL(str(request.url), encoded=True),
                data=io.BytesIO(body) if len(body) > _LARGE_BYTES else body or None,
                headers=headers,
                allow_redirects=False,
                # `connect` has the look-up of the name in it, `sock_connect` has not.
                timeout=aiohttp.ClientTimeout(
                    connect=connect, sock_connect=connect, sock_read=read
                ),
            )

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=0,  # `_places` limits them
                ssl=self._tls,
                keepalive_timeout=_KEPT_SECONDS,
                socket_factory=self._make_socket,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                auto_decompress=False,  # httpx does that
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=_AUTOMATIC_HEADERS,
            )
        return self._session

    def _make_socket(self, address: Any) -> socket.socket:
        family, kind, protocol, _, _ = address
        made = socket.socket(family, kind, protocol)
        for option in self._socket_options:
            made.setsockopt(*option)
        return made

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()


class _Stream(httpx.AsyncByteStream):
    """The body of an answer; its end gives the connection's place to the next request."""

    def __init__(
        self, answer: aiohttp.ClientResponse, places: asyncio.Semaphore, request: httpx.Request
    ) -> None:
        self._answer = answer
        self._places: asyncio.Semaphore | None = places
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            with _httpx_errors(self._request):
                async for chunk in self._answer.content.iter_chunked(_CHUNK_BYTES):
                    yield chunk
        except BaseException:  # whoever reads need not close it then, as with httpx's own
            await self.aclose()
            raise

    async def aclose(self) -> None:
        places, self._places = self._places, None
        try:
            self._answer.release() if self._answer.content.at_eof() else self._answer.close()
        finally:
            if places is not None:
                places.release()


@contextmanager
def _httpx_errors(request: httpx.Request) -> Iterator[None]:
    """Raise what httpx's own transport would raise. aiohttp's texts hold the address with the token."""
    try:
        yield
    except (aiohttp.ClientError, OSError) as error:
        kind = next(kind for theirs, kind in _ERRORS if isinstance(error, theirs))
        raise kind(type(error).__name__, request=request) from error
