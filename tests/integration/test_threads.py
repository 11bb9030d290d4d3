"""A private chat may have threads: what is asked in one is answered there."""

from typing import Any

import pytest
from telegram.error import BadRequest

from bot.sandbox.telegram.rules import bad
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.messaging.inbox import tell_polling_stopped
from handlers.middleware.threads import Threads
from tests.bot_harness import VoucherBotHarness
from tests.harness import OPERATOR, books_agree
from tests.integration.albums import groups_of, send_album

THREAD: dict[str, Any] = {"message_thread_id": 33, "is_topic_message": True}


@pytest.fixture
async def bot_harness(sqlite_store):
    made = await VoucherBotHarness(sqlite_store, "en").open()
    made.offer()
    await made.say("/start")
    yield made
    await books_agree(made)
    await made.close()


async def say_in_thread(harness: VoucherBotHarness, text: str, **fields: Any) -> dict[str, Any]:
    """A text in Lina's thread; returns the newest message of the bot."""
    body: dict[str, Any] = {"from": harness.lina.user, "text": text, **THREAD, **fields}
    if text.startswith("/"):
        length = len(text.split(maxsplit=1)[0])
        body["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    harness.world.push("message", harness.world.add_message(harness.lina.chat, body))
    await harness.pump()
    return harness.lina.inbox[-1]


async def buy_in_thread(harness: VoucherBotHarness) -> None:
    """Every screen of the purchase is an edit of the first, which stands in the thread."""
    await harness.credit(harness.lina.id, 100_000)
    await say_in_thread(harness, "/start")
    for label in ("Shopping", "Amazon.com", "25 $", "1", harness.words.plain("button-buy")):
        await harness.press_label(label)


def threads(harness: VoucherBotHarness, newest: int) -> list[int | None]:
    """In which threads the bot's newest messages to Lina stand."""
    return [message.get("message_thread_id") for message in harness.lina.inbox[-newest:]]


async def test_an_answer_stays_in_its_thread(bot_harness: VoucherBotHarness):
    await say_in_thread(bot_harness, "/wallet")
    await say_in_thread(bot_harness, "nothing of that name")
    await bot_harness.say("/wallet")

    assert threads(bot_harness, 3) == [33, 33, None]


async def test_a_press_in_a_thread_is_answered_there(bot_harness: VoucherBotHarness):
    screen = await say_in_thread(bot_harness, "/wallet")
    await bot_harness.press(bot_harness.lina, "top:stars:1500", screen)  # sends an invoice, too

    invoice = bot_harness.lina.invoice
    assert invoice["message_thread_id"] == 33
    # An invoice has to stay, so a press below it is answered by a new message.
    await bot_harness.press(bot_harness.lina, "home", invoice)
    assert threads(bot_harness, 1) == [33]


async def test_an_error_is_told_in_its_thread(bot_harness: VoucherBotHarness):
    await say_in_thread(bot_harness, "/paysupport")
    bot_harness.bot_state.support_times.clear()
    for _ in range(21):
        last = await say_in_thread(bot_harness, "/paysupport hello")

    assert "many messages in a short time" in text_of(last)
    assert threads(bot_harness, 1) == [33]


async def test_an_answer_is_not_lost_with_its_thread(bot_harness: VoucherBotHarness):
    bot_harness.lina.chat.deleted_threads.add(33)
    told = await say_in_thread(bot_harness, "/wallet")

    assert any("topup" in b.get("callback_data", "") for b in buttons(told))
    assert threads(bot_harness, 1) == [None]


async def test_a_message_that_may_have_been_sent_is_not_sent_again_at_once(
    bot_harness: VoucherBotHarness,
):
    bot_harness.lina.chat.threads.add(33)
    bot_harness.threads.note(bot_harness.lina.id, 33)
    bot_harness.world.refusals.append(("sendMessage", bad("Bad Gateway")))
    send = bot_harness.bot.send_message

    with pytest.raises(BadRequest):
        await bot_harness.threads.send(bot_harness.lina.id, send, "hello")

    sent = await bot_harness.threads.send(bot_harness.lina.id, send, "hello")
    assert threads(bot_harness, 1) == [33]
    assert sent.message_id == bot_harness.lina.inbox[-1]["message_id"]


async def test_what_the_shop_refuses_anywhere_raises(bot_harness: VoucherBotHarness):
    bot_harness.lina.chat.threads.add(33)
    bot_harness.threads.note(bot_harness.lina.id, 33)
    bot_harness.world.refusals += [("sendMessage", bad("the text is odd"))] * 2
    send = bot_harness.bot.send_message

    with pytest.raises(BadRequest):
        await bot_harness.threads.send(bot_harness.lina.id, send, "hello")

    await bot_harness.threads.send(bot_harness.lina.id, send, "hello")
    assert threads(bot_harness, 1) == [33]  # it was not the thread that was refused


async def test_codes_go_to_the_thread_of_their_order(bot_harness: VoucherBotHarness):
    await buy_in_thread(bot_harness)
    await bot_harness.live(8)

    (delivery,) = bot_harness.delivered()
    assert delivery["message_thread_id"] == 33


async def test_codes_are_delivered_although_their_thread_is_gone(bot_harness: VoucherBotHarness):
    await buy_in_thread(bot_harness)
    bot_harness.lina.chat.deleted_threads.add(33)
    await bot_harness.live(8)

    (delivery,) = bot_harness.delivered()
    assert "message_thread_id" not in delivery


async def test_codes_go_where_their_customer_is_now(bot_harness: VoucherBotHarness):
    await buy_in_thread(bot_harness)
    await bot_harness.say("/orders")
    await bot_harness.live(8)

    (delivery,) = bot_harness.delivered()
    assert "message_thread_id" not in delivery


async def test_the_threads_that_are_remembered_are_bounded(monkeypatch):
    monkeypatch.setattr("handlers.middleware.threads._MAX_REMEMBERED", 2)
    threads_of = Threads()
    for chat_id in range(4):
        threads_of.note(chat_id, 33)

    assert list(threads_of._threads) == [2, 3]


async def test_operators_get_what_was_asked_in_a_thread_in_their_own_chat(
    bot_harness: VoucherBotHarness,
):
    await say_in_thread(bot_harness, "/paysupport Where is it?")
    await bot_harness.live(2)
    operator = bot_harness.person(OPERATOR)

    assert "Where is it?" in text_of(operator.inbox[-1])
    assert "message_thread_id" not in operator.inbox[-1]
    assert threads(bot_harness, 1) == [33]


async def test_an_operators_album_in_a_thread_is_confirmed_there(bot_harness: VoucherBotHarness):
    await bot_harness.say("/paysupport Where is it?")
    await bot_harness.live(2)
    operator = bot_harness.person(OPERATOR)
    await send_album(operator, "photo", "photo", reply_to_message=operator.inbox[-1], **THREAD)
    await bot_harness.pump()

    assert len(groups_of(bot_harness.lina)) == 1
    assert operator.inbox[-1]["message_thread_id"] == 33


async def test_a_thread_in_a_group_is_not_answered(bot_harness: VoucherBotHarness):
    group = bot_harness.world.chat(-77)
    group.type = "supergroup"
    body = {"from": bot_harness.lina.user, "text": "hello", **THREAD}
    bot_harness.world.push("message", bot_harness.world.add_message(group, body))
    await bot_harness.pump()

    assert [m["from"]["id"] for m in group.messages.values()] == [bot_harness.lina.id]
    sent = await bot_harness.threads.send(-77, bot_harness.bot.send_message, "to the group")
    assert "message_thread_id" not in group.messages[sent.message_id]


async def test_an_answer_of_support_goes_to_the_thread_of_the_question(
    bot_harness: VoucherBotHarness,
):
    await say_in_thread(bot_harness, "/paysupport Where is it?")
    await bot_harness.live(2)
    operator = bot_harness.person(OPERATOR)
    await operator.say("Which order?", reply_to=operator.inbox[-1])
    await bot_harness.pump()

    assert "Which order?" in text_of(bot_harness.lina.inbox[-1])
    assert threads(bot_harness, 1) == [33]


async def test_alerts_and_receipts_go_to_no_thread_of_an_operator(bot_harness: VoucherBotHarness):
    operator = bot_harness.person(OPERATOR)
    bot_harness.threads.note(OPERATOR, 33)
    await bot_harness.press(bot_harness.lina, "top:transfer:1000")
    await send_album(bot_harness.lina, "photo", "photo")
    await bot_harness.pump()
    await bot_harness.live(2)
    await tell_polling_stopped(bot_harness.shop, 60)
    await bot_harness.live(2)

    assert len(groups_of(operator)) == 1
    assert [m for m in operator.inbox if "message_thread_id" in m] == []
    assert "Telegram" in text_of(operator.inbox[-1])


async def test_a_press_on_a_message_that_is_gone_is_answered_outside(
    bot_harness: VoucherBotHarness,
):
    body = {
        "id": "1",
        "from": bot_harness.lina.user,
        "chat_instance": "1",
        "data": "home",
        "message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "date": 0},
    }
    before = len(bot_harness.lina.inbox)
    bot_harness.world.push("callback_query", body)
    await bot_harness.pump()

    assert len(bot_harness.lina.inbox) == before + 1
    assert threads(bot_harness, 1) == [None]
