"""Compensation for bad codes: asked for, as the shop's loss, and never more than what was sold."""

import pytest

from bot.domain.orders import Order
from bot.domain.periods import Span
from bot.refusals import CompensationChanged, CompensationTooLarge, required
from bot.sandbox.telegram.world import text_of
from bot.services.customers.pages import view_customer
from bot.services.operations.reports import report_stats
from bot.services.orders.refund import ask_refund, confirm_refund
from bot.services.wallet.credit import Credit, Credited, confirm_credit, credit_wallet
from tests.bot_harness import LINA, BotHarness
from tests.harness import OPERATOR, ShopHarness, books_agree


async def _delivered(harness: ShopHarness, quantity: int) -> Order:
    await harness.customer(1)
    order = await harness.buy(1, quantity=quantity)
    await harness.run(20)
    return order


async def _credit(harness: ShopHarness, amount_minor: int, note: str, key: str = "c") -> Credited:
    return await credit_wallet(harness.shop, Credit(key, OPERATOR, 1, amount_minor, note))


async def test_a_credit_that_names_a_delivered_order_is_asked_about_however_small(
    harness: ShopHarness,
):
    order = await _delivered(harness, 2)
    before = await harness.balance(1)

    asked = await _credit(harness, 100, f"CCP 27/11, he wants #{order.id} again")

    assert asked.compensates == order.id
    assert await harness.balance(1) == before
    assert (await report_stats(harness.shop, Span.TODAY)).losses_minor == 0
    await confirm_credit(harness.shop, OPERATOR, required(asked.action_id))
    assert await harness.balance(1) == before + 100
    assert (await report_stats(harness.shop, Span.TODAY)).losses_minor == 100
    await books_agree(harness)


async def test_no_more_is_made_good_of_an_order_than_was_sold(harness: ShopHarness):
    order = await _delivered(harness, 2)
    sold, note = 2 * order.unit_price_minor, f"#{order.id}"
    with pytest.raises(CompensationTooLarge) as refused:
        await _credit(harness, sold + 1, note)
    assert (refused.value.order_id, refused.value.most_minor) == (order.id, sold)

    first = await _credit(harness, sold, note, "first")
    second = await _credit(harness, 1, note, "second")
    await confirm_credit(harness.shop, OPERATOR, required(first.action_id))

    with pytest.raises(CompensationTooLarge):
        await confirm_credit(harness.shop, OPERATOR, required(second.action_id))
    assert (await report_stats(harness.shop, Span.TODAY)).losses_minor == sold
    await books_agree(harness)


async def test_a_credit_that_names_another_customers_order_is_money_that_came_in(
    harness: ShopHarness,
):
    order = await _delivered(harness, 1)
    await harness.customer(2, dinars=0)

    done = await credit_wallet(
        harness.shop, Credit("k", OPERATOR, 2, 900_000, f"as much as #{order.id}")
    )

    assert (done.action_id, done.compensates) == (None, None)
    assert await harness.balance(2) == 900_000


async def test_the_question_says_that_the_shop_bears_it(sqlite_store):
    shop = await BotHarness(sqlite_store).open()
    await shop.customer(LINA)
    order = await shop.buy(LINA, 2)
    await shop.run(20)
    boss = shop.person(OPERATOR)

    await boss.say(f"/credit {LINA} 9000 CCP 27/11, he wants #{order.id} again")
    await shop.pump()
    assert "sent this money" in text_of(boss.inbox[-1])
    assert f"#{order.id}" in text_of(boss.inbox[-1])

    for compensated in ("", "so far"):
        await boss.say(f"/credit {LINA} 10 #{order.id}")
        await shop.pump()
        assert "the shop bears the loss" in text_of(boss.inbox[-1])
        assert compensated in text_of(boss.inbox[-1])
        await shop.press_newest(boss, "credit:")
    await boss.say(f"/refund {order.id} bad")
    await shop.pump()
    assert "so far" in text_of(boss.inbox[-1])
    await shop.close()


async def test_two_operators_who_ask_about_one_bad_code_pay_it_once(harness: ShopHarness):
    other = OPERATOR + 1
    harness.set_policy(admin_ids=frozenset({OPERATOR, other}))
    order = await _delivered(harness, 3)
    before = await harness.balance(1)
    _, price, first = await ask_refund(
        harness.shop, key="a", operator_id=OPERATOR, order_id=order.id, reason="code 1 bad"
    )
    _, _, second = await ask_refund(
        harness.shop, key="b", operator_id=other, order_id=order.id, reason="code 1 bad"
    )
    third = await _credit(harness, price, f"#{order.id} code 1 bad")
    await confirm_refund(harness.shop, OPERATOR, required(first))

    with pytest.raises(CompensationChanged) as refused:
        await confirm_refund(harness.shop, other, required(second))
    with pytest.raises(CompensationChanged):
        await confirm_credit(harness.shop, OPERATOR, required(third.action_id))

    assert (refused.value.order_id, refused.value.compensated_minor) == (order.id, price)
    assert await harness.balance(1) == before + price
    again = await _credit(harness, price, f"#{order.id} code 2 bad", "again")
    assert again.compensated_minor == price
    await confirm_credit(harness.shop, OPERATOR, required(again.action_id))
    assert await harness.balance(1) == before + 2 * price
    await books_agree(harness)


async def test_money_that_came_in_does_not_become_compensation_by_a_delivery(harness: ShopHarness):
    await harness.customer(1)
    harness.set_policy(confirm_above_minor=0)
    order = await harness.buy(1)
    asked = await _credit(harness, 1_000, f"CCP 27/11, for #{order.id}")
    assert asked.compensates is None
    await harness.run(20)
    before = await harness.balance(1)

    with pytest.raises(CompensationChanged):
        await confirm_credit(harness.shop, OPERATOR, required(asked.action_id))

    assert await harness.balance(1) == before


async def test_the_profit_from_a_customer_is_less_by_what_was_made_good(harness: ShopHarness):
    order = await _delivered(harness, 2)
    before = (await view_customer(harness.shop, 1)).figures.profit_minor
    asked = await _credit(harness, 500, f"#{order.id} bad")
    await confirm_credit(harness.shop, OPERATOR, required(asked.action_id))

    figures = (await view_customer(harness.shop, 1)).figures

    assert figures.profit_minor == before - 500
    assert figures.profit_minor == (await report_stats(harness.shop, Span.TODAY)).profit_minor
