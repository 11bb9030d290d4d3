"""Whether Telegram can be reached is learnt from every call, in any mode, and its return is told once."""

import asyncio
import time

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.errors import StorageFailure
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from handlers import reach
from handlers.bot import ShopBot
from handlers.reach import Reachability
from handlers.request import ForeignPage, ServerTrouble, TokenRefused
from tests.patience import until

AWAY = [
    NetworkError("httpx.ConnectError: x"),
    TimedOut(),
    ForeignPage(502, b""),
    ServerTrouble(500, ""),
]
PRESENT = [BadRequest("SOMETHING"), BadRequest("Chat not found"), RetryAfter(5)]


class Telegram:
    """Answers `getMe` with what `error` says, while a `Reachability` is watched."""

    def __init__(self) -> None:
        self.reachability = Reachability()
        self.error: TelegramError | None = None
        self.asked = self.back = 0
        self.failures: list[Exception] = []

    async def ask(self) -> None:
        self.asked += 1
        self.call("getMe")
        if self.error is not None:
            raise self.error

    def call(self, method: str) -> None:
        if self.error is None:
            self.reachability.note_success()
        else:
            self.reachability.note_failure(method, self.error)

    async def tell_back(self) -> None:
        if self.failures:
            raise self.failures.pop()
        self.back += 1


@pytest.fixture
async def telegram(monkeypatch):
    for name in ("_ASKING_WAITS_SECONDS", "_TELLING_WAITS_SECONDS"):
        monkeypatch.setattr(reach, name, (0.01, 0.02))
    monkeypatch.setattr(reach, "_PAUSE_SECONDS", 0.05)
    made = Telegram()
    task = asyncio.create_task(made.reachability.watch(made.ask, made.tell_back))
    yield made
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def opened(telegram: Telegram) -> None:
    """The start counts as the end of an outage: what an earlier process met is not known."""
    telegram.call("getMe")
    await until(lambda: telegram.back == 1)


@pytest.mark.parametrize("error", AWAY, ids=repr)
@pytest.mark.parametrize("method", ["getMe", "getUpdates", "getWebhookInfo", "sendMessage"])
async def test_after_a_failure_telegram_is_asked_often_and_its_return_is_told_once(
    telegram, error, method
):
    await opened(telegram)
    telegram.error = error
    telegram.call(method)
    await until(lambda: telegram.asked >= 5)
    assert telegram.back == 1

    telegram.error = None
    await until(lambda: telegram.back == 2)
    asked = telegram.asked
    for _ in range(20):
        telegram.call("sendMessage")
    await asyncio.sleep(0.2)

    assert (telegram.back, telegram.asked) == (2, asked)


async def test_one_message_that_always_fails_is_no_outage(telegram):
    """Else it would be hurried for ever: Telegram answers everything else."""
    await opened(telegram)
    for _ in range(5):
        telegram.reachability.note_failure("sendMessage", ServerTrouble(500, "x"))
        await until(lambda: telegram.asked > 0)
        telegram.asked = 0
    await asyncio.sleep(0.2)

    assert telegram.back == 1


@pytest.mark.parametrize("error", PRESENT, ids=repr)
async def test_an_answer_of_telegram_is_no_doubt(telegram, error):
    await opened(telegram)
    telegram.error = error
    telegram.call("getMe")
    await asyncio.sleep(0.1)

    assert telegram.asked == 0


async def test_a_refused_token_has_telegram_asked_at_once(telegram):
    await opened(telegram)
    telegram.reachability.note_failure("sendMessage", TokenRefused("Unauthorized"))

    await until(lambda: telegram.asked == 1)


async def test_a_return_that_could_not_be_told_is_told_later(telegram):
    telegram.failures = [StorageFailure("disk full"), KeyError("x")]

    await opened(telegram)

    assert telegram.failures == []


async def test_a_line_that_comes_and_goes_hurries_nobody_all_the_time(telegram, monkeypatch):
    monkeypatch.setattr(reach, "_PAUSE_SECONDS", 0.3)
    await opened(telegram)
    began = time.monotonic()
    for _ in range(30):
        telegram.reachability.note_failure("getUpdates", TimedOut())
        telegram.reachability.note_success()
        await asyncio.sleep(0.01)

    assert telegram.back <= 2 + (time.monotonic() - began) / 0.3


async def test_every_call_of_the_bot_is_noted(monkeypatch):
    bot = ShopBot("1:token", base_url="http://127.0.0.1:1/bot")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await bot.request.initialize()
        with pytest.raises(NetworkError):
            await bot.get_me()
        assert bot.reachability._in_doubt.is_set()
        await bot.request.shutdown()
