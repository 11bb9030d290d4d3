"""Asking an operator for the letters of a news: the question, an answer as text or photo, and what the bot says."""

import pytest

from bot.domain.jobs import Job
from bot.domain.records import Locale
from bot.sandbox.telegram.world import buttons
from bot.services.messaging.customers import choose_language
from locales import words
from tests.bot_harness import LINA, PNG, BotHarness, bare
from tests.harness import OPERATOR
from tests.integration.news_chat_steps import AMINE, press, say
from tests.integration.news_steps import news_of

CAPTION = "Moitié prix *ce* soir <b>seulement</b>"
MARKS = [
    {"type": "bold", "offset": 0, "length": 6},
    {"type": "text_link", "offset": 7, "length": 4, "url": "https://example.org/"},
    {"type": "text_link", "offset": 12, "length": 4, "url": "tg://user?id=1"},
]


async def begin(shop: BotHarness, locale: str = "en") -> None:
    """The operator, who reads this language, is asked for the English text."""
    await choose_language(shop.shop, OPERATOR, Locale(locale))
    await say(shop, "/news")
    await press(shop, "nnew")
    assert asked(shop) == "en"


def asked(shop: BotHarness) -> str:
    """The language that the newest screen asks for, by its button to skip it."""
    (skip,) = [data for data in data_of(shop) if data.startswith("nskip")]
    return skip.split(":")[2]


def data_of(shop: BotHarness) -> list[str]:
    return [b["callback_data"] for b in buttons(shop.person(OPERATOR).inbox[-1])]


def said(key: str, locale: str = "en", **values: str | int) -> str:
    """A line of a screen, as the simulator's people read it."""
    return bare(words(locale).plain(key, **values)).strip("\u200f\u200e")


async def send_photo(shop: BotHarness, caption: str = CAPTION, marks: list | None = None) -> str:
    """The photo in two sizes, as Telegram brings it; returns the id of the larger one."""
    operator = shop.person(OPERATOR)
    large = operator.world.files.photo(PNG)[0]
    small = {**large, "file_id": "small", "width": 1, "height": 1}
    body = {"from": operator.user, "photo": [small, large], "caption": caption}
    body["caption_entities"] = marks or []
    operator.world.push("message", operator.world.add_message(operator.chat, body))
    await shop.pump()
    return large["file_id"]


async def letters(shop: BotHarness) -> dict[str, str]:
    return {str(locale): one.text for locale, one in (await news_of(shop)).letters.items()}


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    for user_id, locale in ((LINA, "fr"), (AMINE, "ar")):
        await made.person(user_id, locale).say("/start")
    await made.pump()
    made.leave_out(*set(Job) - {Job.NEWS, Job.OUTBOX, Job.ALERTS})
    yield made
    await made.close()
