"""What an operator forwards, or sends by another bot, may be somebody else's words: no command, no answer about money."""

import pytest

from bot.sandbox.telegram.entities import entities_field, found_entities
from handlers.routes import OPERATOR_COMMANDS
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR, books_agree
from tests.integration.test_customer_pages import press, read, say

REFUSED = "type it yourself"


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    made.offer()
    await made.person(LINA).say("/start")
    await made.pump()
    await made.credit(LINA, 50_000)
    yield made
    await books_agree(made)
    await made.close()


async def forward(shop: BotHarness, text: str) -> str:
    await shop.person(OPERATOR).forward(text, shop.person(LINA))
    return await read(shop)


@pytest.mark.parametrize("command", sorted(OPERATOR_COMMANDS))
async def test_no_command_that_is_forwarded_is_carried_out(shop: BotHarness, command: str):
    assert REFUSED in await forward(shop, f"/{command} {LINA} 900 merci")
    assert await shop.balance(LINA) == 5_000_000


async def test_a_forwarded_text_answers_no_question_about_money_and_the_question_stays(
    shop: BotHarness,
):
    await say(shop, f"/user {LINA}")
    await press(shop, f"ucred:{LINA}")
    assert REFUSED in await forward(shop, "5000 c'est bon")
    assert await shop.balance(LINA) == 5_000_000

    await say(shop, "700 merci")
    assert await shop.balance(LINA) == 5_070_000


async def test_whom_a_page_is_about_and_a_note_may_be_forwarded(shop: BotHarness):
    await say(shop, "/user")
    assert f"👤 {LINA}" in await forward(shop, "where is my code")
    await press(shop, f"unote:{LINA}")

    assert REFUSED not in await forward(shop, "paid by CCP")


OTHER_BOT = {"id": 555, "is_bot": True, "first_name": "Weather", "username": "weather_bot"}


async def send_by_bot(shop: BotHarness, text: str, field: str) -> str:
    """Such as a result of an inline bot: what it sends need not be what its list showed."""
    body = {"text": text, field: OTHER_BOT} | entities_field(text, found_entities(text))
    await shop.person(OPERATOR).send(body)
    return await read(shop)


@pytest.mark.parametrize("field", ["via_bot", "sender_business_bot"])
async def test_what_another_bot_wrote_is_no_command_and_no_answer_about_money(
    shop: BotHarness, field: str
):
    assert "Another bot wrote" in await send_by_bot(shop, f"/credit {LINA} 900 merci", field)
    await say(shop, f"/user {LINA}")
    await press(shop, f"ucred:{LINA}")
    assert "Another bot wrote" in await send_by_bot(shop, "5000 merci", field)
    assert await shop.balance(LINA) == 5_000_000

    await say(shop, "700 merci")
    assert await shop.balance(LINA) == 5_070_000
