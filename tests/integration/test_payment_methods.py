"""Payment methods: which are on, and what switches one off."""

import pytest
from sqlalchemy import select

from bot import refusals
from bot.domain.alerts import AlertKind
from bot.domain.payments import Method, PaymentState
from bot.services.payments.provider_checks import check_due_payments, check_my_payment
from bot.services.payments.refunds import ask_payment_refund
from bot.services.payments.top_up import view_amounts
from bot.services.wallet.methods import methods_on, switch_off, switch_on
from storage.tables import methods_off
from tests.harness import OPERATOR, ShopHarness
from tests.integration.payment_steps import Payments


async def test_a_shop_without_payment_methods_takes_no_payments_and_no_unpaid_orders(
    harness: ShopHarness,
):
    await harness.customer(1, dinars=10)
    assert await methods_on(harness.shop) == ()
    with pytest.raises(refusals.WalletTooSmall):
        await harness.buy(1)
    with pytest.raises(refusals.MethodOff):
        await view_amounts(harness.shop, Method.STARS)
    with pytest.raises(refusals.MethodOff):
        await Payments(harness).begin()


async def test_a_merchant_that_is_refused_switches_off_the_card_alone(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin()
    paying_harness.book.cards.merchant_validated = False
    with pytest.raises(refusals.MethodOff):
        await pay.begin(minor=300_000)
    await paying_harness.run(30)

    assert await methods_on(paying_harness.shop) == (
        Method.TRANSFER,
        Method.STARS,
        Method.CHARGILY,
    )
    assert len(paying_harness.sender.alerts(AlertKind.METHOD_OFF)) == 1
    assert paying_harness.supplier.refusal is None
    paying_harness.book.cards.merchant_validated = True
    paying_harness.book.cards.pay(
        payment.external_id
    )  # a payment that was begun before is still checked
    await paying_harness.run(60)
    assert await paying_harness.balance() == 200_000
    assert await switch_on(paying_harness.shop, Method.OCPAY, key="k", operator_id=OPERATOR)
    assert not await switch_on(paying_harness.shop, Method.OCPAY, key="k2", operator_id=OPERATOR)
    assert Method.OCPAY in await methods_on(paying_harness.shop)


async def test_a_refused_check_switches_the_card_off_too(pay, paying_harness: ShopHarness):
    payment = await pay.begin()
    paying_harness.book.cards.merchant_validated = False
    await paying_harness.run(30)

    assert Method.OCPAY not in await methods_on(paying_harness.shop)
    assert (await pay.now(payment)).state is PaymentState.OPEN
    assert (await pay.now(payment)).due_at is not None


async def test_a_method_that_was_taken_out_of_the_settings_breaks_nothing(
    pay, paying_harness: ShopHarness
):
    card = await pay.begin()
    stars = await pay.begin(Method.STARS)
    paying_harness.offer(Method.TRANSFER)
    await paying_harness.run(60)
    await check_my_payment(paying_harness.shop, 1, card.id)
    await pay.stars(stars)  # Telegram's message counts all the same

    assert await paying_harness.balance() == stars.asked_minor
    with pytest.raises(refusals.NotReturnable) as refused:
        await ask_payment_refund(
            paying_harness.shop, key="k", operator_id=OPERATOR, payment_id=stars.id
        )
    assert refused.value.missing_minor == 0


async def test_a_providers_long_code_is_kept_as_far_as_there_is_room(paying_harness: ShopHarness):
    await switch_off(paying_harness.shop, Method.OCPAY, "X" * 65)
    async with paying_harness.store._reader.connect() as db:
        assert (await db.execute(select(methods_off.c.code))).scalar_one() == "X" * 64


async def test_a_refused_merchant_is_asked_once_for_all_payments(pay, paying_harness: ShopHarness):
    for number in range(3):
        await pay.begin(minor=100_000 + 100 * number)
    paying_harness.book.cards.merchant_validated = False
    paying_harness.clock.pass_time(30)
    before = paying_harness.book.count("checkPayment")

    await check_due_payments(paying_harness.shop)

    assert paying_harness.book.count("checkPayment") == before + 1
