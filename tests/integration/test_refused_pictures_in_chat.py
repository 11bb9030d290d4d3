"""Pictures that Telegram refuses to send, or of which its answer is lost."""

from dataclasses import replace

import pytest

from bot.sandbox.telegram.files import FileStore
from bot.sandbox.telegram.rules import ApiError, bad
from bot.services.catalogue.pictures import view_own_picture
from bot.services.catalogue.refresh import load_shelf
from locales import words
from tests.bot_harness import PNG, BotHarness, bare
from tests.harness import OPERATOR
from tests.integration.picture_steps import (
    MANAGER,
    SUPPORT,
    alerts_of,
    data_of,
    lina,
    number_of,
    open_product,
    photos,
    press,
    shop,
    with_picture,
)

__all__ = ["shop"]  # a fixture


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
    view = await view_own_picture(shop.shop, number)
    assert view.picture is None
    assert view.before is not None, "Undo brings it back"

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


@pytest.mark.parametrize(
    "words_of_send",
    ["wrong file identifier/HTTP URL specified", "PHOTO_SAVE_FILE_INVALID", "IMAGE_PROCESS_FAILED"],
)
async def test_a_refusal_of_what_telegram_knows_takes_nothing_off(shop: BotHarness, words_of_send):
    """The core's passing faults are told in the same words as an id of another bot."""
    await with_picture(shop)
    who, number = await lina(shop), await number_of(shop)
    page = await open_product(shop, who)
    shop.world.refusals.append(("sendPhoto", bad(words_of_send)))

    said = await press(shop, who, f"pic:{number}", page)

    assert said == bare(words("en").plain("refused-picture-now"))
    assert number in shop.shop.shelf.curation.pictures
    assert await press(shop, who, f"pic:{number}", page) == ""
    assert len(photos(who)) == 1
    await shop.live(5)
    assert alerts_of(shop) == []
    shop.world.refused.clear()


@pytest.mark.parametrize(
    ("words_of_file", "stays"),
    [
        ("invalid file_id", False),
        ("wrong file_id or the file is temporarily unavailable", False),
        ("something that nobody has heard of", True),
    ],
)
async def test_what_getfile_says_decides_whether_a_refused_picture_is_taken_off(
    shop: BotHarness, words_of_file, stays
):
    await with_picture(shop)
    who, number = await lina(shop), await number_of(shop)
    page = await open_product(shop, who)
    shop.world.refusals.append(("sendPhoto", bad("wrong file identifier/HTTP URL specified")))
    shop.world.refusals.append(("getFile", bad(words_of_file)))

    said = await press(shop, who, f"pic:{number}", page)

    key = "refused-picture-now" if stays else "refused-picture"
    assert said == bare(words("en").plain(key))
    assert (number in shop.shop.shelf.curation.pictures) is stays
    shop.world.refused.clear()


@pytest.mark.virtual_time
async def test_a_picture_whose_answer_is_lost_comes_once(shop: BotHarness):
    await with_picture(shop)
    who, number = await lina(shop), await number_of(shop)
    page = await open_product(shop, who)
    shop.world.script("sendPhoto", ApiError(502, "Bad Gateway"), times=5, after=True)

    query = await who.forge(f"pic:{number}", page)
    await shop.pump_through()

    assert len(photos(who)) == 1
    assert query.answer is not None
    assert bare(query.answer["text"]) == bare(words("en").plain("toast-picture-here"))
    shop.world.scripts.clear()
    shop.world.refused.clear()
