"""What operators send as a news in the chat: photos, what is refused in words, texts in parts, old buttons."""

import pytest

from bot.domain.jobs import Job
from bot.domain.news import NO_LETTER, NewsState
from bot.domain.records import Locale
from bot.sandbox.telegram.rules import bad
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.messaging.customers import choose_language
from handlers.outgoing_queue import OutgoingQueue
from handlers.priorities import Priority
from locales import words
from tests.bot_harness import LINA, PNG, BotHarness, bare
from tests.harness import OPERATOR
from tests.integration.albums import send_album
from tests.integration.news_steps import news_of
from tests.integration.test_news_in_chat import AMINE, newest, news_in, press, say

CAPTION = "Moitié prix *ce* soir <b>seulement</b>"
MARKS = [
    {"type": "bold", "offset": 0, "length": 6},
    {"type": "text_link", "offset": 7, "length": 4, "url": "https://example.org/"},
    {"type": "text_link", "offset": 12, "length": 4, "url": "tg://user?id=1"},
]
# More than one message holds; each word is another one, so that a part of it is known again.
LONG = " ".join(f"word{number}" for number in range(600))


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


async def french_photo(shop: BotHarness) -> str:
    """A news of which people who read French get a photo, and the others a text or nothing; its card is open."""
    await begin(shop)
    await press(shop, "nskip:.*:en")
    file_id = await send_photo(shop, marks=MARKS)
    assert "✓ French · with a photo" in await say(shop, "نصف السعر")
    await press(shop, "ncard")
    return file_id


def content_of(message: dict) -> tuple:
    """All that a person sees of a news."""
    sizes = [(one["file_unique_id"], one["width"]) for one in message.get("photo", [])]
    marks = [(e["type"], e["offset"], e["length"]) for e in message.get("caption_entities", [])]
    rows = [(b["text"], b["callback_data"]) for b in buttons(message)]
    return sizes, text_of(message), marks, message.get("text"), rows


async def test_a_photo_is_previewed_and_sent_as_it_is(shop: BotHarness):
    await french_photo(shop)
    preview = next(m for m in news_in(shop, OPERATOR) if "photo" in m)
    assert text_of(preview) == CAPTION
    assert [e["type"] for e in preview["caption_entities"]] == ["bold", "text_link"]

    await press(shop, "ngo:1:1")
    await shop.run(30)

    (lina,), (amine,) = news_in(shop, LINA), news_in(shop, AMINE)
    assert content_of(lina) == content_of(preview)
    assert "photo" not in amine
    assert "has been sent" in newest(shop)
    calls = [values for _, name, values in shop.world.calls if name == "sendPhoto"]
    assert [int(one["chat_id"]) for one in calls] == [OPERATOR, LINA]


async def test_a_photo_goes_after_everything_else_and_its_preview_does_not(
    shop: BotHarness, monkeypatch
):
    seen: list[tuple[Priority, int]] = []
    wait = OutgoingQueue.wait

    async def note(self, priority: Priority, person: int, chat: int) -> None:
        seen.append((priority, chat))
        await wait(self, priority, person, chat)

    monkeypatch.setattr(OutgoingQueue, "wait", note)
    await french_photo(shop)
    assert {priority for priority, _ in seen} <= {Priority.PRESS, Priority.TEXT}
    seen.clear()

    await press(shop, "ngo:1:1")
    await shop.run(30)

    assert {chat for priority, chat in seen if priority is Priority.ADVERT} == {LINA, AMINE}


async def test_no_more_news_is_pressed_below_a_photo(shop: BotHarness):
    await french_photo(shop)
    await press(shop, "ngo:1:1")
    await shop.run(30)
    (photo,) = news_in(shop, LINA)

    await shop.press(shop.person(LINA), "news:0", photo)

    assert "Vous ne recevrez plus d’annonces" in newest(shop, LINA)
    assert "photo" in shop.person(LINA).inbox[-1]


async def test_the_product_below_a_photo_opens_in_a_message_of_its_own(shop: BotHarness):
    product = shop.shop.shelf.denomination(await shop.denomination()).product_id
    await begin(shop)
    await press(shop, "nskip:.*:en")
    await send_photo(shop)
    await press(shop, "nskip:.*:ar")
    await press(shop, "nbtn")
    await say(shop, "PlayStation USA")
    await press(shop, f"nprod:1:{product}$")
    await press(shop, "ncard")
    await press(shop, "ngo:1:1")
    await shop.run(30)
    (photo,) = news_in(shop, LINA)
    before = content_of(photo)

    await shop.press(shop.person(LINA), f"prod:{product}", photo)

    assert content_of(shop.person(LINA).chat.messages[photo["message_id"]]) == before
    opened = shop.person(LINA).inbox[-1]
    assert "PlayStation USA" in bare(opened["text"])


async def test_the_prices_that_a_photo_s_product_waited_for_are_shown(shop: BotHarness):
    product = shop.shop.shelf.denomination(await shop.denomination()).product_id
    await french_photo(shop)
    await press(shop, "ngo:1:1")
    await shop.run(30)
    (photo,) = news_in(shop, LINA)
    shop.let_prices_age()

    await shop.press(shop.person(LINA), f"prod:{product}", photo)
    await shop.pump()

    assert "DA" in str(buttons(shop.person(LINA).inbox[-1])[0]["text"]).replace("\u202f", " ")


NOBODY = {
    "en": "Nobody got it, and nobody will. Write it again with /news",
    "fr": "Personne ne l’a reçue, et personne ne la recevra. Réécrivez",
    "ar": "لم يصل إلى أحد ولن يُرسل إلى أحد. اكتبه",
}


@pytest.mark.parametrize(
    "refusal",
    [
        "wrong file identifier/HTTP URL specified",
        "wrong remote file identifier specified: Wrong string length",
        "can't use file of type Document as Photo",
        "PHOTO_INVALID_DIMENSIONS",
    ],
)
@pytest.mark.parametrize("locale", list(Locale))
async def test_a_photo_that_telegram_refuses_stops_the_news(shop, refusal, locale):
    await french_photo(shop)
    await choose_language(shop.shop, OPERATOR, locale)
    shop.world.script("sendPhoto", bad(refusal), times=2)
    await press(shop, "ngo:1:1")

    await shop.run(60)

    assert news_in(shop, LINA) == news_in(shop, AMINE) == []
    assert (await news_of(shop)).state is NewsState.STOPPED
    told = [bare(text_of(m)) for m in shop.person(OPERATOR).inbox[-2:]]
    assert said("alert-news_refused", locale, news="1", count=0) in "\n".join(told)
    assert NOBODY[locale] in "\n".join(told)
    stopped = said("news-stopped", locale, id="1")
    assert any(stopped.replace("<b>", "").replace("</b>", "")[:10] in one for one in told)


async def test_a_photo_that_the_preview_cannot_send_is_asked_for_again(shop: BotHarness):
    file_id = await french_photo(shop)
    del shop.world.files[file_id]

    told = await press(shop, "ncard")

    assert "Telegram doesn’t accept this photo" in told
    assert asked(shop) == "fr"
    assert "✓ French\n" in await say(shop, "Moitié prix")
    assert (await letters(shop))["fr"] == "Moitié prix"


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


@pytest.mark.parametrize("locale", list(Locale))
@pytest.mark.parametrize("seconds", [None, 0, 3, 70, 4000])
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
