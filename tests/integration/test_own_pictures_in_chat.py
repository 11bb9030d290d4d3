"""Operators send a photo of a product, see it, remove it and undo that."""

import pytest

from bot.domain.alerts import AlertKind
from bot.sandbox.telegram.rules import bad
from bot.sandbox.telegram.world import text_of
from bot.services.catalogue.pictures import take_off_picture
from handlers.curating import PICTURE
from handlers.pictures import AGAIN_AFTER_SECONDS
from locales import words
from storage.tables import operator_actions
from tests.bot_harness import LINA, PNG, BotHarness, bare
from tests.harness import OPERATOR
from tests.integration.picture_steps import (
    MANAGER,
    NOT_FOUND,
    SUPPORT,
    alerts_of,
    data_of,
    lina,
    number_of,
    photos,
    press,
    question_of,
    seen,
    shop,
    with_picture,
)
from tests.integration.readings import rows

__all__ = ["shop"]  # a fixture


async def test_a_manager_sends_a_photo_sees_it_removes_it_and_undoes_that(shop: BotHarness):
    manager, number = shop.person(MANAGER), await number_of(shop)
    await manager.say(f"/catalogue p{number}")
    await shop.pump()
    assert await shop.press_newest(manager, "cpic:")
    assert "This product has no picture." in text_of(manager.inbox[-1])
    assert await shop.press_newest(manager, "cpask:")
    assert "Send one photo here." in text_of(manager.inbox[-1])
    assert not any(
        one.startswith(("cpoff", "cpshow", "cpback")) for one in data_of(manager.inbox[-1])
    )

    await manager.attach(PNG, "", "a caption of mine", photo=True)
    await shop.pump()

    (photo,) = photos(manager)[-1:]
    assert bare(photo["caption"]) == "PlayStation USA"
    page = manager.inbox[-1]
    assert {"cpoff", "cpshow", "cpback", "cpask"} <= {
        one.partition(":")[0] for one in data_of(page)
    }
    here = bare(words("en").plain("toast-picture-here"))
    assert await press(shop, manager, f"cpshow:{number}") == here
    shop.clock.pass_time(AGAIN_AFTER_SECONDS)
    before = len(photos(manager))
    assert await press(shop, manager, f"cpshow:{number}") == ""
    assert len(photos(manager)) == before + 1

    await press(shop, manager, f"cpoff:{number}:{await seen(shop)}", page)
    assert "This product has no picture." in text_of(manager.chat.messages[page["message_id"]])
    assert await press(shop, manager, f"cpshow:{number}") == bare(
        words("en").plain("refused-picture")
    )
    await press(shop, manager, f"cpback:{number}:{await seen(shop)}", page)
    assert "Customers can open it" in text_of(manager.chat.messages[page["message_id"]])
    who = await lina(shop)
    assert await press(shop, who, f"pic:{number}") == ""

    await shop.person(OPERATOR).say("/actions")
    await shop.pump()
    listed = bare(text_of(shop.person(OPERATOR).inbox[-1]))
    assert listed.count(f"p{number}, picture: none → a picture") == 2
    assert listed.count(f"p{number}, picture: a picture → none") == 1
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
    await manager.forge(f"cpask:{number}", manager.inbox[-1])
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
    assert shop.shop.shelf.curation.pictures == {}, "it’s too late"


async def test_whoever_only_looks_at_the_page_may_send_any_photo_afterwards(shop: BotHarness):
    """Also by the buttons of older versions, which said that a photo could be sent."""
    manager, number = shop.person(MANAGER), await number_of(shop)
    await press(shop, manager, f"cpic:p:{number}")
    page = manager.inbox[-1]
    assert "Send one photo here." not in text_of(page)
    assert f"cpask:{number}" in data_of(page)

    await manager.attach(PNG, "", photo=True)
    await shop.pump()

    assert shop.shop.shelf.curation.pictures == {}
    assert photos(manager) == [] or "caption" not in photos(manager)[-1]


@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
async def test_five_presses_are_one_change_and_old_buttons_only_show(shop: BotHarness, locale):
    await with_picture(shop)
    await with_picture(shop, PNG + b"2")
    manager, number, w = shop.person(MANAGER), await number_of(shop), words(locale)
    pictures = shop.shop.shelf.curation.pictures
    newest = shop.shop.shelf.curation.pictures[number]
    page = manager.inbox[-1]
    (back,) = (one for one in data_of(page) if one.startswith("cpback"))
    (off,) = (one for one in data_of(page) if one.startswith("cpoff"))
    done = len(await rows(shop, operator_actions))

    for verb in ("cpoff", "cpback"):
        assert await press(shop, manager, f"{verb}:{number}", page) == ""
    assert shop.shop.shelf.curation.pictures == pictures
    queries = [await manager.forge(back, page) for _ in range(5)]
    await shop.pump()
    assert all(query.answer is not None for query in queries)
    assert shop.shop.shelf.curation.pictures[number] != newest
    assert len(await rows(shop, operator_actions)) == done + 1

    await with_picture(shop, PNG + b"of a colleague")
    theirs = shop.shop.shelf.curation.pictures[number]
    await press(shop, manager, off, page)
    assert shop.shop.shelf.curation.pictures[number] == theirs, "who pressed has not seen it"
    shown = manager.chat.messages[page["message_id"]]
    assert f"cpoff:{number}:{await seen(shop)}" in data_of(shown)
    owner = shop.person(OPERATOR, locale)
    await press(shop, owner, f"lang:{locale}")
    await owner.say("/actions")
    await shop.pump()
    listed = bare(text_of(owner.inbox[-1]))
    a_picture, another = (bare(w.plain(f"curated-{one}")) for one in ("picture", "other-picture"))
    arrow = "←" if locale == "ar" else "→"
    assert listed.count(f"{a_picture} {arrow} {another}") == 3
    assert newest.unique_id not in listed


async def test_an_alert_of_a_refusal_is_over_when_somebody_opens_the_page(shop: BotHarness):
    await with_picture(shop)
    number = await number_of(shop)
    picture = shop.shop.shelf.curation.pictures[number]
    await take_off_picture(shop.shop, number, picture, key="off")
    await shop.live(5)
    assert len(alerts_of(shop)) == 1
    assert await open_alerts(shop) == 1

    await press(shop, shop.person(MANAGER), f"cprod:{number}")
    assert await open_alerts(shop) == 1
    await press(shop, shop.person(MANAGER), f"cpic:p:{number}")

    assert await open_alerts(shop) == 0


async def open_alerts(shop: BotHarness) -> int:
    async with shop.store.reading() as tx:
        return len(await tx.alerts.open_of(AlertKind.PICTURE_REFUSED))


async def test_a_photo_that_cannot_be_sent_back_is_there_and_its_page_says_so(shop: BotHarness):
    manager, number = shop.person(MANAGER), await number_of(shop)
    await manager.forge(f"cpask:{number}", manager.inbox[-1])
    await shop.pump()
    shop.world.refusals.append(("sendPhoto", bad("wrong file identifier/HTTP URL specified")))

    await manager.attach(PNG, "", photo=True)
    await shop.pump()

    said = bare(text_of(manager.inbox[-1]))
    assert bare(words("en").plain("refused-picture-now")) in said
    assert number in shop.shop.shelf.curation.pictures
    assert question_of(shop, MANAGER) is None
    assert await press(shop, manager, f"cpshow:{number}") == ""
    assert bare(photos(manager)[-1]["caption"]) == "PlayStation USA"
    shop.world.refused.clear()


async def test_a_photo_that_telegram_does_not_know_is_no_picture(shop: BotHarness):
    manager, number = shop.person(MANAGER), await number_of(shop)
    await manager.forge(f"cpask:{number}", manager.inbox[-1])
    await shop.pump()
    shop.world.refusals.append(("sendPhoto", bad("wrong file identifier/HTTP URL specified")))
    shop.world.refusals.append(("getFile", bad("invalid file_id")))

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

    name = await seen(shop)
    changes = (f"cpask:{number}", f"cpoff:{number}:{name}", f"cpback:{number}:{name}")
    for data in (f"cpic:p:{number}", f"cpshow:{number}", *changes):
        assert await press(shop, person, data) == bare(words("en").plain("refused-not-found"))
    await person.attach(PNG + b"mine", "", photo=True)
    await shop.pump()

    assert shop.shop.shelf.curation.pictures == before.pictures
    assert len(await rows(shop, operator_actions)) == done
    assert photos(person) == [] or "caption" not in photos(person)[-1]


async def test_a_manager_who_is_none_any_more_sets_no_picture(shop: BotHarness):
    manager, number = shop.person(MANAGER), await number_of(shop)
    await manager.forge(f"cpask:{number}", manager.inbox[-1])
    await shop.pump()
    await shop.dismiss(MANAGER)

    await manager.attach(PNG, "", photo=True)
    await shop.pump()

    assert shop.shop.shelf.curation.pictures == {}


@pytest.mark.parametrize(
    "data", ["cpic:c:games-consoles", "cpic:p:999", "cpic:p:abc", "cpask:999", "cpoff:999:1"]
)
async def test_a_category_and_what_is_not_there_have_no_picture(shop: BotHarness, data):
    assert await press(shop, shop.person(MANAGER), data) == NOT_FOUND
