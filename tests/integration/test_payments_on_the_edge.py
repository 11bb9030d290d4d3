"""The very moment or centime at which a payment, a bill or a receipt is taken another way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import errors as e
from bot.domain.orders import OrderState
from bot.domain.payments import Limits, Method, PaymentState, Rejection
from bot.domain.records import PauseReason
from bot.payments.transfer import Transfer
from bot.services.payments import crediting
from bot.services.payments.crediting import check_due_payments
from bot.services.payments.receipts import reject_payment, show_receipt
from bot.services.payments.top_up import view_amounts
from bot.services.selling.pauses import pause_selling
from bot.services.wallet.credit import Credit, confirm_credit, credit_wallet
from bot.services.wallet.unpaid_orders import end_unpaid_orders
from tests.harness import OPERATOR, START, ShopHarness
from tests.integration.payment_steps import PRICE, check_bill, unpaid_order

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)


# --- a bill in Stars, right before it is paid -------------------------------------------------------


async def test_a_bill_can_be_paid_until_the_moment_it_expires(pay, paying_harness: ShopHarness):
    payment = await pay.begin(Method.STARS)
    paying_harness.clock.moment = payment.expires_at - MOMENT
    await check_bill(paying_harness, payment)
    paying_harness.clock.moment = payment.expires_at

    with pytest.raises(e.NotFound):
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

    with pytest.raises(e.NotFound):
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
            with pytest.raises(e.NotFound):
                await check_bill(paying_harness, payment)
        else:
            await check_bill(paying_harness, payment)


# --- receipts and amounts ---------------------------------------------------------------------------


async def test_an_older_transfer_that_waits_comes_before_a_newer_one_that_was_rejected(
    pay, paying_harness: ShopHarness
):
    older, newer = await pay.begin(Method.TRANSFER), await pay.begin(Method.TRANSFER, 300_000)
    await pay.receipt("a", newer.reference)
    await reject_payment(paying_harness.shop, pay.decision(newer), Rejection.USED)

    assert (await pay.receipt("b")).id == older.id


async def test_of_three_receipts_operators_see_the_last_again(pay, paying_harness: ShopHarness):
    payment = await pay.begin(Method.TRANSFER)
    operator = await paying_harness.customer(OPERATOR, dinars=0)
    for name in ("a", "b", "c"):
        await pay.receipt(name)
    await show_receipt(paying_harness.shop, operator, payment)

    assert paying_harness.sender.sent[-1].data == {"receipt": "c"}


async def test_amounts_up_to_both_limits_are_offered(paying_harness: ShopHarness):
    paying_harness.shop.payment_methods[Method.TRANSFER] = Transfer(Limits(50_000, 2_000_000))
    offers = (await view_amounts(paying_harness.shop, Method.TRANSFER)).offers
    assert [offer.amount_minor for offer in offers][:: len(offers) - 1] == [50_000, 2_000_000]

    paying_harness.shop.payment_methods[Method.TRANSFER] = Transfer(Limits(50_001, 1_999_999))
    offers = (await view_amounts(paying_harness.shop, Method.TRANSFER)).offers
    assert [offer.amount_minor for offer in offers][:: len(offers) - 1] == [100_000, 1_000_000]


# --- money to the last centime ----------------------------------------------------------------------


async def test_an_order_that_lacks_a_single_centime_waits_for_it(paying_harness: ShopHarness):
    await paying_harness.customer(1, dinars=0)
    await credit_wallet(paying_harness.shop, Credit("most", OPERATOR, 1, PRICE - 1, ""))
    order = await paying_harness.buy(1)
    assert order.state is OrderState.AWAITING_PAYMENT
    await credit_wallet(paying_harness.shop, Credit("last", OPERATOR, 1, 1, ""))

    assert (await paying_harness.order(order.id)).state is OrderState.PAID


async def test_what_lacks_nothing_any_more_asks_for_no_payment(pay, paying_harness: ShopHarness):
    order = await unpaid_order(paying_harness)
    await paying_harness.store.write(pause_selling, paying_harness.shop, PauseReason.AUDIT)
    await credit_wallet(paying_harness.shop, Credit("all", OPERATOR, 1, PRICE, ""))

    with pytest.raises(e.NothingToPay):
        await pay.begin(Method.TRANSFER, order=order.id)


async def test_a_whole_wallet_can_be_taken_back_and_no_centime_more(harness: ShopHarness):
    harness.set_policy(confirm_above_minor=0)
    await harness.customer(1, dinars=0)
    asked = await credit_wallet(harness.shop, Credit("in", OPERATOR, 1, 5_000, ""))
    await confirm_credit(harness.shop, OPERATOR, asked.action_id)
    with pytest.raises(e.WalletTooSmall):
        await credit_wallet(harness.shop, Credit("more", OPERATOR, 1, -5_001, ""))
    asked = await credit_wallet(harness.shop, Credit("out", OPERATOR, 1, -5_000, ""))
    await confirm_credit(harness.shop, OPERATOR, asked.action_id)

    assert await harness.balance() == 0


async def test_an_order_is_not_paid_at_the_moment_it_expires(paying_harness: ShopHarness):
    paying_harness.set_policy(payment_window=timedelta(minutes=5))
    order = await unpaid_order(paying_harness)
    paying_harness.clock.moment = order.due_at
    await paying_harness.credit(1, 10_000)

    assert (await paying_harness.order(order.id)).state is OrderState.AWAITING_PAYMENT
    await end_unpaid_orders(paying_harness.shop)
    assert (await paying_harness.order(order.id)).state is OrderState.EXPIRED


async def test_money_that_was_doubted_and_rejected_counts_as_nothing(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin()
    paying_harness.book.cards.pay(payment.external_id, isSandbox=True)
    paying_harness.clock.pass_time(20)
    await check_due_payments(paying_harness.shop)
    assert ((await pay.now(payment)).state, (await pay.now(payment)).paid_minor) == (
        PaymentState.HELD,
        200_000,
    )
    await reject_payment(paying_harness.shop, pay.decision(payment), Rejection.OTHER, "test money")

    assert (await pay.now(payment)).paid_minor == 0
    assert (await pay.now(payment)).settled_at == paying_harness.clock.now()


async def test_nobody_is_asked_about_a_payment_once_a_day_has_passed(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin()
    for moment, asked_again in ((START + DAY - MOMENT, True), (START + DAY, False)):
        paying_harness.clock.moment = moment
        await paying_harness.store.write(crediting._ask_again, paying_harness.shop, payment.id)
        assert ((await pay.now(payment)).due_at is not None) is asked_again
    assert (await pay.now(payment)).state is PaymentState.EXPIRED
