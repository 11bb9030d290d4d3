"""A conversation with support: an open case takes what is written, until it is closed."""

from datetime import timedelta

import pytest

from bot.domain.cases import TALKS_FOR
from bot.refusals import NotFound
from bot.sandbox.telegram.scripts import BLOCKED
from bot.sandbox.telegram.world import text_of
from bot.services.messaging.support import open_case, talking_case
from handlers import support
from locales import LOCALES
from storage.tables import cases, outbox
from tests.bot_harness import LINA, PNG, SupportHarness, bare
from tests.harness import OPERATOR
from tests.integration.albums import groups_of, send_album
from tests.integration.readings import rows
from tests.integration.support_steps import (
    answer,
    bot_harness,
    button_of,
    case_row,
    operator,
    read_by,
)

__all__ = ["bot_harness"]  # a fixture

SECOND = 901


@pytest.mark.parametrize("bot_harness", LOCALES, indirect=True)
async def test_a_second_sentence_reaches_the_case(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport")
    await bot_harness.say("my code is refused")
    for sentence in ("it is the amazon one", "42", "mes commandes", "رصيدي"):
        await bot_harness.say(sentence)

        assert read_by(operator(bot_harness))[-1] == sentence
        told = read_by(bot_harness.lina)[-1].splitlines()
        assert told[0] == bot_harness.line("case-passed", number="K1")
        assert "/shop" in told[1]
    assert len(await rows(bot_harness, cases)) == 1


async def test_plain_words_after_an_answer_reach_the_case(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport where is it?")
    await bot_harness.say("/shop")
    await answer(bot_harness, "Which order?")
    await bot_harness.say("/orders")
    await bot_harness.say("the amazon one")

    assert read_by(operator(bot_harness))[-1] == "the amazon one"


@pytest.mark.parametrize(
    "way",
    ["/shop", "/start", "/search", "/cancel", "home", "topup", "stop", "watches", "unwatch:1"],
)
async def test_who_goes_back_to_the_shop_searches_again(bot_harness: SupportHarness, way):
    await bot_harness.say("/paysupport where is it?")
    told = len(operator(bot_harness).inbox)
    if way.startswith("/"):
        await bot_harness.say(way)
    else:
        await bot_harness.press(bot_harness.lina, way)
    await bot_harness.say("amazon")

    assert len(operator(bot_harness).inbox) == told
    assert read_by(bot_harness.lina)[-1].startswith("🔎")
    assert (await case_row(bot_harness)).closed_at is None, "the question waits for its answer"


async def test_who_buys_again_searches_again(bot_harness: SupportHarness):
    await bot_harness.credit(LINA, 20_000)
    await bot_harness.press_to_buy(bot_harness.lina, 1)
    await bot_harness.live(30)
    await bot_harness.say("/paysupport where is it?")
    told = len(operator(bot_harness).inbox)
    await bot_harness.press(bot_harness.lina, "rebuy:1")
    await bot_harness.say("amazon")

    assert len(operator(bot_harness).inbox) == told
    assert read_by(bot_harness.lina)[-1].startswith("🔎")


async def test_a_day_after_the_last_message_words_are_searched_for(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport where is it?")
    told = len(operator(bot_harness).inbox)
    bot_harness.clock.pass_time(TALKS_FOR.total_seconds() + 1)
    await bot_harness.say("amazon")

    assert len(operator(bot_harness).inbox) == told
    assert read_by(bot_harness.lina)[-1].startswith("🔎")


async def test_a_time_from_a_wrong_clock_takes_no_words(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport where is it?")
    bot_harness.clock.moment -= timedelta(days=3)

    assert await talking_case(bot_harness.shop, LINA) is None


async def test_an_album_and_all_kinds_of_messages_go_on_in_the_case(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport the code is refused")
    await send_album(bot_harness.lina, "photo", "video", "photo", caption="look")
    await bot_harness.pump()

    assert [len(group) for group in groups_of(operator(bot_harness))] == [3]
    await bot_harness.lina.attach(PNG, "screen.png", photo=True)
    await bot_harness.pump()
    assert "photo" in operator(bot_harness).inbox[-1]
    await bot_harness.lina.attach(b"%PDF", "a.pdf", photo=False)
    await bot_harness.pump()
    assert "document" in operator(bot_harness).inbox[-1]


async def test_a_receipt_that_names_its_payment_goes_there(bot_harness: SupportHarness):
    await bot_harness.press(bot_harness.lina, "top:transfer:1000")
    await bot_harness.say("/paysupport I have paid")
    await send_album(bot_harness.lina, "photo", "photo", caption="hn1")
    await bot_harness.pump()

    assert "HN1" in read_by(bot_harness.lina)[-1]
    assert "accept:1" in str(operator(bot_harness).inbox[-1])
    await bot_harness.lina.attach(PNG, "screen.png", photo=True)
    await bot_harness.pump()
    assert "Support has your message" in read_by(bot_harness.lina)[-1]


async def test_a_top_up_begun_after_the_case_takes_the_receipt(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport how do I pay?")
    await bot_harness.press(bot_harness.lina, "top:transfer:1000")
    await bot_harness.lina.attach(PNG, "receipt.png", photo=True)
    await bot_harness.pump()

    assert "accept:1" in str(operator(bot_harness).inbox[-1])


async def test_the_conversation_survives_a_restart(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport where is it?")
    await bot_harness.application.shutdown()
    bot_harness._assemble()
    await bot_harness.application.initialize()
    await bot_harness.say("hello?")

    assert read_by(operator(bot_harness))[-1] == "hello?"


@pytest.mark.parametrize("bot_harness", LOCALES, indirect=True)
async def test_nothing_found_offers_to_send_the_words_to_support(bot_harness: SupportHarness):
    await bot_harness.say("zzz")
    nothing = bot_harness.lina.inbox[-1]
    data, read = button_of(nothing, "tell"), len(bot_harness.lina.inbox)
    for _ in range(5):
        await bot_harness.press(bot_harness.lina, data, nothing)

    told = read_by(operator(bot_harness))
    assert told.count("zzz") == 1
    assert len(bot_harness.lina.inbox) == read
    shown = bare(text_of(bot_harness.lina.inbox[-1])).splitlines()
    assert shown[0] == bot_harness.line("case-passed", number="K1")


async def test_only_the_last_typed_message_can_be_sent_to_support(bot_harness: SupportHarness):
    """Data can be forged, and other messages of the chat may hold codes."""
    await bot_harness.say("zzz")
    nothing, told = bot_harness.lina.inbox[-1], len(operator(bot_harness).inbox)
    await bot_harness.press(bot_harness.lina, f"tell:{nothing['message_id']}", nothing)

    assert len(operator(bot_harness).inbox) == told
    assert "/cancel" in read_by(bot_harness.lina)[-1], "it is asked for in words"
    await bot_harness.say("help")
    assert read_by(operator(bot_harness))[-1] == "help"


async def test_the_button_of_an_answer_leaves_the_answer_as_it_is(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport where is it?")
    await answer(bot_harness, "Which order?")
    reply, read = bot_harness.lina.inbox[-1], len(bot_harness.lina.inbox)
    for _ in range(5):
        await bot_harness.press(bot_harness.lina, "case", reply)

    assert "Which order?" in text_of(reply)
    assert len(bot_harness.lina.inbox) == read
    await bot_harness.say("/orders")
    await bot_harness.press(bot_harness.lina, "case", reply)
    await bot_harness.say("amazon")
    assert read_by(operator(bot_harness))[-1] == "amazon"


async def test_an_order_is_attached_to_its_case(bot_harness: SupportHarness):
    await bot_harness.customer(LINA)
    first = await bot_harness.buy(LINA)
    await bot_harness.buy(LINA)
    case = await open_case(bot_harness.shop, LINA, first.id)
    assert (await open_case(bot_harness.shop, LINA)).order_id == first.id
    with pytest.raises(NotFound):
        await open_case(bot_harness.shop, 6, first.id)
    await bot_harness.say("the code is refused")

    heading = read_by(operator(bot_harness))[-2]
    assert f"About order: ✅ #{first.id}" in heading or f"#{first.id}" in heading
    assert f"K{case.id}" in heading


async def test_attention_counts_who_waits_for_an_answer(bot_harness: SupportHarness):
    async def waiting() -> int:
        async with bot_harness.shop.store.reading() as tx:
            return await tx.cases.count_waiting()

    await open_case(bot_harness.shop, LINA)
    assert await waiting() == 0
    await bot_harness.say("where is it?")
    assert await waiting() == 1
    await answer(bot_harness, "Which order?")
    assert await waiting() == 0
    await bot_harness.say("the one of today")
    assert await waiting() == 1
    await bot_harness.press(operator(bot_harness), "settled:1")
    assert await waiting() == 0


async def test_two_operators_answer_at_once(bot_harness: SupportHarness):
    bot_harness.set_policy(admin_ids=frozenset({OPERATOR, SECOND}))
    await bot_harness.say("/start", operator(bot_harness, SECOND))
    await bot_harness.say("/paysupport where is it?")
    for who in (OPERATOR, SECOND):
        asked = operator(bot_harness, who).inbox[-1]
        await operator(bot_harness, who).say(f"answer of {who}", reply_to=asked)
    await bot_harness.pump()

    told = " ".join(read_by(bot_harness.lina))
    assert "answer of 900" in told
    assert "answer of 901" in told
    assert "answer of 901" in read_by(operator(bot_harness))
    assert "answer of 900" in read_by(operator(bot_harness, SECOND))
    await bot_harness.say("thank you")
    for who in (OPERATOR, SECOND):
        assert read_by(operator(bot_harness, who))[-1] == "thank you"


async def test_an_operator_who_blocked_the_bot_keeps_no_customer_waiting(
    bot_harness: SupportHarness,
):
    bot_harness.set_policy(admin_ids=frozenset({OPERATOR, SECOND}))
    await bot_harness.say("/start", operator(bot_harness, SECOND))
    bot_harness.world.close_chat(OPERATOR, BLOCKED)
    await bot_harness.say("/paysupport where is it?")
    await bot_harness.say("hello?")

    assert read_by(operator(bot_harness, SECOND))[-1] == "hello?"
    assert "Support has your message" in read_by(bot_harness.lina)[-1]


async def test_a_flood_in_an_open_case_is_limited(bot_harness: SupportHarness, monkeypatch):
    monkeypatch.setattr(support, "_MAX_MESSAGES", 3)
    await bot_harness.say("/paysupport one")
    for text in ("two", "three", "four", "five"):
        await bot_harness.say(text)

    assert "not passed on" in read_by(bot_harness.lina)[-1]
    assert read_by(operator(bot_harness))[-1] == "three"


async def test_too_many_messages_sent_by_the_button_are_refused(
    bot_harness: SupportHarness, monkeypatch
):
    monkeypatch.setattr(support, "_may_write", lambda *_: False)
    await bot_harness.say("zzz")
    nothing = bot_harness.lina.inbox[-1]
    await bot_harness.press(bot_harness.lina, button_of(nothing, "tell"), nothing)

    assert "not passed on" in read_by(bot_harness.lina)[-1]
    assert await rows(bot_harness, cases) == []


async def test_no_words_of_a_conversation_are_stored(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport my secret words")
    await answer(bot_harness, "secret answer")
    await bot_harness.say("secret reply")
    await bot_harness.press(operator(bot_harness), "settled:1")

    stored = str([row.data for row in await rows(bot_harness, outbox)])
    assert "secret" not in stored
    assert "secret" not in str(await rows(bot_harness, cases))
