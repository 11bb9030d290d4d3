"""Receipts of transfers: which payment one belongs to, who sees it, and what an operator decides."""

import asyncio

import pytest

from bot import refusals
from bot.domain.actions import MONEY_ACTIONS
from bot.domain.payments import Method, Payment, PaymentState, Rejection
from bot.services.operations.customer_reports import my_wallet
from bot.services.operations.reports import report_actions
from bot.services.payments.decisions import Decision, accept_payment, reject_payment
from bot.services.payments.receipts import MOST_RECEIPTS, show_receipt
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.payment_steps import Payments


async def test_a_receipt_goes_to_every_operator_and_the_first_decision_stands(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin(Method.TRANSFER, 500_000)
    assert (await pay.receipt()).state is PaymentState.REVIEW
    await pay.receipt()  # the same file again is not sent again
    await paying_harness.round()
    assert [s.kind for s in paying_harness.sender.sent if s.user_id == OPERATOR] == ["receipt"]

    results = await asyncio.gather(
        accept_payment(paying_harness.shop, pay.decision(payment)),
        accept_payment(paying_harness.shop, pay.decision(payment, 100, operator=901)),
        reject_payment(paying_harness.shop, pay.decision(payment), Rejection.USED),
        return_exceptions=True,
    )

    (decided,) = [r for r in results if not isinstance(r, refusals.AlreadyDecided)]
    assert isinstance(decided, Payment)
    assert await paying_harness.balance() == decided.paid_minor
    actions, _, _ = await report_actions(paying_harness.shop, 0)
    assert len(actions) == 1
    assert actions[0].kind in MONEY_ACTIONS
    await books_agree(paying_harness)


async def test_the_wallet_names_the_payments_that_support_looks_at(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin(Method.TRANSFER, 500_000)
    other = await pay.begin(Method.TRANSFER, 400_000, user=2)
    assert (await my_wallet(paying_harness.shop, 1, 0)).checked == []
    await pay.receipt()
    await pay.receipt("theirs", user=2)

    checked = (await my_wallet(paying_harness.shop, 1, 0)).checked
    await accept_payment(paying_harness.shop, pay.decision(payment))

    assert [p.id for p in checked] == [payment.id]
    assert (await my_wallet(paying_harness.shop, 1, 0)).checked == []
    assert [p.id for p in (await my_wallet(paying_harness.shop, 2, 0)).checked] == [other.id]


async def test_a_receipt_is_for_the_newest_transfer_or_the_one_it_names(
    pay, paying_harness: ShopHarness
):
    first = await pay.begin(Method.TRANSFER, 500_000)
    second = await pay.begin(Method.TRANSFER, 600_000)
    assert (await pay.receipt("a")).id == second.id
    assert (await pay.receipt("b", caption=f"voilà {first.reference.lower()}")).id == first.id
    await reject_payment(paying_harness.shop, pay.decision(first), Rejection.OTHER, "no")
    assert (await pay.receipt("c")).id == second.id  # an open payment comes before a rejected one
    await accept_payment(paying_harness.shop, pay.decision(second))
    assert (await pay.receipt("d")).id == first.id
    assert (await pay.now(first)).state is PaymentState.REVIEW


async def test_a_receipt_without_a_transfer_and_one_too_many_are_refused(
    pay, paying_harness: ShopHarness
):
    await paying_harness.customer(1, dinars=0)
    with pytest.raises(refusals.NothingToPay):
        await pay.receipt()
    await pay.begin(Method.OCPAY)
    with pytest.raises(refusals.NothingToPay):
        await pay.receipt()
    await pay.begin(Method.TRANSFER)
    for number in range(MOST_RECEIPTS):
        await pay.receipt(f"file-{number}")
    with pytest.raises(refusals.TooManyReceipts):
        await pay.receipt("another")


async def test_an_operator_sees_the_newest_receipt_again(pay, paying_harness: ShopHarness):
    payment = await pay.begin(Method.TRANSFER)
    operator = await paying_harness.customer(OPERATOR, dinars=0)
    assert not await show_receipt(paying_harness.shop, operator, payment, decides=True)
    await pay.receipt("a")
    paying_harness.clock.pass_time(1)
    await pay.receipt("b")
    assert await show_receipt(paying_harness.shop, operator, payment, decides=True)
    shown = paying_harness.sender.sent[-1]
    assert (shown.kind, shown.user_id) == ("receipt", OPERATOR)
    assert refusals.required(shown.payment).id == payment.id


async def test_the_same_file_for_two_payments_is_flagged(pay, paying_harness: ShopHarness):
    one = await pay.begin(Method.TRANSFER)
    await pay.receipt("same")
    await paying_harness.round()
    await accept_payment(paying_harness.shop, pay.decision(one))
    await pay.begin(Method.TRANSFER, user=2)
    await pay.receipt("same", user=2)
    await paying_harness.round()

    shown = [s for s in paying_harness.sender.sent if s.kind == "receipt"]
    assert [s.codes for s in shown] == [(), (one.reference,)]


async def test_a_rejected_receipt_is_told_with_its_reason_and_may_be_sent_again(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin(Method.TRANSFER, 500_000)
    for number in range(2):
        await pay.receipt("the same picture again")
        await reject_payment(paying_harness.shop, pay.decision(payment), Rejection.UNREADABLE)
        await paying_harness.round()
        assert paying_harness.sender.payments() == ["rejected"] * (number + 1)
    await pay.receipt("clear")
    await accept_payment(paying_harness.shop, pay.decision(payment, 480_000))
    assert await paying_harness.balance() == 480_000
    assert [s.note.rejection for s in paying_harness.sender.sent if s.note] == ["unreadable"] * 2
    await books_agree(paying_harness)


async def test_a_press_that_was_counted_cannot_decide_something_else(
    pay, paying_harness: ShopHarness
):
    one, two = await pay.begin(Method.TRANSFER), await pay.begin(Method.TRANSFER, 300_000)
    await pay.receipt("a", caption=one.reference)
    await pay.receipt("b", caption=two.reference)
    await accept_payment(paying_harness.shop, Decision("update:1", OPERATOR, one.id))
    with pytest.raises(refusals.AlreadyDecided):
        await accept_payment(paying_harness.shop, Decision("update:1", OPERATOR, two.id))
    with pytest.raises(refusals.NotFound):
        await accept_payment(paying_harness.shop, Decision("update:2", OPERATOR, 999))


async def test_an_older_transfer_that_waits_comes_before_a_newer_one_that_was_rejected(
    pay, paying_harness: ShopHarness
):
    older, newer = await pay.begin(Method.TRANSFER), await pay.begin(Method.TRANSFER, 300_000)
    await pay.receipt("a", caption=newer.reference)
    await reject_payment(paying_harness.shop, pay.decision(newer), Rejection.USED)

    assert (await pay.receipt("b")).id == older.id


async def test_of_three_receipts_operators_see_the_last_again(pay, paying_harness: ShopHarness):
    payment = await pay.begin(Method.TRANSFER)
    operator = await paying_harness.customer(OPERATOR, dinars=0)
    for name in ("a", "b", "c"):
        await pay.receipt(name)
        paying_harness.clock.pass_time(1)
    await show_receipt(paying_harness.shop, operator, payment, decides=True)

    assert paying_harness.sender.sent[-1].data == {"receipt": "c"}


async def test_an_operators_own_words_reach_the_customer(harness: ShopHarness):
    harness.offer()
    pay = Payments(harness)
    payment = await pay.begin(Method.TRANSFER)
    await pay.receipt()
    await reject_payment(harness.shop, pay.decision(payment), Rejection.OTHER, "too blurred")
    await harness.round()

    (note,) = [sent.note for sent in harness.sender.sent if sent.note]
    assert (note.what, note.rejection, note.words) == ("rejected", "other", "too blurred")


async def test_an_album_is_one_receipt_for_one_payment(pay, paying_harness: ShopHarness):
    named, newest = await pay.begin(Method.TRANSFER), await pay.begin(Method.TRANSFER, 300_000)
    assert (await pay.receipt("a", "b", "c", caption=named.reference)).id == named.id
    await paying_harness.round()

    shown = [s for s in paying_harness.sender.sent if s.kind == "receipt"]
    assert [(s.user_id, s.data) for s in shown] == [(OPERATOR, {"receipt": "a b c"})]
    assert (await pay.now(named)).attempts == 1
    assert (await pay.now(newest)).state is PaymentState.OPEN


async def test_an_album_is_shown_again_with_all_its_pictures(pay, paying_harness: ShopHarness):
    payment = await pay.begin(Method.TRANSFER)
    operator = await paying_harness.customer(OPERATOR, dinars=0)
    await pay.receipt("a")
    paying_harness.clock.pass_time(1)
    await pay.receipt("b", "c")
    await show_receipt(paying_harness.shop, operator, payment, decides=True)

    assert paying_harness.sender.sent[-1].data == {"receipt": "b c"}


async def test_an_album_with_one_new_picture_goes_to_the_operators(
    pay, paying_harness: ShopHarness
):
    await pay.begin(Method.TRANSFER)
    await pay.receipt("a")
    await pay.receipt("a", "b")
    await pay.receipt("b", "a")  # both are known
    await paying_harness.round()

    shown = [s.data for s in paying_harness.sender.sent if s.kind == "receipt"]
    assert shown == [{"receipt": "a"}, {"receipt": "a b"}]


async def test_any_file_of_an_album_that_was_sent_before_is_flagged(
    pay, paying_harness: ShopHarness
):
    one = await pay.begin(Method.TRANSFER)
    await pay.receipt("x", "same")
    await pay.begin(Method.TRANSFER, user=2)
    await pay.receipt("y", "same", user=2)
    await paying_harness.round()

    shown = [s for s in paying_harness.sender.sent if s.kind == "receipt"]
    assert [s.codes for s in shown if "y" in s.data["receipt"]] == [(one.reference,)]
