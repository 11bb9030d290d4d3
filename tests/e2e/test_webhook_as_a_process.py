"""Webhook mode as a process: Telegram sends, nothing is lost, and going back to polling removes the webhook."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bot.sandbox.telegram.responses import Page
from bot.sandbox.telegram.scripts import Script
from tests.e2e.shop import run_command
from tests.patience import until
from tests.ports import free_port

BASE = "https://shop.example"


class WebServer(httpx.AsyncHTTPTransport):
    """What stands before the shop: takes https at shop.example and passes it on to a loopback port."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.is_broken = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url).startswith(f"{BASE}/telegram/")
        if self.is_broken:
            return httpx.Response(502, request=request)
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        passed = httpx.Request(request.method, url, headers=request.headers, stream=request.stream)
        return await super().handle_async_request(passed)


@pytest.fixture
def server(simulation):
    made = WebServer(free_port())
    simulation.world.webhook.transport = made
    simulation.world.webhook.repeat_seconds = 0.1
    yield made
    simulation.world.webhook.stop()


def settings_for(server: WebServer) -> dict[str, str]:
    return {"TELEGRAM_WEBHOOK_URL": BASE, "WEBHOOK_LISTEN": f"127.0.0.1:{server.port}"}


def calls_of(simulation, method: str) -> int:
    return sum(called == method for _, called, _ in simulation.world.calls)


@pytest.mark.measured
async def test_a_purchase_with_updates_that_telegram_sends(simulation, open_shop, shopper, server):
    shop = await open_shop(**settings_for(server))
    lina = await shopper()
    await lina.buy(1)
    await lina.me.until(lambda me: len(me.codes()) == 2)

    assert calls_of(simulation, "getUpdates") == 0
    assert calls_of(simulation, "setWebhook") == 1
    assert simulation.world.webhook.secret
    code, said = await run_command(shop, "doctor")
    assert (code, f"updates are sent to {BASE}, 0 wait" in said) == (0, True), said
    assert simulation.world.webhook.secret not in shop.log + said


async def test_codes_that_waited_through_an_outage_come_at_once_when_telegram_is_back(
    simulation, open_shop, shopper, server
):
    """After 25 minutes their next try is an hour away, and no update asks Telegram in between."""
    shop = await open_shop(**settings_for(server))
    lina = await shopper()
    away = Script("*", Page(502, b"<html>"), 10**6)
    await lina.to_confirm(1)
    await lina.me.press(lina.words.plain("button-buy"), lina.me.chat.messages[lina.walk])
    await lina.me.until(lambda me: any("⏳" in str(m.get("text")) for m in me.inbox))
    simulation.world.scripts.append(away)
    database = shop.folder / "data" / "hanout.db"
    await until(lambda: put_off(database), every_seconds=0.2)
    looks = calls_of(simulation, "getWebhookInfo")

    def is_asked_often() -> bool:
        put_off(database)  # whatever has failed since
        return calls_of(simulation, "getWebhookInfo") >= looks + 3

    await until(is_asked_often, every_seconds=0.2)
    simulation.world.scripts.remove(away)

    await lina.me.until(lambda me: len(me.codes()) == 2)  # at once, and not in an hour


def put_off(database: Path) -> int:
    """As after 25 minutes of tries: what failed is due in an hour. How many messages those are."""
    hour_ms = 3_600_000
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        return connection.execute(
            "UPDATE outbox SET due_at = due_at + ?, attempts = 8"
            " WHERE state = 'pending' AND attempts > 0 AND attempts < 8",
            (hour_ms,),
        ).rowcount


async def test_what_comes_while_the_shop_is_closed_waits_for_it(
    simulation, open_shop, shopper, server
):
    shop = await open_shop(**settings_for(server))
    lina = await shopper()
    assert await shop.stop() == 0
    await lina.me.say("/help")
    await asyncio.sleep(0.5)
    before = len(lina.me.inbox)
    await shop.start()

    await lina.me.until(lambda me: len(me.inbox) > before)
    assert calls_of(simulation, "setWebhook") == 1, "nothing differed"


async def test_going_back_to_polling_removes_the_webhook_and_loses_nothing(
    simulation, open_shop, shopper, server
):
    shop = await open_shop(**settings_for(server))
    lina = await shopper()
    assert await shop.stop() == 0
    await lina.me.say("/help")
    before = len(lina.me.inbox)
    shop.settings["TELEGRAM_WEBHOOK_URL"] = ""
    await shop.start()

    await lina.me.until(lambda me: len(me.inbox) > before)
    assert simulation.world.webhook.url == ""


async def test_an_address_that_telegram_refuses_ends_the_start_with_its_words(
    simulation, open_shop, server
):
    shop = await open_shop()
    assert await shop.stop() == 0
    simulation.world.webhook._check_url = _refuse

    code, said = await run_command(shop, "run", **settings_for(server))

    assert code == 1
    assert "Telegram refuses TELEGRAM_WEBHOOK_URL" in said
    assert "failed to resolve host" in said.lower()
    assert "Traceback" not in said
    assert len(simulation.world.refused) == 1
    simulation.world.refused.clear()


def _refuse(url: str) -> None:
    from bot.sandbox.telegram.rules import bad

    raise bad("bad webhook: Failed to resolve host: Name or service not known")
