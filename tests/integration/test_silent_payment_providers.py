"""Providers of payments that do not answer: what was paid is credited whenever they answer again."""

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.payments import Method, PaymentReport, PaymentState, ReportStatus
from bot.errors import PaymentFailure
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.payments.provider_checks import check_due_payments, check_my_payment, take_report
from tests.harness import ShopHarness, books_agree

HOUR = 3600
DAY = 24 * HOUR


def silence(harness: ShopHarness) -> None:
    harness.book.script(Fault(FaultKind.HTML, "ocpay/checkPayment", times=10**6, status=502))


def methods_out(harness: ShopHarness) -> None:
    harness.offer(Method.TRANSFER)


async def pass_time(harness: ShopHarness, seconds: float) -> None:
    """As good as `run`, and quicker: nobody is asked meanwhile, and everybody at its end."""
    await harness.run(60)
    harness.clock.pass_time(seconds)
    await harness.run(60)


def back(harness: ShopHarness) -> None:
    harness.book.faults.clear()
    harness.offer(*Method)


@pytest.mark.parametrize("away", [silence, methods_out])
async def test_a_card_paid_while_nobody_answers_for_days_is_credited_afterwards(
    pay, paying_harness: ShopHarness, away
):
    payment = await pay.begin()
    away(paying_harness)
    paying_harness.book.cards.pay(payment.external_id)
    await pass_time(paying_harness, 3 * DAY)
    assert (await pay.now(payment)).state is PaymentState.OPEN
    assert paying_harness.sender.payments() == []  # nobody knows that it was not paid

    back(paying_harness)
    await paying_harness.run(1300)

    assert await paying_harness.balance() == 200_000
    assert paying_harness.sender.payments() == ["credited"]
    await books_agree(paying_harness)


async def test_one_alert_tells_of_a_provider_that_is_silent_for_a_day(
    pay, paying_harness: ShopHarness
):
    payments = [await pay.begin(minor=200_000 + 100 * number) for number in range(3)]
    silence(paying_harness)
    await pass_time(paying_harness, 23 * HOUR)
    assert paying_harness.sender.alerts(AlertKind.PAYMENTS_UNANSWERED) == []

    await pass_time(paying_harness, 3 * HOUR)

    (told,) = paying_harness.sender.alerts(AlertKind.PAYMENTS_UNANSWERED)
    assert told["method"] == "ocpay"
    assert int(told["payment"]) in {payment.id for payment in payments}
    assert told["count"] == "3"


async def test_one_failure_after_a_day_of_answers_is_no_silence(pay, paying_harness: ShopHarness):
    """A link that nobody pays is answered all day; its last check may be the one that fails."""
    payment = await pay.begin()
    await pass_time(paying_harness, DAY - 10 * 60)
    assert (await pay.now(payment)).due_at is not None
    failure = Fault(FaultKind.HTML, "ocpay/checkPayment", status=502)
    paying_harness.book.script(failure)
    await paying_harness.run(2400)

    assert (await pay.now(payment)).due_at is None
    assert failure.times == 0
    assert paying_harness.sender.alerts(AlertKind.PAYMENTS_UNANSWERED) == []


async def test_the_next_long_silence_is_told_again(pay, paying_harness: ShopHarness):
    for number in range(2):
        await pay.begin(minor=200_000 + 100 * number)
        silence(paying_harness)
        await pass_time(paying_harness, 26 * HOUR)
        assert len(paying_harness.sender.alerts(AlertKind.PAYMENTS_UNANSWERED)) == number + 1
        back(paying_harness)
        await paying_harness.run(1300)


async def test_after_an_answer_the_other_payments_are_still_missed(
    pay, paying_harness: ShopHarness
):
    payments = [await pay.begin(minor=200_000 + 100 * number) for number in range(2)]
    silence(paying_harness)
    await pass_time(paying_harness, 26 * HOUR)
    paying_harness.book.faults.clear()
    await check_my_payment(paying_harness.shop, 1, payments[0].id)

    async with paying_harness.store.reading() as tx:
        assert await tx.alerts.is_open("payments_unanswered:ocpay")
    await paying_harness.run(1300)
    async with paying_harness.store.reading() as tx:
        assert not await tx.alerts.is_open("payments_unanswered:ocpay")


async def test_after_a_week_of_silence_nobody_is_asked_and_a_press_still_finds_the_money(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin()
    silence(paying_harness)
    paying_harness.book.cards.pay(payment.external_id)
    await pass_time(paying_harness, 7 * DAY + HOUR)
    calls = paying_harness.book.count("checkPayment")
    await pass_time(paying_harness, DAY)

    assert paying_harness.book.count("checkPayment") == calls
    assert (await pay.now(payment)).state is PaymentState.EXPIRED
    assert paying_harness.sender.payments() == []

    paying_harness.book.faults.clear()
    await check_my_payment(paying_harness.shop, 1, payment.id)
    assert await paying_harness.balance() == 200_000


@pytest.mark.parametrize("status", [500, 200])
async def test_payments_that_cannot_be_asked_about_delay_no_other(
    pay, paying_harness: ShopHarness, status
):
    for number in range(30):
        bad = await pay.begin(minor=200_000, user=100 + number)
        path = f"checkPayment/{bad.external_id}"
        if status == 500:
            fault = Fault(FaultKind.STATUS, path, times=10**6, status=500)
        else:
            fault = Fault(FaultKind.EDITED, path, times=10**6, edit=unknown_status)
        paying_harness.book.script(fault)
    await paying_harness.run(60)

    payment = await pay.begin(minor=300_000)
    paying_harness.book.cards.pay(payment.external_id)
    await paying_harness.run(20)

    assert await paying_harness.balance() == 300_000


def unknown_status(body):
    return {**body, "data": {**body["data"], "status": "SETTLED"}}


async def test_a_silent_provider_is_asked_three_times_in_a_run(pay, paying_harness: ShopHarness):
    for number in range(10):
        await pay.begin(minor=200_000, user=100 + number)
    silence(paying_harness)
    paying_harness.clock.pass_time(30)

    for due, calls in ((10, 3), (7, 6)):
        assert await check_due_payments(paying_harness.shop) == due
        assert paying_harness.book.count("checkPayment") == calls


async def test_what_was_credited_while_its_provider_was_asked_in_vain_stays_credited(
    pay, paying_harness: ShopHarness, monkeypatch
):
    payment = await pay.begin()
    paying_harness.book.cards.pay(payment.external_id)
    provider = paying_harness.shop.payment_methods[Method.OCPAY]
    check = provider.check

    async def other_process_is_quicker(asked):
        await paying_harness.store.write(
            take_report, paying_harness.shop, payment.id, await check(asked)
        )
        raise PaymentFailure("LATE")

    monkeypatch.setattr(provider, "check", other_process_is_quicker)
    await check_my_payment(paying_harness.shop, 1, payment.id)

    now = await pay.now(payment)
    assert (now.state, now.due_at) == (PaymentState.CREDITED, None)


async def test_payments_that_are_not_asked_about_any_more_are_not_remembered_as_unanswered(
    pay, paying_harness: ShopHarness
):
    harness = paying_harness
    old = await pay.begin(minor=200_000)
    silence(harness)
    await pass_time(harness, 7 * DAY + HOUR)
    paid, waiting = [await pay.begin(minor=300_000 + 100 * number) for number in range(2)]
    await harness.run(60)
    assert {paid.id, waiting.id} <= harness.shop.unanswered_payments
    report = PaymentReport(ReportStatus.CONFIRMED, paid.external_id, 300_000)
    await harness.store.write(take_report, harness.shop, paid.id, report)
    await check_due_payments(harness.shop)

    assert (await pay.now(old)).due_at is None
    assert (await pay.now(paid)).due_at is None
    assert harness.shop.unanswered_payments == {waiting.id}
