"""Support cases: what a customer writes reaches every operator by itself, and waits for nobody."""

import asyncio

import pytest

from bot.domain.outbox import OutboxKind
from bot.domain.schedule import SENDS_BEFORE_ALERT
from bot.errors import SendFailure, Undeliverable
from bot.refusals import required
from bot.sandbox.telegram.rules import ApiError, bad, too_many
from bot.sandbox.telegram.scripts import BLOCKED
from bot.sandbox.telegram.world import text_of
from bot.services.messaging.support import (
    case_of,
    close_case,
    has_message,
    note_message,
    take_question,
    tell_answered,
)
from storage.tables import cases, inbox, outbox
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR, ShopHarness
from tests.integration.albums import groups_of, send_album
from tests.integration.readings import rows

SECOND = 901
QUESTION = "my code is broken"
UNLISTED = ApiError(403, "Forbidden: something new")


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    made.set_policy(admin_ids=frozenset({OPERATOR, SECOND}))
    made.offer()
    for who in (SECOND, LINA):
        await made.person(who).say("/start")
    await made.pump()
    yield made
    await made.close()


def read_by(shop: BotHarness, who: int) -> list[str]:
    return [text_of(message) for message in shop.person(who).inbox]


def open_chat(shop: BotHarness, who: int) -> None:
    """Telegram takes messages for this chat again, and so does the limiter."""
    shop.world.closed.pop(who, None)
    shop.open_all_chats()


async def nothing_waits(shop: BotHarness) -> None:
    await shop.inbox.flush()
    assert [row.update_id for row in await rows(shop, inbox) if row.handled_at is None] == []


async def test_a_case_is_open_until_an_operator_closes_it(paying_harness: ShopHarness):
    shop = paying_harness.shop
    await paying_harness.customer(1)
    case, _ = await take_question(shop, 1, [10])
    await paying_harness.buy(1)
    again, _ = await take_question(shop, 1, [11])
    assert again.id == case.id
    await note_message(shop, case, OPERATOR, 1000, [55])
    # The same update, worked on again.
    await note_message(shop, case, OPERATOR, 1000, [56])
    assert await has_message(shop, OPERATOR, 1000)
    assert not await has_message(shop, SECOND, 1000)
    assert required(await case_of(shop, OPERATOR, 55)).user_id == 1
    assert await case_of(shop, OPERATOR, 56) is None
    assert await case_of(shop, SECOND, 55) is None
    assert await close_case(shop, key="k", operator_id=OPERATOR, case_id=case.id)
    assert not await close_case(shop, key="k2", operator_id=OPERATOR, case_id=case.id)
    assert (await take_question(shop, 1, [12]))[0].id != case.id


async def test_a_question_that_is_taken_twice_is_sent_once(harness: ShopHarness):
    await harness.customer(1)

    for _ in range(2):
        await take_question(harness.shop, 1, [12, 11])
    await harness.run(5)

    sent = [(s.kind, s.data) for s in harness.sender.sent if s.kind in ("case", "copies")]
    assert sent == [
        ("case", {"case": "1", "answered_by": ""}),
        ("copies", {"from": "1", "messages": "11 12"}),
    ]


async def test_an_operator_sees_whose_case_it_is_and_their_newest_order(
    paying_harness: ShopHarness,
):
    await paying_harness.customer(1)
    order = await paying_harness.buy(1)

    await take_question(paying_harness.shop, 1, [11])
    await paying_harness.run(5)

    (heading,) = [s for s in paying_harness.sender.sent if s.kind == "case"]
    assert required(heading.order).id == order.id


async def test_the_outbox_holds_no_words_of_a_case(shop: BotHarness):
    await shop.person(LINA).say(f"/paysupport {QUESTION}")
    await shop.pump()
    await shop.live(2)

    stored = [row.data for row in await rows(shop, outbox) if row.kind.startswith("case")]
    assert len(stored) == 4
    assert not any("broken" in data for data in stored)
    assert all(read_by(shop, who)[-1].endswith(QUESTION) for who in (OPERATOR, SECOND))


async def test_who_is_no_operator_any_more_gets_no_message_of_a_customer(harness: ShopHarness):
    await harness.customer(1)
    await take_question(harness.shop, 1, [11])
    harness.set_policy(admin_ids=frozenset({SECOND}))

    await harness.run(5)

    assert [s for s in harness.sender.sent if s.kind in ("case", "copies")] == []


async def test_no_operator_who_can_be_reached_is_said_and_the_question_waits_for_one(
    shop: BotHarness,
):
    shop.set_policy(admin_ids=frozenset({902}))  # they have never written to the bot

    await shop.person(LINA).say(f"/paysupport {QUESTION}")
    await shop.pump()
    await shop.live(2)
    assert "pass your message on as soon as" in read_by(shop, LINA)[-1]
    await shop.person(902).say("/start")
    await shop.pump()
    await shop.live(2)

    assert read_by(shop, 902)[-1].endswith(QUESTION)


@pytest.mark.parametrize(
    "refusal",
    [
        UNLISTED,
        bad("something new"),
        BLOCKED,
        ApiError(500, "Internal Server Error"),
        too_many(300),
    ],
    ids=lambda error: f"{error.code}",
)
async def test_an_operator_whose_chat_is_refused_cuts_off_nobody(shop: BotHarness, refusal):
    """The first operator's unlisted error ended the walk over all; the customer read an error."""
    shop.world.close_chat(OPERATOR, refusal)
    before = len(shop.person(LINA).inbox)

    await shop.person(LINA).say(f"/paysupport {QUESTION}")
    await shop.pump()
    await shop.live(2)

    assert [text[:21] for text in read_by(shop, LINA)[before:]] == ["✓ Support has your me"]
    assert read_by(shop, SECOND)[-1].endswith(QUESTION)
    await nothing_waits(shop)
    open_chat(shop, OPERATOR)
    await shop.person(OPERATOR).say("/start")  # as one who had blocked the bot
    await shop.live(400)

    assert sum(text.endswith(QUESTION) for text in read_by(shop, OPERATOR)) == 1
    assert sum(text.endswith(QUESTION) for text in read_by(shop, SECOND)) == 1


async def test_an_operator_who_is_refused_again_and_again_stands_before_the_others(
    shop: BotHarness,
):
    shop.world.close_chat(OPERATOR, UNLISTED)

    await shop.person(LINA).say(f"/paysupport {QUESTION}")
    await shop.pump()
    await shop.live(2000, step=10)

    told = [text for text in read_by(shop, SECOND) if str(OPERATOR) in text]
    assert len(told) == 1
    refused = [
        name
        for _, name, values in shop.world.calls
        if values.get("chat_id") == OPERATOR and name == "copyMessage"
    ]
    assert SENDS_BEFORE_ALERT - 2 < len(refused) < SENDS_BEFORE_ALERT + 4


@pytest.mark.virtual_time
@pytest.mark.parametrize("wait", [6, 61, 3600])
async def test_a_customer_does_not_wait_for_an_operators_chat(shop: BotHarness, wait: int):
    shop.world.close_chat(OPERATOR, too_many(wait))
    shop.world.close_chat(SECOND, too_many(wait))
    lina = shop.person(LINA)
    await lina.say(f"/paysupport {QUESTION}")
    await lina.forge("wallet:0", lina.inbox[-1])
    began = asyncio.get_running_loop().time()

    await shop.pump()
    await shop.live(2)

    assert asyncio.get_running_loop().time() - began < 3
    assert any("Support has your message" in text for text in read_by(shop, LINA))
    assert "👛" in str(lina.chat.messages)
    await nothing_waits(shop)


async def test_a_question_that_waits_is_not_routed_again(shop: BotHarness):
    """A press in between led out of the question, and its text was searched in the catalogue."""
    shop.world.close_chat(OPERATOR, too_many(61))
    shop.world.close_chat(SECOND, too_many(61))
    lina = shop.person(LINA)
    await shop.press(lina, "case")
    await lina.say(QUESTION)
    await shop.pump()
    await shop.live(2)
    await shop.press(lina, "home")
    before = len(lina.inbox)
    for who in (OPERATOR, SECOND):
        open_chat(shop, who)

    await shop.live(120)

    for who in (OPERATOR, SECOND):
        assert [text for text in read_by(shop, who) if "broken" in text] == [QUESTION]
    assert len(lina.inbox) == before
    assert len(await rows(shop, cases)) == 1


@pytest.mark.parametrize("method", ["sendMessage", "copyMessages"])
async def test_an_album_that_waits_arrives_whole_and_once(shop: BotHarness, method: str):
    await shop.press(shop.person(LINA), "case")
    await send_album(shop.person(LINA), "photo", "photo", "photo", caption="three pictures")
    await shop.pump()
    shop.world.script(method, too_many(2), times=2)
    await shop.live(2)
    open_chat(shop, OPERATOR)
    await shop.live(10)

    for who in (OPERATOR, SECOND):
        assert [len(group) for group in groups_of(shop.person(who))] == [3]
        assert sum("Case K1" in text for text in read_by(shop, who)) == 1
    await nothing_waits(shop)


@pytest.mark.parametrize("kinds", [(), ("photo", "photo")], ids=["text", "album"])
async def test_a_question_that_its_writer_deleted_is_told(shop: BotHarness, kinds):
    lina = shop.person(LINA)
    await shop.press(lina, "case")
    await (send_album(lina, *kinds) if kinds else lina.say(QUESTION))
    await shop.pump()
    mine = [n for n, m in lina.chat.messages.items() if m["from"]["id"] == LINA]
    for number in mine:
        del lina.chat.messages[number]

    await shop.live(2)

    assert "deleted" in read_by(shop, SECOND)[-1]
    await shop.person(SECOND).say("Again, please", reply_to=shop.person(SECOND).inbox[-1])
    await shop.pump()
    assert "Again, please" in read_by(shop, LINA)[-1]


async def test_copies_whose_answer_cannot_be_read_are_not_made_again(shop: BotHarness):
    await shop.person(LINA).say(f"/paysupport {QUESTION}")
    await shop.pump()
    shop.telegram.rewrite = lambda path, body: (
        b'{"ok": true, "result": {}}' if path.endswith("copyMessage") else body
    )

    await shop.live(30)

    assert sum(text.endswith(QUESTION) for text in read_by(shop, SECOND)) == 1


async def test_the_other_operators_read_an_answer_and_may_answer_to_it(shop: BotHarness):
    await shop.person(LINA).say(f"/paysupport {QUESTION}")
    await shop.pump()
    await shop.live(2)
    shop.world.close_chat(SECOND, UNLISTED)
    operator = shop.person(OPERATOR)
    await operator.say("Which order?", reply_to=operator.inbox[-1])
    await shop.pump()
    await shop.live(2)
    assert "Which order?" in read_by(shop, LINA)[-1]
    assert "Sent to" in read_by(shop, OPERATOR)[-1]
    open_chat(shop, SECOND)
    await shop.live(30)

    assert read_by(shop, SECOND)[-2:] == ["💬 900 answered case K1:", "Which order?"]
    second = shop.person(SECOND)
    await second.say("It is order 7", reply_to=second.inbox[-1])
    await shop.pump()
    assert "It is order 7" in read_by(shop, LINA)[-1]


@pytest.mark.virtual_time
async def test_an_operator_does_not_wait_for_a_customers_chat(shop: BotHarness):
    await shop.person(LINA).say(f"/paysupport {QUESTION}")
    await shop.pump()
    await shop.live(2)
    shop.world.close_chat(LINA, too_many(20))
    operator = shop.person(OPERATOR)
    await operator.say("Which order?", reply_to=operator.inbox[-1])
    await operator.say("/stats")
    began = asyncio.get_running_loop().time()

    await shop.pump()

    assert asyncio.get_running_loop().time() - began < 3
    assert len(shop.retries._postponed) == 1
    shop.retries.close()


async def test_an_answer_is_told_once_although_its_update_comes_again(harness: ShopHarness):
    await harness.customer(1)
    await harness.customer(SECOND)
    harness.set_policy(admin_ids=frozenset({OPERATOR, SECOND}))
    case, _ = await take_question(harness.shop, 1, [10])

    for _ in range(2):
        await tell_answered(harness.shop, case, OPERATOR, [20])
    await harness.run(5)

    told = [s for s in harness.sender.sent if s.data.get("answered_by")]
    assert [(s.user_id, s.data["answered_by"]) for s in told] == [(SECOND, str(OPERATOR))]


@pytest.mark.parametrize("trouble", [SendFailure(), Undeliverable("x"), KeyError("x")], ids=repr)
async def test_a_heading_that_fails_does_not_keep_the_words_back_for_ever(
    harness: ShopHarness, trouble
):
    await harness.customer(1)
    await take_question(harness.shop, 1, [11])
    harness.sender.failures = [trouble]

    await harness.run(60)

    assert "copies" in [s.kind for s in harness.sender.sent]
    kinds = {row.kind for row in await rows(harness, outbox) if row.state == "pending"}
    assert not kinds & {OutboxKind.CASE, OutboxKind.CASE_WORDS}
