"""Calls that Telegram refuses or answers oddly: what is lost, doubled, told and logged."""

import asyncio
import contextlib
import json

import pytest

from bot.domain.records import CodeMessageKind, Customer, Locale, SentCodeMessage
from bot.errors import SendFailure
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.telegram.responses import Page
from bot.sandbox.telegram.world import buttons, spoilers
from handlers.menus import set_menus
from tests.bot_harness import LINA, PNG, BotHarness
from tests.harness import OPERATOR, books_agree

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
URL_REFUSED = (
    "Bad Request: inline keyboard button URL 'https://claim.example/SECRET-1' is invalid: Wrong"
)


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    made.offer()
    await made.refresh()
    await made.person(LINA).say("/start")
    await made.pump()
    await made.credit(LINA, 100_000)
    yield made
    await books_agree(made)
    await made.close()


def refused(method: str, said: str, *, times: int = 1) -> Fault:
    return Fault(FaultKind.STATUS, method, status=400, code=said, times=times)


def flood(seconds: int, method: str = "sendMessage", times: int = 1) -> Fault:
    return Fault(FaultKind.STATUS, method, status=429, retry_after=seconds, times=times)


def codes_of(shop: BotHarness) -> list[dict]:
    return [m for m in shop.person(LINA).inbox if spoilers(m) or "document" in m]


async def quarantined(shop: BotHarness) -> int:
    async with shop.store.reading() as tx:
        return await tx.inbox.count_quarantined()


async def test_codes_whose_answer_cannot_be_read_are_sent_once_and_hidden(shop: BotHarness):
    def odd(path: str, body: bytes) -> bytes:
        answer = json.loads(body)
        if not path.endswith("sendMessage") or not answer.get("ok"):
            return body
        return json.dumps({**answer, "result": {**answer["result"], "chat": 5}}).encode()

    await shop.press_to_buy(shop.person(LINA), 2)
    shop.telegram.rewrite = odd
    await shop.live(120)
    shop.telegram.rewrite = None

    assert len(codes_of(shop)) == 1
    await shop.live(25 * 3600, step=600)
    assert codes_of(shop) == []


async def test_codes_that_telegram_takes_in_no_message_go_as_a_file_and_are_hidden(
    shop: BotHarness, caplog
):
    await shop.press_to_buy(shop.person(LINA), 2)
    shop.telegram.faults.append(refused("sendMessage", URL_REFUSED, times=5))
    await shop.live(30)

    (sent,) = codes_of(shop)
    content = shop.world.files[sent["document"]["file_id"]].content.decode()
    assert len(content.split()) == 4  # two cards, each a code and its number
    assert "claim.example" not in caplog.text
    assert "SECRET" not in caplog.text.upper()
    await shop.live(25 * 3600, step=600)
    (masked,) = codes_of(shop)
    assert shop.world.files[masked["document"]["file_id"]].content.decode() != content


@pytest.mark.parametrize("said", ["Bad Request: Bad Gateway", NOT_MODIFIED])
async def test_a_file_is_deleted_only_where_it_can_be_edited_no_more(shop: BotHarness, said: str):
    await shop.press_to_buy(shop.person(LINA), 1)
    await shop.live(20)
    message = await shop.bot.send_document(LINA, b"SECRET", filename="x.txt", caption="codes")
    sent = SentCodeMessage(0, 1, LINA, message.message_id, 0, 1, CodeMessageKind.DOCUMENT, 0)
    shop.telegram.faults.append(refused("editMessageMedia", said))

    with contextlib.suppress(SendFailure):  # then it is edited later
        await shop.shop.sender.mask_codes(
            Customer(LINA, Locale.EN), await shop.order(1), sent, ["••••"], 0
        )

    assert message.message_id in shop.person(LINA).chat.messages


@pytest.mark.virtual_time
async def test_a_proxy_that_delivers_and_answers_in_its_own_words_brings_few_copies(
    shop: BotHarness,
):
    lina = shop.person(LINA)
    before = len(lina.inbox)
    shop.world.script("sendMessage", Page(502, b"<html>"), times=100, after=True)
    await lina.say("/help")
    handling = asyncio.create_task(shop.pump())

    await asyncio.sleep(4)
    handling.cancel()
    await asyncio.gather(handling, return_exceptions=True)

    assert len(lina.inbox) - before == 2
    assert await quarantined(shop) == 0


async def test_a_group_in_which_the_bot_may_not_write_costs_one_call(shop: BotHarness):
    said = "Bad Request: not enough rights to send text messages to the chat"
    shop.telegram.faults.append(refused("sendMessage", said, times=9))
    group = {"id": -100500, "type": "supergroup", "title": "G"}
    message = {"message_id": 9, "date": int(shop.world.now()), "chat": group, "text": "/start"}
    shop.world.push("message", {**message, "from": shop.person(LINA).user})

    await shop.pump()

    assert shop.telegram.struck == 1
    assert await quarantined(shop) == 0


async def test_a_receipt_that_was_asked_for_is_shown_in_its_thread(shop: BotHarness):
    operator = shop.person(OPERATOR)
    await shop.press(shop.person(LINA), "top:transfer:1000")
    await shop.person(LINA).attach(PNG, "receipt.png", photo=True)
    await shop.pump()
    await shop.live(5)
    before = len(operator.inbox)

    await operator.say("/payments HN1", thread=33)
    await shop.pump()

    shown = operator.inbox[before:]
    assert any("photo" in m for m in shown)
    assert {m.get("message_thread_id") for m in shown} == {33}


async def test_a_caption_that_could_not_be_edited_for_a_moment_is_edited(
    shop: BotHarness, monkeypatch
):
    monkeypatch.setattr("handlers.middleware.retries.UNSURE_WAITS_SECONDS", (0.01,))
    operator = shop.person(OPERATOR)
    await shop.press(shop.person(LINA), "top:transfer:1000")
    await shop.person(LINA).attach(PNG, "receipt.png", photo=True)
    await shop.pump()
    await shop.live(5)
    picture = [m for m in operator.inbox if "photo" in m][-1]
    accept = next(b["callback_data"] for b in buttons(picture) if "accept" in b["callback_data"])
    shop.telegram.faults.append(refused("editMessageCaption", "Bad Request: Bad Gateway"))
    before = len(operator.inbox)

    await shop.press(operator, accept, picture)

    assert len(operator.inbox) == before
    left = buttons(operator.chat.messages[picture["message_id"]])
    assert not any("accept" in b.get("callback_data", "") for b in left)


async def test_menus_are_set_after_the_wait_and_only_where_they_differ(shop: BotHarness):
    shop.telegram.faults.append(flood(1, "setMyCommands"))
    await set_menus(shop.bot, {})
    calls = len(shop.world.calls)

    await set_menus(shop.bot, {})

    assert {locale for _, locale in shop.world.commands} >= {"", "fr", "ar"}
    assert {name for _, name, _ in shop.world.calls[calls:]} == {
        "getMyCommands",
        "getMyDescription",
        "getMyShortDescription",
    }


@pytest.mark.virtual_time
@pytest.mark.parametrize("method", ["setMyCommands", "answerCallbackQuery"])
async def test_a_side_call_that_has_to_wait_holds_up_no_chat(shop: BotHarness, method: str):
    shop.telegram.faults.append(flood(6, method))
    began = asyncio.get_running_loop().time()

    await shop.press(shop.person(LINA), "lang:fr")

    assert asyncio.get_running_loop().time() - began < 3
    assert await quarantined(shop) == 0


async def test_a_payment_in_another_currency_leaves_a_word(shop: BotHarness, caplog):
    lina = shop.person(LINA)
    paid = {"currency": "DZD", "total_amount": 5, "invoice_payload": "x"}
    paid |= {"telegram_payment_charge_id": "c", "provider_payment_charge_id": ""}
    body = {"from": lina.user, "successful_payment": paid}
    shop.world.push("message", shop.world.add_message(lina.chat, body))

    await shop.pump()

    assert "currency" in caplog.text
