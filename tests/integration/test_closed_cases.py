"""Cases of support that are closed: by operators or customers, opened again, and told once."""

import pytest

from bot.domain.cases import TALKS_AFTER_CLOSING
from bot.sandbox.telegram.rules import too_many
from bot.sandbox.telegram.world import text_of
from bot.services.messaging.support import open_case, stop_talking
from locales import LOCALES
from storage.tables import cases
from tests.bot_harness import LINA, SupportHarness
from tests.integration.readings import rows
from tests.integration.support_steps import answer, bot_harness, case_row, operator, read_by

__all__ = ["bot_harness"]  # a fixture


@pytest.mark.parametrize("bot_harness", LOCALES, indirect=True)
async def test_a_closed_case_is_told_and_can_be_opened_again(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport where is it?")
    heading = operator(bot_harness).inbox[-2]
    read = len(bot_harness.lina.inbox)
    for _ in range(5):
        await bot_harness.press(operator(bot_harness), "settled:1", heading)

    (told,) = read_by(bot_harness.lina, read)
    assert told.splitlines()[0] == bot_harness.line("support-closed", number="K1")
    notice = bot_harness.lina.inbox[-1]
    for _ in range(5):
        await bot_harness.press(bot_harness.lina, "reopen:1", notice)
    assert len(bot_harness.lina.inbox) == read + 1
    await bot_harness.say("not yet")
    assert read_by(operator(bot_harness))[-1] == "not yet"
    assert "K1" in read_by(operator(bot_harness))[-2]


async def test_words_typed_while_the_case_is_closed_open_it_again(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport where is it?")
    await bot_harness.press(operator(bot_harness), "settled:1")
    await bot_harness.say("and the second one?")

    assert read_by(operator(bot_harness))[-1] == "and the second one?"
    assert (await case_row(bot_harness)).closed_at is None
    await bot_harness.press(operator(bot_harness), "settled:1")
    bot_harness.clock.pass_time(TALKS_AFTER_CLOSING.total_seconds() + 1)
    await bot_harness.say("amazon")
    assert read_by(bot_harness.lina)[-1].startswith("🔎")


async def test_a_customer_closes_their_case_and_operators_read_it_once(
    bot_harness: SupportHarness,
):
    await bot_harness.say("/paysupport where is it?")
    await answer(bot_harness, "On its way")
    reply, read = bot_harness.lina.inbox[-1], len(bot_harness.lina.inbox)
    told = len(operator(bot_harness).inbox)
    for _ in range(5):
        await bot_harness.press(bot_harness.lina, "solved:1", reply)

    assert read_by(operator(bot_harness), told) == ["✓ Customer 5 closed case K1: solved."]
    assert len(bot_harness.lina.inbox) == read + 1
    await bot_harness.say("amazon")
    assert read_by(bot_harness.lina)[-1].startswith("🔎")
    await bot_harness.say("thanks", bot_harness.lina)
    assert len(operator(bot_harness).inbox) == told + 1


async def test_others_cannot_close_or_open_a_case(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport where is it?")
    karim = bot_harness.person(6)
    await bot_harness.say("/start", karim)
    for data in ("solved:1", "reopen:1", "solved:999", "reopen:999"):
        await bot_harness.press(karim, data)

    row = await case_row(bot_harness)
    assert (row.user_id, row.closed_at) == (LINA, None)
    assert len(await rows(bot_harness, cases)) == 1


async def test_what_was_opened_by_mistake_leaves_nothing_open(bot_harness: SupportHarness):
    case = await open_case(bot_harness.shop, LINA)
    await bot_harness.say("/cancel")
    await bot_harness.say("amazon")

    row = await case_row(bot_harness)
    assert (row.id, row.closed_at is None) == (case.id, False)
    assert read_by(bot_harness.lina)[-1].startswith("🔎")
    assert "Case" not in str(read_by(operator(bot_harness)))
    await stop_talking(bot_harness.shop, LINA)  # once more


async def test_nobody_is_told_of_a_case_that_ended_before_anything_was_written(
    bot_harness: SupportHarness,
):
    case = await open_case(bot_harness.shop, LINA)
    told = len(operator(bot_harness).inbox)
    await bot_harness.press(bot_harness.lina, f"solved:{case.id}")

    assert (await case_row(bot_harness)).closed_at is not None
    assert len(operator(bot_harness).inbox) == told


async def test_a_reply_to_a_closed_case_goes_to_the_open_one(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport one")
    first = bot_harness.lina.inbox[-1]
    await bot_harness.press(bot_harness.lina, "solved:1", first)
    await bot_harness.say("/paysupport two")
    await bot_harness.lina.say("three", reply_to=first)
    await bot_harness.pump()

    assert "K2" in read_by(operator(bot_harness))[-2]
    await bot_harness.press(bot_harness.lina, "reopen:1", first)
    assert "K2" in text_of(bot_harness.lina.chat.messages[first["message_id"]])


async def test_a_closed_chat_of_the_customer_gets_the_news_later(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport where is it?")
    bot_harness.world.close_chat(LINA, too_many(20))
    await bot_harness.press(operator(bot_harness), "settled:1")
    bot_harness.world.closed.pop(LINA)
    bot_harness.open_all_chats()
    await bot_harness.live(60)

    closed = [text for text in read_by(bot_harness.lina) if "closed your conversation" in text]
    assert len(closed) == 1
