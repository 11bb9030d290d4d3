"""Updates are delivered to a webhook as the server does it (server sheet 5)."""

import asyncio
import json

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.serve import serving
from bot.sandbox.telegram.chats import Chat
from bot.sandbox.telegram.person import PATIENCE_SECONDS

URL = "https://shop.example/hook"
in_virtual_time = pytest.mark.virtual_time  # but for what goes over sockets


class Shop:
    """The other end: keeps what comes, and answers as `answers` says, at last 200."""

    def __init__(self) -> None:
        self.came: list[dict] = []
        self.headers: list[dict] = []
        self.answers: list[httpx.Response | Exception] = []
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.came.append(json.loads(request.content))
        self.headers.append(dict(request.headers))
        await self.open.wait()
        answer = self.answers.pop(0) if self.answers else httpx.Response(200)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def texts(self):
        return [update["message"]["text"] for update in self.came]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.came) < count:
                await asyncio.sleep(0.005)


@pytest.fixture
async def shop(world):
    made = Shop()
    world.webhook.transport = httpx.MockTransport(made)
    world.webhook.repeat_seconds = 0.05
    return made


@in_virtual_time
async def test_each_update_is_posted_with_the_secret(call, world, lina, shop):
    """Server sheet 5.2."""
    await lina.say("before")
    answer = await call("setWebhook", url=URL, secret_token="S3cret_-")
    assert answer == {"ok": True, "result": True, "description": "Webhook was set"}
    await lina.say("after")
    await shop.until(2)
    await asyncio.sleep(0.05)

    assert shop.texts == ["before", "after"]
    assert shop.headers[0]["x-telegram-bot-api-secret-token"] == "S3cret_-"
    assert shop.headers[0]["content-type"] == "application/json"
    assert world.updates == []


@in_virtual_time
async def test_without_a_secret_there_is_no_header(call, lina, shop):
    """Server sheet 5.2."""
    await call("setWebhook", url=URL)
    await lina.say("x")
    await shop.until(1)

    assert "x-telegram-bot-api-secret-token" not in shop.headers[0]


@in_virtual_time
async def test_a_failing_update_is_repeated_and_holds_only_its_chat(call, world, lina, shop):
    """Server sheet 5.3, 5.4: at once, then after 2, 4, 8 seconds (here shortened)."""
    down = [httpx.Response(500), httpx.ConnectError("hang-up"), httpx.Response(302)]
    shop.answers = [*down]
    await call("setWebhook", url=URL)
    await lina.say("one")
    await shop.until(1)
    await lina.say("two")
    await shop.until(3)
    await world.person(6).say("other")
    await shop.until(6)

    assert shop.texts[:3] == ["one"] * 3
    assert shop.texts.index("other") < shop.texts.index("two")
    assert shop.texts[-1] == "two"
    assert shop.texts.count("two") == 1


@in_virtual_time
async def test_retry_after_is_obeyed(call, world, lina, shop):
    """Server sheet 5.4."""
    shop.answers = [httpx.Response(503, headers={"Retry-After": "1"})]
    await call("setWebhook", url=URL)
    await lina.say("x")
    await shop.until(1)
    await asyncio.sleep(0.3)
    assert len(shop.came) == 1
    info = (await call("getWebhookInfo"))["result"]
    assert (info["pending_update_count"], info["max_connections"]) == (1, 40)
    assert "503" in info["last_error_message"]
    await shop.until(2)


@in_virtual_time
async def test_an_expired_update_is_not_repeated(call, world, lina, shop):
    """Server sheet 4.14, 5.4."""
    shop.answers = [httpx.Response(500), httpx.Response(500)]
    await call("setWebhook", url=URL)
    await lina.say("x")
    await shop.until(2)
    later = world.now() + 24 * 3600
    world.now = lambda: later
    await asyncio.sleep(0.2)

    assert len(shop.came) == 2
    assert world.updates == []


@in_virtual_time
async def test_not_more_at_a_time_than_allowed(call, world, shop):
    """Server sheet 5.2; one at a time in a chat (5.3), and per user for presses."""
    shop.open.clear()
    await call("setWebhook", url=URL, max_connections=2)
    for number in (11, 12, 13):
        await world.person(number).say("x")
    await shop.until(2)
    await asyncio.sleep(0.05)
    assert len(shop.came) == 2
    shop.open.set()
    await shop.until(3)


@in_virtual_time
async def test_presses_go_in_order_for_their_user(call, world, lina, shop):
    """Server sheet 5.3."""
    group = world.chats[-4] = Chat(-4, "group", "Buyers")
    for target in (world.chat(5), group):
        world.add_message(target, {"from": world.me, "text": "x"})
    messages = [*world.chat(5).messages.values(), *group.messages.values()]
    shop.open.clear()
    await call("setWebhook", url=URL)
    for message in messages:
        await lina.forge("home", message)
    await shop.until(1)
    await lina.forge("again", messages[0])
    await asyncio.sleep(0.05)
    assert len(shop.came) == 1
    shop.open.set()
    await shop.until(3)
    assert len({update["update_id"] for update in shop.came}) == 3


@in_virtual_time
async def test_gone_for_a_day_removes_the_webhook(call, world, lina, shop):
    """Server sheet 5.5."""
    start = world.now()
    world.now = lambda: start
    shop.answers = [httpx.Response(410)] * 20
    await call("setWebhook", url=URL)
    await lina.say("x")
    await shop.until(1)
    world.now = lambda: start + 23 * 3600 + 1
    async with asyncio.timeout(PATIENCE_SECONDS):
        while world.webhook.url:
            await asyncio.sleep(0.01)
    assert len(world.updates) == 1


@in_virtual_time
async def test_a_method_in_the_body_is_executed(call, world, lina, shop):
    """Server sheet 5.6: without telling the result; not those that get or change webhooks."""
    bodies = [
        {"method": "SendMessage", "chat_id": 5, "text": "by webhook"},
        {"method": "sendMessage", "chat_id": 77, "text": "lost"},
        {"method": "deleteWebhook"},
        {"method": "getMe"},
    ]
    shop.answers = [httpx.Response(200, json=body) for body in bodies]
    await call("setWebhook", url=URL)
    for number in range(4):
        await lina.say(str(number))
    await shop.until(4)
    await lina.reads("by webhook")

    assert world.webhook.url == URL
    assert "getMe" not in [method for _, method, _ in world.calls]


REFUSED = [
    ({"url": "http://shop.example/hook"}, "An HTTPS URL must be provided for webhook"),
    ({"url": "nonsense"}, "An HTTPS URL must be provided for webhook"),
    ({"url": "https://shop.example:8080/"}, "only on ports 80, 88, 443 or 8443"),
    ({"url": URL, "secret_token": "s" * 257}, "secret token is too long"),
    ({"url": URL, "secret_token": "é"}, "secret token contains unallowed characters"),
]


@pytest.mark.parametrize(("values", "words"), REFUSED)
async def test_a_webhook_is_refused(call, values, words):
    """Server sheet 5.1."""
    assert words in await call.says("setWebhook", **values)


async def test_what_is_told_about_it(call, world):
    """Server sheet 1.6, 5.7."""
    plain = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
    assert (await call("getWebhookInfo"))["result"] == plain
    again = {"url": URL, "max_connections": 500, "allowed_updates": ["message"]}
    assert (await call("setWebhook", **again))["description"] == "Webhook was set"
    info = (await call("getWebhookInfo"))["result"]
    assert (info["url"], info["max_connections"]) == (URL, 100)
    assert info["allowed_updates"] == ["message"]
    world.webhook._next_set = 0.0
    assert (await call("setWebhook", **again))["description"] == "Webhook is already set"
    answer = await call("setWebhook", **again)
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 1})
    assert (await call("deleteWebhook"))["description"] == "Webhook was deleted"
    assert (await call("setWebhook", url=""))["description"] == "Webhook is already deleted"


async def test_pending_updates_can_be_dropped(call, world, lina):
    """Server sheet 15, api.py:93."""
    await lina.say("x")
    await call("deleteWebhook", drop_pending_updates=False)
    assert len(world.updates) == 1
    await call("deleteWebhook", drop_pending_updates=True)
    assert world.updates == []


async def test_a_local_server_posts_to_any_address(call, world, lina):
    """Server sheet 5.2: what the network carries; a forged press comes as its bytes."""
    came = asyncio.Queue[bytes]()

    async def hook(request: Request) -> Response:
        came.put_nowait(await request.body())
        return Response()

    world.webhook.local = True
    async with serving(Starlette(routes=[Route("/hook", hook, methods=["POST"])])) as url:
        assert (await call("setWebhook", url=f"{url}/hook"))["ok"]
        sent = await call.sent("x")
        await lina.forge(b"\xff", sent)
        body = await asyncio.wait_for(came.get(), PATIENCE_SECONDS)
        await world.webhook.close()

    assert b'"data": "\xff"' in body
