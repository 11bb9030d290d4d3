"""A conversation with support on the page: what is written goes on in it, until one side closes it."""

import pytest
from playwright.async_api import expect

from bot.sandbox.simulation import OPERATOR_ID
from locales import words
from tests.e2e.browser.receipt import RECEIPT

W = words("en")
CUSTOMER = 2001


async def test_a_conversation_with_support_goes_on_with_an_album_until_it_is_closed(
    messenger, simulation
):
    await messenger.ask("/paysupport", "🆘")
    await messenger.say("My code is refused")
    await messenger.reads("Your next messages go to support too")
    await messenger.ask("It is the PlayStation one", "Support has your message")
    await simulation.world.person(CUSTOMER, "").album([RECEIPT, RECEIPT], "Look at both")
    pictures = messenger.page.locator(".message.theirs img.photo")

    await messenger.hold(OPERATOR_ID)
    await messenger.reads("It is the PlayStation one")
    asked = await messenger.reads("Look at both")
    await expect(pictures).to_have_count(2)
    await asked.get_by_role("button", name="Reply").click()
    await messenger.say("Which order is it?")
    await messenger.reads(f"Sent to {CUSTOMER}")

    await messenger.hold(CUSTOMER)
    answer = await messenger.reads("Which order is it?")
    await messenger.press("Answer", answer)
    await messenger.page.locator("#alert").get_by_role("button").first.click()
    await messenger.ask("Order 7", "Support has your message")
    await expect(answer).to_contain_text("Which order is it?")

    await messenger.hold(OPERATOR_ID)
    await messenger.reads("Order 7")
    await messenger.press("✓ Close the case")

    await messenger.hold(CUSTOMER)
    closed = await messenger.reads("Support closed your conversation K1")
    await messenger.press("Open it again", closed)
    await messenger.reads("is open again")
    await messenger.ask("Still refused", "Support has your message")
    await messenger.press("✓ Solved, close")
    await messenger.reads("You closed your conversation K1")
    await messenger.ask("zzz", "Nothing found")

    await messenger.hold(OPERATOR_ID)
    await messenger.reads("closed case K1: solved")


@pytest.mark.parametrize(
    ("typed", "answered"), [("qwxyz", "search-none"), ("my code is refused", "search-trouble")]
)
async def test_what_names_no_product_is_sent_to_support_by_a_button(messenger, typed, answered):
    expected = W.plain(answered, query=typed).splitlines()[0]
    nothing = await messenger.ask(typed, expected)
    await messenger.press(W.plain("button-tell-support"), nothing)
    await expect(nothing).to_contain_text("Support has your message")

    await messenger.hold(OPERATOR_ID)
    await expect(await messenger.reads(typed)).to_be_visible()
