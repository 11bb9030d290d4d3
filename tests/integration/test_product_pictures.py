"""Pictures of products: put in, replaced, undone, and taken off where Telegram refuses them."""

import pytest

from bot import refusals
from bot.domain.alerts import AlertKind
from bot.domain.curation import OwnPicture
from bot.services.catalogue.browse import view_product
from bot.services.catalogue.pictures import (
    look_at_picture,
    remove_picture,
    set_picture,
    take_off_picture,
    undo_picture,
    view_own_picture,
    view_picture,
)
from bot.services.catalogue.refresh import fetch_catalogue
from bot.services.operations.restored import quarantine_restored
from bot.services.orders.aftercare import how_to_redeem
from storage.tables import operator_actions
from tests.harness import OPERATOR, ShopHarness
from tests.integration.curation_steps import by, hide, product_of
from tests.integration.readings import rows

FIRST, SECOND = OwnPicture("file-1", "unique-1"), OwnPicture("file-2", "unique-2")


async def number_of(harness: ShopHarness) -> int:
    return int((await product_of(harness)).target)


async def put(harness: ShopHarness, picture: OwnPicture | None, key: str) -> bool:
    number = await number_of(harness)
    if picture is None:
        return await remove_picture(harness.shop, number, await seen(harness), **by(key))
    return await set_picture(harness.shop, number, picture, **by(key))


async def seen(harness: ShopHarness) -> int:
    return (await view_own_picture(harness.shop, await number_of(harness))).fingerprint


async def undo(harness: ShopHarness, key: str, made_for: int | None = None) -> bool:
    name = await seen(harness) if made_for is None else made_for
    return await undo_picture(harness.shop, await number_of(harness), name, **by(key))


async def take_off(harness: ShopHarness, picture: OwnPicture, key: str) -> bool:
    return await take_off_picture(harness.shop, await number_of(harness), picture, key=key)


async def shown(harness: ShopHarness) -> OwnPicture | None:
    """What customers get, after a look whether the screens say so too."""
    number = await number_of(harness)
    picture = harness.shop.shelf.curation.pictures.get(number)
    assert view_product(harness.shop, number).has_picture is (picture is not None)
    return picture


async def changes(harness: ShopHarness) -> list[tuple[int, str, str]]:
    found = [one for one in await rows(harness, operator_actions) if one.note == "picture"]
    number = await number_of(harness)
    assert {(one.kind, one.target) for one in found} <= {("curation", f"p{number}")}
    return [(one.operator_id, one.before, one.after) for one in found]


async def told(harness: ShopHarness) -> int:
    await harness.run(2)
    return len(harness.sender.alerts(AlertKind.PICTURE_REFUSED))


async def test_a_picture_is_put_in_replaced_removed_and_each_of_that_undone(harness: ShopHarness):
    number = await number_of(harness)
    assert not await undo(harness, "0")
    with pytest.raises(refusals.NoPictureHere):
        view_picture(harness.shop, number)

    assert await put(harness, FIRST, "1")
    assert await shown(harness) == FIRST
    assert await put(harness, SECOND, "2")
    assert view_picture(harness.shop, number)[1] == SECOND
    assert await undo(harness, "3")
    assert await shown(harness) == FIRST
    assert await undo(harness, "4")
    assert await shown(harness) == SECOND
    assert await put(harness, None, "5")
    assert await shown(harness) is None
    assert not await put(harness, None, "6")
    assert await undo(harness, "7")
    assert await shown(harness) == SECOND

    assert await changes(harness) == [
        (OPERATOR, before, after)
        for before, after in (
            ("none", "unique-1"),
            ("unique-1", "unique-2"),
            ("unique-2", "unique-1"),
            ("unique-1", "unique-2"),
            ("unique-2", "none"),
            ("none", "unique-2"),
        )
    ]


async def test_a_button_that_was_made_for_something_else_changes_nothing(harness: ShopHarness):
    number = await number_of(harness)
    await put(harness, FIRST, "1")
    of_first = await seen(harness)
    await put(harness, SECOND, "2")
    of_second = await seen(harness)

    assert not await remove_picture(harness.shop, number, of_first, **by("3"))
    assert not await undo(harness, "4", of_first)
    assert not await undo(harness, "5", made_for=0)
    assert await shown(harness) == SECOND
    assert await undo(harness, "6", of_second)
    for attempt in range(4):
        assert not await undo(harness, f"7 {attempt}", of_second)
    assert await shown(harness) == FIRST
    assert len(await changes(harness)) == 3


async def test_the_same_photo_under_another_id_is_no_change_and_keeps_what_can_be_undone(
    harness: ShopHarness,
):
    await put(harness, FIRST, "1")
    await put(harness, SECOND, "2")

    again = OwnPicture("file-22", SECOND.unique_id)
    assert not await put(harness, again, "3")

    assert await shown(harness) == again
    assert len(await changes(harness)) == 2
    assert await undo(harness, "4")
    assert await shown(harness) == FIRST


async def test_a_new_catalogue_and_a_restore_keep_the_picture(harness: ShopHarness):
    await put(harness, FIRST, "1")

    await fetch_catalogue(harness.shop, "oneclickdz")
    await quarantine_restored(harness.store, harness.clock)

    assert await shown(harness) == FIRST


async def test_a_hidden_product_shows_no_picture_and_its_operators_still_see_it(
    harness: ShopHarness,
):
    await harness.customer(1)
    order, subject = await harness.buy(), await product_of(harness)
    await harness.run(30)
    number = int(subject.target)
    assert not (await how_to_redeem(harness.shop, 1, order.id, "en")).has_picture
    await put(harness, FIRST, "1")
    assert (await how_to_redeem(harness.shop, 1, order.id, "en")).has_picture

    await hide(harness, subject)

    with pytest.raises(refusals.NotSold):
        view_picture(harness.shop, number)
    assert not (await how_to_redeem(harness.shop, 1, order.id, "en")).has_picture
    view = await view_own_picture(harness.shop, number)
    assert (view.picture, view.before, view.can_undo) == (FIRST, None, True)


async def test_a_refused_picture_is_taken_off_and_told_once_until_it_is_replaced(
    harness: ShopHarness,
):
    await put(harness, FIRST, "1")
    number = await number_of(harness)

    assert await take_off(harness, FIRST, "2")
    assert not await take_off(harness, FIRST, "3")
    assert await shown(harness) is None
    assert await told(harness) == 1
    (alert,) = harness.sender.alerts(AlertKind.PICTURE_REFUSED)
    assert (alert["product"], alert["target"]) == ("PlayStation USA", f"p{number}")
    assert (await changes(harness))[-1] == (0, "unique-1", "none")

    assert await put(harness, SECOND, "4")
    assert not await take_off(harness, FIRST, "5"), "another one is there"
    assert await shown(harness) == SECOND
    assert await told(harness) == 1
    assert await take_off(harness, SECOND, "6")
    harness.clock.pass_time(601)
    assert await told(harness) == 2


async def test_a_refused_picture_comes_back_by_undo(harness: ShopHarness):
    await put(harness, FIRST, "1")
    await put(harness, SECOND, "2")
    await take_off(harness, SECOND, "3")

    assert await undo(harness, "4")

    assert await shown(harness) == SECOND


async def open_alerts(harness: ShopHarness) -> int:
    async with harness.store.reading() as tx:
        return len(await tx.alerts.open_of(AlertKind.PICTURE_REFUSED))


async def test_whoever_opens_its_page_ends_the_alert_and_another_refusal_counts_anew(
    harness: ShopHarness,
):
    await put(harness, FIRST, "1")
    await take_off(harness, FIRST, "2")
    assert await told(harness) == 1

    view = await look_at_picture(harness.shop, await number_of(harness))

    assert (view.picture, view.before) == (None, FIRST)
    assert await open_alerts(harness) == 0
    await look_at_picture(harness.shop, await number_of(harness))
    await undo(harness, "3")
    await take_off(harness, FIRST, "4")
    harness.clock.pass_time(601)
    assert await told(harness) == 2


async def test_the_alert_of_a_product_that_is_gone_is_over(harness: ShopHarness):
    await put(harness, FIRST, "1")
    await take_off(harness, FIRST, "2")
    number = await number_of(harness)
    await fetch_catalogue(harness.shop, "oneclickdz")
    assert await open_alerts(harness) == 1, "it is still sold"

    for category in harness.book.categories:
        category.products[:] = [one for one in category.products if one.title != "PlayStation USA"]
    await fetch_catalogue(harness.shop, "oneclickdz")

    assert number not in harness.shop.shelf.goods
    assert await open_alerts(harness) == 0


async def test_what_no_supplier_sells_has_no_picture(harness: ShopHarness):
    for attempt in (
        lambda: view_own_picture(harness.shop, 999),
        lambda: set_picture(harness.shop, 999, FIRST, **by("1")),
        lambda: remove_picture(harness.shop, 999, 1, **by("1")),
        lambda: look_at_picture(harness.shop, 999),
        lambda: undo_picture(harness.shop, 999, 1, **by("1")),
        lambda: take_off_picture(harness.shop, 999, FIRST, key="1"),
    ):
        with pytest.raises(refusals.NotFound):
            await attempt()
