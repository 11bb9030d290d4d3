"""Payments by card and what their checks bring: credited once, held where something does not fit, ended in time."""

from datetime import timedelta

import pytest

from bot import errors, refusals
from bot.domain import ledger
from bot.domain.alerts import AlertKind
from bot.domain.payments import Doubt, Method, PaymentState, Rejection
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.payments.crediting import notify_payment
from bot.services.payments.decisions import accept_payment, confirm_payment, reject_payment
from bot.services.payments.provider_checks import check_due_payments, check_my_payment, take_report
from bot.services.wallet.credit import Credit, credit_wallet
from storage.tables import payments
from tests.database import overwrite
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness, books_agree, send_due_messages
from tests.integration.payment_steps import PRICE, Payments, unpaid_order

MOMENT = timedelta(microseconds=1)
DAY = timedelta(days=1)


async def test_a_card_that_was_paid_is_credited_once(pay, paying_harness: ShopHarness):
    payment = await pay.begin()
    paying_harness.book.cards.pay(payment.external_id)
    await paying_harness.run(30)
    await check_my_payment(paying_harness.shop, 1, payment.id)

    assert await paying_harness.balance() == 200_000
    assert (await pay.now(payment)).state is PaymentState.CREDITED
    assert paying_harness.sender.payments() == ["credited"]
    await books_agree(paying_harness)


async def test_a_link_that_closed_is_told_once_and_still_counts_when_it_is_paid_late(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin()
    paying_harness.book.cards.start(payment.external_id)  # begun in time, so it stays open there
    await paying_harness.run(25 * 60)
    assert (await pay.now(payment)).state is PaymentState.OPEN
    paying_harness.book.cards.decline(payment.external_id)
    await paying_harness.run(25 * 60)
    assert (await pay.now(payment)).state is PaymentState.EXPIRED
    paying_harness.book.cards.pay(payment.external_id)
    await paying_harness.run(25 * 60)

    assert await paying_harness.balance() == 200_000
    assert paying_harness.sender.payments() == ["expired", "credited"]


@pytest.mark.parametrize("gone_status", [200, 410])
async def test_an_expired_link_is_noticed_in_both_of_its_forms(
    pay, paying_harness: ShopHarness, gone_status
):
    paying_harness.book.cards.gone_status = gone_status
    payment = await pay.begin()
    await paying_harness.run(21 * 60)

    assert (await pay.now(payment)).state is PaymentState.EXPIRED
    assert paying_harness.sender.payments() == ["expired"]


async def test_after_a_day_a_payment_is_not_checked_any_more(pay, paying_harness: ShopHarness):
    payment = await pay.begin()
    paying_harness.book.cards.start(payment.external_id)
    await paying_harness.run(24.7 * 3600)
    calls = paying_harness.book.count("checkPayment")
    await paying_harness.run(3600)

    assert paying_harness.book.count("checkPayment") == calls == 130
    assert (await pay.now(payment)).state is PaymentState.EXPIRED
    assert paying_harness.sender.payments() == ["expired"]


@pytest.mark.parametrize(
    ("reported", "doubt"),
    [
        ({"amount": 1999}, Doubt.AMOUNT),
        ({"isSandbox": True}, Doubt.SANDBOX),
        ({"isSandbox": None}, Doubt.SANDBOX),
        ({"amount": None}, Doubt.DETAILS),
        ({"paymentRef": "OCPL-AAAAAA-AAAA"}, Doubt.REFERENCE),
    ],
)
async def test_a_report_that_does_not_fit_is_held_until_an_operator_accepts_it(
    pay, paying_harness: ShopHarness, reported, doubt
):
    payment = await pay.begin()
    paying_harness.book.cards.pay(payment.external_id, **reported)
    await paying_harness.run(30)

    held = await pay.now(payment)
    assert (held.state, held.reason) == (PaymentState.HELD, doubt)
    assert await paying_harness.balance() == 0
    assert paying_harness.sender.payments() == ["held"]
    assert len(paying_harness.sender.alerts(AlertKind.PAYMENT_HELD)) == 1
    await accept_payment(paying_harness.shop, pay.decision(payment, 199_900))
    await paying_harness.round()
    assert await paying_harness.balance() == 199_900
    assert paying_harness.sender.payments() == ["held", "credited"]
    with pytest.raises(refusals.AlreadyDecided):
        await reject_payment(paying_harness.shop, pay.decision(payment), Rejection.NOT_RECEIVED)
    await books_agree(paying_harness)


async def test_test_money_is_credited_in_a_sandbox_shop(sandbox_harness: ShopHarness):
    sandbox_harness.offer()
    pay = Payments(sandbox_harness)
    payment = await pay.begin()
    sandbox_harness.book.cards.pay(payment.external_id)
    await sandbox_harness.run(30)

    assert await sandbox_harness.balance() == 200_000


async def test_a_customer_checks_their_own_payments_at_most_every_five_seconds(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin()
    await check_my_payment(paying_harness.shop, 1, payment.id)
    with pytest.raises(refusals.TooFast):
        await check_my_payment(paying_harness.shop, 1, payment.id)
    paying_harness.clock.pass_time(6)
    await check_my_payment(paying_harness.shop, 1, payment.id)
    await paying_harness.customer(2, dinars=0)
    with pytest.raises(refusals.NotFound):
        await check_my_payment(paying_harness.shop, 2, payment.id)
    assert paying_harness.book.count("checkPayment") == 2


async def test_one_failed_check_delays_no_other(pay, paying_harness: ShopHarness):
    for number in range(3):
        await pay.begin(minor=100_000 + 100 * number)
    paying_harness.clock.pass_time(15)

    paying_harness.book.script(Fault(FaultKind.HTML, "checkPayment", times=1, status=502))
    before = paying_harness.book.count("checkPayment")
    assert await check_due_payments(paying_harness.shop) == 3
    assert paying_harness.book.count("checkPayment") == before + 3


async def test_a_payment_that_cannot_be_checked_expires_without_a_message(
    pay, paying_harness: ShopHarness, before_next_write
):
    bill = await pay.begin(Method.STARS)
    transfer = await pay.begin(Method.TRANSFER)
    told = paying_harness.sender.payments()
    paying_harness.clock.pass_time(8 * 86400)
    before_next_write(lambda: check_due_payments(paying_harness.shop))  # a second sweep
    assert await check_due_payments(paying_harness.shop) == 2
    assert await check_due_payments(paying_harness.shop) == 0
    await paying_harness.round()

    for payment in (bill, transfer):
        assert (await pay.now(payment)).state is PaymentState.EXPIRED
    assert paying_harness.sender.payments() == told
    await pay.stars(bill)  # money that comes all the same
    assert await paying_harness.balance() == bill.asked_minor


async def test_a_payment_that_is_decided_or_cannot_be_checked_is_never_asked_too_fast(
    pay, paying_harness: ShopHarness
):
    card, transfer = await pay.begin(), await pay.begin(Method.TRANSFER)
    paying_harness.book.cards.pay(card.external_id)
    await check_my_payment(paying_harness.shop, 1, card.id)

    for payment in (card, card, transfer, transfer):
        await check_my_payment(paying_harness.shop, 1, payment.id)

    assert (await pay.now(card)).state is PaymentState.CREDITED


async def test_a_receipt_that_comes_while_a_payment_expires_keeps_it_open_for_operators(
    pay, paying_harness: ShopHarness, before_next_write
):
    transfer = await pay.begin(Method.TRANSFER)
    paying_harness.clock.pass_time(8 * 86400)

    before_next_write(pay.receipt)
    await check_due_payments(paying_harness.shop)

    assert (await pay.now(transfer)).state is PaymentState.REVIEW
    assert paying_harness.shop.items.troubles == {}


async def test_a_confirmation_of_another_kind_credits_no_payment(pay, paying_harness: ShopHarness):
    payment = await pay.begin(Method.TRANSFER)
    await pay.receipt()
    paying_harness.set_policy(confirm_above_minor=0)
    assert payment.id == 1  # the number of the customer in the credit's record
    asked = await credit_wallet(paying_harness.shop, Credit("k", OPERATOR, 1, 500, ""))

    with pytest.raises(refusals.NotFound):
        await confirm_payment(paying_harness.shop, OPERATOR, refusals.required(asked.action_id))

    assert await paying_harness.balance() == 0
    assert (await pay.now(payment)).state is PaymentState.REVIEW


async def test_held_money_that_is_rejected_counts_as_nothing(pay, paying_harness: ShopHarness):
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


async def test_a_payment_is_checked_until_a_day_has_passed(pay, paying_harness: ShopHarness):
    payment = await pay.begin()
    paying_harness.book.cards.start(payment.external_id)  # begun in time, so it stays open there
    for moment, asked_again in ((START + DAY - MOMENT, True), (START + DAY, False)):
        paying_harness.clock.moment = moment
        await paying_harness.store.write(
            lambda tx, due_at: overwrite(tx, payments, payment.id, due_at=due_at), moment
        )
        await check_due_payments(paying_harness.shop)
        assert ((await pay.now(payment)).due_at is not None) is asked_again
    assert (await pay.now(payment)).state is PaymentState.EXPIRED


async def test_a_payment_whose_method_is_gone_holds_up_no_other(pay, paying_harness: ShopHarness):
    """A method that is gone does not end the round, as a provider that fails does."""
    gone, card = await pay.begin(Method.STARS), await pay.begin()
    paying_harness.book.cards.pay(card.external_id)
    paying_harness.clock.pass_time(24 * 3600)
    del paying_harness.shop.payment_methods[Method.STARS]

    async def due(tx):
        now = gone.created_at
        await overwrite(tx, payments, gone.id, external_id="charge", due_at=now)

    await paying_harness.store.write(due)
    await check_due_payments(paying_harness.shop)

    assert await paying_harness.balance() == card.asked_minor


async def test_a_notice_of_an_order_that_can_be_paid_says_that_nothing_is_missing(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.TRANSFER, order=order.id)

    async def fill(tx):  # as if the order had not been paid yet
        await tx.ledger.post(ledger.credit("in", 1, 2 * PRICE, ""), START, "test")
        await notify_payment(tx, paying_harness.shop, payment, "expired")

    await paying_harness.store.write(fill)
    await send_due_messages(paying_harness.shop)

    assert [sent.note.missing_minor for sent in paying_harness.sender.sent if sent.note] == [0]


async def test_an_expired_payment_is_not_checked_after_a_day(pay, paying_harness: ShopHarness):
    card = await pay.begin()

    async def expired(tx):
        state = PaymentState.EXPIRED
        await overwrite(tx, payments, card.id, state=state, due_at=paying_harness.clock.now())

    paying_harness.clock.pass_time(86_400)
    await paying_harness.store.write(expired)
    await check_due_payments(paying_harness.shop)
    after = await pay.now(card)
    assert (after.state, after.due_at) == (PaymentState.EXPIRED, None)


async def test_a_payment_that_cannot_be_checked_expires_at_its_time(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin(Method.TRANSFER)
    paying_harness.clock.moment = payment.expires_at
    await paying_harness.round()
    after = await pay.now(payment)
    assert (after.state, after.settled_at) == (PaymentState.EXPIRED, payment.expires_at)


async def test_a_report_that_comes_twice_is_credited_once(pay, paying_harness: ShopHarness):
    card = await pay.begin()
    paying_harness.book.cards.pay(card.external_id)
    report = await paying_harness.payment_methods[Method.OCPAY].check(card)

    for _ in range(2):
        await paying_harness.store.write(take_report, paying_harness.shop, card.id, report)

    assert await paying_harness.balance() == 200_000
    await books_agree(paying_harness)


async def test_a_failed_check_of_a_payment_that_was_credited_meanwhile_changes_nothing(
    pay, paying_harness: ShopHarness
):
    card = await pay.begin()
    paying_harness.book.cards.pay(card.external_id)
    method = paying_harness.shop.payment_methods[Method.OCPAY]
    report = await method.check(card)

    async def credit_and_fail(_payment):
        await paying_harness.store.write(take_report, paying_harness.shop, card.id, report)
        raise errors.PaymentFailure("TimedOut")

    method.check = credit_and_fail
    await check_my_payment(paying_harness.shop, 1, card.id)

    after = await pay.now(card)
    assert (after.state, after.due_at) == (PaymentState.CREDITED, None)
