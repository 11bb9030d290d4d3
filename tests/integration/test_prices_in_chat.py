"""/prices in the chat: a table, a draft, and a rule that is used by one press."""

import re
from decimal import Decimal

import pytest

from bot.domain.curation import Subject
from bot.domain.pricing import Markup, MarkupScope, ValuePrice
from bot.domain.roles import Role
from bot.sandbox.telegram.world import buttons, text_of
from bot.services.catalogue import curation
from bot.services.catalogue.refresh import refresh_product
from storage.tables import operator_actions, value_prices
from tests.bot_harness import LINA, BotHarness, bare
from tests.harness import OPERATOR, books_agree
from tests.integration.markup_steps import set_markup
from tests.integration.readings import rows

MANAGER, SUPPORT = 901, 902


@pytest.fixture
async def shop(sqlite_store):
    made = await BotHarness(sqlite_store).open()
    made.offer()
    await made.hire(MANAGER, Role.MANAGER)
    await made.hire(SUPPORT, Role.SUPPORT)
    for user_id, locale in ((LINA, "fr"), (MANAGER, "en"), (SUPPORT, "en")):
        await made.person(user_id, locale).say("/start")
    await made.pump()
    await made.denomination()
    yield made
    await books_agree(made)
    await made.close()


async def say(shop: BotHarness, text: str, who: int = OPERATOR) -> str:
    await shop.person(who).say(text)
    await shop.pump()
    return newest(shop, who)


def newest(shop: BotHarness, who: int = OPERATOR) -> str:
    return bare(text_of(shop.person(who).inbox[-1])).replace("\u00a0", " ")


async def press(shop: BotHarness, pattern: str, who: int = OPERATOR) -> str:
    assert await shop.press_newest(shop.person(who), pattern), pattern
    return newest(shop, who)


def labels(shop: BotHarness, who: int = OPERATOR) -> list[str]:
    return [bare(b["text"]) for b in buttons(shop.person(who).inbox[-1])]


async def product_of(shop: BotHarness) -> int:
    return shop.shop.shelf.denomination(await shop.denomination()).product_id


async def actions(shop: BotHarness) -> list:
    made = sorted(await rows(shop, operator_actions), key=lambda action: action.id)
    return [(a.kind, a.target, a.before, a.after, a.operator_id) for a in made]


async def test_a_rule_is_tried_used_and_taken_back(shop: BotHarness):
    product = await product_of(shop)
    key = MarkupScope.PRODUCT, product
    assert "Now: cost + 8%" in await say(shop, f"/prices p{product}")

    assert "draft: 9%" in await press(shop, "prup:")
    assert "draft: 10%" in await press(shop, "prup:")
    assert "draft: 9%" in await press(shop, "prdown:")
    assert shop.shop.shelf.rules.markups == {}
    assert "In use: cost + 9%" in await press(shop, "prgo:.*:1")

    assert shop.shop.shelf.rules.markups == {key: Markup(Decimal(9))}
    assert await actions(shop) == [("prices", f"p{product}", "-", "9 0", OPERATOR)]
    assert "↶ Previous rule" in labels(shop)
    assert "draft: 8%" in await press(shop, "prundo:")
    assert "In use: cost + 8%" in await press(shop, "prgo:.*:1")
    assert shop.shop.shelf.rules.markups == {}
    assert "prices of p" in await say(shop, "/actions")


async def test_a_second_press_of_use_it_changes_nothing(shop: BotHarness):
    await say(shop, f"/prices p{await product_of(shop)}")
    await press(shop, "prup:")
    operator = shop.person(OPERATOR)
    message = operator.inbox[-1]
    data = next(b["callback_data"] for b in buttons(message) if "prgo" in b["callback_data"])

    for _ in range(2):
        await shop.press(operator, data, message)

    assert len(await actions(shop)) == 1


async def test_a_draft_that_is_left_changes_no_price(shop: BotHarness):
    await say(shop, f"/prices p{await product_of(shop)}")
    await press(shop, "prup:")

    assert "Nothing" in await press(shop, "prgo:.*:0")

    assert await actions(shop) == []
    assert shop.shop.shelf.rules.markups == {}


async def test_a_percentage_is_typed_and_off_takes_it_away(shop: BotHarness):
    product = await product_of(shop)
    await set_markup(shop, (MarkupScope.PRODUCT, product), Markup(Decimal(5)))
    await say(shop, f"/prices p{product}")
    await press(shop, "prtype:")
    assert "can’t read" in await say(shop, "2000")
    assert "draft: 7.5% + 20 DA" in await say(shop, "7,5 20")
    await press(shop, "prtype:")
    text = await say(shop, "off")
    assert "draft: 8%" in text
    assert "comes from its category" in text
    await press(shop, "prtype:")
    assert "🔎" in await say(shop, "playstation usa")  # words are searched for


@pytest.mark.parametrize(
    ("asked", "wanted"), [("fixed", ValuePrice(500_000)), ("floor", ValuePrice(None, 500_000))]
)
async def test_a_price_is_said_of_one_value(shop: BotHarness, asked, wanted):
    value = await shop.denomination()
    await say(shop, f"/prices d{value}")
    await press(shop, f"prwhich:.*:{asked}:0")
    assert "type its" in await press(shop, f"prvalue:.*:{asked}:{value}$")
    assert "can’t read" in await say(shop, "0")
    assert "5,000" in await say(shop, "5000")
    await press(shop, "prgo:.*:1")

    assert shop.shop.shelf.rules.values == {value: wanted}
    page = await say(shop, f"/start p_{await product_of(shop)}", LINA)
    assert "cost" not in page.lower()
    assert any("5 000" in re.sub(r"\s", " ", label) for label in labels(shop, LINA))

    await say(shop, f"/prices d{value}")
    await press(shop, f"prwhich:.*:{asked}:0")
    assert "Type off to remove" in await press(shop, f"prvalue:.*:{asked}:{value}$")
    await say(shop, "off")
    await press(shop, "prgo:.*:1")
    assert await rows(shop, value_prices) == []


async def test_words_instead_of_a_price_are_searched_for(shop: BotHarness):
    value = await shop.denomination()
    await say(shop, f"/prices d{value}")
    await press(shop, "prwhich:.*:fixed:0")
    await press(shop, f"prvalue:.*:fixed:{value}$")

    assert "🔎" in await say(shop, "playstation usa")

    assert await rows(shop, value_prices) == []


async def test_what_others_changed_meanwhile_is_shown_and_nothing_is_saved(shop: BotHarness):
    product = await product_of(shop)
    key = MarkupScope.PRODUCT, product
    await say(shop, f"/prices p{product}")
    await press(shop, "prup:")
    await set_markup(shop, key, Markup(Decimal(20)))

    told = await press(shop, "prgo:.*:1")

    assert "Somebody else has just changed" in told
    assert "Now: cost + 20%" in told
    assert shop.shop.shelf.rules.markups == {key: Markup(Decimal(20))}
    await press(shop, "prup:")
    assert "In use: cost + 21%" in await press(shop, "prgo:.*:1")


async def test_a_category_has_a_table_of_its_cheapest_values(shop: BotHarness):
    first = next(iter(shop.shop.shelf.categories.values()))
    assert first.title in " ".join(labels(shop)) or "below 5" in await say(shop, "/prices")
    text = await press(shop, f"prcat:{first.id}$")
    assert f"c{first.id}" in text
    assert "This is the rule of the whole shop" in text
    assert not any(label == "Fixed price" for label in labels(shop))
    await press(shop, "prup:")
    await press(shop, "prgo:.*:1")
    assert shop.shop.shelf.rules.markups == {(MarkupScope.CATEGORY, first.id): Markup(Decimal(9))}
    await say(shop, "/prices")
    assert any("9%" in label for label in labels(shop))
    await press(shop, "prcat:")


@pytest.mark.parametrize("typed", ["below 50", "sous 50", "< 50 %", "أقل من 50"])
async def test_what_earns_little_is_listed_and_leads_to_its_table(shop: BotHarness, typed):
    told = await say(shop, f"/prices {typed}")
    assert "less than 50% of the cost" in told
    assert "PlayStation USA" in told

    assert "Now: cost" in await press(shop, "cprice:")

    assert "Nothing earns less than 0%" in await say(shop, "/prices below 0")


async def test_a_hidden_product_is_priced_before_it_is_shown(shop: BotHarness):
    product = await product_of(shop)
    await say(shop, f"/catalogue p{product}", MANAGER)
    await press(shop, f"chide:p:{product}:1", MANAGER)

    table = await press(shop, f"cprice:{product}$", MANAGER)
    assert "🙈 Hidden: nobody can buy it." in table
    assert "100 $ 16,320" in table
    await press(shop, "prup:", MANAGER)
    assert "In use" in await press(shop, "prgo:.*:1", MANAGER)
    assert shop.shop.shelf.rules.markups == {(MarkupScope.PRODUCT, product): Markup(Decimal(9))}

    assert "Which one" in await say(shop, "/prices playstation usa")
    assert labels(shop)[-1] == "PlayStation USA · hidden"
    assert "PlayStation USA · hidden" not in labels(shop)[:-1]
    assert "Nothing found" not in await say(shop, f"/prices p{product}")


async def test_what_is_hidden_is_not_counted_as_earning_little(shop: BotHarness):
    product, shelf = await product_of(shop), shop.shop.shelf
    for one in list(shelf.products.values()):
        if one.id != product:
            await curation.set_hidden(
                shop.shop,
                Subject.product(one.id),
                hidden=True,
                key=f"hide {one.id}",
                operator_id=OPERATOR,
            )
    before = await say(shop, "/prices below 60")
    assert "4 values earn" in before
    assert "hidden" not in before.replace("hidden products", "")

    await say(shop, f"/catalogue p{product}", MANAGER)
    await press(shop, f"chide:p:{product}:1", MANAGER)

    told = await say(shop, "/prices below 60")
    assert "Nothing earns less than 60%" in told
    assert "Not counted, and last in the list: 4 values of hidden products." in told
    assert "× hidden: nobody can buy it" in told
    assert "PlayStation USA · hidden" in labels(shop)
    assert labels(shop)[-1].endswith("hidden")
    assert all(label.endswith(("· hidden", "›")) for label in await categories_of(shop))
    await press(shop, "prcat:")
    assert "🙈 Hidden" in newest(shop)


async def categories_of(shop: BotHarness) -> list[str]:
    await say(shop, "/prices")
    return labels(shop)


async def test_a_category_shows_its_hidden_products_last(shop: BotHarness):
    product, shelf = await product_of(shop), shop.shop.shelf
    category = shelf.product(product).category_id
    other = next(one for one in shelf.of_category(category) if one.id != product)
    await refresh_product(shop.shop, other.id)
    dearest, cheapest = sorted(
        (product, other.id),
        key=lambda one: min(value.cost_minor for value in shelf.of_product(one)),
        reverse=True,
    )
    await say(shop, f"/catalogue p{cheapest}", MANAGER)
    await press(shop, f"chide:p:{cheapest}:1", MANAGER)

    table = await say(shop, f"/prices c{category}")

    last, first = (shelf.goods[one].title[:15] for one in (cheapest, dearest))
    lines = [line for line in table.splitlines() if line.startswith((first, last))]
    assert [(line[:15], " × " in line) for line in lines] == [(first, False), (last, True)]
    assert "× hidden: nobody can buy it" in table
    assert "🙈" not in table  # not all of it is hidden


async def test_words_find_products(shop: BotHarness):
    assert "Which one" in await say(shop, "/prices playstation usa")
    assert "p" in await press(shop, "cprice:")
    assert "Nothing found" in await say(shop, "/prices no such thing at all")
    assert "p999999" in await say(shop, "/prices p999999")


@pytest.mark.parametrize("who", [LINA, SUPPORT])
async def test_forged_presses_change_no_price(shop: BotHarness, who):
    value, product = await shop.denomination(), await product_of(shop)
    await say(shop, f"/prices p{product}")
    await press(shop, "prup:")
    seen = len(shop.person(who).inbox)
    for data in (
        *(f"cprice:{product}", "prices:0", "prbelow:500:0", "prcat:1", "prpage:1:0", "prup:1:0"),
        *("prdown:1:0", "prtype:1", "prwhich:1:fixed:0", f"prvalue:1:fixed:{value}", "prundo:1"),
        *("prgo:1:1", "prgo:1:0"),
    ):
        await shop.press(shop.person(who), data)
    told = " ".join(text_of(m) for m in shop.person(who).inbox[seen - 1 :])

    assert "cost" not in told
    assert shop.shop.shelf.rules.markups == {}
    assert "In use" in await press(shop, "prgo:.*:1")  # the draft is still there
    assert "prices" not in (await say(shop, "/prices", who)).lower()


async def test_a_draft_of_another_operator_is_not_touched(shop: BotHarness):
    product = await product_of(shop)
    await say(shop, f"/prices p{product}")
    await press(shop, "prup:")
    for data in ("prup:1:0", "prgo:1:1", "prgo:1:0", "prtype:1", "prundo:1", "prpage:1:0"):
        await shop.press(shop.person(MANAGER), data)

    assert shop.shop.shelf.rules.markups == {}
    assert "In use: cost + 9%" in await press(shop, "prgo:.*:1")


@pytest.mark.parametrize(
    "data", ["prwhich:1:planet:0", "prvalue:1:fixed:999999", "prundo:1", "prgo:1:1"]
)
async def test_forged_arguments_change_no_price(shop: BotHarness, data):
    await say(shop, f"/prices p{await product_of(shop)}")

    await shop.press(shop.person(OPERATOR), data)

    assert await actions(shop) == []


async def test_a_draft_is_forgotten_after_an_hour(shop: BotHarness):
    await say(shop, f"/prices p{await product_of(shop)}")
    await press(shop, "prup:")
    shop.clock.pass_time(3601)

    await press(shop, "prgo:.*:1")

    assert await actions(shop) == []


async def test_a_manager_moves_a_price_only_so_far_in_a_day(shop: BotHarness):
    shop.set_policy(manager_price_step=10)
    product = await product_of(shop)
    await say(shop, f"/prices p{product}", MANAGER)
    await press(shop, "prtype:", MANAGER)
    await say(shop, "15", MANAGER)
    assert "In use: cost + 15%" in await press(shop, "prgo:.*:1", MANAGER)
    await press(shop, "prtype:", MANAGER)
    await say(shop, "25", MANAGER)
    person = shop.person(MANAGER)
    message = person.inbox[-1]
    data = next(b["callback_data"] for b in buttons(message) if "prgo" in b["callback_data"])
    query = await person.forge(data, message)
    await shop.pump()

    assert query.answer is not None
    assert "10% a day" in bare(query.answer["text"])
    assert "10% a day" in await say(shop, f"/markup p{product} 25", MANAGER)
    assert f"✓ p{product}" in await say(shop, f"/markup p{product} 25")
