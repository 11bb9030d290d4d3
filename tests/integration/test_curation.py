"""Curation by operators: names, guides and order, which outlive a new catalogue."""

import pytest

from bot import errors, refusals
from bot.domain.actions import ActionKind
from bot.domain.curation import CuratedText, Marks, OwnText, Subject
from bot.domain.records import Locale
from bot.services.catalogue import curation
from bot.services.catalogue.curated import (
    find_entries,
    list_curated,
    list_entries,
    list_texts,
    list_values,
    recall,
    remember,
    view_card,
    view_category,
)
from bot.services.catalogue.price_watch import PriceWatch
from bot.services.catalogue.refresh import fetch_catalogue, load_shelf, refresh_product
from bot.services.catalogue.shelves import list_brands, view_home
from bot.services.orders.aftercare import how_to_redeem, placing_of
from storage.tables import curation as curation_table
from storage.tables import operator_actions
from tests.harness import ShopHarness
from tests.integration.curation_steps import GAMES, by, hide, named, product_of
from tests.integration.readings import rows

LINK = "https://store.example/redeem"


# --- names and guides


async def test_an_order_keeps_the_name_that_its_customer_read(harness: ShopHarness):
    await harness.customer(1, locale="fr")
    await harness.customer(2, locale="ar")
    subject = await product_of(harness)
    await named(harness, subject, "Carte Console", Locale.FR, "1")

    french, arabic = await harness.buy(1), await harness.buy(2)
    await named(harness, subject, "Autre nom", Locale.FR, "2")

    assert (await harness.order(french.id)).product_title == "Carte Console"
    assert (await harness.order(arabic.id)).product_title == "PlayStation USA"
    product = harness.shop.shelf.product(int(subject.target))
    assert [product.name_in(one) for one in ("fr", "ar", "en")] == [
        "Autre nom",
        "PlayStation USA",
        "PlayStation USA",
    ]


async def test_an_order_of_a_product_that_is_gone_is_placed_by_its_title(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy()
    harness.shop.shelf.known.clear()

    assert placing_of(harness.shop, order).brand == "playstation"


async def test_own_words_take_the_place_of_the_guide_in_each_language(harness: ShopHarness):
    await harness.customer(1)
    order, subject = await harness.buy(), await product_of(harness)
    await harness.run(30)
    how = CuratedText.HOW
    for locale, words in ((Locale.EN, f"Open the app.\n{LINK}"), (Locale.FR, "Ouvrez.")):
        assert await curation.set_text(harness.shop, subject, how, locale, words, **by(locale))

    told = [await how_to_redeem(harness.shop, 1, order.id, one) for one in ("fr", "ar", "en")]

    assert [(one.own, one.own_url) for one in told] == [
        ("Ouvrez.", ""),
        ("Open the app.", LINK),
        ("Open the app.", LINK),
    ]


async def test_two_products_of_a_category_never_read_the_same(harness: ShopHarness):
    usa, france = await product_of(harness), await product_of(harness, "PlayStation UAE")
    xbox = await product_of(harness, "Xbox USA")
    steam = await product_of(harness, "Steam USA")
    assert await named(harness, usa, "Carte", Locale.EN, "1")
    await hide(harness, usa)  # it may be shown again

    for other, name, locale in (
        (france, "carte", Locale.FR),
        (xbox, "Carte", Locale.AR),
        (usa, "Xbox USA", Locale.FR),
    ):
        with pytest.raises(refusals.NameTaken):
            await named(harness, other, name, locale, "2")
    assert await named(harness, steam, "Carte", Locale.EN, "3"), "another category"

    assert await named(harness, usa, "Vraie carte", Locale.FR, "4")
    assert await named(harness, france, "Carte", Locale.FR, "5")
    with pytest.raises(refusals.NameTaken):
        await named(harness, usa, "-", Locale.FR, "6")  # its English name would be read again
    assert len([a for a in await rows(harness, operator_actions) if "name" in a.note]) == 4


async def test_two_categories_never_read_the_same(harness: ShopHarness):
    assert await named(harness, GAMES, "Salon", Locale.FR, "1")

    for name in ("Salon", "games-consoles", harness.shop.shelf.brands.categories[1]):
        with pytest.raises(refusals.NameTaken):
            await named(harness, Subject.category("software"), name, Locale.FR, "2")
    with pytest.raises(refusals.NotFound):
        await curation.set_text(
            harness.shop, GAMES, CuratedText.HOW, Locale.FR, "Ouvrez.", **by("3")
        )
    entry = next(one for one in view_home(harness.shop).categories if one.key == GAMES.target)
    assert entry.names == list_brands(harness.shop, GAMES.target).names == (("fr", "Salon"),)


async def test_the_last_change_of_a_text_can_be_undone_and_that_again(harness: ShopHarness):
    subject, name = await product_of(harness), CuratedText.NAME
    for key, words in (("1", "Un"), ("2", "Deux")):
        await named(harness, subject, words, Locale.FR, key)

    async def known() -> OwnText:
        return (await list_texts(harness.shop, subject, name))[Locale.FR]

    async def undo(key: str, seen: int | None = None) -> str:
        stands = (await known()).fingerprint if seen is None else seen
        await curation.undo_text(harness.shop, subject, name, Locale.FR, stands, **by(key))
        return (await known()).text

    shown = (await known()).fingerprint
    assert [await undo("3", shown), await undo("3b", shown), await undo("3c", 0)] == ["Un"] * 3
    assert await undo("4") == "Deux"
    assert await named(harness, subject, "–", Locale.FR, "5")
    assert not await named(harness, subject, "–", Locale.FR, "6")
    assert await undo("7") == "Deux"


# --- a new catalogue, and the operators' own view


async def test_a_new_catalogue_keeps_all_that_operators_said(harness: ShopHarness):
    subject = await product_of(harness)
    number, values = int(subject.target), await harness.denomination()
    await hide(harness, await product_of(harness, "Xbox USA"))
    await named(harness, subject, "Carte", Locale.FR, "1")
    await curation.set_featured(harness.shop, number, featured=True, **by("2"))
    await curation.set_most(harness.shop, number, 3, **by("3"))
    assert await curation.move(harness.shop, GAMES, up=False, **by("4"))
    before = harness.shop.shelf.curation
    order = list(harness.shop.shelf.tree.categories)
    (goods,) = [c for c in harness.book.categories if c.title == "PSN"]
    goods.products.reverse()
    goods.products[0].title = "PlayStation (renamed)"

    harness.clock.pass_time(90_000)
    assert await fetch_catalogue(harness.shop, "oneclickdz")
    await refresh_product(harness.shop, number)

    shelf = harness.shop.shelf
    assert shelf.curation == before
    assert list(shelf.tree.categories) == order
    assert shelf.product(number).name_in("fr") == "Carte"
    assert shelf.denomination(values).product_id == number
    assert [one.id for one in view_home(harness.shop).featured] == [number]
    harness.restart()
    await load_shelf(harness.shop)
    assert harness.shop.shelf.curation == before


async def test_each_change_is_an_action_with_before_and_after(harness: ShopHarness):
    subject = await product_of(harness)
    number = int(subject.target)
    changes = [
        lambda key: hide(harness, subject, key=key),
        lambda key: curation.set_featured(harness.shop, number, featured=True, **by(key)),
        lambda key: curation.set_most(harness.shop, number, 5, **by(key)),
        lambda key: curation.move(harness.shop, subject, up=False, **by(key)),
        lambda key: named(harness, subject, "Carte", Locale.FR, key),
        lambda key: curation.set_featured(harness.shop, number, featured=False, **by(key)),
        lambda key: hide(harness, subject, hidden=False, key=key),
    ]
    for place, change in enumerate(changes):
        done = await change(str(place))
        assert done is (place != 3), "alone among the featured ones, it stays"

    made = [a for a in await rows(harness, operator_actions) if a.kind == ActionKind.CURATION]
    assert {a.target for a in made} == {subject.name}
    assert [(a.note, a.before, a.after) for a in made] == [
        ("hidden", "shown", "hidden"),
        ("featured", "off", "on"),
        ("most", "none", "5"),
        ("name fr", "none", "Carte"),
        ("featured", "on", "off"),
        ("hidden", "hidden", "shown"),
    ]


async def test_a_change_that_is_made_already_leaves_no_action(harness: ShopHarness):
    subject = await product_of(harness)
    number = int(subject.target)

    assert not await hide(harness, subject, hidden=False)
    assert not await curation.set_featured(harness.shop, number, featured=False, **by("1"))
    assert not await curation.set_most(harness.shop, number, None, **by("2"))
    assert await rows(harness, operator_actions) == []
    assert await hide(harness, subject)
    with pytest.raises(refusals.AlreadyDecided):
        await hide(harness, subject, hidden=False)  # by the same press
    assert (await view_card(harness.shop, number)).marks == Marks(hidden=True)


async def test_a_change_that_the_shelf_could_not_show_is_shown_by_the_next_press_or_look(
    harness: ShopHarness, monkeypatch
):
    subject = await product_of(harness)
    number = int(subject.target)

    async def fails(shop) -> None:
        raise errors.StorageFailure

    def shown() -> bool:
        return number in harness.shop.shelf.products

    with monkeypatch.context() as patched:
        patched.setattr(curation, "fill_shelf", fails)
        with pytest.raises(errors.StorageFailure):
            await hide(harness, subject)
    assert shown()
    assert not await hide(harness, subject, key="again")
    assert not shown()

    with monkeypatch.context() as patched:
        patched.setattr(curation, "fill_shelf", fails)
        with pytest.raises(errors.StorageFailure):
            await hide(harness, subject, hidden=False, key="shown")
    assert not shown()
    await PriceWatch(harness.shop).check()
    assert shown()


async def test_moving_changes_the_order_that_customers_see(harness: ShopHarness):
    subject = await product_of(harness)
    node = harness.shop.shelf.tree.brand_of(int(subject.target))
    assert node is not None
    before = list(node.products)

    assert not await curation.move(harness.shop, subject, up=True, **by("0"))
    assert await curation.move(harness.shop, subject, up=False, **by("1"))

    moved = harness.shop.shelf.brand(node.key).products
    assert list(moved) == [before[1], before[0], *before[2:]]
    assert (await view_card(harness.shop, int(subject.target))).place == 2
    made = (await rows(harness, operator_actions))[-1]
    assert (made.note, made.before, made.after) == ("rank", "1", "2")


@pytest.mark.parametrize(
    "subject", [Subject.product(9_999), Subject.category("nowhere"), Subject.category("other")]
)
async def test_what_there_is_not_cannot_be_curated(harness: ShopHarness, subject):
    if subject.target == "other":
        assert view_category(harness.shop, "other").products == 0
        assert not await curation.move(harness.shop, subject, up=True, **by("k"))
        return
    with pytest.raises(refusals.NotFound):
        await hide(harness, subject)
    with pytest.raises(refusals.NotFound):
        await curation.move(harness.shop, subject, up=True, **by("k"))
    with pytest.raises(refusals.NotFound):
        await remember(harness.shop, subject)
    assert await rows(harness, curation_table) == []


async def test_operators_see_what_is_hidden_with_its_values_and_sales(harness: ShopHarness):
    await harness.customer(1)
    await harness.buy(quantity=2)
    await harness.run(60)
    subject = await product_of(harness)
    number = int(subject.target)
    await hide(harness, subject)
    await named(harness, subject, "Carte Dattes", Locale.FR, "n")

    card = await view_card(harness.shop, number)
    assert (card.values, card.sold, card.most, card.marks.hidden) == (4, 2, 10, True)
    values = await list_values(harness.shop, number)
    assert card.cheapest_minor == min(one.price_minor for one in values)
    assert [one.denomination.label for one in values][:2] == ["10 $", "25 $"]
    for words in ("dattes", "PLAYSTATION usa", subject.name, subject.target):
        assert harness.shop.shelf.goods[number] in find_entries(harness.shop, words)
    assert find_entries(harness.shop, "!") == []
    games = next(one for one in list_curated(harness.shop) if one.key == GAMES.target)
    assert games.hidden == 1
    assert list_entries(harness.shop, GAMES.target, 0).entries[0].hidden
    assert await recall(harness.shop, await remember(harness.shop, subject)) == subject
    with pytest.raises(refusals.NotFound):
        await recall(harness.shop, 77)
    harness.clock.pass_time(40 * 86_400)
    assert (await view_card(harness.shop, number)).sold == 0
