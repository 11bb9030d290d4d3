"""Beginning a payment: which amounts are offered, and when a request finds the payment of an earlier one."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import errors, refusals
from bot.domain.payments import Limits, Method, PaymentState
from bot.domain.records import PauseReason
from bot.payments.transfer import Transfer
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.operations.reports import report_payments
from bot.services.payments.top_up import MOST_OPEN, view_amounts
from bot.services.selling.pauses import pause_selling
from bot.services.wallet.credit import Credit, credit_wallet
from storage.tables import payments
from tests.harness import OPERATOR, ShopHarness
from tests.integration.payment_steps import PRICE, unpaid_order

MOMENT = timedelta(microseconds=1)


async def test_amounts_are_offered_that_each_method_can_take(paying_harness: ShopHarness):
    card = await view_amounts(paying_harness.shop, Method.OCPAY)
    stars = await view_amounts(paying_harness.shop, Method.STARS)

    assert [a.amount_minor for a in card.offers] == [
        50_000,
        100_000,
        200_000,
        500_000,
        1_000_000,
        2_000_000,
    ]
    assert stars.offers[0].stars == 334
    assert stars.offers[0].amount_minor == 50_100  # what so many Stars are worth
    assert max(a.stars for a in stars.offers) <= 10_000


async def test_amounts_up_to_both_limits_are_offered(paying_harness: ShopHarness):
    paying_harness.shop.payment_methods[Method.TRANSFER] = Transfer(Limits(50_000, 2_000_000))
    offers = (await view_amounts(paying_harness.shop, Method.TRANSFER)).offers
    assert [offer.amount_minor for offer in offers][:: len(offers) - 1] == [50_000, 2_000_000]

    paying_harness.shop.payment_methods[Method.TRANSFER] = Transfer(Limits(50_001, 1_999_999))
    offers = (await view_amounts(paying_harness.shop, Method.TRANSFER)).offers
    assert [offer.amount_minor for offer in offers][:: len(offers) - 1] == [100_000, 1_000_000]


async def test_an_equal_request_finds_the_link_that_is_fresh_and_never_an_old_one(
    pay, paying_harness: ShopHarness
):
    first = await pay.begin()
    assert (await pay.begin()).id == first.id
    assert (await pay.begin(minor=300_000)).id != first.id
    paying_harness.clock.pass_time(13 * 60)  # it would expire while a card number is typed
    assert (await pay.begin()).id != first.id
    assert len(paying_harness.book.cards.payments) == 3


async def test_an_equal_request_is_a_new_payment_once_the_old_one_is_too_old(
    pay, paying_harness: ShopHarness
):
    first = await pay.begin()
    way = paying_harness.shop.payment_methods[Method.OCPAY]
    paying_harness.clock.moment = first.created_at + way.reusable_for - MOMENT
    assert (await pay.begin()).id == first.id
    paying_harness.clock.moment += MOMENT
    assert (await pay.begin()).id != first.id


async def test_the_same_press_after_a_crash_finds_its_payment(pay, paying_harness: ShopHarness):
    paying_harness.stars_gateway.failures = [errors.PaymentFailure("x")]
    with pytest.raises(errors.PaymentFailure):
        await pay.begin(Method.STARS, key="press:1")
    again = await pay.begin(Method.STARS, key="press:2")
    assert (await pay.begin(Method.STARS, key="press:2")).id == again.id
    assert len(paying_harness.stars_gateway.invoices) == 2  # an unpaid bill of too many is harmless
    assert (
        paying_harness.stars_gateway.invoices[0].id == paying_harness.stars_gateway.invoices[1].id
    )


async def test_a_customer_may_begin_a_limited_number_of_payments(pay):
    for number in range(MOST_OPEN):
        await pay.begin(minor=100_000 + number * 100)
    with pytest.raises(refusals.TooManyPayments):
        await pay.begin(minor=900_000)
    await pay.begin(minor=900_000, user=2)  # another customer is not limited


async def test_a_provider_that_does_not_answer_leaves_nothing_open(
    pay, paying_harness: ShopHarness
):
    paying_harness.book.cards.merchant_validated = True

    paying_harness.book.script(Fault(FaultKind.HTML, "createLink", status=502))
    with pytest.raises(errors.PaymentFailure):
        await pay.begin()
    assert (await report_payments(paying_harness.shop))[2][0].state is PaymentState.EXPIRED


async def test_an_hour_after_the_first_payment_another_may_begin(pay, paying_harness: ShopHarness):
    first = await pay.begin(minor=100_000)
    for number in range(1, MOST_OPEN):
        await pay.begin(minor=100_000 + 100 * number)
    with pytest.raises(refusals.TooManyPayments):
        await pay.begin(minor=500_000)
    paying_harness.clock.moment = first.created_at + timedelta(hours=1)
    await pay.begin(minor=500_000)


async def test_one_key_is_one_payment_while_it_is_open(pay, paying_harness: ShopHarness):
    first = await pay.begin(key="k")
    assert (await pay.begin(key="k", minor=300_000)).id == first.id
    assert (await pay.begin()).id == first.id  # the same request again
    async with paying_harness.store._writer.begin() as db:
        await db.execute(update(payments).values(state=PaymentState.EXPIRED))
    with pytest.raises(refusals.NotFound):
        await pay.begin(key="k")


async def test_an_order_that_lacks_nothing_needs_no_payment(pay, paying_harness: ShopHarness):
    order = await unpaid_order(paying_harness)
    await paying_harness.store.write(pause_selling, paying_harness.shop, PauseReason.AUDIT)
    await credit_wallet(paying_harness.shop, Credit("all", OPERATOR, 1, PRICE, ""))

    with pytest.raises(refusals.NothingToPay):
        await pay.begin(Method.TRANSFER, order=order.id)


async def test_one_missing_centime_is_paid_by_the_least_amount(pay, paying_harness: ShopHarness):
    order = await unpaid_order(paying_harness)
    await credit_wallet(paying_harness.shop, Credit("most", OPERATOR, 1, PRICE - 1, ""))
    payment = await pay.begin(Method.TRANSFER, order=order.id)
    assert payment.asked_minor == 20_000  # the least that a transfer takes


async def test_a_failed_start_of_a_payment_that_was_credited_meanwhile_leaves_it_credited(
    pay, paying_harness: ShopHarness
):
    async def pay_and_fail(_customer, payment):
        await pay.stars(payment)
        raise errors.PaymentFailure("TimedOut")

    paying_harness.stars_gateway.send_invoice = pay_and_fail
    with pytest.raises(errors.PaymentFailure):
        await pay.begin(Method.STARS)

    (payment,) = (await report_payments(paying_harness.shop))[2]
    assert payment.state is PaymentState.CREDITED
    assert await paying_harness.balance() == payment.asked_minor
