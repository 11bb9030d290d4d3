"""A purchase by clicking, in each language: what is seen, copied, hidden and shown again."""

import re

import pytest
from playwright.async_api import expect

from locales import words

BUYERS = [(2001, "en"), (2002, "fr"), (2003, "ar")]


def codes_of(simulation):
    """Of the newest order."""
    newest = list(simulation.book.orders.values())[-1]
    return [card["value"] for card in newest.cards]


def holds_none(simulation, text):
    return simulation.book.codes() and not any(code in text for code in simulation.book.codes())


async def test_buying_revealing_copying_hiding_and_showing_again(simulation, open_page):
    """In each language, one after the other in one shop."""
    for number, (person, language) in enumerate(BUYERS, start=1):
        await _buys_reveals_copies_hides_and_shows_again(
            simulation, await open_page(person), language, f"#{number}"
        )


async def _buys_reveals_copies_hides_and_shows_again(simulation, messenger, language, order):
    w = words(language)
    await messenger.buy(language)
    delivery = await messenger.reads("✅")
    await expect(messenger.codes(delivery)).to_have_count(4)
    assert holds_none(simulation, await delivery.inner_text())
    shown = await messenger.uncover(delivery)
    for number, code in enumerate(codes_of(simulation), start=1):
        await delivery.locator(".key.copy", has_text=str(number)).click()
        await messenger.clipboard_holds(code)  # exactly, with no marks of direction
        await messenger.toast({"en": "Copied", "fr": "Copié", "ar": "نُسخ"}[language])
    await messenger.press(w.plain("button-hide"), delivery)
    receipt = await messenger.reads("🔒")

    assert shown[::2] == codes_of(simulation)
    await expect(messenger.codes(receipt)).to_have_count(0)
    assert holds_none(simulation, await messenger.page.inner_text("#log"))

    await messenger.say("/orders")
    await messenger.press(order, exact=False)
    await messenger.press(w.plain("button-show"))
    again = messenger.page.locator(".message", has=messenger.page.locator(".spoiler")).last
    await expect(messenger.codes(again)).to_have_count(4)
    assert (await messenger.uncover(again))[::2] == codes_of(simulation)


async def test_selecting_a_revealed_code_copies_it_without_marks(simulation, open_page):
    messenger = await open_page(2003)
    await messenger.buy("ar", 1)
    delivery = await messenger.reads("✅")
    await messenger.uncover(delivery)

    await messenger.codes(delivery).first.click(click_count=3)
    line = await messenger.page.evaluate("getSelection().toString()")

    assert re.sub(r"[^ -~]", "", line).split()[-1] == codes_of(simulation)[0]
    assert codes_of(simulation)[0] in line


async def test_a_covered_code_can_be_neither_selected_nor_read_aloud(simulation, messenger):
    await messenger.buy("en", 1)
    delivery = await messenger.reads("✅")

    await messenger.page.locator("#log").press("Control+a")
    selected = await messenger.page.evaluate("getSelection().toString()")
    read_aloud = await messenger.page.locator("#log").aria_snapshot()

    assert "Order #1" in selected
    assert "Hidden. Press to show" in read_aloud
    assert holds_none(simulation, selected + read_aloud)
    await messenger.uncover(delivery)
    assert codes_of(simulation)[0] in await messenger.page.locator("#log").aria_snapshot()


async def test_five_clicks_on_buy_are_one_order(simulation, messenger):
    await messenger.to_confirm("en", 1)

    await messenger.page.evaluate(
        "[...document.querySelectorAll('.key')].find((k) => k.innerText === 'Buy').click()"
    )
    for _ in range(4):
        await messenger.page.evaluate(
            "[...document.querySelectorAll('.key')].find((k) => k.innerText === 'Buy')?.click()"
        )
    await messenger.reads("✅")

    assert len(simulation.book.orders) == 1


async def test_a_purchase_with_the_keyboard_alone(simulation, messenger):
    page = messenger.page

    async def tab_to(label: str) -> None:
        for _ in range(80):
            await page.keyboard.press("Tab")
            on = await page.evaluate("document.activeElement.innerText.trim()")
            if on.replace("\xa0", " ") == label:
                return
        pytest.fail(f"no way to {label!r} with the Tab key")

    await page.focus("#write")
    await page.keyboard.type("/sho")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await messenger.reads("What are you looking for?")
    await page.focus("#log")
    for label in ("🎮 Consoles", "Xbox", "Xbox USA", "10 $ · 1,770 DA", "1", "Buy"):
        await expect(page.get_by_role("button", name=label, exact=True).last).to_be_visible()
        await page.focus("#log")
        await tab_to(label)
        await page.keyboard.press("Enter")
    delivery = await messenger.reads("✅")
    await messenger.codes(delivery).first.focus()
    await page.keyboard.press("Enter")

    await expect(delivery.locator(".spoiler.open").first).to_have_text(codes_of(simulation)[0])
    await expect(delivery.locator(".spoiler.open").first).to_be_focused()
