"""The little HTTP server of webhooks: what is wrong is refused without a word, and no flood starves another path."""

import asyncio
import contextlib
import json

import httpx
import pytest

from bot import http_server, webhooks
from bot.errors import StorageFailure
from bot.http_server import open_listener
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.suppliers.starship_signature import StarshipEvents
from bot.webhooks import MAX_UPDATE_BYTES, UPDATE_HEADER, UpdateEndpoint, Webhooks, serving
from tests.harness import ShopHarness
from tests.patience import until

PATH, SECRET = "/telegram/4d3c2b1a", "s3cret-of-this-test"
UPDATE = {"update_id": 7, "message": {"text": "hello"}}


class Telegram:
    """What a server that knows the secret sends, and what the shop took of it."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.inside = 0
        self.trouble: Exception | None = None
        self.busy = asyncio.Event()
        self.busy.set()

    async def take(self, body: bytes) -> None:
        self.inside += 1
        await self.busy.wait()
        if self.trouble is not None:
            raise self.trouble
        self.taken.append(body)


@pytest.fixture
async def telegram():
    return Telegram()


@pytest.fixture
async def app(harness: ShopHarness):
    return Webhooks(harness.shop, {"starship": StarshipEvents("whsec", harness.clock)})


@pytest.fixture
async def port(app, telegram, monkeypatch):
    # Longer than a test waits: nothing is answered only because a body was given up.
    monkeypatch.setattr(webhooks, "_READ_TIMEOUT_SECONDS", 2 * PATIENCE_SECONDS)
    listener = open_listener("127.0.0.1", 0)
    endpoint = UpdateEndpoint(PATH, SECRET, telegram.take, at_once=4)
    with app.open_to_telegram(endpoint):
        async with serving(app.app, listener):
            yield listener.getsockname()[1]


@pytest.fixture
async def client(port):
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS, trust_env=False
    ) as made:
        yield made


async def deliver(client, *, path=PATH, secret=SECRET, content=None, **more):
    headers = {} if secret is None else {UPDATE_HEADER: secret}
    body = json.dumps(UPDATE).encode() if content is None else content
    return await client.post(path, content=body, headers={**headers, **more})


async def test_an_update_with_the_secret_is_taken_and_answered_with_nothing(client, telegram):
    answer = await deliver(client)

    assert (answer.status_code, answer.content) == (200, b"")
    assert [json.loads(body) for body in telegram.taken] == [UPDATE]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"secret": None}, 401),
        ({"secret": ""}, 401),
        ({"secret": SECRET[:-1]}, 401),
        ({"secret": SECRET + "x"}, 401),
        ({"secret": "\u00e9".encode()}, 401),
        ({"path": "/telegram/00000000"}, 404),
        ({"path": "/telegram/00000000", "secret": None}, 404),
        ({"path": PATH + "/more"}, 404),
    ],
)
async def test_who_does_not_know_the_secret_is_refused_without_a_word(
    client, telegram, changes, status
):
    answer = await deliver(client, **changes)

    assert answer.status_code == status
    assert answer.content in (b"", b"Not Found")
    assert telegram.taken == []


async def test_other_methods_are_refused(client):
    assert (await client.get(PATH, headers={UPDATE_HEADER: SECRET})).status_code == 405


@pytest.mark.parametrize("is_announced", [True, False])
async def test_a_body_of_more_than_a_mebibyte_is_refused(client, telegram, is_announced):
    body = b"x" * (MAX_UPDATE_BYTES + 1)

    async def pieces():
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    with contextlib.suppress(httpx.WriteError):  # the server need not read it to its end
        answer = await deliver(client, content=body if is_announced else pieces())
        assert answer.status_code == 413
    assert telegram.taken == []
    exactly = await deliver(client, content=b"y" * MAX_UPDATE_BYTES)
    assert exactly.status_code == 200


@pytest.mark.parametrize(
    ("trouble", "status"), [(StorageFailure("disk full"), 503), (ValueError("no update"), 400)]
)
async def test_what_could_not_be_kept_is_to_be_sent_again(client, telegram, trouble, status):
    telegram.trouble = trouble

    answer = await deliver(client)

    assert (answer.status_code, answer.content) == (status, b"")
    assert answer.headers.get("Retry-After") == ("2" if status == 503 else None)


async def test_before_the_shop_is_open_telegram_is_told_to_come_again(harness: ShopHarness):
    app = Webhooks(harness.shop, {}).app
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://shop"
    ) as client:
        answer = await deliver(client)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


async def slow(
    port: int, path: str, secret: str = ""
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A request that never sends the body that it announces."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: shop\r\n{UPDATE_HEADER}: {secret}\r\n"
        "Content-Length: 1000\r\n\r\n".encode()
    )
    await writer.drain()
    return reader, writer


@contextlib.asynccontextmanager
async def flood(count: int, port: int, path: str, secret: str = ""):
    made = await asyncio.gather(*(slow(port, path, secret) for _ in range(count)))
    await asyncio.sleep(0.1)
    try:
        yield [reader for reader, _ in made]
    finally:
        for _, writer in made:
            writer.close()


async def status_of(reader) -> int:
    line = await asyncio.wait_for(reader.readline(), PATIENCE_SECONDS)
    return int(line.split()[1])


async def test_a_flood_of_a_suppliers_path_leaves_telegrams_open(port, client, telegram):
    async with flood(60, port, "/webhooks/starship") as waiting:
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert (await deliver(client)).status_code == 200
        # Which eight of them came first, and are waited for, is not said.
        reading = [asyncio.create_task(status_of(each)) for each in waiting]
        await until(lambda: sum(each.done() for each in reading) >= 52)
        statuses = [each.result() for each in reading if each.done()]
        for each in reading:
            each.cancel()

    assert statuses.count(503) == 52


async def test_a_flood_of_telegrams_path_leaves_the_suppliers_open(port, client, telegram):
    telegram.busy.clear()  # the store hangs
    inside = [asyncio.create_task(deliver(client)) for _ in range(4)]
    await until(lambda: telegram.inside == 4)
    async with flood(60, port, PATH, SECRET) as waiting, asyncio.timeout(PATIENCE_SECONDS):
        assert [await status_of(each) for each in waiting] == [503] * 60
        answer = await client.post("/webhooks/starship", content=b"{}")
        assert answer.status_code == 401, "read and judged"
    telegram.busy.set()

    assert [each.status_code for each in await asyncio.gather(*inside)] == [200] * 4


async def test_without_the_secret_no_place_is_taken_and_no_body_waited_for(port, client, telegram):
    async with flood(60, port, PATH, "wrong") as waiting, asyncio.timeout(PATIENCE_SECONDS):
        assert [await status_of(each) for each in waiting] == [401] * 60
        for each in waiting:
            await each.read()  # to its end: the connection is closed
        assert (await deliver(client)).status_code == 200


async def test_a_body_that_does_not_come_is_not_waited_for_for_ever(port, monkeypatch, telegram):
    monkeypatch.setattr(webhooks, "_READ_TIMEOUT_SECONDS", 0.1)
    async with flood(1, port, PATH, SECRET) as (waiting,):
        assert await status_of(waiting) == 408
        await asyncio.wait_for(
            waiting.read(), PATIENCE_SECONDS
        )  # to its end: the connection is closed

    assert telegram.taken == []


async def test_first_lines_that_do_not_come_are_not_waited_for_for_ever(monkeypatch, app, telegram):
    monkeypatch.setattr(http_server, "HEAD_SECONDS", 0.2)
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    async with serving(app.app, listener), asyncio.timeout(PATIENCE_SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        async def trickle():
            with contextlib.suppress(OSError):
                for letter in f"POST {PATH} HTTP/1.1\r\n" * 10:
                    writer.write(letter.encode())
                    await writer.drain()
                    await asyncio.sleep(0.02)

        task = asyncio.create_task(trickle())
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        await task
        writer.close()


async def test_a_connection_may_stay_open_between_requests(port, client, telegram):
    for _ in range(3):
        assert (await deliver(client)).status_code == 200

    assert len(telegram.taken) == 3


async def test_it_listens_on_ipv6_too(app):
    try:
        listener = open_listener("[::1]", 0)
    except OSError:
        pytest.skip("this machine has no IPv6")
    async with serving(app.app, listener), httpx.AsyncClient(trust_env=False) as client:
        address = f"http://[::1]:{listener.getsockname()[1]}/health"
        assert (await client.get(address)).text == "ok"
