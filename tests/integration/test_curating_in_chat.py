"""/catalogue in the chat: operators press and type, and customers read what comes of it."""

import pytest

from bot.domain.curation import Subject
from bot.domain.roles import Role
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.catalogue.refresh import load_shelf
from handlers.callback_data import pack
from handlers.curating import PRESSES
from locales import words
from storage.tables import operator_actions
from tests.bot_harness import LINA, BotHarness, bare
from tests.harness import OPERATOR, books_agree
from tests.integration.readings import rows

MANAGER, SUPPORT = 901, 902
EN = words("en")


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    made.offer()
    await made.hire(MANAGER, Role.MANAGER)
    await made.hire(SUPPORT, Role.SUPPORT)
    for user_id, locale in ((LINA, "fr"), (MANAGER, "en"), (SUPPORT, "en")):
        await made.person(user_id, locale).say("/start")
    await made.pump()
    await made.credit(LINA, 50_000)
    yield made
    await books_agree(made)
    await made.close()


async def product_of(shop: BotHarness) -> int:
    return shop.shop.shelf.denomination(await shop.denomination()).product_id


def newest(shop: BotHarness, who: int) -> str:
    return bare(text_of(shop.person(who).inbox[-1]))


def labels(shop: BotHarness, who: int) -> list[str]:
    return [bare(str(b["text"])) for b in buttons(shop.person(who).inbox[-1])]


async def say(shop: BotHarness, text: str, who: int = MANAGER) -> str:
    await shop.person(who).say(text)
    await shop.pump()
    return newest(shop, who)


async def press(shop: BotHarness, start: str, who: int = MANAGER) -> str:
    """The newest button whose data begins like this."""
    assert await shop.press_newest(shop.person(who), start), start
    return newest(shop, who)


async def told(shop: BotHarness, data: str, who: int) -> str:
    """What the answer to a forged or stale press says."""
    person = shop.person(who)
    query = await person.forge(data, person.inbox[-1])
    await shop.pump()
    assert query.answer is not None
    return bare(query.answer.get("text", ""))


async def test_a_manager_finds_hides_and_shows_a_product(shop: BotHarness):
    number = await product_of(shop)

    assert "Which category" in await say(shop, "/catalogue")
    await press(shop, "cshelf:games-consoles:0")
    assert any(label.endswith(f"p{number}") for label in labels(shop, MANAGER))
    page = await press(shop, f"cprod:{number}$")
    assert f"PlayStation USA · p{number} · oneclickdz" in page
    assert "4 values" in page
    assert "Sold this month: no codes" in page

    assert "Hidden: customers can’t see, find or buy it." in await press(
        shop, f"chide:p:{number}:1"
    )
    assert "Nous ne vendons plus ce produit" in await say(shop, f"/start p_{number}", LINA)
    assert "PlayStation USA · " not in " ".join(labels(shop, LINA))
    assert "Visible to customers" in await press(shop, f"chide:p:{number}:0")
    assert "PlayStation USA" in await say(shop, f"/start p_{number}", LINA)
    actions = await say(shop, "/actions", OPERATOR)
    assert f"catalogue, p{number}, visibility: shown → hidden" in actions
    assert f"catalogue, p{number}, visibility: hidden → shown" in actions
    assert "“" not in actions  # nothing is quoted that nobody wrote


async def test_a_stale_confirm_press_of_a_hidden_product_reads_that_it_is_not_sold(
    shop: BotHarness,
):
    number = await product_of(shop)
    await say(shop, f"/start p_{number}", LINA)
    await press(shop, "den:", LINA)
    await press(shop, "qty:.*:1$", LINA)
    stale = [
        str(b["callback_data"])
        for b in buttons(shop.person(LINA).inbox[-1])
        if b.get("callback_data", "").startswith(("buy:", "den:"))
    ]
    await say(shop, f"/catalogue p{number}")
    await press(shop, f"chide:p:{number}:1")

    for data in (*stale, f"prod:{number}"):
        assert "Nous ne vendons plus" in await told(shop, data, LINA), data
    assert await shop.balance(LINA) == 5_000_000


async def test_a_product_is_named_described_and_read_in_the_customers_language(shop: BotHarness):
    number = await product_of(shop)
    await say(shop, f"/catalogue p{number}")
    assert "Supplier’s name: PlayStation USA" in await press(shop, f"cname:p:{number}")
    assert "in French: up to 60 characters" in await press(shop, f"ctext:p:{number}:n:fr")
    assert "1 to 60 visible characters" in await say(shop, "x" * 61)
    assert "Carte Dattes" in await say(shop, "Carte Dattes")
    assert "✓ French" in labels(shop, MANAGER)

    assert "Carte Dattes" in await say(shop, "dattes", LINA)
    assert any(
        "text=Carte%20Dattes" in str(b.get("url")) for b in buttons(shop.person(LINA).inbox[-1])
    )
    await say(shop, f"/catalogue p{number}")
    await press(shop, f"chow:{number}")
    assert "plain text" in await press(shop, f"ctext:p:{number}:h:fr")
    assert "Use one link at most" in await say(shop, "Allez sur store.example maintenant")
    assert "Ouvrez" in await say(shop, "1. Ouvrez.\n2. Tapez.\nhttps://store.example/fr")

    await press(shop, "den:", LINA)
    await press(shop, "qty:.*:1$", LINA)
    assert "Carte Dattes" in newest(shop, LINA)
    await press(shop, "buy:", LINA)
    await shop.run(30)
    assert await shop.press_newest(shop.person(LINA), "how:")
    assert "1. Ouvrez.\n2. Tapez." in newest(shop, LINA)
    urls = [b.get("url") for b in buttons(shop.person(LINA).inbox[-1])]
    assert "https://store.example/fr" in urls

    await press_data(shop, f"chow:{number}")
    message = shop.person(MANAGER).inbox[-1]
    undo = next(b for b in buttons(message) if str(b.get("callback_data")).startswith("cback:"))
    for _ in range(2):  # a double tap
        await shop.person(MANAGER).forge(undo["callback_data"], message)
    await shop.pump()
    assert "Ouvrez" not in newest(shop, MANAGER)
    await say(shop, f"/catalogue p{number}")
    await press(shop, f"cname:p:{number}")
    await press(shop, f"ctext:p:{number}:n:fr")
    await say(shop, "–")
    assert "– French" in labels(shop, MANAGER)
    assert f"p{number}, name · French: " in await say(shop, "/actions", OPERATOR)


async def test_a_category_is_renamed_moved_and_hidden(shop: BotHarness):
    number = await product_of(shop)
    await say(shop, "/catalogue")
    await press(shop, "cshelf:games-consoles:0")
    assert "Visible to customers" in newest(shop, MANAGER)
    await press(shop, "cname:c:games-consoles")
    await press(shop, "ctext:c:games-consoles:n:fr")
    await say(shop, "Consoles du salon")
    await press(shop, "cshelf:games-consoles:0")
    await press(shop, "cmove:c:games-consoles:0")
    await say(shop, "/shop", LINA)
    shown = labels(shop, LINA)
    assert "Consoles du salon" in shown
    before = shown.index("Consoles du salon")
    await press(shop, "cmove:c:games-consoles:1")
    await say(shop, "/shop", LINA)
    assert labels(shop, LINA).index("Consoles du salon") < before

    assert "The whole category is hidden." in await press(shop, "chide:c:games-consoles:1")
    await say(shop, "/shop", LINA)
    assert "Consoles du salon" not in labels(shop, LINA)
    assert "Hidden, like its whole category" in await say(shop, f"/catalogue p{number}")


async def test_a_featured_product_stands_on_the_first_page(shop: BotHarness):
    number = await product_of(shop)
    await say(shop, f"/catalogue p{number}")

    await press(shop, f"cfeat:{number}:1")
    assert "at the end" in await told(shop, f"cmove:p:{number}:1", MANAGER)
    assert "⭐ On the home page" in newest(shop, MANAGER)
    await say(shop, "/shop", LINA)
    assert "⭐ PlayStation USA" in labels(shop, LINA)
    await press(shop, f"cfeat:{number}:0")
    await say(shop, "/shop", LINA)
    assert "⭐ PlayStation USA" not in labels(shop, LINA)


async def test_the_most_of_an_order_is_pressed_or_typed_and_bounds_what_customers_type(
    shop: BotHarness,
):
    number = await product_of(shop)
    await say(shop, f"/catalogue p{number}")
    assert "From 1 to 10" in await press(shop, f"cmax:{number}")
    assert "From 1 to 10" in await say(shop, "11")
    assert "Up to 4 codes per order" in await say(shop, "٤")

    await say(shop, f"/start p_{number}", LINA)
    await press(shop, "den:", LINA)
    assert [x for x in labels(shop, LINA) if x.isdigit()] == ["1", "2", "3"]
    assert "de 1 à 4" in await say(shop, "5", LINA)
    await press(shop, f"cmax:{number}")
    assert "Up to 2 codes" in await press(shop, f"cmost:{number}:2$")
    await press(shop, f"cmax:{number}")
    assert "Up to 10 codes" in await press(shop, f"cmost:{number}:0$")
    await press(shop, f"cmax:{number}")
    assert "Nothing found for “a question of mine”" in await say(shop, "a question of mine")


async def test_orders_that_wait_for_money_are_cancelled_by_the_button(shop: BotHarness):
    number = await product_of(shop)
    await say(shop, f"/start p_{number}", SUPPORT)
    await press(shop, "den:", SUPPORT)
    await press(shop, "qty:.*:1$", SUPPORT)
    await press(shop, "buy:", SUPPORT)
    await say(shop, f"/catalogue p{number}")

    await press(shop, f"chide:p:{number}:1")
    assert "Cancel 1 unpaid order" in labels(shop, MANAGER)
    await press(shop, f"ccancel:p:{number}")
    await shop.run(5)

    assert not any("Cancel" in label for label in labels(shop, MANAGER))
    assert "order: waiting for payment → cancelled" in await say(shop, "/actions", OPERATOR)


async def test_new_products_have_a_list_until_they_are_shown(shop: BotHarness):
    number = await product_of(shop)
    await shop.store.write(hide_as_new, shop, number)
    await load_shelf(shop.shop)

    await say(shop, "/catalogue")
    assert "🆕 New and hidden: 1" in labels(shop, MANAGER)
    await press(shop, "cnew:0")
    await press(shop, f"cprod:{number}$")
    await press(shop, f"chide:p:{number}:0")
    await say(shop, "/catalogue")
    assert "🆕 New and hidden: 1" not in labels(shop, MANAGER)
    assert "No new products" in await press_data(shop, "cnew:0")


async def hide_as_new(tx, shop: BotHarness, number: int) -> None:
    await tx.curation.mark(Subject.product(number), hidden=True, arrived_at=shop.clock.now())


async def press_data(shop: BotHarness, data: str) -> str:
    person = shop.person(MANAGER)
    await person.forge(data, person.inbox[-1])
    await shop.pump()
    return newest(shop, MANAGER)


async def test_words_find_products_and_values_have_pages(shop: BotHarness):
    number = await product_of(shop)
    assert "Nothing found for “zzz”" in await say(shop, "/catalogue zzz")
    assert "🔎 “playstation”" in await say(shop, "/catalogue playstation")
    await press(shop, f"cprod:{number}$")

    value = await shop.denomination()
    page = (await press(shop, f"cval:{number}:0")).replace("\u00a0", " ")
    assert f"d{value} · 10 $ · " in page
    assert "stock: " in page


@pytest.mark.parametrize("who", [LINA, SUPPORT])
async def test_a_forged_press_by_a_customer_or_by_support_changes_nothing(shop: BotHarness, who):
    number = await product_of(shop)
    arguments = {
        "ccat": (),
        "cshelf": ("games-consoles", 0),
        "chide": ("p", number, 1),
        "cfeat": (number, 1),
        "cmove": ("p", number, 0),
        "cname": ("p", number),
        "cpic": ("p", number),
        "cpoff": (number, 1),
        "cpback": (number, 1),
        "ctext": ("p", number, "n", "fr"),
        "cback": ("p", number, "n", "fr", 1),
        "cmost": (number, 1),
        "cval": (number, 0),
        "ccancel": ("p", number),
    }
    stranger = words("fr" if who == LINA else "en").plain("refused-not-found")
    before = shop.shop.shelf.curation

    for verb in PRESSES:
        data = pack(verb, *arguments.get(verb, (number,)))
        assert await told(shop, data, who) == bare(stranger), verb
    await say(shop, "a name of mine", who)

    assert {one.kind for one in await rows(shop, operator_actions)} == {"credit"}
    async with shop.store.reading() as tx:
        assert await tx.curation.load() == before


@pytest.mark.parametrize(
    "data",
    ["cprod:999", "chide:p:abc:1", "chide:c:nowhere:1", "ctext:p:1:n:xx", "cval:999:0", "chow:999"],
)
async def test_what_no_button_says_is_refused(shop: BotHarness, data):
    assert "Not found" in await told(shop, data, MANAGER)


async def test_a_manager_who_is_none_any_more_cannot_end_a_question(shop: BotHarness):
    number = await product_of(shop)
    await say(shop, f"/catalogue p{number}")
    await press(shop, f"cname:p:{number}")
    await press(shop, f"ctext:p:{number}:n:fr")
    await shop.dismiss(MANAGER)

    await say(shop, "Carte Dattes")

    assert shop.shop.shelf.product(number).names == ()
