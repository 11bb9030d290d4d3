"""What no handler reads is answered in a conversation with support, and a checkout always is."""

import pytest

from bot.errors import StorageOutage
from bot.sandbox.telegram.world import text_of
from handlers.middleware import access
from locales import words
from tests.bot_harness import LINA, BotHarness, bare

CHECKLIST = {"checklist": {"title": "To do", "tasks": [{"id": 1, "text": "one"}]}}
NEWER = {"hologram": {"file_id": "x"}}  # a kind that the library does not know
SCREENSHOT: dict[str, object] = {}  # the server sends it without any content


async def send(shop: BotHarness, content: dict) -> list[str]:
    """What she reads after a message with this content."""
    lina = shop.person(LINA)
    before = len(lina.inbox)
    chat = {"id": LINA, "type": "private", "first_name": lina.name}
    message = {"message_id": 5000, "date": int(shop.world.now()), "chat": chat, **content}
    shop.world.push("message", {**message, "from": lina.user})
    await shop.pump()
    return [bare(text_of(told)) for told in lina.inbox[before:]]


def said(key: str) -> str:
    return bare(words("en").plain(key))


@pytest.mark.parametrize("asked", ["/paysupport", "/paysupport my code is refused"])
@pytest.mark.parametrize("content", [CHECKLIST, NEWER], ids=["checklist", "newer"])
async def test_content_that_cannot_be_copied_is_refused_in_a_conversation_with_support(
    chat_shop: BotHarness, asked: str, content
):
    await chat_shop.person(LINA).say("/start")
    await chat_shop.person(LINA).say(asked)
    await chat_shop.pump()

    assert await send(chat_shop, content) == [said("support-kind")]


@pytest.mark.parametrize(
    ("content", "told"),
    [(CHECKLIST, [said("unknown-message")]), (NEWER, []), (SCREENSHOT, [])],
    ids=["checklist", "newer", "screenshot"],
)
async def test_outside_of_one_only_what_is_surely_no_service_message_is_answered(
    chat_shop: BotHarness, content, told
):
    await chat_shop.person(LINA).say("/start")
    await chat_shop.pump()

    assert await send(chat_shop, content) == told


async def test_a_screenshot_in_a_conversation_with_support_is_no_message(chat_shop: BotHarness):
    await chat_shop.person(LINA).say("/start")
    await chat_shop.person(LINA).say("/paysupport")
    await chat_shop.pump()

    assert await send(chat_shop, SCREENSHOT) == []


async def test_a_checkout_is_answered_where_its_payer_cannot_be_read(
    stars_shop: BotHarness, monkeypatch
):
    lina = stars_shop.person(LINA)
    await stars_shop.press(lina, "top:stars:1000", lina.inbox[-1])
    bill = next(m for m in reversed(lina.inbox) if "invoice" in m)
    query = await stars_shop.world.stars.send_pre_checkout_query(lina, bill)

    async def fails(*_args):
        raise StorageOutage("away")

    monkeypatch.setattr(access, "ensure_customer", fails)
    await stars_shop.pump()

    assert (query.ok, bare(query.error)) == (False, said("refused-storage"))
