"""Codes that an operator pastes where the shop asks for a number or for words: deleted, and read by nothing."""

import pytest

from bot.sandbox.telegram.world import text_of
from tests.bot_harness import LINA
from tests.harness import OPERATOR
from tests.integration.typed_steps import bot_harness

__all__ = ["bot_harness"]  # a fixture

LISTS = (
    "12345678901234\n12345678901235",
    "1234567890\n1234567891\n1234567892",
    "12345678901234 500 DA\n12345678901235 500 DA",
    "1234 5678 9012 3456",
    "12345678901234",
)
PRESSES = {
    "below the amounts": ("/wallet", "topup", "ways:"),
    "amount": ("/wallet", "topup", "ways:", "type:"),
    "product": ("/search Amazon.de", "prod:"),
    "credit": (f"/user {LINA}", "ucred:"),
    "reason": (f"/user {LINA}", "uban:", r"ubanw:.*other"),
    "product to pause": ("/pause", "pzfind"),
}
in_english = pytest.mark.parametrize("bot_harness", ["en"], indirect=True)
at_each = pytest.mark.parametrize("question", PRESSES)


async def ask(shop, who, question):
    command, *presses = PRESSES[question]
    for text in ("/start", command):
        await who.say(text)
        await shop.pump()
    for press in presses:
        assert await shop.press_newest(who, press), press
        await shop.live(2)


async def answer(shop, who, text):
    """What was called for a text, by name, and what was answered."""
    before = len(shop.world.calls)
    await who.say(text)
    await shop.pump()
    return [name for _, name, _ in shop.world.calls[before:]], text_of(who.inbox[-1])


@in_english
@at_each
@pytest.mark.parametrize("text", LISTS)
async def test_codes_are_deleted_and_the_question_stays_open(bot_harness, question, text):
    boss = bot_harness.person(OPERATOR)
    await ask(bot_harness, boss, question)

    called, read = await answer(bot_harness, boss, text)

    assert "deleteMessage" in called
    assert bot_harness.line("stock-looked-like-codes") in read
    called, read = await answer(bot_harness, boss, "1500")
    assert not read.startswith("🔎"), "it is no search"


@in_english
async def test_forwarded_codes_are_deleted_too(bot_harness):
    boss = bot_harness.person(OPERATOR)
    await ask(bot_harness, boss, "credit")
    before = len(bot_harness.world.calls)

    await boss.forward(LISTS[0], bot_harness.person(LINA))
    await bot_harness.pump()

    assert "deleteMessage" in [name for _, name, _ in bot_harness.world.calls[before:]]


@in_english
@at_each
@pytest.mark.parametrize("text", ["1500", "1 000 000 DA", "0550123456", "12345678901"])
async def test_numbers_and_amounts_stay_answers(bot_harness, question, text):
    boss = bot_harness.person(OPERATOR)
    await ask(bot_harness, boss, question)

    called, read = await answer(bot_harness, boss, text)

    assert "deleteMessage" not in called
    assert bot_harness.line("stock-looked-like-codes") not in read


@in_english
async def test_whoever_loads_no_codes_is_answered_as_before(bot_harness):
    lina = bot_harness.person(LINA)
    await ask(bot_harness, lina, "amount")

    called, read = await answer(bot_harness, lina, LISTS[0])

    assert "deleteMessage" not in called
    assert "amount in dinars" in read
