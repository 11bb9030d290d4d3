"""What operators send as a news in the chat, and the buttons of earlier steps."""

import pytest

from bot.domain.jobs import Job
from bot.domain.news import NO_LETTER
from bot.domain.records import Locale
from bot.sandbox.telegram.world import buttons
from bot.services.messaging.customers import choose_language
from locales import words
from tests.bot_harness import LINA, BotHarness, bare
from tests.harness import OPERATOR
from tests.integration.news_steps import news_of
from tests.integration.test_news_in_chat import AMINE, press, say


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    for user_id, locale in ((LINA, "fr"), (AMINE, "ar")):
        await made.person(user_id, locale).say("/start")
    await made.pump()
    made.leave_out(*set(Job) - {Job.NEWS, Job.OUTBOX, Job.ALERTS})
    yield made
    await made.close()


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


async def letters(shop: BotHarness) -> dict[str, str]:
    return {str(locale): one.text for locale, one in (await news_of(shop)).letters.items()}


def skips(shop: BotHarness) -> list[tuple[str, dict]]:
    """The buttons to skip a language, with their messages, the oldest first."""
    return [
        (b["callback_data"], m)
        for m in shop.person(OPERATOR).inbox
        for b in buttons(m)
        if b["callback_data"].startswith("nskip")
    ]


async def toast(shop: BotHarness, data: str, message: dict) -> str:
    query = await shop.person(OPERATOR).forge(data, message)
    await shop.pump()
    return (query.answer or {}).get("text", "")


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("old", [False, True])
async def test_the_skip_of_an_earlier_step_changes_nothing(shop: BotHarness, locale, old):
    """`old`: a button of an earlier version, which does not say what was written."""
    await begin(shop, locale)
    await say(shop, "Half price")
    await say(shop, "Moitié prix")
    before = await news_of(shop)
    screens = len(shop.person(OPERATOR).inbox)
    for data, message in skips(shop)[:2]:
        pressed = data.rpartition(":")[0] if old else data
        assert bare(await toast(shop, pressed, message)) == said("toast-news-old-skip", locale)

    assert await news_of(shop) == before
    assert len(shop.person(OPERATOR).inbox) == screens
    await say(shop, "نصف السعر")
    assert list(await letters(shop)) == ["en", "fr", "ar"], "the question stayed open"
    for data, message in skips(shop):
        await toast(shop, data.rpartition(":")[0] if old else data, message)
    assert list(await letters(shop)) == ["en", "fr", "ar"]


async def test_the_skip_of_a_language_that_was_skipped_leads_back_to_no_earlier_question(
    shop: BotHarness,
):
    await begin(shop)
    ((data, message),) = skips(shop)
    await toast(shop, data, message)
    await say(shop, "Moitié prix")
    assert asked(shop) == "ar"

    assert "earlier step" in await toast(shop, data, message)

    assert asked(shop) == "ar"
    await say(shop, "نصف السعر")
    assert await letters(shop) == {"fr": "Moitié prix", "ar": "نصف السعر"}


async def test_two_taps_on_skip_skip_one_language(shop: BotHarness):
    await begin(shop)
    ((data, message),) = skips(shop)
    await shop.person(OPERATOR).forge(data, message)
    await shop.person(OPERATOR).forge(data, message)
    await shop.pump()

    assert asked(shop) == "fr"
    await say(shop, "Moitié prix")
    assert await letters(shop) == {"fr": "Moitié prix"}


async def test_the_skip_of_a_question_takes_away_what_it_was_asked_over_and_nothing_newer(
    shop: BotHarness,
):
    await begin(shop)
    await say(shop, "Half price")
    await press(shop, "nskip:.*:fr")
    await press(shop, "nskip:.*:ar")
    await press(shop, "ntext:1:en")
    (first, message) = skips(shop)[-1]
    assert not first.endswith(f":{NO_LETTER}")
    await say(shop, "A third of the price")
    await toast(shop, first, message)
    assert await letters(shop) == {"en": "A third of the price"}

    await press(shop, "ntext:1:en")
    await press(shop, "nskip:.*:en")

    assert await letters(shop) == {}


async def test_a_button_of_an_earlier_version_skips_what_is_asked_for(shop: BotHarness):
    await begin(shop)
    ((data, message),) = skips(shop)

    await toast(shop, data.rpartition(":")[0], message)

    assert asked(shop) == "fr"
