"""What operators write as a news in the chat: what is refused in words, texts in parts, old buttons."""

import pytest

from bot.domain.news import NO_LETTER
from bot.domain.records import Locale
from bot.sandbox.telegram.world import buttons, text_of
from tests.bot_harness import PNG, BotHarness, bare
from tests.harness import OPERATOR
from tests.integration.albums import send_album
from tests.integration.news_chat_steps import newest, press, say
from tests.integration.news_letter_steps import asked, begin, letters, said, send_photo, shop
from tests.integration.news_steps import news_of

__all__ = ["shop"]  # a fixture

# More than one message holds; each word is another one, so that a part of it is known again.
LONG = " ".join(f"word{number}" for number in range(600))


SENT = {
    "bare": ("photo", ""),
    "empty": ("document", "Half price"),
    "long": ("photo", "x" * 1025),
}


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("fault", SENT)
async def test_what_is_no_text_and_no_photo_with_one_is_refused_in_words(shop, fault, locale):
    await begin(shop, locale)
    kind, caption = SENT[fault]
    if kind == "photo":
        await send_photo(shop, caption)
    else:
        await shop.person(OPERATOR).attach(PNG, "x.png", caption, photo=False)
        await shop.pump()

    assert newest(shop).splitlines()[0].strip("\u200f") == said(f"news-fault-{fault}", locale)
    assert (asked(shop), await letters(shop)) == ("en", {})
    await send_photo(shop, "x" * 1024)
    assert (asked(shop), await letters(shop)) == ("fr", {"en": "x" * 1024})


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("kinds", [("photo", "photo"), ("photo", "document"), ("photo",)])
async def test_an_album_is_refused_in_words_and_once(shop: BotHarness, kinds, locale):
    await begin(shop, locale)
    before = len(shop.person(OPERATOR).inbox)

    await send_album(shop.person(OPERATOR), *kinds, caption="Half price")
    await shop.pump()

    assert len(shop.person(OPERATOR).inbox) == before + 1
    assert newest(shop).splitlines()[0].strip("\u200f") == said("news-fault-album", locale)
    assert (asked(shop), await letters(shop)) == ("en", {})


async def test_a_video_with_a_caption_is_refused_in_words(shop: BotHarness):
    await begin(shop)
    video = {"file_id": "v", "file_unique_id": "v", "width": 1, "height": 1, "duration": 1}
    operator = shop.person(OPERATOR)
    body = {"from": operator.user, "video": video, "caption": "Half price"}
    operator.world.push("message", operator.world.add_message(operator.chat, body))
    await shop.pump()

    assert "no photo with a caption" in newest(shop)
    assert (asked(shop), await letters(shop)) == ("en", {})


async def test_a_rest_that_comes_after_an_hour_is_no_text_either(shop: BotHarness):
    await begin(shop)
    operator = shop.person(OPERATOR)
    await operator.paste(LONG)
    first, rest = shop.world.updates
    shop.world.updates = [first]
    await shop.pump()
    shop.clock.pass_time(4000)
    await say(shop, rest["message"]["text"])

    assert newest(shop).splitlines()[0] == said("question-too-old", Locale.EN)
    assert await letters(shop) == {}


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("seconds", [None, 0, 3, 70, 3500])
async def test_the_rest_of_a_text_that_was_too_long_is_never_a_text(shop, seconds, locale):
    """`seconds`: between the parts; None: in one batch of updates."""
    await begin(shop, locale)
    operator, world = shop.person(OPERATOR), shop.world
    asked_for = len(operator.inbox)
    await operator.paste(LONG)
    first, rest = world.updates
    assert len(rest["message"]["text"]) < 1024
    assert len(first["message"]["text"]) > 2048
    if seconds is not None:
        world.updates = [first]
        await shop.pump()
        shop.clock.pass_time(seconds)
        await operator.say(rest["message"]["text"])
    await shop.pump()

    told = [bare(text_of(m)).splitlines()[0].strip("\u200f") for m in operator.inbox[asked_for:]]
    assert told == [said("news-fault-cut", locale), said("news-fault-rest", locale)]
    assert (asked(shop), await letters(shop)) == ("en", {})

    shop.clock.pass_time(11)
    await press(shop, "ntext:1:en")
    await say(shop, "Half price")
    assert (asked(shop), await letters(shop)) == ("fr", {"en": "Half price"})


async def test_a_text_in_three_parts_leaves_the_languages_that_were_written(shop: BotHarness):
    await begin(shop)
    await say(shop, "Half price")
    await say(shop, "Moitié prix")
    await shop.person(OPERATOR).paste(f"{LONG} {LONG}")
    await shop.pump()
    assert asked(shop) == "ar"
    shop.clock.pass_time(11)
    await press(shop, "ntext:1:ar")

    await say(shop, "نصف السعر")

    assert await letters(shop) == {"en": "Half price", "fr": "Moitié prix", "ar": "نصف السعر"}


async def test_a_rest_that_comes_right_after_the_press_is_no_text(shop: BotHarness):
    await begin(shop)
    await say(shop, "x" * 4096)
    for step in ("ntext:1:en", "nskip:1:en:0"):
        await press(shop, step)
        shop.clock.pass_time(4)
        assert "rest of the text" in await say(shop, "the tail")
        assert await letters(shop) == {}
    shop.clock.pass_time(11)
    await press(shop, "ntext:1:fr")

    await say(shop, "Moitié prix")

    assert (asked(shop), await letters(shop)) == ("ar", {"fr": "Moitié prix"})


async def test_whoever_writes_again_at_once_is_refused_no_longer_than_a_rest_may_take(
    shop: BotHarness,
):
    await begin(shop)
    await say(shop, "x" * 4096)
    await press(shop, "ntext:1:en")
    shop.clock.pass_time(8)
    assert "rest of the text" in await say(shop, "Half price")
    await press(shop, "ntext:1:en")
    shop.clock.pass_time(3)

    await say(shop, "Half price")

    assert (asked(shop), await letters(shop)) == ("fr", {"en": "Half price"})


async def test_the_time_that_a_rest_may_take_begins_with_the_part_before_it(shop: BotHarness):
    await begin(shop)
    await say(shop, "x" * 4096)
    shop.clock.pass_time(8)
    await say(shop, "the second part")
    await press(shop, "ntext:1:en")
    shop.clock.pass_time(8)

    assert "rest of the text" in await say(shop, "the third part")
    assert (asked(shop), await letters(shop)) == ("en", {})


async def test_two_taps_on_the_button_that_asks_again_lead_on_to_the_next_language(
    shop: BotHarness,
):
    operator = shop.person(OPERATOR)
    await begin(shop)
    await say(shop, "x" * 4096)
    shop.clock.pass_time(11)
    for _ in range(2):
        await operator.forge("ntext:1:en", operator.inbox[-1])
    await shop.pump()

    await say(shop, "Half price")

    assert (asked(shop), await letters(shop)) == ("fr", {"en": "Half price"})


@pytest.mark.parametrize("leave", ["/news", "ndraft:1"])
async def test_a_language_that_is_written_from_the_draft_leads_back_to_it(shop: BotHarness, leave):
    """Also the one that was asked for when the operator left."""
    operator = shop.person(OPERATOR)
    await begin(shop)
    if leave == "/news":
        await say(shop, leave)
    else:
        await shop.press(operator, leave, operator.inbox[-1])
    await shop.press(operator, "ntext:1:en", operator.inbox[-1])

    assert "✓ English" in await say(shop, "Half price")


async def test_a_photo_is_no_rest_of_a_text(shop: BotHarness):
    await begin(shop)
    await say(shop, "x" * 4096)

    await send_photo(shop, "Half price")

    assert (asked(shop), await letters(shop)) == ("fr", {"en": "Half price"})


async def test_a_text_that_no_app_cuts_is_asked_for_again_without_a_press(shop: BotHarness):
    await begin(shop)
    assert "too long" in await say(shop, "x" * 2047)

    await say(shop, "Half price")

    assert await letters(shop) == {"en": "Half price"}


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
