"""Orders that wait for money: paid as soon as the wallet suffices, oldest first, and ended in time."""

from datetime import timedelta

import pytest

from bot import refusals
from bot.domain.orders import OrderState
from bot.domain.payments import Method
from bot.domain.records import PauseReason
from bot.services.selling.pauses import pause_selling, resume_selling
from bot.services.wallet.credit import Credit, credit_wallet
from bot.services.wallet.unpaid_orders import (
    MOST_UNPAID,
    cancel_order,
    end_unpaid_orders,
    pay_affordable_orders,
    view_unpaid_order,
)
from storage.tables import payments
from tests.database import overwrite
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.payment_steps import PRICE, unpaid_order


async def test_an_order_goes_on_the_moment_the_wallet_suffices(pay, paying_harness: ShopHarness):
    order = await unpaid_order(paying_harness, dinars=500)
    view = await view_unpaid_order(paying_harness.shop, 1, order.id)
    assert view.missing_minor == PRICE - 50_000
    payment = await pay.begin(order=order.id)
    assert payment.asked_minor == view.missing_minor
    paying_harness.book.cards.pay(payment.external_id)
    await paying_harness.run(30)

    assert (await paying_harness.order(order.id)).state is OrderState.FULFILLED
    assert len(paying_harness.sender.codes_of(1)) == 1
    assert await paying_harness.balance() == 0
    (said,) = [s for s in paying_harness.sender.sent if s.kind in ("codes", "payment")]
    money = refusals.required(said.money)
    assert (money.paid_minor, money.paid_by) == (payment.asked_minor, Method.OCPAY)
    await books_agree(paying_harness)


async def test_too_little_is_kept_and_too_much_stays_in_the_wallet(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness)
    little = await pay.begin(Method.STARS, 50_000)
    await pay.stars(little, "a")
    await paying_harness.round()
    assert (await paying_harness.order(order.id)).state is OrderState.AWAITING_PAYMENT
    assert (
        await view_unpaid_order(paying_harness.shop, 1, order.id)
    ).missing_minor == PRICE - little.asked_minor
    much = await pay.begin(Method.STARS, 200_000)
    await pay.stars(much, "b")
    await paying_harness.run(10)

    assert (await paying_harness.order(order.id)).state is OrderState.FULFILLED
    assert await paying_harness.balance() == little.asked_minor + much.asked_minor - PRICE


async def test_the_oldest_order_that_can_be_paid_goes_first(pay, paying_harness: ShopHarness):
    big = await unpaid_order(paying_harness, quantity=3)
    small = await unpaid_order(paying_harness)
    await paying_harness.credit(1, PRICE // 100 * 2)
    assert (await paying_harness.order(big.id)).state is OrderState.AWAITING_PAYMENT
    assert (await paying_harness.order(small.id)).state is OrderState.PAID
    await paying_harness.credit(1, PRICE // 100 * 2)
    assert (await paying_harness.order(big.id)).state is OrderState.PAID
    await books_agree(paying_harness)


async def test_an_order_expires_with_notice_and_late_money_stays_in_the_wallet(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    paying_harness.clock.pass_time(24 * 3600 + 1)
    await paying_harness.round()
    assert (await paying_harness.order(order.id)).state is OrderState.EXPIRED
    assert [s.kind for s in paying_harness.sender.sent if s.user_id == 1] == ["ended"]
    await pay.stars(payment)
    await paying_harness.round()

    assert await paying_harness.balance() == payment.asked_minor
    note = refusals.required(
        [s.note for s in paying_harness.sender.sent if s.kind == "payment"][-1]
    )
    assert refusals.required(note.order).state is OrderState.EXPIRED
    assert note.paid_orders == ()
    assert paying_harness.book.orders == {}
    await books_agree(paying_harness)


async def test_a_cancelled_order_stays_cancelled(pay, paying_harness: ShopHarness):
    order = await unpaid_order(paying_harness)
    for _ in range(2):
        assert (await cancel_order(paying_harness.shop, 1, order.id)).state is OrderState.CANCELLED
    await paying_harness.credit(1, 90_000)
    assert (await paying_harness.order(order.id)).state is OrderState.CANCELLED
    with pytest.raises(refusals.NothingToPay):
        await pay.begin(order=order.id)
    paid = await paying_harness.buy(1)
    with pytest.raises(refusals.NothingToPay):
        await cancel_order(paying_harness.shop, 1, paid.id)
    await paying_harness.customer(2, dinars=0)
    for attempt in (
        cancel_order(paying_harness.shop, 2, order.id),
        view_unpaid_order(paying_harness.shop, 2, order.id),
    ):
        with pytest.raises(refusals.NotFound):
            await attempt
    with pytest.raises(refusals.NotFound):
        await pay.begin(order=order.id, user=2)
    await books_agree(paying_harness)


async def test_a_customer_has_a_limited_number_of_unpaid_orders(paying_harness: ShopHarness):
    for _ in range(MOST_UNPAID):
        await unpaid_order(paying_harness)
    with pytest.raises(refusals.TooManyPayments):
        await paying_harness.buy(1)


async def test_while_selling_is_paused_money_is_kept_and_orders_are_paid_later(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness)
    await paying_harness.store.write(pause_selling, paying_harness.shop, PauseReason.AUDIT)
    await paying_harness.credit(1, 90_000)
    assert await pay_affordable_orders(paying_harness.shop) == 0
    assert (await paying_harness.order(order.id)).state is OrderState.AWAITING_PAYMENT
    assert (await view_unpaid_order(paying_harness.shop, 1, order.id)).missing_minor == 0
    await resume_selling(paying_harness.shop, key="k", operator_id=OPERATOR)
    await paying_harness.run(10)
    assert (await paying_harness.order(order.id)).state is OrderState.FULFILLED


async def test_returned_money_pays_an_unpaid_order(paying_harness: ShopHarness):
    await paying_harness.customer(1, dinars=PRICE // 100)
    paying_harness.book.next_outcomes = [0]
    first = await paying_harness.buy(1)
    second = await paying_harness.buy(1)
    assert (first.state, second.state) == (OrderState.PAID, OrderState.AWAITING_PAYMENT)
    await paying_harness.run(20)

    assert (await paying_harness.order(first.id)).state is OrderState.REFUNDED
    assert (await paying_harness.order(second.id)).state is OrderState.FULFILLED
    await books_agree(paying_harness)


async def test_a_returned_part_pays_an_unpaid_order(paying_harness: ShopHarness):
    await paying_harness.customer(1, dinars=2 * PRICE // 100)
    paying_harness.book.next_outcomes = [1]
    await paying_harness.buy(1, quantity=2)
    second = await paying_harness.buy(1)
    await paying_harness.run(20)

    assert (await paying_harness.order(second.id)).state is OrderState.FULFILLED
    await books_agree(paying_harness)


async def test_a_customer_is_told_how_much_an_order_still_needs(pay, paying_harness: ShopHarness):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, 50_000)
    await paying_harness.store.write(
        lambda tx: overwrite(tx, payments, payment.id, order_id=order.id)
    )
    await pay.stars(payment)
    await paying_harness.round()

    (note,) = [s.note for s in paying_harness.sender.sent if s.note]
    assert note.missing_minor == PRICE - payment.asked_minor


async def test_an_order_that_lacks_a_single_centime_waits_for_it(paying_harness: ShopHarness):
    await paying_harness.customer(1, dinars=0)
    await credit_wallet(paying_harness.shop, Credit("most", OPERATOR, 1, PRICE - 1, ""))
    order = await paying_harness.buy(1)
    assert order.state is OrderState.AWAITING_PAYMENT
    await credit_wallet(paying_harness.shop, Credit("last", OPERATOR, 1, 1, ""))

    assert (await paying_harness.order(order.id)).state is OrderState.PAID


async def test_an_order_is_not_paid_at_the_moment_it_expires(paying_harness: ShopHarness):
    paying_harness.set_policy(payment_window=timedelta(minutes=5))
    order = await unpaid_order(paying_harness)
    paying_harness.clock.moment = order.due_at
    await paying_harness.credit(1, 10_000)

    assert (await paying_harness.order(order.id)).state is OrderState.AWAITING_PAYMENT
    await end_unpaid_orders(paying_harness.shop)
    assert (await paying_harness.order(order.id)).state is OrderState.EXPIRED


async def test_money_pays_the_oldest_orders_it_suffices_for_and_no_more(
    pay, paying_harness: ShopHarness
):
    waiting = [await unpaid_order(paying_harness) for _ in range(3)]
    await credit_wallet(paying_harness.shop, Credit("in", OPERATOR, 1, 2 * PRICE - 1, ""))
    assert [(await paying_harness.order(o.id)).state for o in waiting] == [
        OrderState.PAID,
        OrderState.AWAITING_PAYMENT,
        OrderState.AWAITING_PAYMENT,
    ]
    await credit_wallet(paying_harness.shop, Credit("on", OPERATOR, 1, PRICE + 1, ""))

    assert {(await paying_harness.order(o.id)).state for o in waiting} == {OrderState.PAID}
    assert await paying_harness.balance() == 0


async def test_an_order_that_was_cancelled_meanwhile_does_not_expire(
    paying_harness: ShopHarness, before_next_write
):
    order = await unpaid_order(paying_harness)
    paying_harness.clock.moment = order.due_at
    before_next_write(lambda: cancel_order(paying_harness.shop, 1, order.id))

    await end_unpaid_orders(paying_harness.shop)

    assert (await paying_harness.order(order.id)).state is OrderState.CANCELLED
