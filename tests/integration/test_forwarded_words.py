"""What an operator forwards to the bot may be somebody else's words: no command and no answer about money is taken from it."""

import pytest

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
