"""What is chosen at the supplier's panel happens to the next order, and is seen in the chat."""

import re

import pytest
from playwright.async_api import expect

from bot.sandbox.simulation import OPERATOR_ID
from locales import words

W = words("en")


async def test_partial_waits_for_an_order_of_two_and_half_of_it_comes(simulation, messenger):
    await messenger.next_order("partial")

    await messenger.buy("en", 1)
    await messenger.reads("✅")
    await messenger.buy("en", 2)
    partial = await messenger.reads(W.plain("delivery-partial", number="#2", came=1, count=2))

    await expect(partial).to_contain_text("Refunded to your wallet: 1,900 DA")
    await expect(messenger.panel.locator("[data-next='usual'][aria-checked=true]")).to_be_visible()
    await expect(messenger.page.locator("#supplier")).to_contain_text("delivered 1 of 2")


@pytest.mark.parametrize(
    ("what", "told"),
    [("refund", "couldn’t deliver"), ("out_of_stock", "sold out during your purchase")],
)
async def test_what_does_not_come_is_returned(simulation, messenger, what, told):
    await messenger.to_confirm("en", 1)
    await messenger.next_order(what)

    await messenger.press("Buy")

    await messenger.reads(told)
    await messenger.reads("Your balance is now 20,000 DA.")
    assert simulation.book.balance == 500_000


async def test_a_lost_answer_is_found_and_nothing_is_bought_twice(simulation, messenger):
    await messenger.next_order("lost_answer")

    await messenger.buy("en", 1)
    await messenger.reads("✅")

    assert len(simulation.book.orders) == simulation.book.count("placeOrder") == 1
    await messenger.panel.locator("summary", has_text="Calls").click()
    await expect(messenger.page.locator("#supplier")).to_contain_text("cut off")
    await messenger.hold(OPERATOR_ID)
    await messenger.reads("answer was lost")


async def test_an_outage_holds_orders_until_it_is_over(simulation, messenger):
    await messenger.to_confirm("en", 1)
    await messenger.lever("Outage")
    await expect(messenger.page.locator("#supplier")).to_contain_text("Every call fails")

    await messenger.press("Buy")
    await messenger.reads("Waiting for the supplier")
    await expect(messenger.panel.locator("summary", has_text="Orders")).to_contain_text("0")
    await messenger.lever("Outage")

    await messenger.reads("✅")
    assert len(simulation.book.orders) == 1


async def test_a_slow_order_counts_down_and_can_be_finished_at_once(simulation, messenger):
    await messenger.next_order("slow")
    await messenger.buy("en", 1)
    await expect(messenger.page.locator("#supplier")).to_contain_text(
        re.compile(r"ready in 3\d\d s")
    )

    await messenger.at_supplier("Finish now")

    await messenger.reads("✅")


async def test_an_empty_balance_alerts_the_operator_until_the_top_up(simulation, messenger):
    await messenger.to_confirm("en", 1)
    await messenger.at_supplier("Empty the balance")
    await expect(messenger.panel.locator("[data-balance]")).to_have_text("0 DA")

    await messenger.press("Buy")
    await messenger.hold(OPERATOR_ID)
    await messenger.reads("for lack of balance")
    await messenger.at_supplier("Top up 100,000 DA")

    await messenger.hold(2001)
    await messenger.reads("✅")


async def test_prices_that_rise_between_confirm_and_buy_return_the_money(simulation, messenger):
    await messenger.to_confirm("en", 1)
    await messenger.lever("Prices +25%")

    await messenger.press("Buy")

    await messenger.reads("went up just before we bought it")
    await messenger.lever("Prices +25%")
    await messenger.buy("en", 1)
    await messenger.reads("✅")


async def test_a_value_that_is_sold_out_at_the_supplier_is_shown_so(simulation, messenger):
    await messenger.panel.locator("summary", has_text="Stock").click()
    await messenger.panel.get_by_label("Stock").select_option("Steam Europe")
    await messenger.panel.locator(".rows li", has_text="50 €").get_by_role("button").click()
    await expect(messenger.panel.locator(".rows li", has_text="50 €")).to_contain_text("sold out")

    walk = await messenger.ask("/shop", "What are you looking for?")
    await messenger.press("Steam", walk)
    await messenger.press("Steam Europe", walk, exact=False)
    await messenger.press("50 € · sold out", walk)

    told = W.plain("sold-out", product="Steam Europe", value="50\u00a0€")
    await expect(walk).to_contain_text(told)
    await messenger.press(W.plain("button-watch"), walk)
    told = W.plain("watch-on", product="Steam Europe", value="50\u00a0€")
    await expect(walk).to_contain_text(told)


async def test_the_second_supplier_has_its_own_panel(simulation, messenger):
    panel = messenger.page.locator("#panels .panel").nth(1)
    await expect(panel.locator("h3")).to_have_text("Starship")
    await expect(panel.locator("[data-balance]")).to_have_text("5,000 USD")
    await panel.locator("[data-next='parts']").click()
    await expect(panel.locator("[data-next='parts'][aria-checked=true]")).to_be_visible()
    await panel.locator("summary", has_text="Variants of its API").click()
    await panel.get_by_role("switch", name="States in lower case").click()
    await expect(panel.get_by_role("switch", name="States in lower case")).to_be_checked()
    assert simulation.vouchers.variants.lower_case
    assert simulation.vouchers.next_outcome == "parts"
