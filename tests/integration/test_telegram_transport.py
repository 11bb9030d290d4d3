"""The transport below the calls to Telegram does what httpx's own does, on real sockets.

Above all, it tells what was surely not sent from what may have arrived: only the former is repeated.
"""

import asyncio
import contextlib
import gzip
import socket
import ssl
import struct
from pathlib import Path

import httpx
import pytest

from bot.aiohttp_transport import AiohttpTransport
from bot.connections import SOCKET_OPTIONS, UNACKNOWLEDGED_SECONDS, client_options, tls_context
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from tests.patience import until
from tests.proxies import certificate_for, tls_front

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
PATIENT = httpx.Timeout(PATIENCE_SECONDS)
SECRET = "123456:TOKEN"


def only(**limit: float) -> httpx.Timeout:
    """This limit is short; on a busy machine all else may take its time."""
    return httpx.Timeout(PATIENCE_SECONDS, **limit)


def ours(connections: int, tls: ssl.SSLContext | None = None) -> httpx.AsyncBaseTransport:
    return AiohttpTransport(connections, tls or tls_context(), SOCKET_OPTIONS)


def theirs(connections: int, tls: ssl.SSLContext | None = None) -> httpx.AsyncBaseTransport:
    limits = httpx.Limits(max_connections=connections)
    return httpx.AsyncHTTPTransport(limits=limits, trust_env=False, verify=tls or tls_context())


@pytest.fixture(params=[ours, theirs])
def make(request):
    return request.param


class Server:
    """Answers each request with what `script` says, in order; `seen` are the requests."""

    def __init__(self, *script: bytes | str) -> None:
        self.script = list(script)
        self.seen: list[bytes] = []
        self.connections = 0
        self.open: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.add(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (
                        int(line.partition(b":")[2])
                        for line in head.lower().splitlines()
                        if line.startswith(b"content-length:")
                    ),
                    0,
                )
                self.seen.append(head + await reader.readexactly(length))
                act = self.script.pop(0) if self.script else OK
                if act == "silence":
                    await reader.read()
                    break
                if act == "reset":
                    linger = (socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    writer.get_extra_info("socket").setsockopt(*linger)
                    break
                if act == "close":
                    break
                assert isinstance(act, bytes)
                writer.write(act)
                await writer.drain()
                if b"ends here" in act:
                    break
        writer.close()
        self.open.discard(writer)


@contextlib.asynccontextmanager
async def serving(*script: bytes | str):
    server = Server(*script)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    try:
        yield server, f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/bot{SECRET}/send"
    finally:
        listening.close()
        for writer in [*server.open]:
            writer.close()


def client(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    return httpx.AsyncClient(**client_options() | {"transport": transport}, timeout=PATIENT)


async def failure(make, url: str, limits: httpx.Timeout = PATIENT, **options) -> Exception:
    async with client(make(2)) as http:
        with pytest.raises(httpx.HTTPError) as caught:
            await http.post(url, timeout=limits, **options)
    assert SECRET not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("silence", httpx.ReadTimeout),
        ("close", httpx.RemoteProtocolError),
        ("reset", httpx.ReadError),
        (b"ends here", httpx.RemoteProtocolError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nends here", httpx.RemoteProtocolError),
        (b"HTTP/9.9 what\r\n\r\nends here", httpx.RemoteProtocolError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf", httpx.ReadTimeout),
    ],
)
async def test_what_may_have_arrived_is_never_told_as_not_sent(make, act, expected):
    limits = only(read=1.0) if expected is httpx.ReadTimeout else PATIENT
    async with serving(act) as (server, url):
        error = await failure(make, url, limits, data={"text": "codes"})

    assert type(error) is expected
    assert not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    assert len(server.seen) == 1


async def test_what_was_not_sent_is_told_as_such(make):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/bot{SECRET}/x"
        refused = await failure(make, url)
    unknown = await failure(make, f"http://no-such-name.invalid/bot{SECRET}/x")

    assert type(refused) is type(unknown) is httpx.ConnectError


async def test_connecting_has_a_limit(make):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}/bot{SECRET}/x"
        error = await failure(make, url, only(connect=1.0))
        for each in waiting:
            each.close()

    assert type(error) is httpx.ConnectTimeout


async def test_looking_up_a_name_belongs_to_connecting(make, monkeypatch):
    async def never(*_args, **_options):
        await asyncio.sleep(60)

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", never)
    error = await failure(make, f"http://telegram.example/bot{SECRET}/x", only(connect=0.5))

    assert type(error) is httpx.ConnectTimeout


async def test_sending_has_a_limit(make):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/bot{SECRET}/x"
        limits = httpx.Timeout(connect=3.0, read=1.5, write=0.5, pool=1.5)  # ours adds them up
        error = await failure(make, url, limits, content=b"x" * 20_000_000)

    assert type(error) is httpx.WriteTimeout


async def test_waiting_for_a_free_connection_has_a_limit_and_its_end_frees_it(make):
    async with serving("silence") as (server, url), client(make(1)) as http:
        first = asyncio.create_task(http.post(url))
        await until(lambda: server.seen)
        with pytest.raises(httpx.PoolTimeout):
            await http.post(url, timeout=only(pool=0.5))
        first.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await first
        assert (await http.post(url)).text == "ok"

    assert len(server.seen) == 2


@pytest.mark.parametrize(
    "act", ["silence", "close", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1"]
)
async def test_a_failure_frees_its_connection(make, act):
    async with serving(*[act] * 3) as (_, url), client(make(1)) as http:
        for _ in range(3):
            with pytest.raises(httpx.HTTPError):
                await http.post(url, timeout=only(read=1.0))
        assert (await http.post(url)).text == "ok"


async def test_a_body_that_breaks_off_frees_its_connection_also_where_nobody_closes_it(make):
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1"
    async with serving(half) as (_, url):
        transport = make(1)
        hasty, patient = (
            httpx.Request("POST", url, extensions={"timeout": limits.as_dict()})
            for limits in (only(read=1.0), PATIENT)
        )
        answer = await transport.handle_async_request(hasty)
        with pytest.raises(httpx.ReadTimeout):
            await answer.aread()
        again = await transport.handle_async_request(patient)
        assert await again.aread() == b"ok"
        await again.aclose()
        await transport.aclose()


async def test_connections_are_used_again_and_a_closed_one_is_not(make):
    async with serving() as (server, url), client(make(2)) as http:
        for _ in range(3):
            await http.post(url)
        assert server.connections == 1
        for writer in [*server.open]:
            writer.close()
            await writer.wait_closed()
        await asyncio.sleep(0.05)  # the client sees the end in the next turn of the loop
        assert (await http.post(url)).text == "ok"

    assert (server.connections, len(server.seen)) == (2, 4)


async def test_a_press_that_meets_the_end_of_an_idle_connection_is_not_sent_twice(make):
    async with serving(OK, "close") as (server, url), client(make(2)) as http:
        await http.post(url)
        with pytest.raises(httpx.RemoteProtocolError):
            await http.post(url)

    assert len(server.seen) == 2


async def test_requests_reach_the_server_as_httpx_writes_them():
    async def sent(make) -> list[bytes]:
        async with serving() as (server, url), client(make(1)) as http:
            await http.post(url, data={"chat_id": 1, "text": "é ش & =+%"})
            await http.post(
                f"{url}?offset=%2B1&a=b%20c",
                files={"document": ("a.txt", b"1\r\n2" * 9000)},
                headers={"Content-Type": "multipart/form-data; boundary=b"},
            )
            await http.get(url.replace(SECRET, SECRET + "/f%C3%A9.txt"))

            async def parts():
                yield b"a"
                yield b"bc"

            await http.post(url, content=parts(), headers={"Content-Length": "3"})
        return server.seen

    def parsed(request: bytes) -> tuple[bytes, set[bytes], bytes]:
        head, _, body = request.partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        told = {line.partition(b":")[0].lower() + line.partition(b":")[2] for line in lines}
        hosts = {line for line in told if line.startswith(b"host")}
        return first, told - hosts, body

    assert [parsed(r) for r in await sent(ours)] == [parsed(r) for r in await sent(theirs)]


async def test_answers_come_as_httpx_reads_them(make):
    packed = gzip.compress(b'{"ok": true}' * 1000)
    answers = [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n3\r\n123\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s"
        % (len(packed), packed),
        b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Two: 1\r\nX-Two: 2\r\nConnection: close\r\n\r\nto the end, which ends here",
        OK,
    ]
    async with serving(*answers) as (_, url), client(make(1)) as http:
        got = [await http.post(url) for _ in answers]

    assert [answer.status_code for answer in got] == [200, 200, 302, 429, 204, 200, 200]
    assert got[0].content == b"ok123"
    assert got[1].content == b'{"ok": true}' * 1000
    assert got[3].headers["retry-after"] == "7"
    assert got[5].headers.get_list("x-two") == ["1", "2"]
    assert got[5].content.endswith(b"ends here")


async def test_cookies_of_a_server_are_not_kept():
    """httpx's client would keep them; the library's request class makes a client that does, too."""
    answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n"
    async with serving(answer, OK) as (server, url):
        transport = ours(1)
        for _ in range(2):
            response = await transport.handle_async_request(httpx.Request("POST", url))
            await response.aread()
        await transport.aclose()

    assert b"cookie" not in server.seen[1].lower()


async def test_certificates_are_checked(make, tmp_path: Path):
    chain, key = certificate_for("localhost", tmp_path)
    trusting = ssl.create_default_context(cafile=str(chain))
    async with serving() as (_, url):
        port = httpx.URL(url).port
        assert port is not None
        async with tls_front(port, chain, key) as secure:
            with pytest.raises(httpx.ConnectError) as refused:
                async with client(make(1)) as http:
                    await http.post(f"https://localhost:{secure}/")
            async with client(make(1, trusting)) as http:
                assert (await http.post(f"https://localhost:{secure}/")).text == "ok"

    assert "CERTIFICATE" in str(causes(refused.value)).upper()


def causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    each: BaseException | None = error
    while each is not None:
        found.append(each)
        each = each.__cause__ or each.__context__
    return found


async def test_every_socket_gives_up_what_nobody_acknowledges(monkeypatch):
    made: list[socket.socket] = []
    usual = AiohttpTransport._make_socket

    def make_socket(self, address):
        made.append(usual(self, address))
        return made[-1]

    monkeypatch.setattr(AiohttpTransport, "_make_socket", make_socket)
    async with serving() as (_, url), client(ours(1)) as http:
        await http.post(url)
        (used,) = made
        patience = used.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        lingering = struct.unpack("ii", used.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))

    assert patience == UNACKNOWLEDGED_SECONDS * 1000
    assert lingering == (1, 0)
