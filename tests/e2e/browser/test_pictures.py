"""Every screen as a picture, in three languages, light and dark, on a small phone."""

import pytest
from playwright.async_api import expect

from bot.sandbox.simulation import OPERATOR_ID
from locales import words
from locales.naming import category_name
from tests.e2e.browser.album import KEPT, Album, lights, phone
from tests.e2e.browser.handling import handled_slowly
from tests.e2e.browser.messenger import Messenger
from tests.e2e.browser.receipt import RECEIPT

BUYERS = {"en": 2001, "fr": 2002, "ar": 2003}


@pytest.mark.long
@pytest.mark.parametrize(("language", "theme"), list(lights()))
async def test_every_screen_is_whole(simulation, open_page, tmp_path, language, theme):
    messenger = await open_page(BUYERS[language], **phone(language, theme))
    album = Album(messenger, tmp_path, f"{language}-{theme}")
    await album.take("hint")
    await messenger.page.locator("#hint button").click()
    await _operator_reads(messenger, language)
    await messenger.page.locator("#to-people").click()
    await messenger.hold(BUYERS[language])
    await _customer(simulation, messenger, album, language)
    await _operator(simulation, messenger, album, language)
    await messenger.page.locator("#to-people").click()
    await album.take("people")
    await messenger.hold(OPERATOR_ID)
    await messenger.page.locator("#to-supplier").click()
    await album.take("supplier")

    assert album.flaws == []


async def test_the_whole_page_is_whole(open_page, tmp_path):
    scale = 2 if KEPT else 1
    messenger = await open_page(
        2001, viewport={"width": 1280, "height": 800}, device_scale_factor=scale
    )
    album = Album(messenger, tmp_path, "page")
    await messenger.page.locator("#hint button").click()
    await messenger.buy("en", 2)
    delivery = await messenger.reads("✅")
    await messenger.next_order("partial")

    await album.take("wide", delivery)
    await messenger.page.set_viewport_size({"width": 820, "height": 700})
    await album.take("narrow")
    await messenger.page.select_option("#language", "fr")
    await messenger.page.locator("#to-supplier").click()
    await album.take("narrow-supplier")

    assert album.flaws == []


async def _customer(simulation, messenger: Messenger, album: Album, language: str) -> None:
    w = words(language)
    walk = await messenger.ask("/shop", w.plain("home").splitlines()[1])
    await album.take("home")
    await messenger.press(category_name(language, "games-consoles"), walk)
    await expect(walk.get_by_role("button", name="Xbox", exact=True)).to_be_visible()
    await album.take("brands")
    await messenger.press("Xbox", walk)
    await expect(walk.locator(".key", has_text="Xbox Game Pass Ultimate")).to_be_visible()
    await album.take("products")
    await messenger.press("Xbox Game Pass Ultimate", walk, exact=False)
    await expect(walk.locator(".key", has_text="15 $")).to_be_visible()
    await album.take("values")
    await messenger.press("15 $", walk, exact=False)
    await expect(walk.locator(".key", has_text="10")).to_be_visible()
    await album.take("quantity")
    await messenger.press("2", walk)
    buy = walk.get_by_role("button", name=w.plain("button-buy"), exact=True)
    await expect(buy).to_be_visible()
    await album.take("confirm")
    async with handled_slowly(simulation):
        await buy.click()
        await expect(walk).to_contain_text("⏳")
        await album.take("waiting")
    delivery = await messenger.reads("✅")
    await album.take("delivery", delivery)
    await messenger.uncover(delivery)
    await album.take("revealed", delivery)
    await messenger.press(w.plain("button-hide"), delivery)
    await album.take("receipt", await messenger.reads("🔒"))
    simulation.book.next_outcomes.append(1)
    await messenger.buy(language, 2)
    partial = messenger.page.locator(".message", has=messenger.page.locator(".spoiler")).last
    await expect(partial).to_contain_text("⚠️")
    await album.take("partial", partial)
    simulation.book.next_outcomes.append(0)
    await messenger.buy(language, 1)
    await album.take("returned", await messenger.reads("↩️"))
    await _searching(messenger, album, language)
    await messenger.ask("/orders", w.plain("orders"))
    await album.take("orders")
    await messenger.press("#1", exact=False)
    await expect(messenger.messages(w.plain("button-show")).last).to_be_visible()
    await album.take("order")
    for command, key in [
        ("wallet", "👛"),
        ("help", "1."),
        ("privacy", "2003"),
        ("terms", "."),
        ("paysupport", "/orders"),
    ]:
        await messenger.ask(f"/{command}", key.replace("2003", str(BUYERS[language])))
        await album.take(command)
    await _paying(messenger, album, language)


async def _searching(messenger: Messenger, album: Album, language: str) -> None:
    w = words(language)
    for name, typed, shown in (
        ("found", "steam 20", "Steam USA"),
        ("near", "plahistazon", "PlayStation"),
        ("nothing", "xyzzy", w.plain("button-tell-support")),
        ("which-brand", "20$", "Steam"),
        ("trouble", "not working", w.plain("button-help")),
    ):
        answer = await messenger.ask(typed, "🆘" if name == "trouble" else "🔎")
        await expect(answer.locator(".key", has_text=shown).first).to_be_visible()
        await album.take(name, answer)


async def _paying(messenger: Messenger, album: Album, language: str) -> None:
    w = words(language)
    await messenger.say("PlayStation")  # what is written now goes to support
    await album.take("case", await messenger.reads(w.plain("case-passed", number="#1")[:6]))
    for method, dinars, mark in (
        ("ocpay", 1000, "💳"),
        ("chargily", 20_000, "💳"),
        ("stars", 1000, "⭐"),
        ("transfer", 5000, "🏦"),
    ):
        ways = await messenger.ask("/wallet", "➕")
        await messenger.press(w.plain("button-topup"), ways)
        way = ways.get_by_role("button", name=w.plain(f"button-pay-{method}"))
        await expect(way).to_be_visible()
        if method == "ocpay":
            await album.take("ways")
        await way.click()
        amount = ways.locator(".key", has_text=w.money(dinars * 100)).first
        await expect(amount).to_be_visible()
        if method in ("stars", "chargily"):
            await album.take("amounts" if method == "stars" else "amounts-of-a-card")
        await amount.click()
        await expect(ways).to_contain_text(mark)
        await album.take(method, ways)
        if method == "stars":
            bill = messenger.page.locator(".message", has=messenger.page.locator(".bill")).last
            await album.take("bill", bill)
            await bill.locator(".key.pay").click()
            await album.take("paid", await messenger.reads("✅"))
    await messenger.page.set_input_files(
        "#file", {"name": "receipt.png", "mimeType": "image/png", "buffer": RECEIPT}
    )
    await messenger.page.locator("#alert .choices button").first.click()
    came = w.plain("receipt-came", reference="HN4")[:12]
    await album.take("receipt-sent", await messenger.reads(came))
    walk = await messenger.to_confirm(language, 10, "PlayStation USA", "100 $")
    await album.take("confirm-short", walk)
    await messenger.press(w.plain("button-buy-pay"), walk)
    await expect(walk).to_contain_text("💳")
    await album.take("awaiting", walk)


async def _operator_reads(messenger: Messenger, language: str) -> None:
    w = words(language)
    await messenger.page.locator("#to-people").click()
    await messenger.hold(OPERATOR_ID)
    await messenger.page.locator("#hint button").click()
    languages = await messenger.ask("/language", "🌐")
    await messenger.press(w.plain(f"button-language-{language}"), languages)
    await expect(languages).to_contain_text(w.plain("home").splitlines()[1])


async def _operator(simulation, messenger: Messenger, album: Album, language: str) -> None:
    w = words(language)
    await messenger.page.locator("#to-people").click()
    await messenger.hold(OPERATOR_ID)
    receipt = messenger.page.locator(".message", has=messenger.page.locator("img.photo")).last
    await receipt.locator(".key").last.scroll_into_view_if_needed()
    await album.take("receipt-to-check")
    for command, key in [
        ("stats", "📊"),
        ("export", "📁"),
        ("balance", w.money(100)[-2:]),
        ("order 2", "⚠️"),
        ("markup", "PSN"),
        ("prices p1", "💲"),
        ("audit", "🧾"),
        ("payments", "🧾"),
        (f"user {BUYERS[language]}", "👤"),
        ("pause", "⏸"),
    ]:
        await messenger.ask(f"/{command}", key)
        name = command.split(maxsplit=1)[0]
        await album.take("order-of-a-customer" if name == "order" else name)
    await receipt.locator(".key").first.click()
    await expect(receipt.locator(".key")).to_have_count(0)
    await album.take("decided")
    simulation.world.push("message", {"message_id": "unreadable"})
    await simulation.world.notify()
    await album.take("set-aside", await messenger.reads("🧯"))
    await messenger.ask("/attention", "🛠")
    await album.take("attention")
    await messenger.ask("/actions", "📒")
    await album.take("actions")
    await messenger.ask(f"/credit {BUYERS[language]} 5000000 CCP", w.money(500_000_000))
    await album.take("credit-ask")
    await _team(messenger, album, language)
    # The keyboard by which a person is chosen is not inline, which the simulator notes and takes.
    simulation.world.refused.remove("sendMessage: Bad Request: a keyboard that is not inline")


async def _team(messenger: Messenger, album: Album, language: str) -> None:
    """An owner asks the customer to be support."""
    w = words(language)
    empty = await messenger.ask("/team", "👥")
    await messenger.press(w.plain("button-team-add"), empty)
    await messenger.reads(w.plain("team-whom")[:20])
    choice = await messenger.ask(str(BUYERS[language]), w.plain("role-may-support")[:20])
    await album.take("team-role")
    await messenger.press(w.plain("button-team-role", role=w.plain("role-support")), choice)
    await expect(choice).to_contain_text(w.money(500_000))
    await album.take("team-cap")
    await messenger.ask("5000", "✉️")
    await album.take("team", await messenger.ask("/team", "✉️"))
