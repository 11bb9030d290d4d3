"""Pictures of products in the chat: operators send a photo, customers get it by a button."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.curation import CuratedText
from bot.domain.people import BanReason
from bot.domain.records import Locale
from bot.domain.roles import Role
from bot.sandbox.telegram.files import FileStore
from bot.sandbox.telegram.rules import ApiError, bad
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.catalogue import curation
from bot.services.catalogue.pictures import set_picture
from bot.services.catalogue.refresh import load_shelf
from bot.services.customers.bans import ask_ban, confirm_ban
from handlers.conversations import ConversationPersistence
from handlers.curating import PICTURE
from handlers.pictures import AGAIN_AFTER_SECONDS
from locales import words
from storage.tables import operator_actions
from tests.bot_harness import LINA, PNG, BotHarness, bare
from tests.harness import OPERATOR, books_agree
from tests.integration.curation_steps import by, product_of
from tests.integration.readings import rows

MANAGER, SUPPORT = 901, 902
CAPTIONS = {"en": "US card", "fr": "Carte US", "ar": "بطاقة أمريكا"}
Message = dict[str, Any]
NOT_FOUND = bare(words("en").plain("refused-not-found-operator"))


@pytest.fixture
async def shop(sqlite_store) -> AsyncIterator[BotHarness]:
    made = await BotHarness(sqlite_store).open()
    made.offer()
    await made.hire(MANAGER, Role.MANAGER)
    await made.hire(SUPPORT, Role.SUPPORT)
    for user_id in (MANAGER, SUPPORT):
        await made.person(user_id).say("/start")
    await made.pump()
    yield made
    await books_agree(made)
    await made.close()


async def number_of(shop: BotHarness) -> int:
    return int((await product_of(shop)).target)


async def lina(shop: BotHarness, locale: str = "en"):
    person = shop.person(LINA, locale)
    await person.say("/start")
    await shop.pump()
    return person


async def open_product(shop: BotHarness, who) -> Message:
    await who.say(f"/start p_{await number_of(shop)}")
    await shop.pump()
    newest: Message = who.inbox[-1]
    return newest


async def with_picture(shop: BotHarness, content: bytes = PNG) -> None:
    """A manager has sent one."""
    manager, number = shop.person(MANAGER), await number_of(shop)
    await manager.forge(f"cpic:p:{number}", manager.inbox[-1])
    await shop.pump()
    await manager.attach(content, "", photo=True)
    await shop.pump()
    assert number in shop.shop.shelf.curation.pictures


async def press(shop: BotHarness, who, data: str, message: Message | None = None) -> str:
    """The answer to a press of this data, which a button may carry or not."""
    query = await who.forge(data, message or who.inbox[-1])
    await shop.pump()
    assert query.answer is not None
    return bare(query.answer.get("text", ""))


def question_of(shop: BotHarness, user_id: int) -> object | None:
    kept = shop.application.persistence
    assert isinstance(kept, ConversationPersistence)
    return kept.state_of(user_id)


def photos(who) -> list[Message]:
    return [message for message in who.inbox if "photo" in message]


def data_of(message: Message) -> list[str]:
    return [str(b.get("callback_data")) for b in buttons(message)]


def alerts_of(shop: BotHarness, who: int = OPERATOR) -> list[str]:
    inbox = shop.person(who).inbox
    return [bare(text_of(one)) for one in inbox if "no longer accepts its picture" in text_of(one)]


# --- customers


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
    await set_picture(shop.shop, number, None, **by("off"))
    none = bare(words("en").plain("refused-picture"))
    assert await press(shop, who, f"pic:{number}", page) == none

    await set_picture(shop.shop, number, None, **by("on"))
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


# --- a picture that Telegram refuses


@pytest.mark.parametrize("file_id", [None, "nothing like an id"])
async def test_another_bot_does_not_know_the_picture_it_is_taken_off_and_told_once(
    shop: BotHarness, file_id
):
    """As after another TELEGRAM_TOKEN, or a backup that is restored for another bot."""
    await with_picture(shop)
    who, number = await lina(shop), await number_of(shop)
    page = await open_product(shop, who)
    shop.world.files = FileStore(7_000_000_002)
    if file_id is not None:
        photo = replace(shop.shop.shelf.curation.pictures[number], file_id=file_id)
        await shop.store.write(lambda tx: tx.curation.set_pictures(number, photo, None))
        await load_shelf(shop.shop)
    none = bare(words("en").plain("refused-picture"))

    said = [await press(shop, who, f"pic:{number}", page) for _ in range(3)]
    await shop.live(5)

    assert said == [none] * 3
    assert photos(who) == []
    assert f"pic:{number}" not in data_of(await open_product(shop, who))
    for operator in (OPERATOR, MANAGER):
        assert len(alerts_of(shop, operator)) == 1
    assert alerts_of(shop, SUPPORT) == []
    assert f"PlayStation USA (p{number})" in alerts_of(shop)[0]

    await with_picture(shop, PNG + b"again")
    assert await press(shop, who, f"pic:{number}", page) == ""
    assert len(photos(who)) == 1
    shop.world.files = FileStore(7_000_000_003)
    shop.clock.pass_time(601)
    assert await press(shop, who, f"pic:{number}", page) == none
    await shop.live(5)
    assert len(alerts_of(shop)) == 2
    shop.world.refused.clear()


@pytest.mark.parametrize(
    "error",
    [
        bad("message caption is too long"),
        ApiError(403, "Forbidden: bot was blocked by the user"),
        bad("something that nobody has heard of"),
    ],
)
async def test_another_refusal_leaves_the_picture_and_a_later_press_brings_it(
    shop: BotHarness, error
):
    await with_picture(shop)
    who, number = await lina(shop), await number_of(shop)
    page = await open_product(shop, who)
    shop.world.script("sendPhoto", error, times=5)

    await who.forge(f"pic:{number}", page)
    await shop.pump_through()
    await shop.live(30)
    shop.world.scripts.clear()

    assert number in shop.shop.shelf.curation.pictures
    await who.forge(f"pic:{number}", page)
    await shop.pump_through()
    assert photos(who)
    await shop.live(5)
    assert alerts_of(shop) == []


# --- operators


async def test_a_manager_sends_a_photo_sees_it_removes_it_and_undoes_that(shop: BotHarness):
    manager, number = shop.person(MANAGER), await number_of(shop)
    await manager.say(f"/catalogue p{number}")
    await shop.pump()
    assert await shop.press_newest(manager, "cpic:")
    assert "This product has none." in text_of(manager.inbox[-1])
    assert "Send one photo here." in text_of(manager.inbox[-1])
    assert not any(
        one.startswith(("cpoff", "cpshow", "cpback")) for one in data_of(manager.inbox[-1])
    )

    await manager.attach(PNG, "", "a caption of mine", photo=True)
    await shop.pump()

    (photo,) = photos(manager)[-1:]
    assert bare(photo["caption"]) == "PlayStation USA"
    page = manager.inbox[-1]
    assert {"cpoff", "cpshow", "cpback", "cpic"} <= {one.partition(":")[0] for one in data_of(page)}
    here = bare(words("en").plain("toast-picture-here"))
    assert await press(shop, manager, f"cpshow:{number}") == here
    shop.clock.pass_time(AGAIN_AFTER_SECONDS)
    before = len(photos(manager))
    assert await press(shop, manager, f"cpshow:{number}") == ""
    assert len(photos(manager)) == before + 1

    await press(shop, manager, f"cpoff:{number}", page)
    assert "This product has none." in text_of(manager.chat.messages[page["message_id"]])
    assert await press(shop, manager, f"cpshow:{number}") == bare(
        words("en").plain("refused-picture")
    )
    await press(shop, manager, f"cpback:{number}", page)
    assert "Customers get it" in text_of(manager.chat.messages[page["message_id"]])
    who = await lina(shop)
    assert await press(shop, who, f"pic:{number}") == ""

    await shop.person(OPERATOR).say("/actions")
    await shop.pump()
    listed = bare(text_of(shop.person(OPERATOR).inbox[-1]))
    assert listed.count(f"p{number}: none → a picture") == 2
    assert listed.count(f"p{number}: a picture → none") == 1
    unique = shop.shop.shelf.curation.pictures[number].unique_id
    assert unique not in listed
    kept = {(one.before, one.after) for one in await rows(shop, operator_actions)}
    assert {("none", unique), (unique, "none")} <= kept


async def send_file(shop: BotHarness, who) -> None:
    await who.attach(PNG, "card.png", photo=False)


async def send_album(shop: BotHarness, who) -> None:
    await who.album([PNG + b"1", PNG + b"2"])


async def send_rest_of_album(shop: BotHarness, who) -> None:
    await who.attach(PNG, "", photo=True, album="17")


async def send_video(shop: BotHarness, who) -> None:
    video = {"file_id": "v", "file_unique_id": "v", "width": 9, "height": 9, "duration": 1}
    body = {"from": who.user, "video": video}
    shop.world.push("message", shop.world.add_message(who.chat, body))


async def send_words(shop: BotHarness, who) -> None:
    await who.say("https://example.com/card.png")


@pytest.mark.parametrize(
    "send", [send_file, send_album, send_rest_of_album, send_video, send_words]
)
async def test_what_is_no_single_photo_is_refused_in_words_and_asked_for_again(
    shop: BotHarness, send
):
    manager, number = shop.person(MANAGER), await number_of(shop)
    await manager.forge(f"cpic:p:{number}", manager.inbox[-1])
    await shop.pump()

    await send(shop, manager)
    await shop.pump()

    assert "Please send one photo" in text_of(manager.inbox[-1])
    assert data_of(manager.inbox[-1]) == ["stop"]
    assert shop.shop.shelf.curation.pictures == {}
    assert question_of(shop, MANAGER) == PICTURE
    await press(shop, manager, "stop")
    await manager.attach(PNG, "", photo=True)
    await shop.pump()
    assert shop.shop.shelf.curation.pictures == {}, "the question is over"


async def test_a_photo_that_cannot_be_sent_back_is_no_picture(shop: BotHarness):
    manager, number = shop.person(MANAGER), await number_of(shop)
    await manager.forge(f"cpic:p:{number}", manager.inbox[-1])
    await shop.pump()
    shop.world.refusals.append(("sendPhoto", bad("wrong file identifier/HTTP URL specified")))

    await manager.attach(PNG, "", photo=True)
    await shop.pump()

    assert bare(words("en").plain("refused-picture")) in bare(text_of(manager.inbox[-1]))
    assert shop.shop.shelf.curation.pictures == {}
    shop.world.refused.clear()


@pytest.mark.parametrize("who", [LINA, SUPPORT])
async def test_whoever_may_not_curate_changes_no_picture(shop: BotHarness, who):
    await with_picture(shop)
    number, person = await number_of(shop), shop.person(who)
    await person.say("/start")
    await shop.pump()
    before, done = shop.shop.shelf.curation, len(await rows(shop, operator_actions))

    for data in (f"cpic:p:{number}", f"cpshow:{number}", f"cpoff:{number}", f"cpback:{number}"):
        assert await press(shop, person, data) == bare(words("en").plain("refused-not-found"))
    await person.attach(PNG + b"mine", "", photo=True)
    await shop.pump()

    assert shop.shop.shelf.curation.pictures == before.pictures
    assert len(await rows(shop, operator_actions)) == done
    assert photos(person) == [] or "caption" not in photos(person)[-1]


async def test_a_manager_who_is_none_any_more_sets_no_picture(shop: BotHarness):
    manager, number = shop.person(MANAGER), await number_of(shop)
    await manager.forge(f"cpic:p:{number}", manager.inbox[-1])
    await shop.pump()
    await shop.dismiss(MANAGER)

    await manager.attach(PNG, "", photo=True)
    await shop.pump()

    assert shop.shop.shelf.curation.pictures == {}


@pytest.mark.parametrize("data", ["cpic:c:games-consoles", "cpic:p:999", "cpic:p:abc", "cpoff:999"])
async def test_a_category_and_what_is_not_there_have_no_picture(shop: BotHarness, data):
    assert await press(shop, shop.person(MANAGER), data) == NOT_FOUND
