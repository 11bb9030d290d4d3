"""After the codes, in the chat: how to redeem, problems, the summary; who may ask, and what is kept out."""

import pytest
from sqlalchemy import select

from bot.domain.guides import Guides
from bot.domain.orders import Order
from bot.sandbox.telegram.world import buttons, spoilers, text_of
from handlers.screens.values import value_label
from locales import LOCALES, words
from locales.naming import region_name
from storage.tables import cases, outbox
from tests.bot_harness import LINA, SupportHarness, bare
from tests.database import overwrite
from tests.harness import OPERATOR
from tests.integration.readings import rows

DIRECTION = str.maketrans("", "", "\u200e\u200f\u061c\u2068\u2069\u2066\u2067")
STRANGER = 77


@pytest.fixture(params=LOCALES)
async def shop(sqlite_store, request):
    made = await SupportHarness(sqlite_store, request.param).open()
    await made.say("/start")
    await made.credit(LINA, 10_000)
    yield made
    await made.close()


@pytest.fixture
async def english(sqlite_store):
    made = await SupportHarness(sqlite_store, "en").open()
    await made.say("/start")
    await made.credit(LINA, 10_000)
    yield made
    await made.close()


async def bought(shop: SupportHarness, quantity: int = 2) -> Order:
    order = await shop.buy(LINA, quantity)
    await shop.live(20)
    return await shop.order(order.id)


def newest(shop: SupportHarness) -> str:
    return text_of(shop.lina.inbox[-1]).translate(DIRECTION)


def said(shop: SupportHarness, key: str, **values: str) -> str:
    return shop.words.plain(key, **values).translate(DIRECTION)


def links(shop: SupportHarness) -> list[str]:
    return [button["url"] for button in buttons(shop.lina.inbox[-1]) if "url" in button]


def data(shop: SupportHarness) -> list[str]:
    return [button.get("callback_data", "") for button in buttons(shop.lina.inbox[-1])]


async def test_how_to_redeem_is_a_message_of_its_own_and_holds_no_code(shop: SupportHarness):
    await bought(shop)
    (delivery,) = shop.delivered()
    codes = spoilers(delivery)
    await shop.press_label(said(shop, "button-how"))

    assert shop.lina.inbox[-1] is not delivery
    assert spoilers(delivery) == codes, "the message of the codes keeps them"
    guide = shop.shop.guides.of("playstation")
    assert guide is not None
    steps = guide.texts[shop.words.locale].steps
    for number, step in enumerate(steps, start=1):
        assert f"{number}. {step}".translate(DIRECTION) in newest(shop)
    assert links(shop) == [guide.url]
    assert not any(code in newest(shop) for code in codes)
    assert shop.lina.inbox[-1]["link_preview_options"] == {"is_disabled": True}


async def test_a_problem_is_asked_about_with_its_order_after_what_to_check(shop: SupportHarness):
    order = await bought(shop)
    codes = [code for message in shop.delivered() for code in spoilers(message)]
    await shop.press_label(said(shop, "button-problem"))
    guide = shop.shop.guides.of("playstation")
    assert guide is not None
    assert guide.texts[shop.words.locale].fails.translate(DIRECTION) in newest(shop)
    assert await rows(shop, cases) == [], "most are helped by this"

    await shop.press_label(said(shop, "button-ask-support"))
    await shop.say("???")

    (case,) = await rows(shop, cases)
    assert (case.user_id, case.order_id) == (LINA, order.id)
    operator = shop.person(OPERATOR)
    heading = bare(text_of([m for m in operator.inbox if "🆘" in text_of(m)][-1]))
    value = value_label(words("en"), order.denomination_label)  # operators read English here
    for part in (f"#{order.id}", order.product_title, value):
        assert part in heading
    assert not any(code in text_of(m) for m in operator.inbox for code in codes)
    assert not any(code in row.data for row in await rows(shop, outbox) for code in codes)


async def test_five_presses_are_one_case(english: SupportHarness):
    order = await bought(english)
    for _ in range(5):
        await english.press(english.lina, f"problem:{order.id}")
        await english.press(english.lina, f"ask:{order.id}")

    (case,) = await rows(english, cases)
    assert case.order_id == order.id


async def test_the_summary_says_the_money_and_no_code(shop: SupportHarness):
    shop.book.next_outcomes.append(1)
    order = await bought(shop, 3)
    await shop.say("/orders")
    await shop.press_label(f"#{order.id}")
    await shop.press_label(said(shop, "button-summary"))

    text = newest(shop)
    for part in (
        f"#{order.id}",
        order.product_title,
        shop.words.money(order.unit_price_minor),
        shop.words.money(order.total_minor),
        shop.words.money(order.returned_minor),
    ):
        assert part.translate(DIRECTION) in text
    assert not any(code in text for m in shop.delivered() for code in spoilers(m))
    assert len(text.splitlines()) <= 9


async def test_the_screens_of_one_order_stay_in_one_message(english: SupportHarness):
    order = await bought(english)
    await english.say("/orders")
    await english.press_label(f"#{order.id}")
    count = len(english.lina.inbox)
    for key in ("button-how", "button-problem", "button-how"):
        await english.press_label(words("en").plain(key))
        await english.press(english.lina, f"order:{order.id}", english.lina.inbox[-1])

    assert len(english.lina.inbox) == count


@pytest.mark.parametrize("verb", ["how", "problem", "ask", "receipt"])
async def test_nobody_learns_of_somebody_elses_order(english: SupportHarness, verb: str):
    order = await bought(english)
    await english.say("/start", english.person(STRANGER))
    stranger = english.person(STRANGER)
    before = len(stranger.inbox)

    await english.press(stranger, f"{verb}:{order.id}", stranger.inbox[-1])
    await english.press(stranger, f"{verb}:{10**9}", stranger.inbox[-1])

    assert len(stranger.inbox) == before
    assert all(order.product_title not in text_of(m) for m in stranger.inbox)
    assert await rows(english, cases) == []


@pytest.mark.parametrize("verb", ["how", "problem", "ask"])
async def test_before_a_code_came_there_is_nothing_to_redeem(english: SupportHarness, verb: str):
    english.book.handling_seconds = 10**6
    order = await english.buy(LINA, 1)
    await english.live(5)

    await english.press(english.lina, f"{verb}:{order.id}", english.lina.inbox[-1])

    assert await rows(english, cases) == []
    assert "Redeem" not in newest(english)


async def test_an_order_that_nobody_paid_has_no_summary(english: SupportHarness):
    english.offer()
    order = await english.buy(LINA, 10)

    await english.press(english.lina, f"receipt:{order.id}", english.lina.inbox[-1])

    assert "🧾" not in newest(english)


async def test_an_unknown_brand_and_a_product_that_is_gone_get_the_common_steps(
    english: SupportHarness,
):
    order = await bought(english)

    async def forget(tx):
        from storage.tables import orders

        await overwrite(tx, orders, order.id, product_title="Nobody knows this")

    await english.store.write(forget)
    english.shop.shelf.known.clear()
    await english.press(english.lina, f"how:{order.id}")

    assert "Nobody knows this" in newest(english)
    assert said(english, "how-any-find") in newest(english)
    assert links(english) == []


async def test_the_title_tells_the_brand_of_a_product_that_is_gone(english: SupportHarness):
    order = await bought(english)
    english.shop.shelf.known.clear()

    await english.press(english.lina, f"how:{order.id}")

    assert "Redeem Codes" in newest(english)


async def test_a_brand_without_texts_in_a_language_gets_the_common_steps_and_its_link(
    shop: SupportHarness,
):
    entry = {"name": "PlayStation", "region": "country", "region_locked": True}
    entry |= {"url": "https://store.playstation.com", "url_certainty": "pages"}
    shop.shop.guides = Guides.read({"brand": {"playstation": entry}})
    order = await bought(shop)
    await shop.press(shop.lina, f"how:{order.id}")

    assert said(shop, "how-any-paste") in newest(shop)
    assert links(shop) == ["https://store.playstation.com"]
    await shop.press(shop.lina, f"problem:{order.id}")
    assert said(shop, "how-any-fails") in newest(shop)


async def test_after_a_restart_a_press_below_codes_still_leaves_them(english: SupportHarness):
    order = await bought(english)
    (delivery,) = english.delivered()
    codes = spoilers(delivery)
    english.bot_state.shown.clear()

    await english.press(english.lina, f"how:{order.id}", delivery)
    await english.press(english.lina, f"problem:{order.id}", delivery)
    await english.press(english.lina, f"receipt:{order.id}", delivery)

    assert spoilers(delivery) == codes


async def test_what_was_paid_by_card_is_in_the_summary(english: SupportHarness):
    english.offer()
    order = await english.buy(LINA, 10)
    await english.press(english.lina, f"pay:{order.id}:ocpay")
    links_seen = [b["url"] for m in english.lina.inbox for b in buttons(m) if "url" in b]
    english.book.cards.pay(links_seen[-1].rpartition("/")[2])
    await english.live(60)

    await english.press(english.lina, f"receipt:{order.id}", english.lina.inbox[-1])

    assert "topped up with" in newest(english)
    assert "bank card" in newest(english)
    async with english.store._reader.connect() as db:
        assert (await db.execute(select(cases))).all() == []


async def test_the_rule_of_the_region_is_said_before_it_is_bought(shop: SupportHarness):
    rule = said(shop, "rule-country", region=region_name(shop.words.locale, "US"))
    await shop.live(2)
    value = await shop.denomination()
    await shop.press(shop.lina, f"prod:{shop.shop.shelf.denomination(value).product_id}")
    assert rule in newest(shop)
    await shop.press(shop.lina, f"qty:{value}:2")

    assert rule in newest(shop)
    assert said(shop, "confirm-region", region="").strip() not in newest(shop)
