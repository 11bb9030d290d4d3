"""Updates that Telegram posts: kept before they are answered, once each, with the real inbox and a real secret."""

import json

import httpx
import pytest

from bot.errors import StorageFailure
from bot.webhooks import UPDATE_HEADER, UpdateEndpoint, Webhooks
from handlers.bot import ShopBot
from handlers.inbox import Inbox
from handlers.webhook import Webhook, WebhookNews, webhook_address
from tests.harness import ShopHarness
from tests.integration.updates import inbox_of, queued, raw_text

TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


async def nobody(*_: object) -> None:
    """Is told nothing."""


@pytest.fixture
async def inbox(harness: ShopHarness):
    return inbox_of(harness.shop)


@pytest.fixture
async def post(harness: ShopHarness, inbox: Inbox):
    """Posts a body as Telegram does; returns the status."""
    address = webhook_address("https://shop.example", harness.vault, TOKEN)
    webhook = Webhook(
        ShopBot(TOKEN), inbox, address, WebhookNews(nobody, nobody, nobody, nobody, print)
    )
    webhooks = Webhooks(harness.shop, {})
    endpoint = UpdateEndpoint(address.path, address.secret, webhook.take, at_once=4)
    transport = httpx.ASGITransport(app=webhooks.app)
    with webhooks.open_to_telegram(endpoint):
        async with httpx.AsyncClient(
            transport=transport, base_url="http://shop", headers={UPDATE_HEADER: address.secret}
        ) as client:

            async def send(body: object) -> int:
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                return (await client.post(address.path, content=content)).status_code

            yield send


def ids(updates) -> list[int]:
    return [update.update_id for update in updates]


async def quarantined(harness: ShopHarness) -> int:
    async with harness.store.reading() as tx:
        return await tx.inbox.count_quarantined()


async def test_an_update_is_queued_once_however_often_it_comes(inbox, post):
    for _ in range(3):
        assert await post(raw_text(1)) == 200
    assert await post(raw_text(2)) == 200

    assert ids(queued(inbox)) == [1, 2]
    assert ids(await inbox.unhandled()) == [1, 2]


async def test_while_nothing_can_be_kept_telegram_keeps_it(
    harness: ShopHarness, inbox, post, monkeypatch
):
    write = harness.store.write

    async def full(*args, **kwargs):
        raise StorageFailure("disk full")

    monkeypatch.setattr(harness.store, "write", full)
    assert [await post(raw_text(1)) for _ in range(3)] == [503, 503, 503]
    assert queued(inbox) == []

    monkeypatch.setattr(harness.store, "write", write)
    assert await post(raw_text(1)) == 200
    assert ids(queued(inbox)) == [1]


async def test_what_the_library_cannot_read_is_set_aside_alone(harness: ShopHarness, inbox, post):
    odd = {"update_id": 3, "message": {"chat": 5}}
    for body in (raw_text(1), odd, b'{"update_id": 4, "message": {"text": "\\x"}}', raw_text(5)):
        assert await post(body) == 200

    assert ids(queued(inbox)) == [1, 5]
    assert await quarantined(harness) == 2


async def test_what_is_no_update_is_refused_and_leaves_nothing(harness: ShopHarness, inbox, post):
    assert await post(b"<html>Bad gateway</html>") == 400
    assert await post([]) == 200, "JSON without an id: sending it again would change nothing"

    assert queued(inbox) == []
    assert await quarantined(harness) == 0
