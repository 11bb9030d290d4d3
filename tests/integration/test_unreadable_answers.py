"""A message that Telegram took, and of which it says something unreadable, is not sent again."""

import json

import pytest

from bot.sandbox.telegram.world import text_of
from tests.bot_harness import LINA, BotHarness


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    await made.person(LINA).say("/start")
    await made.pump()
    yield made
    await made.close()


def spoil(method: str):
    """The answers to this method hold a message whose chat is a number."""

    def rewrite(path: str, body: bytes) -> bytes:
        answer = json.loads(body)
        if not path.endswith(method) or not answer.get("ok"):
            return body
        return json.dumps({**answer, "result": {**answer["result"], "chat": 5}}).encode()

    return rewrite


async def test_an_answer_is_sent_once(shop: BotHarness):
    before = len(shop.person(LINA).inbox)
    shop.telegram.rewrite = spoil("sendMessage")

    await shop.person(LINA).say("/wallet")
    await shop.pump()

    sent = shop.person(LINA).inbox[before:]
    assert [text_of(m).startswith("👛") for m in sent] == [True]


async def test_an_edit_is_made_once(shop: BotHarness):
    shop.telegram.rewrite = spoil("editMessageText")
    calls = len(shop.world.calls)

    await shop.press(shop.person(LINA), "wallet")

    edits = [method for _, method, _ in shop.world.calls[calls:] if method == "editMessageText"]
    assert edits == ["editMessageText"]
