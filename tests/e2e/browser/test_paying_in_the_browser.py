"""Everything about paying can be done in the demo by clicking: cards, Stars, receipts, answers of support."""

import re

import pytest
from playwright.async_api import expect

from bot.sandbox.simulation import OPERATOR_ID
from locales import words
from tests.e2e.browser.receipt import RECEIPT

W = words("en")


async def to_amount(messenger, method, dinars):
    ways = await messenger.ask("/wallet", "➕")
    await messenger.press(W.plain("button-topup"), ways)
    await messenger.press(W.plain(f"button-pay-{method}"), ways)
    await ways.locator(".key", has_text=W.money(dinars * 100)).first.click()
    return ways


async def test_a_card_is_paid_on_a_page_of_its_own(messenger):
    shown = await to_amount(messenger, "ocpay", 2000)
    async with messenger.page.context.expect_page() as opened:
        await shown.locator("a.key").click()
    page = await opened.value
    await expect(page.locator("strong")).to_have_text("2,000 DA")
    await page.get_by_role("button", name="Pay", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("Paid")
    await page.close()
    await expect(await messenger.reads("✅")).to_contain_text("2,000")


@pytest.mark.parametrize(
    ("deed", "page_says", "chat_says"),
    [
        ("Pay", "Paid", "Received"),
        ("Refuse the card", "closed", "wasn’t completed"),
        ("Leave", "closed", "wasn’t completed"),
    ],
)
async def test_a_card_is_paid_refused_or_left_at_chargily(messenger, deed, page_says, chat_says):
    shown = await to_amount(messenger, "chargily", 2000)
    async with messenger.page.context.expect_page() as opened:
        await shown.locator("a.key").click()
    page = await opened.value
    await expect(page.locator("strong")).to_have_text("2,000 DA")
    await expect(page.get_by_role("link", name="Back to the shop")).to_have_attribute(
        "href", re.compile(r"^https://t\.me/.*start=pay_\d+$")
    )
    await page.get_by_role("button", name=deed, exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text(page_says)
    await page.close()
    await messenger.reads(chat_says)


async def test_stars_are_paid_under_their_bill(messenger):
    await to_amount(messenger, "stars", 1000)
    bill = messenger.page.locator(".message", has=messenger.page.locator(".bill")).last
    await expect(bill).to_contain_text("500")
    await bill.locator(".key.pay").click()
    await expect(messenger.messages("You paid").last).to_be_visible()
    await expect(await messenger.reads("✅")).to_contain_text("1,000")
    await bill.locator(".key.pay").click()  # once more
    await messenger.toast("can no longer be paid")


async def test_a_receipt_is_sent_and_accepted_and_an_order_goes_on(messenger):
    walk = await messenger.to_confirm("en", 10, "PlayStation USA", "100 $")
    await messenger.press(W.plain("button-buy-pay"), walk)
    await messenger.press(W.plain("button-pay-transfer"), walk)
    await expect(walk).to_contain_text("CCP 00 1234567890")
    await messenger.page.set_input_files(
        "#file", {"name": "receipt.png", "mimeType": "image/png", "buffer": RECEIPT}
    )
    await messenger.press("Send as a photo", messenger.page.locator("#alert"))
    await messenger.reads("🧾")
    await messenger.hold(OPERATOR_ID)
    receipt = messenger.page.locator(".message", has=messenger.page.locator("img.photo")).last
    await receipt.locator(".key").first.click()
    await expect(receipt).to_contain_text("was added to customer 2001’s wallet")
    await messenger.hold(2001)
    delivery = await messenger.reads(W.plain("delivery", number="#1", count=10))
    way = W.plain("way-transfer")
    came = W.plain("money-came", amount=W.money(15_630_000), way=way)
    await expect(delivery).to_contain_text(came)
    await expect(delivery).to_contain_text(W.plain("money-balance", wallet=W.money(0)))
    await expect(messenger.messages(W.money(15_630_000)).filter(has_text=way)).to_have_count(1)


async def test_an_operator_answers_by_replying(messenger):
    await messenger.ask("/paysupport", "🆘")
    await messenger.say("Where are my codes?")
    await messenger.reads("Support has your message")
    await messenger.hold(OPERATOR_ID)
    asked = await messenger.reads("Where are my codes?")
    await asked.get_by_role("button", name="Reply").click()
    await expect(messenger.page.locator("#reply")).to_contain_text("Where are my codes?")
    await messenger.say("In /orders, as always.")
    await messenger.reads("Sent to 2001")
    await messenger.hold(2001)
    answer = await messenger.reads("In /orders, as always.")
    await expect(answer).to_contain_text("Support")


async def test_the_supplier_takes_no_cards_when_the_panel_says_so(messenger):
    panel = messenger.panel
    await panel.locator("summary", has_text="Card payments").click()
    await messenger.lever("Merchant validated")
    ways = await messenger.ask("/wallet", "➕")
    await messenger.press(W.plain("button-topup"), ways)
    await messenger.press(W.plain("button-pay-ocpay"), ways)
    await ways.locator(".key", has_text="2,000").first.click()
    await expect(messenger.page.locator("#alert")).to_contain_text("isn’t available right now")
