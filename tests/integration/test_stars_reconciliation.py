"""Every night our payments in Stars are compared with Telegram's list of movements."""

from dataclasses import replace
from datetime import timedelta

from bot import errors
from bot.domain.audit import Check
from bot.domain.payments import Method, PaymentState
from bot.services.operations.nightly import audit_now
from bot.services.operations.reports import report_payments
from bot.services.payments.decisions import accept_payment
from bot.services.payments.refunds import confirm_payment_refund
from bot.services.payments.stars import StarCharge, take_stars
from bot.services.payments.stars_reconciliation import reconcile_stars
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.payment_steps import ask_back, star_payment

DAY = timedelta(days=1)


async def test_a_payment_and_its_refund_agree_with_telegrams_list(pay, paying_harness: ShopHarness):
    payment = await star_payment(pay, paying_harness)
    paying_harness.clock.pass_time(3600)
    (found,) = await reconcile_stars(paying_harness.shop, 2 * DAY)
    assert found.is_well
    assert found.looked_at == 1
    await confirm_payment_refund(
        paying_harness.shop, OPERATOR, await ask_back(paying_harness, payment)
    )
    assert (await reconcile_stars(paying_harness.shop, 2 * DAY))[0].is_well
    paying_harness.stars_gateway.failures = [errors.PaymentFailure("x")]
    assert "telegram" in (await audit_now(paying_harness.shop))[1]
    paying_harness.offer(Method.OCPAY)
    assert await reconcile_stars(paying_harness.shop, 2 * DAY) == []


async def test_stars_that_no_message_told_of_are_held_and_credited_when_told_or_decided(
    pay, paying_harness: ShopHarness
):
    await paying_harness.customer(1, dinars=0)
    for charge in ("lost", "late"):
        paying_harness.stars_gateway.list(charge, 1, 100)
    paying_harness.stars_gateway.list("stranger", 77, 5)
    (early,) = await reconcile_stars(paying_harness.shop, 2 * DAY)
    assert early.is_well  # a message may be on its way
    paying_harness.clock.pass_time(3600)
    found, _ = await audit_now(paying_harness.shop)
    (stars,) = [audited for audited in found if audited.check is Check.STARS]
    assert len(stars.differences) == 3
    assert await paying_harness.balance() == 0  # nothing repairs money by itself
    held, count, _ = await report_payments(paying_harness.shop)
    assert count == 2
    await take_stars(paying_harness.shop, StarCharge(1, "x", 100, "late"))
    lost = next(p for p in held if p.external_id == "lost")
    await accept_payment(paying_harness.shop, pay.decision(lost))
    await take_stars(paying_harness.shop, StarCharge(1, "x", 100, "lost"))

    assert await paying_harness.balance() == 2 * 15_000
    (after,) = await reconcile_stars(paying_harness.shop, 2 * DAY)
    assert len(after.differences) == 1  # the stranger's
    await books_agree(paying_harness)


async def test_stars_that_differ_or_are_not_listed_are_named(pay, paying_harness: ShopHarness):
    one = await star_payment(pay, paying_harness, "a")
    two = await pay.begin(Method.STARS, 500_000)
    await pay.stars(two, "b")
    paying_harness.stars_gateway.listed = [
        replace(paying_harness.stars_gateway.listed[0], stars=one.stars + 1)
    ]
    paying_harness.clock.pass_time(3600)
    (found,) = await reconcile_stars(paying_harness.shop, 2 * DAY)

    assert {d.subject for d in found.differences} == {one.reference, two.reference}


async def test_a_refund_that_no_message_told_of_is_booked_at_night(
    pay, paying_harness: ShopHarness
):
    payment = await star_payment(pay, paying_harness)
    paying_harness.clock.pass_time(3600)
    came = paying_harness.stars_gateway.listed[0]
    paying_harness.stars_gateway.listed.append(
        replace(came, back=True, at=paying_harness.clock.now())
    )
    await reconcile_stars(paying_harness.shop, 2 * DAY)

    assert (await pay.now(payment)).state is PaymentState.RETURNED
    assert await paying_harness.balance() == 0


async def test_held_stars_that_went_back_need_no_decision(pay, paying_harness: ShopHarness):
    await paying_harness.customer(1, dinars=0)
    paying_harness.stars_gateway.list("lost", 1, 100)
    paying_harness.clock.pass_time(3600)
    await reconcile_stars(paying_harness.shop, 2 * DAY)
    (held,), _, _ = await report_payments(paying_harness.shop)
    paying_harness.stars_gateway.listed.append(
        replace(paying_harness.stars_gateway.listed[0], back=True, at=paying_harness.clock.now())
    )
    (found,) = await reconcile_stars(paying_harness.shop, 2 * DAY)

    after = await pay.now(held)
    assert (after.state, after.paid_minor) == (PaymentState.REJECTED, 0)
    assert found.is_well
    assert (await report_payments(paying_harness.shop))[1] == 0
    assert await paying_harness.balance() == 0
    await books_agree(paying_harness)


async def test_stars_that_came_and_went_unheard_are_no_difference(pay, paying_harness: ShopHarness):
    await paying_harness.customer(1, dinars=0)
    paying_harness.stars_gateway.list("brief", 1, 100)
    paying_harness.stars_gateway.listed.append(
        replace(paying_harness.stars_gateway.listed[0], back=True)
    )
    paying_harness.clock.pass_time(3600)

    assert (await reconcile_stars(paying_harness.shop, 2 * DAY))[0].is_well
    assert (await report_payments(paying_harness.shop))[1] == 0


async def test_a_payment_that_is_not_listed_is_named_until_the_span_is_over(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin(Method.STARS)
    await pay.stars(payment)
    for seconds, named in ((600, []), (1, [payment.reference])):
        paying_harness.clock.pass_time(seconds)
        (found,) = await reconcile_stars(paying_harness.shop, 2 * DAY)
        assert [d.subject for d in found.differences] == named
    assert [str(d) for d in found.differences] == [
        f"payment {payment.reference}: paid here, and not in Telegram's list"
    ]
    # At the edge of the span it may have fallen out of Telegram's list already.
    paying_harness.clock.moment = START + 2 * DAY - timedelta(minutes=10) + timedelta(seconds=1)
    (found,) = await reconcile_stars(paying_harness.shop, 2 * DAY)
    assert found.differences == ()
