"""A list of codes, pasted where words for others are asked: it is deleted, and kept and shown by nothing."""

import pytest
from sqlalchemy import select

from bot.domain.plain_codes import are_only_codes
from bot.sandbox.telegram.world import text_of
from locales import words
from storage.tables import curation_texts, news, notes
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR
from tests.integration.readings import rows_of
from tests.own_stock import codes_of

REFUSED = words("en").plain("stock-looked-like-codes")
PRESSES = {
    "note": f"unote:{LINA}",
    "news": "nnew",
    "guide": "ctext:p:1:h:en",
    "name": "ctext:p:1:n:en",
}
WORDS = {
    "note": "Asked for an invoice\nof order #1042",
    "news": "Half the margin until Sunday\nhttps://example.org/sale",
    "guide": "1. Open the shop\n2. Type the code, such as ABCD-1234-EFGH\nhttps://example.org/redeem",
    "name": "PSN USA 2026",
}


async def ask(shop: BotHarness, question: str) -> None:
    for who in (LINA, OPERATOR):
        await shop.person(who).say("/start")
    await shop.pump()
    await shop.press(shop.person(OPERATOR), PRESSES[question])


async def answer(shop: BotHarness, text: str) -> tuple[list[str], str]:
    """What was called for a text, by name, and what was answered."""
    boss, before = shop.person(OPERATOR), len(shop.world.calls)
    await boss.say(text)
    await shop.pump()
    return [name for _, name, _ in shop.world.calls[before:]], text_of(boss.inbox[-1])


async def kept(shop: BotHarness) -> str:
    found = [await rows_of(shop, select(table)) for table in (curation_texts, news, notes)]
    return str(found)


@pytest.mark.parametrize("question", PRESSES)
@pytest.mark.parametrize("text", ["\n".join(codes_of(3)), "X7Q2M9P4RT 10 USD\nX7Q2M9P5RT 10 USD"])
async def test_codes_are_deleted_and_the_question_stays_open(
    chat_shop: BotHarness, question: str, text: str
):
    await ask(chat_shop, question)
    before = await kept(chat_shop)

    called, read = await answer(chat_shop, text)

    assert "deleteMessage" in called
    assert REFUSED in read
    assert await kept(chat_shop) == before
    called, read = await answer(chat_shop, WORDS[question])
    assert "deleteMessage" not in called
    assert not read.startswith("🔎"), "it is no search"
    assert await kept(chat_shop) != before


@pytest.mark.parametrize("text", WORDS.values())
def test_words_for_people_are_no_list_of_codes(text: str):
    assert not are_only_codes(text.splitlines())
    assert not are_only_codes(codes_of(1)), "one may be a name"
