"""What could not be answered, since Telegram took nothing for a chat, is told later, once."""

import pytest

from bot.errors import StorageFailure
from bot.sandbox.telegram.rules import too_many
from bot.sandbox.telegram.world import Person, text_of
from bot.services.messaging.missed_answers import note_missed_answer
from locales import LOCALES, words
from storage.tables import outbox
from tests.bot_harness import LINA, BotHarness
from tests.harness import ShopHarness
from tests.integration.readings import rows


@pytest.fixture
def shop(chat_shop: BotHarness) -> BotHarness:
    return chat_shop


async def met(shop: BotHarness, locale: str = "en") -> Person:
    person = shop.person(LINA, locale)
    await person.say("/start")
    await shop.pump()
    return person


def missed(who: Person, locale: str = "en") -> int:
    said = words(locale).plain("missed-answer")
    return sum(text_of(message) == said for message in who.inbox)


@pytest.mark.parametrize("locale", LOCALES)
async def test_what_was_dropped_is_told_once_when_the_chat_takes_messages_again(
    shop: BotHarness, locale: str
):
    lina = await met(shop, locale=locale)
    shop.world.close_chat(LINA, too_many(300))
    for text in ("/help", "/wallet", "netflix"):
        await lina.say(text)
        await shop.pump()
    await shop.live(5)
    assert missed(lina, locale) == 0

    del shop.world.closed[LINA]
    shop.open_all_chats()
    await shop.live(400, step=20)

    assert missed(lina, locale) == 1
    await lina.say("/help")
    await shop.live(400, step=20)
    assert missed(lina, locale) == 1


async def test_a_press_that_cannot_be_answered_is_told_in_its_toast_or_later(shop: BotHarness):
    lina = await met(shop)
    screen = lina.inbox[-1]
    shop.world.close_chat(LINA, too_many(300))

    queries = []
    for data in ("wallet:0", "orders:0", "home"):
        queries.append(await lina.forge(data, screen))
        await shop.pump()
    told = [bool(query.answer and "Telegram" in query.answer["text"]) for query in queries]
    del shop.world.closed[LINA]
    shop.open_all_chats()
    await shop.live(400, step=20)

    assert all(told) or missed(lina) == 1


async def test_a_chat_in_which_an_answer_is_missing_waits_five_minutes_at_most(
    harness: ShopHarness,
):
    await harness.customer(1)

    assert await note_missed_answer(harness.shop, 1, 3600)
    assert not await note_missed_answer(harness.shop, 1, 10)
    (row,) = [row for row in await rows(harness, outbox) if row.kind == "missed"]
    assert (row.due_at - harness.clock.now()).total_seconds() == 300
    await harness.run(310)

    assert [s.kind for s in harness.sender.sent].count("missed") == 1
    assert await note_missed_answer(harness.shop, 1, 1)


async def test_a_missing_answer_that_cannot_be_noted_harms_nothing(shop: BotHarness, monkeypatch):
    async def fails(*_):
        raise StorageFailure("full")

    lina = await met(shop)
    monkeypatch.setattr("handlers.middleware.errors.note_missed_answer", fails)
    shop.world.close_chat(LINA, too_many(300))

    await lina.say("/help")
    await shop.pump()

    async with shop.store.reading() as tx:
        assert await tx.inbox.count_quarantined() == 0
