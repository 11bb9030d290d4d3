"""Webhook mode: set only where something differs, watched slowly, failures told once."""

import asyncio
import logging
from typing import Any, cast

import pytest
from telegram import WebhookInfo
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.errors import StorageFailure
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.vault import AesVault
from handlers import webhook
from handlers.bot import ALLOWED_UPDATES, ShopBot
from handlers.request import TokenRefused
from handlers.webhook import MAX_CONNECTIONS, Webhook, WebhookNews, webhook_address

TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
BASE = "https://shop.example"
VAULT = AesVault({"k1": bytes(32)})
ADDRESS = webhook_address(BASE, VAULT, TOKEN)


class Telegram:
    """As much of the bot as the webhook uses. `errors` are raised by the next calls, by method."""

    def __init__(self) -> None:
        self.info: dict[str, Any] = {"url": "", "has_custom_certificate": False}
        self.info["pending_update_count"] = 0
        self.set: list[dict[str, Any]] = []
        self.errors: dict[str, list[Exception]] = {}
        self.looks = 0
        self.is_failing = False  # a newer error at each look

    def _fail(self, method: str) -> None:
        if self.errors.get(method):
            raise self.errors[method].pop(0)

    async def get_webhook_info(self) -> WebhookInfo:
        self.looks += 1
        self._fail("get_webhook_info")
        if self.is_failing:
            self.info["last_error_date"] = 10_000 + self.looks
        return WebhookInfo.de_json(dict(self.info), None)

    async def set_webhook(self, url, **asked) -> bool:
        self._fail("set_webhook")
        self.set.append({"url": url, **asked})
        self.info |= {
            "url": url,
            "max_connections": asked["max_connections"],
            "allowed_updates": sorted(asked["allowed_updates"]),
        }
        return True

    async def get_me(self) -> None:
        self._fail("get_me")

    async def is_token_refused(self) -> bool:
        return await ShopBot.is_token_refused(cast(Any, self))


class Inbox:
    def __init__(self) -> None:
        self.kept: list[object] = []
        self.aside: list[tuple[int, str]] = []
        self.trouble: Exception | None = None

    async def receive(self, updates) -> int:
        if self.trouble is not None:
            raise self.trouble
        self.kept += updates
        return len(updates)

    async def set_aside(self, number, text) -> None:
        self.aside.append((number, text))


class Told:
    """What was told, in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.errors: list[Exception] = []

    async def failing(self, reason: str, count: int) -> None:
        if self.errors:
            raise self.errors.pop()
        self.lines.append(f"failing {reason} {count}")

    async def well(self) -> None:
        self.lines.append("well")

    async def other_program(self) -> None:
        if self.errors:
            raise self.errors.pop()
        self.lines.append("other program")

    async def alone(self) -> None:
        self.lines.append("alone")

    def give_up(self, reason: str) -> None:
        self.lines.append(f"gave up: {reason}")


class Shop:
    def __init__(self, watch_seconds: float = 0.01) -> None:
        self.telegram, self.inbox, self.told = Telegram(), Inbox(), Told()
        self.webhook = Webhook(
            cast(Any, self.telegram),
            cast(Any, self.inbox),
            ADDRESS,
            WebhookNews(
                self.told.failing,
                self.told.well,
                self.told.other_program,
                self.told.alone,
                self.told.give_up,
            ),
            watch_seconds=watch_seconds,
        )

    async def look(self, times: int) -> None:
        """Run until Telegram was asked so many times more."""
        task = asyncio.create_task(self.webhook.run())
        until = self.telegram.looks + times
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.telegram.looks < until and not task.done():
                await asyncio.sleep(0.002)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def shop():
    return Shop()


def test_the_address_holds_for_a_token_and_a_key_and_shows_neither():
    again = webhook_address(BASE, AesVault({"k1": bytes(32)}), TOKEN)
    other_token = webhook_address(BASE, VAULT, TOKEN[:-1] + "B")
    other_key = webhook_address(BASE, AesVault({"k2": b"x" * 32, "k1": bytes(32)}), TOKEN)

    assert again == ADDRESS
    assert len({ADDRESS.secret, other_token.secret, other_key.secret}) == 3
    assert len({ADDRESS.url, other_token.url, other_key.url}) == 3
    assert ADDRESS.url == BASE + ADDRESS.path
    assert ADDRESS.secret not in ADDRESS.url
    assert TOKEN not in ADDRESS.url
    assert len(ADDRESS.secret) <= 256
    assert ADDRESS.secret.isalnum()


async def test_it_is_set_with_secret_connections_and_kinds_and_nothing_is_dropped(shop):
    await shop.look(3)

    assert shop.telegram.set == [
        {
            "url": ADDRESS.url,
            "max_connections": MAX_CONNECTIONS,
            "allowed_updates": ALLOWED_UPDATES,
            "secret_token": ADDRESS.secret,
        }
    ]


async def test_it_is_not_set_again_where_nothing_differs(shop):
    await shop.look(2)
    again = Shop()
    again.telegram.info = shop.telegram.info
    await again.look(3)

    assert again.telegram.set == []


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://other.example/telegram/1"},
        {"url": ""},
        {"max_connections": 40},
        {"allowed_updates": ["message"]},
    ],
)
async def test_it_is_set_again_where_somebody_changed_it(shop, change, caplog):
    caplog.set_level(logging.WARNING)
    await shop.look(2)
    shop.telegram.info |= change
    await shop.look(3)

    assert len(shop.telegram.set) == 2
    assert "somebody changed the webhook" in caplog.text


async def test_a_program_that_keeps_removing_the_webhook_is_told_once(shop, monkeypatch):
    await shop.look(2)
    for times in range(1, 5):
        shop.telegram.info["url"] = ""
        await shop.look(2)
        assert ("other program" in shop.told.lines) == (times > 1), "one may be a mistake"
    assert shop.told.lines.count("other program") == 1
    assert len(shop.telegram.set) == 5

    monkeypatch.setattr(webhook, "_CHANGES_PERIOD_SECONDS", 0.001)
    await shop.look(4)
    assert shop.told.lines[-1] == "alone"
    assert shop.told.lines.count("alone") == 1


async def test_changes_far_apart_are_no_other_programs(shop, monkeypatch):
    monkeypatch.setattr(webhook, "_CHANGES_PERIOD_SECONDS", 0.001)
    await shop.look(2)
    for _ in range(3):
        shop.telegram.info["url"] = ""
        await shop.look(3)

    assert "other program" not in shop.told.lines


async def test_operators_who_cannot_be_told_of_another_program_are_told_at_its_next_change(shop):
    await shop.look(2)
    for _ in range(3):
        shop.told.errors = [] if "failed" in shop.told.lines else [StorageFailure("disk full")]
        shop.told.lines.append("failed")
        shop.telegram.info["url"] = ""
        await shop.look(2)

    assert shop.told.lines.count("other program") == 1
    assert len(shop.telegram.set) == 4


async def test_after_a_change_it_is_looked_at_again_soon(monkeypatch):
    """And not only after the five minutes of an ordinary day."""
    monkeypatch.setattr(webhook, "_CHANGED_SECONDS", 0.01)
    shop = Shop(watch_seconds=60)
    await shop.look(1)
    shop.telegram.info["url"] = ""
    task = asyncio.create_task(shop.webhook.run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while shop.telegram.looks < 4:  # the change, what was set, and once more
            await asyncio.sleep(0.002)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.virtual_time
async def test_it_is_looked_at_when_a_call_has_failed(shop):
    """A token that is revoked shows at once, whatever call it is that fails."""
    shop = Shop(watch_seconds=60)
    task = asyncio.create_task(shop.webhook.run())
    await asyncio.sleep(0.02)
    looks = shop.telegram.looks
    shop.telegram.errors["get_webhook_info"] = [TokenRefused("Unauthorized")]
    shop.telegram.errors["get_me"] = [TokenRefused("Unauthorized")]
    await shop.webhook.ask_telegram()

    await asyncio.wait_for(task, PATIENCE_SECONDS)

    assert shop.telegram.looks == looks + 1
    assert any("TELEGRAM_TOKEN" in line for line in shop.told.lines)


async def test_what_telegram_writes_another_way_is_not_set_for_ever(shop):
    said = shop.telegram.get_webhook_info

    async def in_capitals():
        info = await said()
        return WebhookInfo(info.url.upper(), False, 0, max_connections=info.max_connections)

    shop.telegram.get_webhook_info = in_capitals
    await shop.look(8)

    assert len(shop.telegram.set) == 1


async def test_failing_deliveries_are_told_once_for_each_episode(shop):
    shop.telegram.info |= {"last_error_date": 1_000, "last_error_message": "before this start"}
    shop.telegram.info["pending_update_count"] = 9
    await shop.look(4)
    assert shop.told.lines == ["well"]

    for message in ("Connection timed out", "Wrong response from the webhook: 502 Bad Gateway"):
        shop.telegram.info["last_error_message"] = message
        shop.telegram.is_failing = True
        await shop.look(4)
        shop.telegram.is_failing = False
        await shop.look(3)

    assert shop.told.lines == [
        "well",
        "failing Connection timed out 9",
        "well",
        "failing Wrong response from the webhook: 502 Bad Gateway 9",
        "well",
    ]


async def test_an_error_after_which_nothing_waits_is_not_told(shop):
    await shop.look(2)
    shop.telegram.info["last_error_message"] = "Wrong response from the webhook: 503"
    shop.telegram.is_failing = True
    await shop.look(4)

    assert shop.told.lines == ["well"]


async def test_a_refused_address_ends_the_start_with_telegrams_words(shop):
    shop.telegram.errors["set_webhook"] = [
        BadRequest("Bad webhook: Webhook can be set up only on ports 80, 88")
    ]
    await shop.look(5)

    assert shop.told.lines == [
        "gave up: Telegram refuses TELEGRAM_WEBHOOK_URL: Bad webhook: Webhook can be set up only on ports 80, 88"
    ]


async def test_a_refusal_after_the_start_is_tried_again(shop, caplog):
    await shop.look(2)
    shop.telegram.info["url"] = ""
    shop.telegram.errors["set_webhook"] = [BadRequest("Bad webhook: Failed to resolve host")]
    await shop.look(3)

    assert shop.telegram.info["url"] == ADDRESS.url
    assert [line for line in shop.told.lines if line.startswith("gave up")] == []
    assert "Failed to resolve host" in caplog.text


@pytest.mark.parametrize(
    "error",
    [NetworkError("httpx.ConnectError"), RetryAfter(0), BadRequest("Bad Gateway"), KeyError("x")],
    ids=repr,
)
async def test_whatever_goes_wrong_at_telegram_it_is_tried_again(shop, error):
    shop.telegram.errors["get_webhook_info"] = [error]
    shop.telegram.errors["set_webhook"] = [error]
    await shop.look(4)

    assert len(shop.telegram.set) == 1


async def test_a_revoked_token_ends_the_shop_only_where_get_me_says_so_too(shop):
    shop.telegram.errors["get_webhook_info"] = [TokenRefused("Unauthorized")]
    await shop.look(2)
    assert shop.told.lines == []

    shop.telegram.errors["get_webhook_info"] = [TokenRefused("Unauthorized")]
    shop.telegram.errors["get_me"] = [TokenRefused("Unauthorized")]
    await shop.look(5)

    (line,) = [line for line in shop.told.lines if line != "well"]
    assert "TELEGRAM_TOKEN" in line


async def test_operators_who_cannot_be_told_are_told_later(shop):
    await shop.look(2)
    shop.told.errors = [StorageFailure("disk full")]
    shop.telegram.info |= {"last_error_message": "502", "pending_update_count": 1}
    shop.telegram.is_failing = True
    await shop.look(4)

    assert "failing 502 1" in shop.told.lines
