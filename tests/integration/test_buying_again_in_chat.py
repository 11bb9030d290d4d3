"""Buy again in the chat: two presses from home, and what the confirm screen says; a link that leads others to a product."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.refusals import required
from bot.sandbox.telegram.world import buttons, spoilers, text_of
from bot.services.orders.again import NotAgain, quote_again
from handlers.screens import again as screens
from locales import LOCALES, words
from locales.naming import category_name
from tests import pausing
from tests.bot_harness import LINA, BotHarness, bare
from tests.integration.buying_again_steps import delivered, hidden, orders_of, paused


async def bought(shop: BotHarness):
    lina = shop.person(LINA)
    await lina.say("/start")
    await shop.pump()
    await shop.credit(LINA, 50_000)
    await shop.press_to_buy(lina, 2)
    await shop.live(30)
    assert any(spoilers(m) for m in lina.inbox)
    return lina


async def test_a_repeat_is_two_presses_from_home(chat_shop: BotHarness):
    lina = await bought(chat_shop)
    await lina.say("/start")
    await chat_shop.pump()

    assert await chat_shop.press_newest(lina, "rebuy:")
    assert "Check your order" in text_of(lina.inbox[-1])
    assert await orders_of(chat_shop, LINA) == 1
    assert await chat_shop.press_newest(lina, "buy:")

    assert await orders_of(chat_shop, LINA) == 2


async def test_the_message_with_the_codes_stays_when_its_button_is_pressed(chat_shop: BotHarness):
    lina = await bought(chat_shop)
    (delivery,) = [m for m in lina.inbox if spoilers(m)]
    data = next(d for b in buttons(delivery) if (d := b.get("callback_data", ""))[:6] == "rebuy:")

    await chat_shop.press(lina, data, delivery)
    await chat_shop.press(lina, data, delivery)

    assert [m for m in lina.inbox if spoilers(m)] == [delivery]
    assert "Check your order" in text_of(lina.inbox[-1])
    assert await orders_of(chat_shop, LINA) == 1


async def test_the_screen_of_an_order_becomes_the_confirm_screen(chat_shop: BotHarness):
    lina = await bought(chat_shop)
    await lina.say("/orders")
    await chat_shop.pump()
    await chat_shop.press(lina, "order:1", lina.inbox[-1])
    before = len(lina.inbox)

    await chat_shop.press(lina, "rebuy:1", lina.inbox[-1])

    assert len(lina.inbox) == before
    assert "Check your order" in text_of(lina.inbox[-1])
    shown = chat_shop.bot_state.shown
    assert "confirm:2" in shown.values(), "by the quote, as everywhere"


async def test_the_confirm_screen_says_what_is_unlike_last_time(chat_shop: BotHarness):
    lina = await bought(chat_shop)
    order = await chat_shop.order(1)
    chat_shop.clock.pass_time(3600)
    kind = chat_shop.kind(order.product_title, order.denomination_label)
    kind.price, kind.quantity = kind.price * 6 / 5, 1

    await chat_shop.press(lina, "order:1")
    await chat_shop.press(lina, "rebuy:1")

    said = bare(text_of(lina.inbox[-1]))
    assert "Last time: " in said
    assert "Only one is available now; last time you bought 2." in said
    kind.quantity = 0
    chat_shop.clock.pass_time(3600)
    await chat_shop.press(lina, "rebuy:1")
    assert "is sold out" in text_of(lina.inbox[-1])
    await hidden(chat_shop, order)
    await chat_shop.press(lina, "rebuy:1")
    assert "no longer sold here" in text_of(lina.inbox[-1])


@pytest.mark.parametrize("locale", LOCALES)
async def test_what_is_not_sold_now_leads_to_its_brand_or_its_category(harness, locale):
    order = await delivered(harness)
    await paused(harness, order)
    found = await quote_again(harness.shop, 1, order.id)
    assert isinstance(found, NotAgain)
    place = required(found.place)

    def button(*, products: int, brands: int) -> tuple[str, str | None]:
        view = replace(found, place=replace(place, products=products, brands=brands))
        shown = screens.not_again(words(locale), view).rows[0][0]
        return shown.label, shown.data

    label, data = button(products=2, brands=2)
    assert (place.title in label, data) == (True, f"brand:{place.brand}:0")
    label, data = button(products=1, brands=2)
    assert category_name(locale, place.category) in label
    assert data == f"shelf:{place.category}:0"
    assert button(products=1, brands=1)[1] == "home"


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_pause_by_hand_says_why_nothing_is_bought_again(harness, locale):
    order = await delivered(harness)
    await pausing.confirm(harness.shop, await pausing.draft(harness.shop))

    found = await quote_again(harness.shop, 1, order.id)

    assert isinstance(found, NotAgain)
    in_words = words(locale)
    assert in_words.plain("pause-why-prices") in screens.not_again(in_words, found).text


async def test_a_stranger_learns_nothing_of_an_order(chat_shop: BotHarness):
    await bought(chat_shop)
    other = chat_shop.person(6)
    await other.say("/start")
    await chat_shop.pump()
    before = len(other.inbox)

    await chat_shop.press(other, "rebuy:1")

    assert len(other.inbox) == before
    assert await orders_of(chat_shop, 6) == 0


async def test_a_product_can_be_sent_to_somebody_who_then_finds_it(chat_shop: BotHarness):
    lina = chat_shop.person(LINA)
    await lina.say("/start")
    await chat_shop.pump()
    await chat_shop._walk(lina, "brand:", "prod:")

    (share,) = [b for b in buttons(lina.inbox[-1]) if "share" in b.get("url", "")]

    query = parse_qs(urlsplit(share["url"]).query)
    link = query["url"][0]
    assert link.startswith(f"https://t.me/{chat_shop.bot.username}?start=p_")
    assert query["text"][0] in text_of(lina.inbox[-1])
    friend = chat_shop.person(6)
    await friend.say(f"/start {link.partition('start=')[2]}")
    await chat_shop.pump()
    assert query["text"][0] in text_of(friend.inbox[-1])
