"""Payments given back by us, and taken back by Telegram."""

import pytest

from bot import errors, refusals
from bot.domain.alerts import AlertKind
from bot.domain.orders import OrderState
from bot.domain.payments import Method, PaymentState
from bot.services.orders.refund import confirm_refund
from bot.services.payments.refunds import (
    confirm_payment_refund,
    record_chargeback,
    refund_due_payments,
    refund_payment,
    repeat_refund,
)
from bot.services.wallet.credit import Credit, confirm_credit, credit_wallet
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.payment_steps import ask_back, star_payment


async def test_stars_go_back_once_and_leave_the_wallet_first(pay, paying_harness: ShopHarness):
    payment = await star_payment(pay, paying_harness)
    action = await ask_back(paying_harness, payment)
    with pytest.raises(refusals.AlreadyDecided):
        await ask_back(paying_harness, payment)
    assert (
        await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
    ).state is PaymentState.RETURNED
    with pytest.raises(refusals.AlreadyDecided):
        await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
    # Telegram's message about it.
    await record_chargeback(paying_harness.shop, Method.STARS, "charge-1")

    assert paying_harness.stars_gateway.refunded == ["charge-1"]
    assert await paying_harness.balance() == 0
    with pytest.raises(refusals.AlreadyDecided):
        await ask_back(paying_harness, payment, "again")
    await books_agree(paying_harness)


async def test_a_refund_without_an_answer_is_repeated_until_there_is_one(
    pay, paying_harness: ShopHarness
):
    payment = await star_payment(pay, paying_harness)
    paying_harness.stars_gateway.failures = [errors.PaymentFailure("TimedOut")] * 3
    action = await ask_back(paying_harness, payment)
    assert (
        await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
    ).state is PaymentState.RETURNING
    assert await paying_harness.balance() == 0  # it cannot be spent meanwhile
    await books_agree(paying_harness)
    paying_harness.restart()
    await paying_harness.run(300)

    assert (await pay.now(payment)).state is PaymentState.RETURNED
    assert paying_harness.stars_gateway.refunded == ["charge-1"]
    await books_agree(paying_harness)


async def test_a_refund_that_is_refused_for_good_is_the_customers_again(
    pay, paying_harness: ShopHarness
):
    payment = await star_payment(pay, paying_harness)
    for number in range(2):
        paying_harness.stars_gateway.failures = [errors.RefundRefused("CHARGE_NOT_FOUND")]
        action = await ask_back(paying_harness, payment, f"back:{number}")
        done = await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
        assert done.state is PaymentState.CREDITED
    await paying_harness.round()

    assert await paying_harness.balance() == payment.asked_minor
    assert len(paying_harness.sender.alerts(AlertKind.PAYMENT_REFUND_FAILED)) == 2
    await books_agree(paying_harness)


async def test_money_that_was_spent_cannot_be_given_back(pay, paying_harness: ShopHarness):
    payment = await star_payment(pay, paying_harness)
    action = await ask_back(paying_harness, payment)
    await paying_harness.credit(1, -1000)
    with pytest.raises(refusals.NotReturnable) as refused:
        await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
    assert refused.value.missing_minor == 100_000
    with pytest.raises(refusals.NotFound):
        await confirm_payment_refund(paying_harness.shop, 901, action)  # another operator's
    paying_harness.clock.pass_time(3601)
    with pytest.raises(refusals.AskedTooLongAgo):
        await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
    card = await pay.begin(Method.OCPAY)
    with pytest.raises(refusals.AlreadyDecided):
        await ask_back(paying_harness, card, "card")


async def test_a_confirmation_of_something_else_gives_nothing_back(
    pay, paying_harness: ShopHarness
):
    payment = await star_payment(pay, paying_harness)
    paying_harness.set_policy(confirm_above_minor=0)
    asked = await credit_wallet(paying_harness.shop, Credit("k", OPERATOR, 1, 500, ""))
    assert asked.action_id is not None
    with pytest.raises(refusals.NotFound):
        await confirm_payment_refund(paying_harness.shop, OPERATOR, asked.action_id)
    action = await ask_back(paying_harness, payment)
    for confirm in (confirm_credit, confirm_refund):
        with pytest.raises(refusals.NotFound):
            await confirm(paying_harness.shop, OPERATOR, action)


async def test_a_chargeback_empties_the_wallet_and_the_rest_is_a_loss(
    pay, paying_harness: ShopHarness
):
    payment = await star_payment(pay, paying_harness)
    await paying_harness.credit(1, -2000)
    for _ in range(2):
        await record_chargeback(paying_harness.shop, Method.STARS, "charge-1")
    await record_chargeback(paying_harness.shop, Method.STARS, "never heard of")
    await paying_harness.round()

    assert await paying_harness.balance() == 0
    assert (await pay.now(payment)).state is PaymentState.RETURNED
    (told,) = paying_harness.sender.alerts(AlertKind.PAYMENT_CHARGED_BACK)
    assert told["lost"] == str(payment.asked_minor - (payment.asked_minor - 200_000))
    await books_agree(paying_harness)


@pytest.mark.parametrize("spent", [0, 3006])
async def test_a_chargeback_of_unspent_and_of_spent_money_leaves_an_empty_wallet(
    pay, paying_harness: ShopHarness, spent
):
    payment = await star_payment(pay, paying_harness)
    assert payment.asked_minor == 300_000
    if spent:
        await paying_harness.credit(1, -3000)
    await record_chargeback(paying_harness.shop, Method.STARS, "charge-1")

    assert await paying_harness.balance() == 0
    await books_agree(paying_harness)


async def test_a_chargeback_ends_a_refund_that_is_under_way(pay, paying_harness: ShopHarness):
    payment = await star_payment(pay, paying_harness)
    paying_harness.stars_gateway.failures = [errors.PaymentFailure("TimedOut")]
    await confirm_payment_refund(
        paying_harness.shop, OPERATOR, await ask_back(paying_harness, payment)
    )
    await record_chargeback(paying_harness.shop, Method.STARS, "charge-1")
    assert (await pay.now(payment)).state is PaymentState.RETURNED
    paying_harness.clock.pass_time(600)
    await refund_due_payments(paying_harness.shop)
    assert paying_harness.stars_gateway.refunded == []
    await books_agree(paying_harness)


async def test_a_refund_waits_for_a_method_that_was_taken_out(pay, paying_harness: ShopHarness):
    payment = await star_payment(pay, paying_harness)
    paying_harness.stars_gateway.failures = [errors.PaymentFailure("TimedOut")]
    await confirm_payment_refund(
        paying_harness.shop, OPERATOR, await ask_back(paying_harness, payment)
    )
    paying_harness.offer(Method.OCPAY)
    await paying_harness.run(120)
    assert (await pay.now(payment)).state is PaymentState.RETURNING
    paying_harness.offer()
    await paying_harness.run(3700)
    assert (await pay.now(payment)).state is PaymentState.RETURNED


@pytest.mark.parametrize(
    "failure", [None, errors.PaymentFailure("TimedOut"), errors.RefundRefused("CHARGE_NOT_FOUND")]
)
async def test_an_answer_about_a_payment_that_is_not_being_refunded_changes_nothing(
    pay, paying_harness: ShopHarness, failure: errors.PaymentFailure | None
):
    payment = await star_payment(pay, paying_harness)
    credited = await pay.now(payment)
    paying_harness.stars_gateway.failures = [failure] if failure else []

    await refund_payment(paying_harness.shop, credited)

    assert await pay.now(payment) == credited
    assert await paying_harness.balance() == payment.asked_minor
    await books_agree(paying_harness)


async def test_money_that_comes_back_into_the_wallet_pays_an_order_that_waits(
    pay, paying_harness: ShopHarness
):
    """By its wake-up alone: nothing else looks at such an order before it expires."""
    harness = paying_harness
    payment = await star_payment(pay, harness)
    harness.stars_gateway.failures = [errors.PaymentFailure("TimedOut")]
    await confirm_payment_refund(harness.shop, OPERATOR, await ask_back(harness, payment))
    order = await harness.buy(1)
    assert order.state is OrderState.AWAITING_PAYMENT
    await harness.run_due()
    harness.stars_gateway.failures = [errors.RefundRefused("NO")]
    harness.clock.pass_time(60)

    await refund_due_payments(harness.shop)
    await harness.run_due()

    assert (await harness.order(order.id)).state is not OrderState.AWAITING_PAYMENT


async def test_one_refund_is_repeated_before_its_time_and_never_after_it_was_made(
    pay, paying_harness: ShopHarness
):
    payment = await star_payment(pay, paying_harness)
    paying_harness.stars_gateway.failures = [errors.PaymentFailure("TimedOut")]
    action = await ask_back(paying_harness, payment)
    await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
    assert paying_harness.stars_gateway.refunded == []

    await repeat_refund(paying_harness.shop, payment.id)
    assert paying_harness.stars_gateway.refunded == ["charge-1"]
    assert (await pay.now(payment)).state is PaymentState.RETURNED

    paying_harness.stars_gateway.failures = [errors.PaymentFailure("asked again")]
    await repeat_refund(paying_harness.shop, payment.id)
    assert len(paying_harness.stars_gateway.failures) == 1
