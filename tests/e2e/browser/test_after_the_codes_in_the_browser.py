"""Waiting, and what follows the codes, by clicking in each language."""

from playwright.async_api import expect

from locales import words
from tests.e2e.browser.handling import handled_slowly
from tests.harness import GUIDES

BUYERS = [(2001, "en"), (2002, "fr"), (2003, "ar")]


async def test_waiting_codes_guide_problem_and_summary(simulation, open_page):
    """In each language, one after the other in one shop."""
    for person, language in BUYERS:
        await _walks(simulation, await open_page(person), language)


async def _walks(simulation, messenger, language: str) -> None:
    w = words(language)
    before = len(simulation.book.orders)
    async with handled_slowly(simulation):
        await messenger.buy(language, 2)
        status = await messenger.reads("⏳")
        await expect(status).to_contain_text(w.plain("status-soon").rstrip("."))
    delivery = await messenger.reads("✅")
    await expect(messenger.codes(delivery)).to_have_count(4)
    assert len(simulation.book.orders) == before + 1

    await messenger.press(w.plain("button-how"), delivery)
    guide = GUIDES.of("steam")
    assert guide is not None
    text = guide.texts[language]
    found = await messenger.reads(text.steps[-1])
    number = await found.get_attribute("data-id")
    how = messenger.page.locator(f".message[data-id='{number}']")
    for step in text.steps:
        await expect(how).to_contain_text(step)
    assert await how.locator("a.key").get_attribute("href") == guide.url
    await expect(messenger.codes(delivery)).to_have_count(4)  # the codes stay where they are

    await messenger.press(w.plain("button-problem"), how)
    await expect(how).to_contain_text(text.fails)
    await messenger.press(w.plain("button-ask-support"), how, exact=False)  # 🆘 has a mark
    order = f"#{before + 1}"
    asked = await messenger.reads("🆘")
    await expect(asked).to_contain_text(order)
    await messenger.say("Steam?")
    await messenger.reads("✓")

    orders = await messenger.ask("/orders", w.plain("orders"))
    await messenger.press(order, orders, exact=False)
    await messenger.press(w.plain("button-summary"), orders)
    await expect(orders).to_contain_text(w.plain("summary-wallet"))
    log = await messenger.page.inner_text("#log")
    assert not any(code in log for code in simulation.book.codes())


async def test_a_part_and_a_refund_each_speak_once(simulation, messenger):
    simulation.book.next_outcomes.append(1)
    await messenger.buy("en", 3)
    partial = messenger.page.locator(".message", has=messenger.page.locator(".spoiler")).last
    await expect(partial).to_contain_text("⚠️")
    await expect(partial).to_contain_text("Refunded to your wallet")
    await expect(partial).to_contain_text("Your balance is now")
    await expect(messenger.messages("Your balance is now")).to_have_count(1)

    simulation.book.next_outcomes.append(0)
    await messenger.buy("en", 1)
    await messenger.reads("↩️")
    await expect(messenger.messages("Your balance is now")).to_have_count(2)
    await expect(messenger.messages("Refunded: see the message below")).to_have_count(1)
