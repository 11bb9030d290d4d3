"""Messages of codes as Telegram has them, against the Telegram simulator."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from httpx import ConnectError, ConnectTimeout, ReadError, ReadTimeout

from bot.domain.code_messages import CodeMessage
from bot.domain.news import Letter, Mark, News, NewsState, Totals
from bot.domain.records import CodeMessageKind, Customer, Locale, SentCodeMessage
from bot.domain.supplier import Card
from bot.errors import BadFile, SendFailure, SendLater, Undeliverable, Unreachable
from bot.sandbox.telegram.api import TelegramApi
from bot.sandbox.telegram.rules import ApiError, bad
from bot.sandbox.telegram.world import World, buttons
from handlers.bot import ShopBot
from handlers.rate_limiter import OutgoingRateLimiter
from handlers.request import TelegramRequest
from handlers.sender import TelegramSender
from tests.bot_harness import PNG, TOKEN, FaultyTransport
from tests.unit.samples import ORDER, PRODUCT

LINA = Customer(5, Locale.EN)
CODES = CodeMessage(0, 1, CodeMessageKind.DOCUMENT, 0, (Card(value="ABCD-EFGH-IJKL"),))


@pytest.fixture
async def world():
    world = World(TOKEN)
    world.person(5).chat  # noqa: B018 - they have met
    return world


@pytest.fixture
async def sender(world):
    faulty = {"transport": FaultyTransport(TelegramApi(world).app)}
    bot = ShopBot(
        TOKEN,
        base_url="http://telegram/bot",
        request=TelegramRequest(httpx_kwargs=faulty),
        rate_limiter=OutgoingRateLimiter(),
    )
    hours = timedelta(hours=1)
    async with bot:
        yield TelegramSender(
            bot,
            zone=ZoneInfo("UTC"),
            visible_for=hours,
            shown_again_for=hours,
            shown_once=False,
            protect_content=False,
        )


def content(world: World) -> bytes:
    """Of the newest file in her chat."""
    message = world.person(5).inbox[-1]
    return world.files[message["document"]["file_id"]].content


async def test_a_document_of_codes_that_nobody_recorded_is_masked_when_it_is_hidden(world, sender):
    message_id = await sender.send_codes(LINA, ORDER, CODES, again=False)
    assert b"ABCD-EFGH-IJKL" in content(world)

    unrecorded = SentCodeMessage(0, ORDER.id, 5, message_id, 0, 1, CodeMessageKind.TEXT, 0)
    await sender.mask_codes(LINA, ORDER, unrecorded, (), 0)

    assert b"ABCD-EFGH-IJKL" not in content(world)


LINK = "https://redeem/connection/o'neil?c=ABCD1234"
LINKS = CodeMessage(0, 1, CodeMessageKind.TEXT, 0, (Card(link=LINK),))
REFUSALS = (
    f"inline keyboard button URL '{LINK}' is invalid: Wrong HTTP URL",
    f'can\'t parse entities: Unsupported start tag "{LINK}" at byte offset 3',
    f"button_url_invalid {LINK}",
)


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_link_that_telegram_refuses_comes_in_a_file_and_stands_in_no_log(
    world, sender, caplog, refusal
):
    world.script("sendMessage", ApiError(400, f"Bad Request: {refusal}"))

    await sender.send_codes(LINA, ORDER, LINKS, again=False)

    assert LINK.encode() in content(world)
    assert "they go as a file" in caplog.text
    assert "ABCD1234" not in caplog.text


@pytest.mark.parametrize("text", [*REFUSALS, f"something new about {LINK}", "{} {} {}"])
@pytest.mark.parametrize("status", [400, 403, 500])
async def test_no_refusal_of_a_message_with_codes_says_what_telegram_says(
    world, sender, caplog, status, text
):
    """Not even outside quotes: only the row's own words are logged, or stored."""
    world.script("sendDocument", ApiError(status, text.replace("{}", LINK)))

    with pytest.raises(SendFailure) as failure:
        await sender.send_codes(LINA, ORDER, CODES, again=False)

    assert "ABCD1234" not in caplog.text + str(failure.value)
    refused = status == 400 and text in REFUSALS
    assert isinstance(failure.value, Undeliverable) == refused


@pytest.mark.parametrize(
    ("error", "arrived"),
    [
        (ConnectError("no way"), False),
        (ConnectTimeout("no way"), False),
        (ReadTimeout("silence"), True),
        (ReadError("cut off"), True),
    ],
)
@pytest.mark.parametrize("photo", ["", "file-1"])
async def test_a_news_waits_where_it_surely_did_not_arrive_and_is_lost_where_it_may_have(
    sender, monkeypatch, error, arrived, photo
):
    async def fail(*_args):
        raise error

    monkeypatch.setattr(FaultyTransport, "handle_async_request", fail)
    with pytest.raises(SendFailure) as failure:
        await sender.send_news(LINA, Letter("Half price", photo=photo), None)

    assert isinstance(failure.value, SendLater) is not arrived


async def test_a_photo_is_sent_by_its_id_with_its_caption_and_marks(world, sender):
    (stored,) = world.files.photo(PNG)
    letter = Letter("<b>Half</b> price", (Mark("bold", 0, 3),), stored["file_id"])

    await sender.send_news(LINA, letter, PRODUCT)

    sent = world.person(5).inbox[-1]
    assert sent["photo"][0]["file_unique_id"] == stored["file_unique_id"]
    assert sent["caption"] == "<b>Half</b> price"
    assert [(e["type"], e["offset"]) for e in sent["caption_entities"]] == [("bold", 0)]
    assert [b["callback_data"] for b in buttons(sent)] == [f"prod:{PRODUCT.id}", "news:0"]


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        ("wrong file identifier/HTTP URL specified", BadFile),
        ("wrong remote file identifier specified: Wrong string length", BadFile),
        ("type of file mismatch", BadFile),
        ("IMAGE_PROCESS_FAILED", BadFile),
        ("message caption is too long", Undeliverable),
        ("chat not found", Unreachable),
        ("Bad Gateway", SendFailure),
        ("something new", SendFailure),
    ],
)
async def test_only_a_final_word_about_the_photo_is_a_verdict_on_it(world, sender, refusal, error):
    (stored,) = world.files.photo(PNG)
    world.script("sendPhoto", bad(refusal))

    with pytest.raises(SendFailure) as failure:
        await sender.send_news(LINA, Letter("x", photo=stored["file_id"]), None)

    assert type(failure.value) is error


async def test_a_news_is_sent_with_its_marks_and_its_progress_is_edited(world, sender):
    letter = Letter("<b>Half</b> price", (Mark("bold", 0, 3),))
    await sender.send_news(LINA, letter, PRODUCT)

    (sent,) = [m for m in world.person(5).inbox if "text" in m]
    assert sent["text"] == "<b>Half</b> price"
    assert [(e["type"], e["offset"], e["length"]) for e in sent["entities"]] == [("bold", 0, 3)]

    news = News(1, NewsState.DONE, 5, message_id=sent["message_id"], totals=Totals(sent=3))
    await sender.update_news(LINA, replace(news, message_id=None), None)
    assert world.person(5).inbox[-1]["text"] == "<b>Half</b> price"
    await sender.update_news(LINA, news, None)
    assert "3 sent" in world.person(5).inbox[-1]["text"].replace("\u2068", "").replace("\u2069", "")


TEXT = CodeMessage(0, 1, CodeMessageKind.TEXT, 0, (Card(value="ABCD-EFGH-IJKL"),))
FIXED = bad("message can't be edited")


async def shown_text(world, sender, *refused: str) -> SentCodeMessage:
    """A message of codes that Telegram lets nobody change in these ways."""
    message_id = await sender.send_codes(LINA, ORDER, TEXT, again=False)
    for method in refused:
        world.script(
            method, FIXED if method.startswith("edit") else bad("message can't be deleted")
        )
    return SentCodeMessage(1, ORDER.id, 5, message_id, 0, 1, CodeMessageKind.TEXT, 0)


async def test_codes_in_a_message_that_telegram_does_not_edit_are_deleted(world, sender):
    message = await shown_text(world, sender, "editMessageText", "editMessageMedia")

    await sender.mask_codes(LINA, ORDER, message, ["••••"], 0)

    assert message.message_id not in world.person(5).chat.messages


async def test_codes_that_telegram_neither_edits_nor_deletes_are_not_hidden(world, sender):
    message = await shown_text(
        world, sender, "editMessageText", "editMessageMedia", "deleteMessage"
    )

    with pytest.raises(Undeliverable):
        await sender.mask_codes(LINA, ORDER, message, ["••••"], 0)

    assert "ABCD-EFGH-IJKL" in world.person(5).chat.messages[message.message_id]["text"]


@pytest.mark.parametrize("edited", ["message to edit not found", "message can't be edited"])
async def test_codes_in_a_message_that_is_gone_are_hidden(world, sender, edited):
    message = await shown_text(world, sender)
    del world.person(5).chat.messages[message.message_id]
    if edited == "message can't be edited":  # it goes between the two calls
        world.script("editMessageText", FIXED)
        world.script("editMessageMedia", FIXED)

    await sender.mask_codes(LINA, ORDER, message, ["••••"], 0)
