"""Stars that Telegram says were paid: once for each charge, at the rate of the bill, into the payer's wallet."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.payments import Doubt, Method, PaymentState, StarRate
from bot.services.operations.reports import report_payments
from bot.services.payments.decisions import accept_payment
from bot.services.payments.stars import StarCharge, is_unclaimed, take_stars
from storage.repositories.payments import PaymentRepository
from storage.tables import payments
from tests.harness import ShopHarness, books_agree


async def test_stars_count_once_for_each_charge_and_twice_when_paid_twice(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin(Method.STARS)
    for charge in ("a", "a", "b", "a", "b"):
        await pay.stars(payment, charge)

    assert await paying_harness.balance() == 2 * payment.asked_minor
    await books_agree(paying_harness)
    await paying_harness.round()
    assert paying_harness.sender.payments() == ["credited", "credited"]


async def test_a_charge_that_another_process_has_just_taken_is_not_credited_again(
    pay, paying_harness: ShopHarness, monkeypatch
):
    payment = await pay.begin(Method.STARS)
    await pay.stars(payment)

    async def not_found(_self, _method, _external_id):  # as it was before the other's commit
        return None

    monkeypatch.setattr(PaymentRepository, "by_external_id", not_found)
    await pay.stars(payment)

    assert await paying_harness.balance() == payment.asked_minor
    await books_agree(paying_harness)


async def test_another_persons_bill_fills_the_payers_own_wallet(pay, paying_harness: ShopHarness):
    payment = await pay.begin(Method.STARS)
    await paying_harness.customer(2, dinars=0)
    await pay.stars(payment, user=2)

    assert (await paying_harness.balance(1), await paying_harness.balance(2)) == (
        0,
        payment.asked_minor,
    )
    assert (await pay.now(payment)).state is PaymentState.OPEN


@pytest.mark.parametrize(
    "payload", ["", "payment:", "payment:999", "payment:x", "other:1", "payment:" + "9" * 40]
)
async def test_stars_with_an_unknown_payload_are_credited(
    pay, paying_harness: ShopHarness, payload
):
    await paying_harness.customer(1, dinars=0)
    await take_stars(paying_harness.shop, StarCharge(1, payload, 10, "c"))

    assert await paying_harness.balance() == 1500


async def test_stars_in_a_shop_that_never_set_a_rate_wait_for_an_operator(
    pay, paying_harness: ShopHarness
):
    paying_harness.set_policy(star_rate=None)
    await paying_harness.customer(1, dinars=0)
    for _ in range(2):
        await take_stars(paying_harness.shop, StarCharge(1, "x", 10, "c"))

    (held,), count, _ = await report_payments(paying_harness.shop)
    assert (held.state, held.reason, count) == (PaymentState.HELD, Doubt.UNCLAIMED, 1)
    await accept_payment(paying_harness.shop, pay.decision(held, 1500))
    assert await paying_harness.balance() == 1500


async def test_the_rate_of_the_bill_counts_and_more_stars_bring_more(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin(Method.STARS)
    paying_harness.set_policy(star_rate=StarRate(999))
    await pay.stars(payment, stars=payment.stars + 10)

    assert await paying_harness.balance() == payment.asked_minor + 1500


async def test_a_payment_is_unclaimed_while_it_is_held_for_that_reason(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin(Method.STARS)
    for state, reason, unclaimed in (
        (PaymentState.HELD, Doubt.UNCLAIMED, True),
        (PaymentState.HELD, Doubt.AMOUNT, False),
        (PaymentState.CREDITED, Doubt.UNCLAIMED, False),
    ):
        assert is_unclaimed(replace(payment, state=state, reason=reason)) is unclaimed


async def test_a_long_charge_id_makes_a_key_that_fits(pay, paying_harness: ShopHarness):
    payment = await pay.begin(Method.STARS)
    for charge in ("a", "b" * 130):
        await pay.stars(payment, charge)
    async with paying_harness.store._reader.connect() as db:
        keys = (await db.execute(select(payments.c.key).order_by(payments.c.id))).scalars().all()
    assert [len(key) for key in keys][1:] == [128]
