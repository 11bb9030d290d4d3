"""A bill in Stars is checked once more right before it is paid."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot import refusals
from bot.domain.curation import Subject
from bot.domain.payments import Method
from bot.domain.records import PauseReason
from bot.domain.supplier import ProductOffer
from bot.services.catalogue.refresh import save_offer
from bot.services.payments.stars import check_star_order
from bot.services.selling.pauses import pause_selling, resume_selling
from bot.services.wallet.unpaid_orders import cancel_order
from tests.harness import OPERATOR, ShopHarness
from tests.integration.curation_steps import hide
from tests.integration.payment_steps import check_bill, unpaid_order

MOMENT = timedelta(microseconds=1)


async def test_a_bill_can_be_paid_by_its_customer_in_its_amount_and_time(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin(Method.STARS)
    await check_bill(paying_harness, payment)
    await paying_harness.customer(2, dinars=0)
    for user, changes in ((2, {}), (1, {"currency": "USD"}), (1, {"stars": 1})):
        with pytest.raises(refusals.NotFound):
            await check_bill(paying_harness, payment, user, **changes)
    with pytest.raises(refusals.NotFound):
        await check_star_order(paying_harness.shop, 1, "payment:77", currency="XTR", stars=1)
    card = await pay.begin(Method.OCPAY)
    with pytest.raises(refusals.NotFound):
        await check_bill(paying_harness, card, stars=0)
    paying_harness.clock.pass_time(3601)
    with pytest.raises(refusals.NotFound):
        await check_bill(paying_harness, payment)


async def test_a_bill_that_was_paid_or_whose_method_is_off_cannot_be_paid(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin(Method.STARS)
    paying_harness.offer(Method.OCPAY)
    with pytest.raises(refusals.NotFound):
        await check_bill(paying_harness, payment)
    paying_harness.offer()
    await pay.stars(payment)
    with pytest.raises(refusals.NotFound):
        await check_bill(paying_harness, payment)


async def test_a_bill_for_an_order_needs_the_order_the_stock_and_the_price(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    await check_bill(paying_harness, payment)
    shelf = paying_harness.shop.shelf.denomination(order.denomination_id)

    def put(**changes):
        paying_harness.shop.shelf._denominations[shelf.id] = replace(shelf, **changes)

    for changes in ({"stock": 0}, {"cost_minor": order.highest_cost_minor + 1}):
        put(**changes)
        with pytest.raises(refusals.NotFound):
            await check_bill(paying_harness, payment)
    put()
    await check_bill(paying_harness, payment)
    paying_harness.set_policy(payment_window=timedelta(seconds=1))
    await cancel_order(paying_harness.shop, 1, order.id)
    with pytest.raises(refusals.NotFound):
        await check_bill(paying_harness, payment)


async def test_a_bill_for_an_order_of_what_was_hidden_since_can_be_paid_while_it_is_sold(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    await hide(paying_harness, Subject.product(order.product_id))

    await check_bill(paying_harness, payment)

    gone = ProductOffer(order.supplier_product_id, (), paying_harness.clock.now())
    await save_offer(paying_harness.shop, order.product_id, gone)
    with pytest.raises(refusals.NotFound):
        await check_bill(paying_harness, payment)


async def test_a_bill_for_an_order_that_expired_or_while_selling_is_paused_cannot_be_paid(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    await paying_harness.store.write(pause_selling, paying_harness.shop, PauseReason.AUDIT)
    with pytest.raises(refusals.SellingPaused):
        await check_bill(paying_harness, payment)
    await resume_selling(paying_harness.shop, key="k", operator_id=OPERATOR)
    await check_bill(paying_harness, payment)
    async with paying_harness.store._writer.begin() as db:
        await db.execute(text("UPDATE orders SET due_at = 1"))
    with pytest.raises(refusals.NotFound):
        await check_bill(paying_harness, payment)


async def test_a_bill_can_be_paid_until_the_moment_it_expires(pay, paying_harness: ShopHarness):
    payment = await pay.begin(Method.STARS)
    paying_harness.clock.moment = payment.expires_at - MOMENT
    await check_bill(paying_harness, payment)
    paying_harness.clock.moment = payment.expires_at

    with pytest.raises(refusals.NotFound):
        await check_bill(paying_harness, payment)


async def test_a_bill_for_an_order_can_be_paid_until_the_moment_the_order_expires(
    pay, paying_harness: ShopHarness
):
    paying_harness.set_policy(payment_window=timedelta(minutes=5))
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    paying_harness.clock.moment = order.due_at - MOMENT
    await check_bill(paying_harness, payment)
    paying_harness.clock.moment = order.due_at

    with pytest.raises(refusals.NotFound):
        await check_bill(paying_harness, payment)


async def test_the_last_piece_at_the_highest_cost_can_still_be_paid_for(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    shelf = paying_harness.shop.shelf
    there = shelf.denomination(order.denomination_id)
    for stock, cost, refused in (
        (order.quantity, order.highest_cost_minor, False),
        (order.quantity - 1, order.highest_cost_minor, True),
        (order.quantity, order.highest_cost_minor + 1, True),
    ):
        shelf._denominations[there.id] = replace(there, stock=stock, cost_minor=cost)
        if refused:
            with pytest.raises(refusals.NotFound):
                await check_bill(paying_harness, payment)
        else:
            await check_bill(paying_harness, payment)
