"""News with a photo in the chat: previewed and sent as it is, or asked for again."""

import pytest

from bot.domain.news import NewsState
from bot.domain.records import Locale
from bot.sandbox.telegram.rules import bad
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.messaging.customers import choose_language
from handlers.outgoing_queue import OutgoingQueue
from handlers.priorities import Priority
from tests.bot_harness import LINA, BotHarness, bare
from tests.harness import OPERATOR
from tests.integration.news_chat_steps import AMINE, newest, news_in, press, say
from tests.integration.news_letter_steps import (
    CAPTION,
    MARKS,
    asked,
    begin,
    letters,
    said,
    send_photo,
    shop,
)
from tests.integration.news_steps import news_of

__all__ = ["shop"]  # a fixture


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
