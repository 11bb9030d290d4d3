"""Typed replies: of a customer to an answer of support, and of an operator to any message of a case."""

from typing import Any

import pytest

from bot.sandbox.telegram.world import Person, text_of
from bot.services.messaging.support import close_case
from locales import LOCALES
from tests.bot_harness import SupportHarness, bare
from tests.harness import OPERATOR, books_agree
from tests.integration.albums import groups_of, send_album

LONG = "x " * 2000  # as long as a message may be
FILE = {"file_id": "v", "file_unique_id": "v", "duration": 1, "width": 1, "height": 1}
KINDS = {
    "voice": FILE,
    "video": FILE,
    "video_note": FILE | {"length": 1},
    "audio": FILE,
    "sticker": FILE | {"type": "regular", "is_animated": False, "is_video": False},
    "animation": FILE,
    "location": {"latitude": 36.7, "longitude": 3.1},
    "contact": {"phone_number": "1", "first_name": "x"},
}


@pytest.fixture
async def bot_harness(sqlite_store, request):
    made = await SupportHarness(sqlite_store, getattr(request, "param", "en")).open()
    made.offer()
    await made.say("/start")
    yield made
    await books_agree(made)
    await made.close()


def operator(harness: SupportHarness) -> Person:
    return harness.person(OPERATOR)


async def reply(
    harness: SupportHarness, who: Person, text: str | None, to: dict[str, Any], **fields: Any
) -> None:
    """A reply; `fields` are added to the message, or removed by None."""
    quoted = {name: to[name] for name in ("message_id", "date", "chat") if name in to}
    body = {"from": who.user, "text": text, "reply_to_message": quoted, **fields}
    body = {name: value for name, value in body.items() if value is not None}
    harness.world.push("message", harness.world.add_message(who.chat, body))
    await harness.pump()


async def ask_and_answer(harness: SupportHarness) -> dict[str, Any]:
    """A case with one question and one answer; returns the answer in Lina's chat."""
    await harness.say("/paysupport Where is it?")
    await reply(harness, operator(harness), "Which order?", operator(harness).inbox[-1])
    return harness.lina.inbox[-1]


@pytest.mark.parametrize("bot_harness", LOCALES, indirect=True)
async def test_a_customers_reply_to_an_answer_is_the_next_message_of_the_case(
    bot_harness: SupportHarness,
):
    answer = await ask_and_answer(bot_harness)

    await reply(bot_harness, bot_harness.lina, "the one of today", answer)

    heading, told = (text_of(message) for message in operator(bot_harness).inbox[-2:])
    assert ("K1" in heading, told) == (True, "the one of today")
    last = bare(text_of(bot_harness.lina.inbox[-1])).splitlines()
    assert last[0] == bot_harness.line("case-passed", number="K1")


async def test_a_customers_album_as_a_reply_reaches_the_case(bot_harness: SupportHarness):
    answer = await ask_and_answer(bot_harness)
    quoted = {name: answer[name] for name in ("message_id", "date", "chat")}

    await send_album(bot_harness.lina, "photo", "photo", reply_to_message=quoted)
    await bot_harness.pump()

    assert [len(group) for group in groups_of(operator(bot_harness))] == [2]


async def test_a_reply_to_the_confirmation_reaches_the_case(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport Where is it?")

    await reply(bot_harness, bot_harness.lina, "order 7", bot_harness.lina.inbox[-1])

    assert "order 7" in text_of(operator(bot_harness).inbox[-1])


async def test_a_reply_after_the_case_was_closed_opens_it_again(bot_harness: SupportHarness):
    answer = await ask_and_answer(bot_harness)
    assert await close_case(bot_harness.shop, key="k", operator_id=OPERATOR, case_id=1)

    await reply(bot_harness, bot_harness.lina, "not yet", answer)

    assert "K1" in text_of(operator(bot_harness).inbox[-2])
    assert "not yet" in text_of(operator(bot_harness).inbox[-1])
    assert await close_case(bot_harness.shop, key="k2", operator_id=OPERATOR, case_id=1)


async def test_a_reply_to_another_message_is_searched_for(bot_harness: SupportHarness):
    await ask_and_answer(bot_harness)
    await bot_harness.say("/shop")
    told = len(operator(bot_harness).inbox)

    await reply(bot_harness, bot_harness.lina, "amazon", bot_harness.lina.inbox[-1])

    assert len(operator(bot_harness).inbox) == told
    assert "Amazon" in str(bot_harness.lina.inbox[-1])


async def test_a_command_as_a_reply_is_a_command(bot_harness: SupportHarness):
    answer = await ask_and_answer(bot_harness)
    told = len(operator(bot_harness).inbox)
    entities = [{"type": "bot_command", "offset": 0, "length": 7}]

    await reply(bot_harness, bot_harness.lina, "/wallet", answer, entities=entities)

    assert len(operator(bot_harness).inbox) == told
    assert "topup" in str(bot_harness.lina.inbox[-1])


@pytest.mark.parametrize("which", [-2, -1])
async def test_an_operators_reply_to_any_part_of_a_long_question_reaches_the_customer(
    bot_harness: SupportHarness, which
):
    await bot_harness.say(f"/paysupport {LONG}")

    await reply(bot_harness, operator(bot_harness), "seen", operator(bot_harness).inbox[which])

    assert "seen" in text_of(bot_harness.lina.inbox[-1])


@pytest.mark.parametrize("which", [-3, -2, -1])
async def test_an_operators_reply_to_any_part_of_an_album_reaches_the_customer(
    bot_harness: SupportHarness, which
):
    await bot_harness.say("/paysupport")
    await send_album(bot_harness.lina, "photo", "photo")
    await bot_harness.pump()

    await reply(bot_harness, operator(bot_harness), "seen", operator(bot_harness).inbox[which])

    assert "seen" in text_of(bot_harness.lina.inbox[-1])


async def test_an_operator_may_reply_to_the_confirmation_of_an_answer(
    bot_harness: SupportHarness,
):
    await ask_and_answer(bot_harness)

    await reply(bot_harness, operator(bot_harness), "and when?", operator(bot_harness).inbox[-1])

    assert "and when?" in text_of(bot_harness.lina.inbox[-1])


async def test_who_is_no_operator_any_more_reaches_no_customer(bot_harness: SupportHarness):
    await bot_harness.say("/paysupport Where is it?")
    asked = operator(bot_harness).inbox[-1]
    bot_harness.set_policy(admin_ids=frozenset({901}))
    read = len(bot_harness.lina.inbox)

    await reply(bot_harness, operator(bot_harness), "amazon", asked)

    assert len(bot_harness.lina.inbox) == read
    assert "Amazon" in str(operator(bot_harness).inbox[-1])


@pytest.mark.parametrize("bot_harness", LOCALES, indirect=True)
async def test_a_kind_that_telegram_does_not_copy_is_refused_to_both(
    bot_harness: SupportHarness,
):
    answer = await ask_and_answer(bot_harness)
    asked, told = operator(bot_harness).inbox[-2], len(operator(bot_harness).inbox)
    dice = {"emoji": "🎲", "value": 3}

    await reply(bot_harness, bot_harness.lina, None, answer, dice=dice)
    assert bare(text_of(bot_harness.lina.inbox[-1])) == bot_harness.line("support-kind")
    assert len(operator(bot_harness).inbox) == told
    read = len(bot_harness.lina.inbox)
    await reply(bot_harness, operator(bot_harness), None, asked, dice=dice)

    assert text_of(operator(bot_harness).inbox[-1]).startswith("Support cannot receive")
    assert len(bot_harness.lina.inbox) == read


@pytest.mark.parametrize(
    "field",
    ["voice", "video", "video_note", "audio", "sticker", "animation", "location", "contact"],
)
async def test_whatever_telegram_copies_goes_both_ways(bot_harness: SupportHarness, field):
    answer = await ask_and_answer(bot_harness)
    asked = operator(bot_harness).inbox[-2]
    content = {field: KINDS[field]}

    await reply(bot_harness, bot_harness.lina, None, answer, **content)
    assert field in operator(bot_harness).inbox[-1]
    await reply(bot_harness, operator(bot_harness), None, asked, **content)

    assert "conversation K1" in text_of(bot_harness.lina.inbox[-2])
    assert field in bot_harness.lina.inbox[-1]


@pytest.mark.parametrize(
    "fields",
    [
        {"reply_to_message": None},
        {"reply_to_message": {"message_id": 999, "date": 0, "chat": {"id": 5, "type": "private"}}},
        {
            "reply_to_message": None,
            "external_reply": {
                "origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"},
                "message_id": 2,
            },
            "quote": {"text": "x", "position": 0},
        },
        {
            "reply_to_message": None,
            "reply_to_story": {"id": 1, "chat": {"id": 5, "type": "private"}},
        },
    ],
    ids=["deleted", "inaccessible", "external", "story"],
)
async def test_a_reply_to_something_unreachable_is_an_ordinary_message(
    bot_harness: SupportHarness, fields
):
    answer = await ask_and_answer(bot_harness)
    await bot_harness.say("/shop")
    told = len(operator(bot_harness).inbox)

    await reply(bot_harness, bot_harness.lina, "amazon", answer, **fields)
    await reply(bot_harness, operator(bot_harness), "amazon", answer, **fields)

    assert "Amazon" in str(bot_harness.lina.inbox[-1])
    assert "Amazon" in str(operator(bot_harness).inbox[-1])
    assert len(operator(bot_harness).inbox) == told + 1


async def test_an_inaccessible_answer_is_still_an_answer(bot_harness: SupportHarness):
    answer = await ask_and_answer(bot_harness)

    await reply(bot_harness, bot_harness.lina, "order 7", answer | {"date": 0})

    assert "order 7" in text_of(operator(bot_harness).inbox[-1])


async def test_an_edited_message_is_not_answered_twice(bot_harness: SupportHarness):
    answer = await ask_and_answer(bot_harness)
    await reply(bot_harness, bot_harness.lina, "order 7", answer)
    edited = [m for m in bot_harness.lina.chat.messages.values() if m.get("text") == "order 7"]
    album = await send_album(bot_harness.lina, "photo", "photo")
    await bot_harness.pump()
    read, told = len(bot_harness.lina.inbox), len(operator(bot_harness).inbox)

    for message in (*edited, *album):
        bot_harness.world.push("edited_message", message | {"edit_date": message["date"] + 1})
    await bot_harness.pump()

    assert (len(bot_harness.lina.inbox), len(operator(bot_harness).inbox)) == (read, told)
