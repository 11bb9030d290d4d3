"""Pictures of products in the chat: customers get them by a button."""

import pytest

from bot.domain.curation import CuratedText
from bot.domain.people import BanReason
from bot.domain.records import Locale
from bot.sandbox.telegram.rules import bad
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.catalogue import curation
from bot.services.catalogue.pictures import remove_picture, undo_picture
from bot.services.customers.bans import ask_ban, confirm_ban
from handlers.pictures import AGAIN_AFTER_SECONDS
from locales import words
from tests.bot_harness import LINA, PNG, BotHarness, bare
from tests.harness import OPERATOR
from tests.integration.curation_steps import by, product_of
from tests.integration.picture_steps import (
    data_of,
    lina,
    number_of,
    open_product,
    photos,
    press,
    question_of,
    seen,
    shop,
    with_picture,
)

__all__ = ["shop"]  # a fixture

CAPTIONS = {"en": "US card", "fr": "Carte US", "ar": "بطاقة أمريكا"}


@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
async def test_a_customer_gets_the_picture_in_a_message_of_its_own_and_closes_it(
    shop: BotHarness, locale
):
    w, number = words(locale), await number_of(shop)
    for one, name in CAPTIONS.items():
        await curation.set_text(
            shop.shop,
            await product_of(shop),
            CuratedText.NAME,
            Locale(one),
            name,
            **by(one),
        )
    who = await lina(shop, locale)
    assert f"pic:{number}" not in data_of(await open_product(shop, who))
    await with_picture(shop)
    page = await open_product(shop, who)
    label = {b["text"] for b in buttons(page) if b.get("callback_data") == f"pic:{number}"}
    assert label == {w.label("button-product-picture")}

    assert await press(shop, who, f"pic:{number}", page) == ""

    (photo,) = photos(who)
    assert bare(photo["caption"]).strip("\u200f") == CAPTIONS[locale]
    assert [b["text"] for b in buttons(photo)] == [w.label("button-product-picture-close")]
    assert text_of(page) == text_of(who.chat.messages[page["message_id"]]), "the walk stays text"
    assert await press(shop, who, f"picx:{number}", photo) == ""
    assert photos(who) == []
    assert page["message_id"] in who.chat.messages


async def test_the_picture_comes_once_a_minute_however_often_it_is_pressed(shop: BotHarness):
    await with_picture(shop)
    who, number = await lina(shop), await number_of(shop)
    page = await open_product(shop, who)

    queries = [await who.forge(f"pic:{number}", page) for _ in range(5)]
    await shop.pump()

    assert len(photos(who)) == 1
    said = [bare((query.answer or {}).get("text", "")) for query in queries]
    here = bare(words("en").plain("toast-picture-here"))
    assert sorted(said) == ["", *[here] * 4]
    shop.clock.pass_time(AGAIN_AFTER_SECONDS - 1)
    assert await press(shop, who, f"pic:{number}", page) == here
    shop.clock.pass_time(2)
    assert await press(shop, who, f"pic:{number}", page) == ""
    assert len(photos(who)) == 2

    await with_picture(shop, PNG + b"2")
    assert await press(shop, who, f"pic:{number}", page) == "", "another one comes at once"
    assert await press(shop, who, f"picx:{number}", photos(who)[-1]) == ""
    assert await press(shop, who, f"pic:{number}", page) == "", "so does one that was closed"
    assert len(photos(who)) == 3


async def test_the_question_for_a_value_outlives_the_picture(shop: BotHarness):
    await with_picture(shop)
    who, number = await lina(shop), await number_of(shop)
    await open_product(shop, who)
    await shop.press_newest(who, "den:")
    waits = question_of(shop, LINA)
    assert waits is not None

    await press(shop, who, f"pic:{number}")

    assert question_of(shop, LINA) == waits


async def test_the_page_that_tells_how_to_redeem_has_the_picture_but_for_the_banned(
    shop: BotHarness,
):
    await with_picture(shop)
    who, number = await lina(shop), await number_of(shop)
    await shop.credit(LINA, 50_000)
    order = await shop.buy(LINA)
    await shop.live(30)
    await press(shop, who, f"how:{order.id}")
    assert f"pic:{number}" in data_of(who.inbox[-1])
    await press(shop, who, f"pic:{number}")
    photo = photos(who)[-1]

    question = await ask_ban(shop.shop, LINA, BanReason.FRAUD, key="b", operator_id=OPERATOR)
    await confirm_ban(shop.shop, OPERATOR, question.action_id)

    shop.clock.pass_time(AGAIN_AFTER_SECONDS)
    assert await press(shop, who, f"pic:{number}") == bare(words("en").plain("refused-banned"))
    assert len(photos(who)) == 1
    await press(shop, who, f"picx:{number}", photo)
    assert photos(who) == [], "what stands in their chat they may close"
    await press(shop, who, f"how:{order.id}")
    assert "How to redeem" in text_of(who.inbox[-1])
    assert f"pic:{number}" not in data_of(who.inbox[-1])


async def test_old_and_forged_presses_get_a_sentence_and_no_picture(shop: BotHarness):
    await with_picture(shop)
    who, number = await lina(shop), await number_of(shop)
    page = await open_product(shop, who)
    await remove_picture(shop.shop, number, await seen(shop), **by("off"))
    none = bare(words("en").plain("refused-picture"))
    assert await press(shop, who, f"pic:{number}", page) == none

    await undo_picture(shop.shop, number, await seen(shop), **by("on"))
    await curation.set_hidden(shop.shop, await product_of(shop), hidden=True, **by("hide"))
    assert "sell this any more" in await press(shop, who, f"pic:{number}", page)
    gone = bare(words("en").plain("refused-not-found"))
    for data in ("pic:999", "pic:abc", "pic", "picx:x"):
        assert await press(shop, who, data, page) == gone

    kept = bare(words("en").plain("toast-picture-kept"))
    assert await press(shop, who, f"picx:{number}", page) == kept
    assert page["message_id"] in who.chat.messages, "only pictures are taken away"
    assert photos(who) == []


@pytest.mark.parametrize(
    ("refusal", "toast"),
    [
        ("message can't be deleted for everyone", "toast-picture-kept"),
        ("message to delete not found", ""),
    ],
)
async def test_a_picture_that_cannot_be_taken_away_stays(shop: BotHarness, refusal, toast):
    await with_picture(shop)
    who, number = await lina(shop), await number_of(shop)
    await press(shop, who, f"pic:{number}")
    shop.world.refusals.append(("deleteMessage", bad(refusal)))

    said = await press(shop, who, f"picx:{number}", photos(who)[-1])

    assert said == (bare(words("en").plain(toast)) if toast else "")
    shop.world.refused.clear()
