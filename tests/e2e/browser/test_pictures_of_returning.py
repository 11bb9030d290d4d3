"""What brings customers back, and what lets them go: by clicks in the browser, with a picture of each screen.

The shop lives by the harness's clock, in the test's process.
"""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Locator, expect

from bot.domain.records import Locale
from bot.sandbox.page.app import PageApp
from bot.sandbox.page.simulation_view import SimulationView
from bot.sandbox.serve import serving
from bot.sandbox.supplier.panel import Panel
from bot.services.catalogue.refresh import refresh_product
from bot.services.messaging.customers import choose_language
from bot.services.wallet.credit import Credit, credit_wallet
from tests.bot_harness import LINA, VoucherBotHarness
from tests.e2e.browser.album import Album, lights, phone
from tests.e2e.browser.messenger import Messenger
from tests.harness import OPERATOR

LOOKS = 1800


@pytest.mark.parametrize(("language", "theme"), list(lights()))
async def test_coming_back_and_being_forgotten(browser, shop_of, tmp_path, language, theme):
    shop = await shop_of(language)
    page = PageApp(
        SimulationView(shop.world, [Panel(shop.book, "OneClickDz")], frozenset({OPERATOR}))
    )
    async with serving(page, websockets=True) as url:
        context = await browser.new_context(**phone(language, theme))
        messenger = Messenger(await context.new_page(), url)
        await shop.customer(LINA, dinars=20_000, locale=language)
        await shop.lina.say("/start")
        await shop.run(2)
        await messenger.open(LINA)
        await messenger.page.locator("#hint button").click()
        album = Album(messenger, tmp_path / "pictures", f"{language}-{theme}")
        await _buys_again(shop, messenger, album)
        await _is_told_when_it_is_back(shop, messenger, album)
        await _has_their_data_and_is_forgotten(shop, messenger, album)
        await context.close()

    assert album.flaws == []
    assert messenger.troubles == []


NEWS = {
    "en": "PlayStation Store cards at half the usual margin, until Sunday.",
    "fr": "Cartes PlayStation Store à prix réduit, jusqu’à dimanche.",
    "ar": "بطاقات PlayStation Store بنصف الهامش حتى الأحد.",
}


@pytest.mark.parametrize(("language", "theme"), list(lights()))
async def test_a_news_is_written_sent_and_refused(browser, shop_of, tmp_path, language, theme):
    shop = await shop_of(language)
    page = PageApp(
        SimulationView(shop.world, [Panel(shop.book, "OneClickDz")], frozenset({OPERATOR}))
    )
    async with serving(page, websockets=True) as url:
        context = await browser.new_context(**phone(language, theme))
        messenger = Messenger(await context.new_page(), url)
        await shop.customer(LINA, dinars=0, locale=language)
        await shop.lina.say("/start")
        await choose_language(shop.shop, OPERATOR, Locale(language))
        await shop.run(2)
        await messenger.open(OPERATOR)
        await messenger.page.locator("#hint button").click()
        album = Album(messenger, tmp_path / "pictures", f"{language}-{theme}")
        await _writes_news(shop, messenger, album)
        await messenger.page.locator("#to-people").click()
        await messenger.hold(LINA)
        await _reads_news(shop, messenger, album)
        await context.close()

    assert album.flaws == []
    assert messenger.troubles == []


async def _writes_news(shop: VoucherBotHarness, messenger: Messenger, album: Album) -> None:
    w, newest = shop.words, messenger.page.locator("#log .message").last
    listed = await messenger.ask("/news", w.plain("news-none"))
    await messenger.press(w.plain("button-news-new"), listed)
    for number, text in enumerate(NEWS.values()):
        await expect(newest).to_contain_text(w.plain("news-ask-skip", language="…").split("…")[0])
        if number == 0:
            await album.take("news-text", newest)
        await messenger.say(text)
    draft = newest.filter(has_text=w.plain("news-for-all"))
    await expect(draft).to_be_visible()
    await messenger.press(w.plain("button-news-who"), newest)
    idle = newest.get_by_role("button", name=w.plain("button-news-idle"))
    await expect(idle).to_be_visible()
    await album.take("news-segments", newest)
    await messenger.press(w.plain("button-news-done"), newest)
    await expect(newest).to_contain_text(w.plain("news-written", language="")[:1])
    await album.take("news-draft", newest)
    await messenger.press(w.plain("button-news-card"), newest)
    await expect(newest.get_by_role("button", name=w.plain("button-news-go"))).to_be_visible()
    await album.take("news-card", newest)
    await messenger.press(w.plain("button-news-go"), newest)
    stop = newest.get_by_role("button", name=w.plain("button-news-stop", id="1"))
    await expect(stop).to_be_visible()
    await album.take("news-progress", newest)
    await shop.run(60)
    await expect(stop).to_have_count(0)


async def _reads_news(shop: VoucherBotHarness, messenger: Messenger, album: Album) -> None:
    w = shop.words
    news = messenger.page.locator(
        ".message", has=messenger.page.locator(".key", has_text=w.plain("button-no-news"))
    ).last
    await expect(news).to_be_visible()
    await album.take("news", news)
    await messenger.press(w.plain("button-no-news"), news)
    again = messenger.page.get_by_role("button", name=w.plain("button-news-again"))
    await expect(again).to_be_visible()
    await album.take("news-off", messenger.page.locator("#log .message").last)


async def _buys_again(shop: VoucherBotHarness, messenger: Messenger, album: Album) -> None:
    w = shop.words
    await messenger.buy(w.locale, 2, product="Steam Europe", value="10 €")
    await expect(messenger.page.locator("#log .theirs", has_text="#1").last).to_be_visible()
    await shop.run(30)
    delivery = messenger.page.locator(".message", has=messenger.page.locator(".spoiler")).last
    again = delivery.get_by_role("button", name=w.plain("button-rebuy"))
    await expect(again).to_be_visible()
    await album.take("delivered", delivery)
    shop.kind("Steam Europe", "10 €").price *= 2
    shop.kind("Steam Europe", "10 €").quantity = 1
    shop.clock.pass_time(3600)
    home = await messenger.ask("/shop", w.plain("home").splitlines()[1])
    await album.take("home-again", home)
    await home.locator(".key", has_text="Steam Europe").click()
    await expect(home.get_by_role("button", name=w.plain("button-buy"), exact=True)).to_be_visible()
    await album.take("confirm-again", home)
    await messenger.press(w.plain("button-buy"), home)
    await expect(home).to_contain_text("#2")
    await shop.run(30)
    assert len(shop.book.orders) == 2
    shop.kind("Steam Europe", "10 €").quantity = 0
    shop.clock.pass_time(120)
    await again.click()
    sold_out = messenger.page.locator("#log .message").last
    await expect(sold_out.get_by_role("button", name=w.plain("button-watch"))).to_be_visible()
    await expect(delivery.locator(".spoiler")).not_to_have_count(0)
    await album.take("again-sold-out", sold_out)


async def _is_told_when_it_is_back(
    shop: VoucherBotHarness, messenger: Messenger, album: Album
) -> None:
    w, kind = shop.words, shop.kind("PlayStation USA", "50 $")
    kind.quantity = 0
    walk = await messenger.ask("/shop", w.plain("home").splitlines()[1])
    await messenger.press("PlayStation", walk)
    await messenger.press("PlayStation USA", walk, exact=False)
    share = walk.locator(".key", has_text=w.plain("button-share"))
    await expect(share).to_be_visible()
    await album.take("product-share", walk)
    link = parse_qs(urlsplit(await _href(share)).query)
    assert "?start=p_" in link["url"][0]
    assert link["text"] == ["PlayStation USA"]
    await messenger.press("50 $", walk, exact=False)
    watch = walk.get_by_role("button", name=w.plain("button-watch"))
    await expect(watch).to_be_visible()
    await album.take("sold-out", walk)
    await watch.click()
    await expect(walk.get_by_role("button", name=w.plain("button-unwatch"))).to_be_visible()
    await album.take("watching", walk)
    await messenger.press(w.plain("button-watches"), walk)
    await expect(walk.locator(".key", has_text="50 $")).to_be_visible()
    await album.take("watches", walk)
    kind.quantity = 3
    await shop.run(LOOKS)
    news = messenger.page.locator(
        ".message", has=messenger.page.locator(".key", has_text=w.plain("button-choose-quantity"))
    ).last
    await expect(news).to_be_visible()
    await album.take("back-in-stock", news)
    await messenger.press(w.plain("button-choose-quantity"), news)
    newest = messenger.page.locator("#log .message").last
    await expect(newest.get_by_role("button", name="3", exact=True)).to_be_visible()
    languages = await messenger.ask("/language", "🌐")
    await album.take("language", languages)
    await messenger.press(w.plain("button-watches"), languages)
    await expect(languages.locator(".key", has_text="50 $")).to_have_count(0)
    await album.take("watches-none", languages)
    product = shop.shop.shelf.denomination(await shop.denomination("PlayStation USA", "50 $"))
    await refresh_product(shop.shop, product.product_id)


async def _href(link: Locator) -> str:
    return await link.get_attribute("href") or ""


async def _has_their_data_and_is_forgotten(
    shop: VoucherBotHarness, messenger: Messenger, album: Album
) -> None:
    w = shop.words
    privacy = await messenger.ask("/privacy", str(LINA))
    await album.take("privacy-buttons", privacy)
    await messenger.press(w.plain("button-my-data"), privacy)
    file = messenger.page.locator(".message", has_text="hanout-data.json").last
    await expect(file).to_be_visible()
    await album.take("my-data", file)
    await messenger.press(w.plain("button-my-data"), privacy)
    await expect(privacy).to_contain_text(w.plain("my-data-later", minutes=60)[:12])
    await album.take("my-data-later", privacy)
    privacy = await messenger.ask("/privacy", str(LINA))
    await messenger.press(w.plain("button-forget"), privacy)
    await expect(privacy.get_by_role("button", name=w.plain("button-support"))).to_be_visible()
    await album.take("forget-not-yet", privacy)
    left = await shop.balance(LINA)
    await credit_wallet(shop.shop, Credit("out", OPERATOR, LINA, -left, ""))
    await shop.run(5)
    shop.set_policy(backups_kept=14)
    privacy = await messenger.ask("/privacy", str(LINA))
    await messenger.press(w.plain("button-forget"), privacy)
    erase = privacy.get_by_role("button", name=w.plain("button-erase"))
    await expect(erase).to_be_visible()
    await album.take("forget", privacy)
    await erase.click()
    await expect(privacy).to_contain_text(w.plain("forgotten").splitlines()[0][:12])
    await album.take("forgotten", privacy)
    await expect(messenger.page.locator(".spoiler")).to_have_count(0)
    async with shop.store.reading() as tx:
        assert await tx.customers.get(LINA) is None
    orders = await messenger.ask("/orders", "📦")
    await expect(orders.locator(".key", has_text="#1")).to_have_count(0)
