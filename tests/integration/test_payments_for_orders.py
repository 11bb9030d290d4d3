"""No payment is begun for an order that could not be bought with its money."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import refusals
from bot.domain.payments import Method
from bot.domain.records import PauseReason
from bot.services.selling.pauses import pause_selling, resume_selling
from tests.harness import OPERATOR, ShopHarness
from tests.integration.payment_steps import unpaid_order

METHODS = tuple(Method)


@pytest.mark.parametrize("method", METHODS)
async def test_nothing_is_begun_for_what_is_sold_out_or_has_become_too_dear(
    pay, paying_harness: ShopHarness, method
):
    order = await unpaid_order(paying_harness)
    shelf = paying_harness.shop.shelf
    there = shelf.denomination(order.denomination_id)
    for stock, cost, refused in (
        (order.quantity - 1, order.unit_cost_minor, True),
        (order.quantity, order.highest_cost_minor + 1, True),
        (order.quantity, order.highest_cost_minor, False),
    ):
        shelf._denominations[there.id] = replace(there, stock=stock, cost_minor=cost)
        if refused:
            with pytest.raises(refusals.NotFound):
                await pay.begin(method, order=order.id)
        else:
            await pay.begin(method, order=order.id)


@pytest.mark.parametrize("method", METHODS)
async def test_a_link_that_was_shown_is_not_shown_again_for_what_is_sold_out(
    pay, paying_harness: ShopHarness, method
):
    order = await unpaid_order(paying_harness)
    await pay.begin(method, order=order.id)
    shelf = paying_harness.shop.shelf
    there = shelf.denomination(order.denomination_id)
    shelf._denominations[there.id] = replace(there, stock=0)

    with pytest.raises(refusals.NotFound):
        await pay.begin(method, order=order.id)
    assert (await pay.begin(method)).order_id is None  # the wallet can be filled all the same


@pytest.mark.parametrize("method", METHODS)
async def test_nothing_is_begun_for_an_order_while_selling_is_paused(
    pay, paying_harness: ShopHarness, method
):
    order = await unpaid_order(paying_harness)
    await paying_harness.store.write(pause_selling, paying_harness.shop, PauseReason.AUDIT)
    with pytest.raises(refusals.SellingPaused):
        await pay.begin(method, order=order.id)

    await resume_selling(paying_harness.shop, key="k", operator_id=OPERATOR)
    assert (await pay.begin(method, order=order.id)).order_id == order.id


async def test_nothing_is_begun_for_an_order_whose_time_is_over(pay, paying_harness: ShopHarness):
    paying_harness.set_policy(payment_window=timedelta(minutes=5))
    order = await unpaid_order(paying_harness)
    paying_harness.clock.pass_time(300)

    with pytest.raises(refusals.NotFound):
        await pay.begin(Method.CHARGILY, order=order.id)
