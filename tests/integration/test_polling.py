"""Polling that has silently stopped is noticed, told and started again."""

import asyncio
from typing import Any

import httpx
import pytest
from telegram.error import Conflict, NetworkError
from telegram.ext import Application
from telegram.request import HTTPXRequest

from bot.sandbox.telegram.api import TelegramApi
from bot.sandbox.telegram.world import World
from handlers import polling
from handlers.inbox import InboxBot, UpdatesRequest
from handlers.polling import Polling

TOKEN = "1:token"


@pytest.fixture
def telegram():
    world = World(TOKEN)
    world.polling.repeated_wait_seconds = 0.05  # the server's own three seconds are too long here
    return world, httpx.ASGITransport(app=TelegramApi(world).app)


def _push_message(world: World) -> None:
    chat = {"id": 5, "type": "private"}
    world.push("message", {"message_id": 1, "date": int(world.now()), "chat": chat})


class Fragile(InboxBot):
    """Its next poll is one of which nothing is heard any more, as many times as `_silences` says."""

    _silences = 0

    async def get_updates(self, *args, **kwargs):
        if self._silences:
            self._silences -= 1
            await asyncio.sleep(3600)
        return await super().get_updates(*args, **kwargs)


async def started(transport, tell, give_up=lambda: None):
    wires = {"transport": transport}
    bot = Fragile(
        TOKEN,
        base_url="http://telegram/bot",
        request=HTTPXRequest(httpx_kwargs=wires),
        get_updates_request=UpdatesRequest(httpx_kwargs=wires),
    )
    application: Any = Application.builder().bot(bot).build()
    await application.initialize()
    made = Polling(application, bot, tell_stopped=tell, give_up=give_up, silent_after_seconds=0.5)
    return bot, application, made


async def test_a_poll_of_which_nothing_is_heard_is_started_again(telegram, monkeypatch):
    world, url = telegram
    monkeypatch.setattr(polling, "LONG_POLL_SECONDS", 0.05)
    told = asyncio.Event()

    async def tell(seconds: int) -> None:
        told.set()

    bot, application, watched = await started(url, tell)
    await watched.start()
    bot._silences = 1

    await asyncio.wait_for(told.wait(), 10)
    _push_message(world)
    update = await asyncio.wait_for(application.update_queue.get(), 5)

    assert update.message.message_id == 1
    await watched.stop()
    await application.shutdown()


async def test_without_the_watch_nothing_is_fetched_and_nobody_notices(telegram, monkeypatch):
    """The twin: PTB's updater says that it runs, and does not."""
    world, url = telegram
    monkeypatch.setattr(polling, "LONG_POLL_SECONDS", 0.05)

    async def tell(seconds: int) -> None:
        raise AssertionError

    bot, application, watched = await started(url, tell)
    await watched.start()
    watched._watching.cancel()
    bot._silences = 1
    await asyncio.sleep(0.3)
    _push_message(world)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(application.update_queue.get(), 1.0)
    assert application.updater.running
    await watched.stop()
    await application.shutdown()


async def test_only_one_program_may_poll(telegram):
    _, url = telegram
    gave_up = []

    async def tell(seconds: int) -> None:
        raise AssertionError

    _, application, watched = await started(url, tell, lambda: gave_up.append(1))

    for error in (Conflict("x"), NetworkError("y"), *[Conflict("x")] * 6):
        watched._report(error)

    assert gave_up == [1]
    await watched.stop()
    await application.shutdown()
