"""Search and the one shelf in a chat: what is typed is found, and no walk ends at a wall."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.pauses import Closed
from bot.domain.records import AccountChanges, PauseReason
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.catalogue import browse
from bot.services.catalogue.links import link_products
from bot.services.catalogue.refresh import refresh_product
from bot.services.selling.pauses import pause_selling, read_closed
from locales import LOCALES
from locales.naming import category_name, region_name
from storage.repositories.suppliers import SupplierRepository
from storage.store import Store
from tests.bot_harness import LINA, VoucherBotHarness, bare
from tests.harness import OPERATOR, books_agree


@pytest.fixture(params=LOCALES)
async def shop(sqlite_store: Store, request) -> AsyncIterator[VoucherBotHarness]:
    """Both suppliers on one shelf."""
    made = VoucherBotHarness(sqlite_store, request.param)
    await made.open()
    yield made
    await books_agree(made)
    await made.close()


@pytest.fixture
async def english(sqlite_store: Store) -> AsyncIterator[VoucherBotHarness]:
    made = VoucherBotHarness(sqlite_store, "en")
    await made.open()
    yield made
    await made.close()


def said(shop: VoucherBotHarness) -> str:
    return bare(text_of(shop.lina.inbox[-1])).replace("\u00a0", " ")


def shown(shop: VoucherBotHarness) -> list[str]:
    return [bare(b["text"]).replace("\u00a0", " ") for b in buttons(shop.lina.inbox[-1])]


def data(shop: VoucherBotHarness) -> list[str]:
    return [b.get("callback_data", "") for b in buttons(shop.lina.inbox[-1])]


async def warm(shop: VoucherBotHarness, title: str, label: str = "10 $") -> int:
    """Let the shop know a product's prices; returns the value's id."""
    return await shop.denomination(title, label)


async def ask_again(shop: VoucherBotHarness, title: str) -> int:
    """Have the supplier asked for a product's prices, and open it."""
    product = browse.search_products(shop.shop, title)[0].id
    await refresh_product(shop.shop, product)
    await shop.say(f"/start p_{product}")
    return product


async def test_home_shows_popular_brands_then_categories_then_pages(shop: VoucherBotHarness):
    await shop.say("/start")

    assert {"PlayStation", "Free Fire", "PUBG Mobile", "Steam", "Google Play"} <= set(shown(shop))
    assert category_name(shop.words.locale, "games-consoles") in shown(shop)
    assert "find" in data(shop)
    assert len(data(shop)) == len(set(data(shop)))


async def test_a_value_that_is_named_can_be_bought_in_three_presses(shop: VoucherBotHarness):
    await warm(shop, "Steam USA", "20 $")
    await shop.say("/start")
    await shop.credit(LINA, 20_000)

    await shop.say("ستيم أمريكي ٢٠ دولار")
    assert "Steam USA" in shown(shop)[0]
    assert "20 $" in shown(shop)[0]
    for pattern in ("den:", "qty:.*:1$", "buy:"):
        assert await shop.press_newest(shop.lina, pattern)

    await shop.run(10)
    assert shop.lina.codes()


async def test_a_value_of_a_range_is_bought_as_if_it_had_been_typed(english: VoucherBotHarness):
    value = await warm(english, "Amazon.de", "5-500 EUR")
    await english.say("amazon.de 42 euro")
    assert shown(english)[0] == "Amazon.de · 42 €"

    await english.press_newest(english.lina, "face:")
    assert "42 €" in said(english)
    await english.press(english.lina, f"face:{value}:4250")
    await english.press(english.lina, "face:999999:4200")


async def test_a_single_product_that_is_found_opens_at_once(shop: VoucherBotHarness):
    await shop.say("game pass")

    assert "Xbox Game Pass Ultimate" in said(shop)
    assert region_name(shop.words.locale, "global") in said(shop)
    assert any(each.startswith("den:") for each in data(shop))


async def test_nothing_found_offers_near_misses_categories_and_support(shop: VoucherBotHarness):
    await shop.say("xyzzy")
    assert "home" in data(shop)
    assert any(one.startswith("tell:") for one in data(shop))
    assert category_name(shop.words.locale, "games-pc") in shown(shop)

    await shop.say("plahistazon")
    assert shown(shop)[0] == "PlayStation"


async def test_a_complaint_that_says_what_is_wrong_can_be_sent_to_support_as_it_is(
    english: VoucherBotHarness,
):
    await english.say("my code is refused")
    assert english.words.plain("search-trouble").splitlines()[0] in said(english)
    assert any(one.startswith("tell:") for one in data(english))

    await english.press_newest(english.lina, "tell:")
    assert "K1" in said(english)
    await english.say("/cancel")

    await english.say("support")
    assert "case" in data(english)


async def test_a_bare_value_asks_for_its_brand_and_then_shows_it(shop: VoucherBotHarness):
    await warm(shop, "Steam USA", "20 $")
    await shop.say("20$")
    assert "worth:steam:2000" in data(shop)

    await shop.press(shop.lina, "worth:steam:2000")
    assert "Steam USA · 20 $" in shown(shop)[0]
    await shop.press(shop.lina, "worth:steam:1999")
    assert "Steam USA" in shown(shop)[0]

    await shop.say("€")
    assert "brand:steam:0" in data(shop)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("gift card", "home"),
        ("القائمة", "home"),
        ("slm", "help"),
        ("mes commandes", "orders-none"),
        ("رصيدي", "wallet-id"),
        ("not working", "search-trouble"),
        ("langue", "language"),
    ],
)
async def test_a_page_that_is_meant_is_opened(english: VoucherBotHarness, typed, key):
    await english.say("/start")
    await english.say(typed)

    expected = english.words.plain(key, id=str(LINA), balance="").splitlines()[0]
    assert expected.strip() in said(english)


async def test_the_search_button_and_command_ask_for_words(shop: VoucherBotHarness):
    await shop.say("/start")
    await shop.press(shop.lina, "find")
    assert said(shop) == bare(shop.words.plain("search-ask")).replace("\u00a0", " ")

    await shop.say("/search")
    assert said(shop) == bare(shop.words.plain("search-ask")).replace("\u00a0", " ")
    await shop.say("/search ببجي")
    assert "PUBG Mobile UC" in shown(shop)[0]


async def test_brands_products_and_back_again(english: VoucherBotHarness):
    await english.say("/start")
    await english.press(english.lina, "shelf:games-consoles:0")
    assert {"PlayStation", "Xbox", "Nintendo", "Fortnite (Xbox)"} <= set(shown(english))

    await english.press(english.lina, "brand:playstation:0")
    assert {"PlayStation USA", "PlayStation Store USA"} <= set(shown(english))
    assert "shelf:games-consoles:0" in data(english)
    await english.press_newest(english.lina, "prod:")
    assert "PlayStation › PlayStation USA" in said(english)
    assert "Works only on accounts in this country: United States" in said(english)
    assert "brand:playstation:0" in data(english)

    await english.press(english.lina, "brand:playstation:0")
    assert any("PlayStation USA · from 1,770 DA" in each for each in shown(english))
    await english.press(english.lina, "brand:nike:0")
    await english.press(english.lina, "shelf:nike:0")
    assert any("PlayStation USA" in each for each in shown(english)), (
        "what is not there changes nothing"
    )


async def test_a_step_with_one_way_on_is_skipped(english: VoucherBotHarness):
    await english.say("/start")
    await english.press(english.lina, "shelf:travel-food:0")
    assert [each for each in data(english) if each.startswith("prod:")], (
        "two brands, one product each"
    )

    await english.press(english.lina, "brand:uber:0")
    assert "Uber › Uber" in said(english)
    assert "shelf:travel-food:0" in data(english)


async def test_buttons_and_links_of_old_messages_still_open_something(english: VoucherBotHarness):
    shelf = english.shop.shelf
    psn, gaming, travel = (
        next(c.id for c in shelf.categories.values() if c.title == title)
        for title in ("PSN", "Gaming", "Travel")
    )
    await english.say(f"/start c_{psn}")
    assert "PlayStation Store USA" in " ".join(shown(english)), "the brand, of both suppliers"
    await english.press(english.lina, f"cat:{gaming}")
    assert "PlayStation Store USA" in " ".join(shown(english))
    await english.press(english.lina, f"cat:{travel}:0")
    assert {"Airbnb", "Uber"} <= {each.split(" · ")[0] for each in shown(english)}

    await english.say(f"/start p_{shelf.brand('steam').products[0]}")
    assert "Steam › Steam USA" in said(english)


async def test_a_paused_product_says_so_and_what_else_there_is(shop: VoucherBotHarness):
    value = await warm(shop, "PlayStation USA")
    await warm(shop, "PlayStation Store USA", "10 USD")
    await shop.store.write(
        lambda tx: tx.suppliers.update_account("oneclickdz", paused_for_balance=True)
    )
    product = shop.shop.shelf.denomination(value).product_id
    assert (await read_closed(shop.shop)).suppliers == {"oneclickdz"}

    await shop.say("/start")
    await shop.press(shop.lina, "brand:playstation:0")
    assert "PlayStation Store USA" in shown(shop)[0], "what can be bought comes first"
    soon = bare(shop.words.label("button-entry-plain-paused", product="x")).split(" · ")[1]
    assert sum(soon in each for each in shown(shop)) == 5

    await shop.press(shop.lina, f"prod:{product}")
    assert bare(shop.words.plain("product-instead")).replace("\u00a0", " ") in said(shop)
    assert "PlayStation Store USA" in shown(shop)[0]
    before = said(shop)
    await shop.press(shop.lina, f"den:{value}")
    assert said(shop) == before, "an old button of a value answers at once"

    await shop.say("psn 10 dollar")
    assert "PlayStation Store USA · 10 $" in shown(shop)[0]


@pytest.mark.parametrize(
    ("why", "expected"),
    [("balance", "sales are paused because of the balance"), ("access", "refuses our key")],
)
async def test_operators_read_which_supplier_is_closed_and_why(
    english: VoucherBotHarness, why: str, expected: str
):
    asker = english.person(OPERATOR)
    await english.say("/attention", asker)
    assert "starship" not in text_of(asker.inbox[-1])

    changes: AccountChanges = (
        {"paused_for_balance": True} if why == "balance" else {"paused_for_access": True}
    )
    await english.store.write(lambda tx: tx.suppliers.update_account("starship", **changes))
    await english.say("/attention", asker)

    (line,) = [each for each in bare(text_of(asker.inbox[-1])).splitlines() if "starship" in each]
    assert expected in line


async def test_what_is_closed_is_read_in_two_statements(english: VoucherBotHarness, monkeypatch):
    async def asks_for_one(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(SupplierRepository, "account", asks_for_one)

    assert await read_closed(english.shop) == Closed()


async def test_a_pause_of_the_shop_closes_all_and_is_said(english: VoucherBotHarness):
    await english.store.write(pause_selling, english.shop, PauseReason.AUDIT)

    await english.say("game pass")

    assert "can’t be ordered right now" in said(english)
    closed = await read_closed(english.shop)
    assert all(closed.has(name, {1}) for name in ("oneclickdz", "starship"))


async def test_a_product_that_is_linked_whole_says_so_by_its_own_category(
    english: VoucherBotHarness,
):
    await warm(english, "PlayStation USA")
    await warm(english, "PlayStation Store USA", "10 USD")
    mine, theirs = (
        browse.search_products(english.shop, title)[0].id
        for title in ("PlayStation USA", "PlayStation Store USA")
    )
    await link_products(english.shop, mine, theirs, key="k", operator_id=OPERATOR)
    await english.store.write(pause_selling, english.shop, PauseReason.AUDIT)

    await english.say(f"/start p_{theirs}")
    assert "Gaming › PlayStation Store USA" in said(english)
    assert [one for one in data(english) if one] == ["home", "home"]


async def test_what_is_sold_out_stands_last_and_says_so(english: VoucherBotHarness):
    await warm(english, "Steam USA", "20 $")
    for one in english.kind("Steam USA", "20 $"), english.kind("Steam USA", "5 $"):
        one.quantity = 0
    english.clock.pass_time(100)
    english.let_prices_age()
    await ask_again(english, "Steam USA")
    labels = [each for each in shown(english) if "$" in each]
    sold_out = ["sold out" in each for each in labels]
    assert sold_out == sorted(sold_out)
    assert {"5 $ · sold out", "20 $ · sold out"} <= set(labels)

    for label in ("10 $", "50 $", "100 $"):
        english.kind("Steam USA", label).quantity = 0
    english.clock.pass_time(100)
    english.let_prices_age()
    await ask_again(english, "Steam USA")
    await english.press(english.lina, "brand:steam:0")
    products = [each for each in shown(english) if "Steam" in each]
    assert products[-1] == "Steam USA · sold out"
    await english.say("steam 20$ usa")
    assert "Steam Türkiye" in " ".join(shown(english))
