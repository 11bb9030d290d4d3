"""Waiting, and what follows the codes, as pictures, in three languages, light and dark, on a small phone."""

from decimal import Decimal

import pytest
from playwright.async_api import expect

from locales import words
from tests.e2e.browser.album import Album, lights, phone
from tests.e2e.browser.messenger import Messenger
from tests.harness import GUIDES

BUYERS = {"en": 2001, "fr": 2002, "ar": 2003}


@pytest.mark.long
@pytest.mark.parametrize(("language", "theme"), list(lights()))
async def test_every_screen_is_whole(simulation, open_page, tmp_path, language, theme):
    messenger = await open_page(BUYERS[language], **phone(language, theme))
    album = Album(messenger, tmp_path, f"{language}-{theme}-after")
    await messenger.page.locator("#hint button").click()
    await _help(simulation, messenger, album, language)
    await _waiting(simulation, messenger, album, language)

    assert album.flaws == []


async def _help(simulation, messenger: Messenger, album: Album, language: str) -> None:
    """The rule before buying, how to redeem, what to check, and the summary."""
    w = words(language)
    simulation.book.next_outcomes.append(1)
    walk = await messenger.to_confirm(language, 2)
    await album.take("confirm", walk)
    await messenger.press(w.plain("button-buy"), walk)
    delivery = messenger.page.locator(".message", has=messenger.page.locator(".spoiler")).last
    await expect(delivery).to_contain_text("⚠️")
    await album.take("partial", delivery)
    await expect(walk).to_contain_text("⚠️")
    await album.take("status-partial", walk)
    await messenger.press(w.plain("button-how"), delivery)
    guide = GUIDES.of("steam")
    assert guide is not None
    found = await messenger.reads(guide.texts[language].steps[-1])
    number = await found.get_attribute("data-id")
    how = messenger.page.locator(f".message[data-id='{number}']")
    await album.take("how", how)
    await messenger.press(w.plain("button-problem"), how)
    await expect(how).to_contain_text(w.plain("problem-check")[:20])
    await album.take("problem", how)
    orders = await messenger.ask("/orders", w.plain("orders"))
    await messenger.press("#1", orders, exact=False)
    await expect(orders).to_contain_text("⚠️")
    await album.take("order", orders)
    await messenger.press(w.plain("button-summary"), orders)
    await expect(orders).to_contain_text("🧾")
    await album.take("summary", orders)


async def _waiting(simulation, messenger: Messenger, album: Album, language: str) -> None:
    """An order that waits for the balance at the supplier, the list that says so, and a refund."""
    w = words(language)
    simulation.book.next_outcomes.append(0)
    balance, simulation.book.balance = simulation.book.balance, Decimal(1)
    await messenger.buy(language, 1)
    await album.take("held", await messenger.reads(w.plain("status-held")[:20]))
    await messenger.ask("/orders", w.plain("status-held")[:20])
    await album.take("orders-waiting")
    simulation.book.balance = balance
    refunds = messenger.messages(w.plain("money-balance", wallet="")[:8])
    await expect(refunds).to_have_count(2)
    await album.take("refunded", refunds.last)
