"""An operator's answer that takes several calls: each part once, and what cannot be copied is told to the operator."""

import pytest

from bot.sandbox.telegram.rules import ApiError
from bot.sandbox.telegram.world import text_of
from handlers import parts
from tests.bot_harness import SupportHarness, bare
from tests.harness import books_agree
from tests.integration.test_support_replies import KINDS, LONG, operator, reply

FORBIDDEN = ApiError(400, "Bad Request: VOICE_MESSAGES_FORBIDDEN")


@pytest.fixture
async def shop(sqlite_store):
    made = await SupportHarness(sqlite_store, "en").open()
    made.offer()
    await made.say("/start")
    await made.say("/paysupport Where is it?")
    yield made
    await books_agree(made)
    await made.close()


@pytest.mark.virtual_time
async def test_a_chat_that_takes_one_message_a_second_reads_each_part_once(
    shop: SupportHarness, monkeypatch
):
    async def sleep(seconds: float) -> None:
        shop.clock.pass_time(seconds)
        shop.open_all_chats()

    monkeypatch.setattr(parts, "sleep", sleep)
    read = len(shop.lina.inbox)
    shop.world.flood.per_chat = (1, 1.0)

    await reply(shop, operator(shop), LONG, operator(shop).inbox[-1])
    for _ in range(4):
        shop.clock.pass_time(3)
        shop.open_all_chats()
        await shop.wait_for_postponed(1.5)

    told = [bare(text_of(message)) for message in shop.lina.inbox[read:]]
    assert len(told) == 2
    assert "".join(told).count("x") == LONG.count("x")


@pytest.mark.parametrize("text", [None, "listen"])
async def test_a_voice_message_that_is_refused_is_told_once_and_leaves_no_empty_answer(
    shop: SupportHarness, text
):
    asked = operator(shop).inbox[-1]
    read, told = len(shop.lina.inbox), len(operator(shop).inbox)
    shop.world.script("copyMessage", FORBIDDEN, times=100)

    await reply(shop, operator(shop), None, asked, voice=KINDS["voice"], caption=text)

    assert "don’t accept voice messages" in text_of(operator(shop).inbox[-1])
    assert len(operator(shop).inbox) == told + 1
    assert len(shop.lina.inbox) == read


@pytest.mark.virtual_time
async def test_an_operator_whose_account_refuses_voice_messages_reads_that_one_came(
    shop: SupportHarness,
):
    """Such a refusal is final: trying again would leave the heading of the case with nothing below it."""
    told = len(operator(shop).inbox)
    shop.world.script("copyMessage", FORBIDDEN, times=100)

    await shop.lina.send({"voice": KINDS["voice"]})
    await shop.pump()
    await shop.live(2)

    heading, below = [text_of(message) for message in operator(shop).inbox[told:]]
    assert "reply to the message below" in heading
    assert "voice message if you don’t accept any" in below
