"""Money that comes in: once, in full, whoever tells of it; and orders that wait for it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import errors as e
from bot.domain.audit import Check
from bot.domain.orders import OrderState
from bot.domain.payments import Doubt, Method, PaymentState, Rejection, StarRate
from bot.domain.records import MONEY_ACTIONS, AlertKind
from bot.services.messaging.support import case_of, close_case, has_heard, note_message, open_case
from bot.services.operations.audit import audit_books
from bot.services.operations.nightly import audit_now
from bot.services.operations.reports import (
    my_wallet,
    report_actions,
    report_payments,
)
from bot.services.orders.refund import confirm_refund
from bot.services.payments import crediting, refunds, top_up
from bot.services.payments.crediting import (
    StarCharge,
    check_due_payments,
    check_my_payment,
    check_star_order,
    take_stars,
)
from bot.services.payments.receipts import (
    MOST_RECEIPTS,
    Decision,
    accept_payment,
    reject_payment,
    show_receipt,
)
from bot.services.payments.refunds import (
    ask_payment_refund,
    confirm_payment_refund,
    record_chargeback,
    refund_due_payments,
)
from bot.services.payments.stars_reconciliation import reconcile_stars
from bot.services.payments.top_up import MOST_OPEN, view_amounts
from bot.services.selling.pauses import resume_selling
from bot.services.wallet import unpaid_orders
from bot.services.wallet.credit import Credit, confirm_credit, credit_wallet
from bot.services.wallet.methods import methods_on, switch_on
from bot.services.wallet.unpaid_orders import (
    MOST_UNPAID,
    cancel_order,
    pay_what_can_be_paid,
    view_unpaid_order,
)
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.payment_steps import (
    PRICE,
    Payments,
    ask_back,
    check_bill,
    star_payment,
    unpaid_order,
)

DAY = timedelta(days=1)


# --- which ways there are ---------------------------------------------------------------------------


async def test_a_shop_without_ways_refuses_as_before(harness: ShopHarness):
    await harness.customer(1, dinars=10)
    assert await methods_on(harness.shop) == ()
    with pytest.raises(e.WalletTooSmall):
        await harness.buy(1)
    with pytest.raises(e.MethodOff):
        await view_amounts(harness.shop, Method.STARS)
    with pytest.raises(e.MethodOff):
        await Payments(harness).begin()


async def test_amounts_are_offered_that_each_way_can_take(paying_harness: ShopHarness):
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


async def test_an_equal_wish_finds_the_link_that_is_fresh_and_never_an_old_one(
    pay, paying_harness: ShopHarness
):
    first = await pay.begin()
    assert (await pay.begin()).id == first.id
    assert (await pay.begin(minor=300_000)).id != first.id
    paying_harness.clock.pass_time(13 * 60)  # it would close while a card number is typed
    assert (await pay.begin()).id != first.id
    assert len(paying_harness.book.cards.payments) == 3


async def test_the_same_press_after_a_crash_finds_its_payment(pay, paying_harness: ShopHarness):
    paying_harness.stars_gateway.failures = [e.PaymentFailure("x")]
    with pytest.raises(e.PaymentFailure):
        await pay.begin(Method.STARS, key="press:1")
    again = await pay.begin(Method.STARS, key="press:2")
    assert (await pay.begin(Method.STARS, key="press:2")).id == again.id
    assert len(paying_harness.stars_gateway.invoices) == 2  # an unpaid bill of too many is harmless
    assert (
        paying_harness.stars_gateway.invoices[0].id == paying_harness.stars_gateway.invoices[1].id
    )


async def test_who_begins_without_end_is_stopped(pay):
    for number in range(MOST_OPEN):
        await pay.begin(minor=100_000 + number * 100)
    with pytest.raises(e.TooManyPayments):
        await pay.begin(minor=900_000)
    await pay.begin(minor=900_000, user=2)  # nobody else is


async def test_a_provider_that_does_not_answer_leaves_nothing_open(
    pay, paying_harness: ShopHarness
):
    paying_harness.book.cards.merchant_validated = True
    from bot.sandbox.supplier.faults import Fault, FaultKind

    paying_harness.book.script(Fault(FaultKind.HTML, "createLink", status=502))
    with pytest.raises(e.PaymentFailure):
        await pay.begin()
    assert (await report_payments(paying_harness.shop))[2][0].state is PaymentState.EXPIRED


# --- cards ------------------------------------------------------------------------------------------


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
    paying_harness.book.cards.start(
        payment.external_id
    )  # begun in time, so it does not expire there
    await paying_harness.run(25 * 60, step=30)
    assert (await pay.now(payment)).state is PaymentState.OPEN
    paying_harness.book.cards.decline(payment.external_id)
    await paying_harness.run(25 * 60, step=60)
    assert (await pay.now(payment)).state is PaymentState.EXPIRED
    paying_harness.book.cards.pay(payment.external_id)
    await paying_harness.run(25 * 60, step=60)

    assert await paying_harness.balance() == 200_000
    assert paying_harness.sender.payments() == ["expired", "credited"]


@pytest.mark.parametrize("gone_status", [200, 410])
async def test_an_expired_link_is_noticed_in_both_of_its_forms(
    pay, paying_harness: ShopHarness, gone_status
):
    paying_harness.book.cards.gone_status = gone_status
    payment = await pay.begin()
    await paying_harness.run(21 * 60, step=30)

    assert (await pay.now(payment)).state is PaymentState.EXPIRED
    assert paying_harness.sender.payments() == ["expired"]


async def test_after_a_day_nobody_is_asked_any_more(pay, paying_harness: ShopHarness):
    payment = await pay.begin()
    paying_harness.book.cards.start(payment.external_id)
    await paying_harness.run(24.7 * 3600, step=900)
    calls = paying_harness.book.count("checkPayment")
    await paying_harness.run(3600, step=60)

    assert paying_harness.book.count("checkPayment") == calls < 130
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
async def test_what_does_not_fit_fills_no_wallet_until_an_operator_says_so(
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
    with pytest.raises(e.AlreadyDecided):
        await reject_payment(paying_harness.shop, pay.decision(payment), Rejection.NOT_RECEIVED)
    await books_agree(paying_harness)


async def test_test_money_is_welcome_in_a_test_shop(sandbox_harness: ShopHarness):
    sandbox_harness.offer()
    pay = Payments(sandbox_harness)
    payment = await pay.begin()
    sandbox_harness.book.cards.pay(payment.external_id)
    await sandbox_harness.run(30)

    assert await sandbox_harness.balance() == 200_000


async def test_i_have_paid_asks_at_most_every_five_seconds_and_only_for_ones_own(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin()
    await check_my_payment(paying_harness.shop, 1, payment.id)
    with pytest.raises(e.TooFast):
        await check_my_payment(paying_harness.shop, 1, payment.id)
    paying_harness.clock.pass_time(6)
    await check_my_payment(paying_harness.shop, 1, payment.id)
    await paying_harness.customer(2, dinars=0)
    with pytest.raises(e.NotFound):
        await check_my_payment(paying_harness.shop, 2, payment.id)
    assert paying_harness.book.count("checkPayment") == 2


async def test_a_merchant_that_is_refused_switches_off_the_card_alone(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin()
    paying_harness.book.cards.merchant_validated = False
    with pytest.raises(e.MethodOff):
        await pay.begin(minor=300_000)
    await paying_harness.run(30)

    assert await methods_on(paying_harness.shop) == (Method.TRANSFER, Method.STARS)
    assert len(paying_harness.sender.alerts(AlertKind.METHOD_OFF)) == 1
    assert paying_harness.supplier.refusal is None
    paying_harness.book.cards.merchant_validated = True
    paying_harness.book.cards.pay(payment.external_id)  # what was begun before is still asked for
    await paying_harness.run(60)
    assert await paying_harness.balance() == 200_000
    assert await switch_on(paying_harness.shop, Method.OCPAY, key="k", operator_id=OPERATOR)
    assert not await switch_on(paying_harness.shop, Method.OCPAY, key="k2", operator_id=OPERATOR)
    assert Method.OCPAY in await methods_on(paying_harness.shop)


async def test_a_check_that_is_refused_switches_off_too(pay, paying_harness: ShopHarness):
    payment = await pay.begin()
    paying_harness.book.cards.merchant_validated = False
    await paying_harness.run(30)

    assert Method.OCPAY not in await methods_on(paying_harness.shop)
    assert (await pay.now(payment)).state is PaymentState.OPEN
    assert (await pay.now(payment)).due_at is not None


async def test_one_silence_holds_up_the_others_for_a_moment_only(pay, paying_harness: ShopHarness):
    for number in range(3):
        await pay.begin(minor=100_000 + 100 * number)
    paying_harness.clock.pass_time(15)
    from bot.sandbox.supplier.faults import Fault, FaultKind

    paying_harness.book.script(Fault(FaultKind.HTML, "checkPayment", times=1, status=502))
    before = paying_harness.book.count("checkPayment")
    assert await check_due_payments(paying_harness.shop) == 3
    assert (
        paying_harness.book.count("checkPayment") == before + 1
    )  # nobody waits thrice for the same silence
    await check_due_payments(paying_harness.shop)
    assert paying_harness.book.count("checkPayment") == before + 3


async def test_a_way_that_was_taken_out_of_the_settings_breaks_nothing(
    pay, paying_harness: ShopHarness
):
    card = await pay.begin()
    stars = await pay.begin(Method.STARS)
    paying_harness.offer(Method.TRANSFER)
    await paying_harness.run(60)
    await check_my_payment(paying_harness.shop, 1, card.id)
    await pay.stars(stars)  # Telegram's word counts all the same

    assert await paying_harness.balance() == stars.asked_minor
    with pytest.raises(e.NotReturnable) as refused:
        await ask_payment_refund(
            paying_harness.shop, key="k", operator_id=OPERATOR, payment_id=stars.id
        )
    assert refused.value.missing_minor == 0


# --- Stars ------------------------------------------------------------------------------------------


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
async def test_stars_with_a_payload_that_nobody_knows_are_not_dropped(
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


async def test_a_bill_is_looked_at_once_more_before_stars_move(pay, paying_harness: ShopHarness):
    payment = await pay.begin(Method.STARS)
    await check_bill(paying_harness, payment)
    await paying_harness.customer(2, dinars=0)
    for user, changes in ((2, {}), (1, {"currency": "USD"}), (1, {"stars": 1})):
        with pytest.raises(e.NotFound):
            await check_bill(paying_harness, payment, user, **changes)
    with pytest.raises(e.NotFound):
        await check_star_order(paying_harness.shop, 1, "payment:77", currency="XTR", stars=1)
    card = await pay.begin(Method.OCPAY)
    with pytest.raises(e.NotFound):
        await check_bill(paying_harness, card, stars=0)
    paying_harness.clock.pass_time(3601)
    with pytest.raises(e.NotFound):
        await check_bill(paying_harness, payment)


async def test_a_bill_that_was_paid_or_whose_way_is_off_cannot_be_paid(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin(Method.STARS)
    paying_harness.offer(Method.OCPAY)
    with pytest.raises(e.NotFound):
        await check_bill(paying_harness, payment)
    paying_harness.offer()
    await pay.stars(payment)
    with pytest.raises(e.NotFound):
        await check_bill(paying_harness, payment)


async def test_a_bill_for_an_order_needs_the_order_the_stock_and_the_price(
    pay, paying_harness: ShopHarness
):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    await check_bill(paying_harness, payment)
    shelf = paying_harness.shop.shelf.denomination(order.denomination_id)

    def put(**changes):
        paying_harness.shop.shelf._denominations[shelf.id] = replace(shelf, **changes)

    for changes in ({"stock": 0}, {"cost_minor": order.highest_cost_minor + 1}):
        put(**changes)
        with pytest.raises(e.NotFound):
            await check_bill(paying_harness, payment)
    put()
    await check_bill(paying_harness, payment)
    paying_harness.set_policy(payment_window=timedelta(seconds=1))
    await cancel_order(paying_harness.shop, 1, order.id)
    with pytest.raises(e.NotFound):
        await check_bill(paying_harness, payment)


async def test_a_bill_for_an_order_that_has_run_out_or_stands_still_cannot_be_paid(
    pay, paying_harness: ShopHarness
):
    from bot.domain.records import PauseReason
    from bot.services.selling.pauses import pause_selling

    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, order=order.id)
    await paying_harness.store.write(pause_selling, paying_harness.shop, PauseReason.AUDIT)
    with pytest.raises(e.SellingPaused):
        await check_bill(paying_harness, payment)
    await resume_selling(paying_harness.shop, key="k", operator_id=OPERATOR)
    await check_bill(paying_harness, payment)
    async with paying_harness.store._writer.begin() as db:
        from sqlalchemy import text

        await db.execute(text("UPDATE orders SET due_at = 1"))
    with pytest.raises(e.NotFound):
        await check_bill(paying_harness, payment)


# --- orders that wait -------------------------------------------------------------------------------


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
    note = next(s.note for s in paying_harness.sender.sent if s.kind == "payment")
    assert note.went_on
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


async def test_an_order_ends_with_notice_and_what_comes_late_is_the_customers(
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
    note = [s.note for s in paying_harness.sender.sent if s.kind == "payment"][-1]
    assert note.order.state is OrderState.EXPIRED
    assert not note.went_on
    assert paying_harness.book.orders == {}
    await books_agree(paying_harness)


async def test_what_is_called_off_stays_so(pay, paying_harness: ShopHarness):
    order = await unpaid_order(paying_harness)
    for _ in range(2):
        assert (await cancel_order(paying_harness.shop, 1, order.id)).state is OrderState.CANCELLED
    await paying_harness.credit(1, 90_000)
    assert (await paying_harness.order(order.id)).state is OrderState.CANCELLED
    with pytest.raises(e.NothingToPay):
        await pay.begin(order=order.id)
    paid = await paying_harness.buy(1)
    with pytest.raises(e.NothingToPay):
        await cancel_order(paying_harness.shop, 1, paid.id)
    await paying_harness.customer(2, dinars=0)
    for attempt in (
        cancel_order(paying_harness.shop, 2, order.id),
        view_unpaid_order(paying_harness.shop, 2, order.id),
    ):
        with pytest.raises(e.NotFound):
            await attempt
    with pytest.raises(e.NotFound):
        await pay.begin(order=order.id, user=2)
    await books_agree(paying_harness)


async def test_nobody_lets_orders_wait_without_end(paying_harness: ShopHarness):
    for _ in range(MOST_UNPAID):
        await unpaid_order(paying_harness)
    with pytest.raises(e.TooManyPayments):
        await paying_harness.buy(1)


async def test_a_shop_that_stands_still_takes_the_money_and_goes_on_later(
    pay, paying_harness: ShopHarness
):
    from bot.domain.records import PauseReason
    from bot.services.selling.pauses import pause_selling

    order = await unpaid_order(paying_harness)
    await paying_harness.store.write(pause_selling, paying_harness.shop, PauseReason.AUDIT)
    await paying_harness.credit(1, 90_000)
    assert await pay_what_can_be_paid(paying_harness.shop) == 0
    assert (await paying_harness.order(order.id)).state is OrderState.AWAITING_PAYMENT
    assert (await view_unpaid_order(paying_harness.shop, 1, order.id)).missing_minor == 0
    await resume_selling(paying_harness.shop, key="k", operator_id=OPERATOR)
    await paying_harness.run(10)
    assert (await paying_harness.order(order.id)).state is OrderState.FULFILLED


async def test_money_that_is_returned_pays_what_waits(paying_harness: ShopHarness):
    await paying_harness.customer(1, dinars=PRICE // 100)
    paying_harness.book.next_outcomes = [0]
    first = await paying_harness.buy(1)
    second = await paying_harness.buy(1)
    assert (first.state, second.state) == (OrderState.PAID, OrderState.AWAITING_PAYMENT)
    await paying_harness.run(20)

    assert (await paying_harness.order(first.id)).state is OrderState.REFUNDED
    assert (await paying_harness.order(second.id)).state is OrderState.FULFILLED
    await books_agree(paying_harness)


async def test_a_part_that_is_returned_pays_what_waits(paying_harness: ShopHarness):
    await paying_harness.customer(1, dinars=2 * PRICE // 100)
    paying_harness.book.next_outcomes = [1]
    await paying_harness.buy(1, quantity=2)
    second = await paying_harness.buy(1)
    await paying_harness.run(20)

    assert (await paying_harness.order(second.id)).state is OrderState.FULFILLED
    await books_agree(paying_harness)


# --- receipts ---------------------------------------------------------------------------------------


async def test_a_receipt_goes_to_every_operator_and_the_first_decision_stands(
    pay, paying_harness: ShopHarness
):
    payment = await pay.begin(Method.TRANSFER, 500_000)
    assert (await pay.receipt()).state is PaymentState.REVIEW
    await pay.receipt()  # the very same once more says nothing new
    await paying_harness.round()
    assert [s.kind for s in paying_harness.sender.sent if s.user_id == OPERATOR] == ["receipt"]

    results = await asyncio.gather(
        accept_payment(paying_harness.shop, pay.decision(payment)),
        accept_payment(paying_harness.shop, pay.decision(payment, 100, operator=901)),
        reject_payment(paying_harness.shop, pay.decision(payment), Rejection.USED),
        return_exceptions=True,
    )

    decided = [r for r in results if not isinstance(r, e.AlreadyDecided)]
    assert len(decided) == 1
    assert await paying_harness.balance() == decided[0].paid_minor
    actions, _, _ = await report_actions(paying_harness.shop, 0)
    assert len(actions) == 1
    assert actions[0].kind in MONEY_ACTIONS
    await books_agree(paying_harness)


async def test_a_receipt_is_for_the_newest_transfer_or_the_one_it_names(
    pay, paying_harness: ShopHarness
):
    first = await pay.begin(Method.TRANSFER, 500_000)
    second = await pay.begin(Method.TRANSFER, 600_000)
    assert (await pay.receipt("a")).id == second.id
    assert (await pay.receipt("b", f"voilà {first.reference.lower()}")).id == first.id
    await reject_payment(paying_harness.shop, pay.decision(first), Rejection.OTHER, "no")
    assert (await pay.receipt("c")).id == second.id  # what waits comes before what was looked at
    await accept_payment(paying_harness.shop, pay.decision(second))
    assert (await pay.receipt("d")).id == first.id
    assert (await pay.now(first)).state is PaymentState.REVIEW


async def test_a_receipt_that_nobody_waits_for_and_one_too_many(pay, paying_harness: ShopHarness):
    await paying_harness.customer(1, dinars=0)
    with pytest.raises(e.NothingToPay):
        await pay.receipt()
    await pay.begin(Method.OCPAY)
    with pytest.raises(e.NothingToPay):
        await pay.receipt()
    await pay.begin(Method.TRANSFER)
    for number in range(MOST_RECEIPTS):
        await pay.receipt(f"file-{number}")
    with pytest.raises(e.TooManyReceipts):
        await pay.receipt("another")


async def test_an_operator_sees_the_newest_receipt_again(pay, paying_harness: ShopHarness):
    payment = await pay.begin(Method.TRANSFER)
    operator = await paying_harness.customer(OPERATOR, dinars=0)
    assert not await show_receipt(paying_harness.shop, operator, payment)
    await pay.receipt("a")
    await pay.receipt("b")
    assert await show_receipt(paying_harness.shop, operator, payment)
    shown = paying_harness.sender.sent[-1]
    assert (shown.kind, shown.user_id, shown.payment.id) == ("receipt", OPERATOR, payment.id)


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


async def test_a_rejected_receipt_is_told_with_its_reason_and_may_be_mended(
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
    await pay.receipt("a", one.reference)
    await pay.receipt("b", two.reference)
    await accept_payment(paying_harness.shop, Decision("update:1", OPERATOR, one.id))
    with pytest.raises(e.AlreadyDecided):
        await accept_payment(paying_harness.shop, Decision("update:1", OPERATOR, two.id))
    with pytest.raises(e.NotFound):
        await accept_payment(paying_harness.shop, Decision("update:2", OPERATOR, 999))


# --- giving back ------------------------------------------------------------------------------------


async def test_stars_go_back_once_and_leave_the_wallet_first(pay, paying_harness: ShopHarness):
    payment = await star_payment(pay, paying_harness)
    action = await ask_back(paying_harness, payment)
    with pytest.raises(e.AlreadyDecided):
        await ask_back(paying_harness, payment)
    assert (
        await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
    ).state is PaymentState.RETURNED
    with pytest.raises(e.AlreadyDecided):
        await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
    await record_chargeback(
        paying_harness.shop, Method.STARS, "charge-1"
    )  # Telegram's own word of it

    assert paying_harness.stars_gateway.refunded == ["charge-1"]
    assert await paying_harness.balance() == 0
    with pytest.raises(e.AlreadyDecided):
        await ask_back(paying_harness, payment, "again")
    await books_agree(paying_harness)


async def test_a_refund_without_an_answer_is_asked_for_again_until_there_is_one(
    pay, paying_harness: ShopHarness
):
    payment = await star_payment(pay, paying_harness)
    paying_harness.stars_gateway.failures = [e.PaymentFailure("TimedOut")] * 3
    action = await ask_back(paying_harness, payment)
    assert (
        await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
    ).state is PaymentState.RETURNING
    assert await paying_harness.balance() == 0  # it cannot be spent meanwhile
    await books_agree(paying_harness)
    paying_harness.restart()
    await paying_harness.run(300, step=15)

    assert (await pay.now(payment)).state is PaymentState.RETURNED
    assert paying_harness.stars_gateway.refunded == ["charge-1"]
    await books_agree(paying_harness)


async def test_a_refund_that_is_refused_for_good_is_the_customers_again(
    pay, paying_harness: ShopHarness
):
    payment = await star_payment(pay, paying_harness)
    for number in range(2):
        paying_harness.stars_gateway.failures = [e.RefundRefused("CHARGE_NOT_FOUND")]
        action = await ask_back(paying_harness, payment, f"back:{number}")
        done = await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
        assert done.state is PaymentState.CREDITED
    await paying_harness.round()

    assert await paying_harness.balance() == payment.asked_minor
    assert len(paying_harness.sender.alerts(AlertKind.PAYBACK_FAILED)) == 2
    await books_agree(paying_harness)


async def test_what_was_spent_cannot_be_given_back_by_us(pay, paying_harness: ShopHarness):
    payment = await star_payment(pay, paying_harness)
    action = await ask_back(paying_harness, payment)
    await paying_harness.credit(1, -1000)
    with pytest.raises(e.NotReturnable) as refused:
        await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
    assert refused.value.missing_minor == 100_000
    with pytest.raises(e.NotFound):
        await confirm_payment_refund(
            paying_harness.shop, 901, action
        )  # another operator's question
    paying_harness.clock.pass_time(3601)
    with pytest.raises(e.AskedTooLongAgo):
        await confirm_payment_refund(paying_harness.shop, OPERATOR, action)
    card = await pay.begin(Method.OCPAY)
    with pytest.raises(e.AlreadyDecided):
        await ask_back(paying_harness, card, "card")


async def test_a_confirmation_of_something_else_gives_nothing_back(
    pay, paying_harness: ShopHarness
):
    payment = await star_payment(pay, paying_harness)
    paying_harness.set_policy(confirm_above_minor=0)
    asked = await credit_wallet(paying_harness.shop, Credit("k", OPERATOR, 1, 500, ""))
    with pytest.raises(e.NotFound):
        await confirm_payment_refund(paying_harness.shop, OPERATOR, asked.action_id)
    action = await ask_back(paying_harness, payment)
    for confirm in (confirm_credit, confirm_refund):
        with pytest.raises(e.NotFound):
            await confirm(paying_harness.shop, OPERATOR, action)


async def test_what_telegram_takes_back_leaves_the_wallet_and_the_rest_is_a_loss(
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
    (told,) = paying_harness.sender.alerts(AlertKind.PAYMENT_TAKEN_BACK)
    assert told["lost"] == str(payment.asked_minor - (payment.asked_minor - 200_000))
    await books_agree(paying_harness)


@pytest.mark.parametrize("spent", [0, 3006])
async def test_what_telegram_takes_back_in_full_or_after_all_was_spent(
    pay, paying_harness: ShopHarness, spent
):
    payment = await star_payment(pay, paying_harness)
    assert payment.asked_minor == 300_000
    if spent:
        await paying_harness.credit(1, -3000)
    await record_chargeback(paying_harness.shop, Method.STARS, "charge-1")

    assert await paying_harness.balance() == 0
    await books_agree(paying_harness)


async def test_telegrams_word_ends_a_refund_that_is_on_its_way(pay, paying_harness: ShopHarness):
    payment = await star_payment(pay, paying_harness)
    paying_harness.stars_gateway.failures = [e.PaymentFailure("TimedOut")]
    await confirm_payment_refund(
        paying_harness.shop, OPERATOR, await ask_back(paying_harness, payment)
    )
    await record_chargeback(paying_harness.shop, Method.STARS, "charge-1")
    assert (await pay.now(payment)).state is PaymentState.RETURNED
    paying_harness.clock.pass_time(600)
    await refund_due_payments(paying_harness.shop)
    assert paying_harness.stars_gateway.refunded == []
    await books_agree(paying_harness)


async def test_a_refund_waits_for_a_way_that_was_taken_out(pay, paying_harness: ShopHarness):
    payment = await star_payment(pay, paying_harness)
    paying_harness.stars_gateway.failures = [e.PaymentFailure("TimedOut")]
    await confirm_payment_refund(
        paying_harness.shop, OPERATOR, await ask_back(paying_harness, payment)
    )
    paying_harness.offer(Method.OCPAY)
    await paying_harness.run(120, step=30)
    assert (await pay.now(payment)).state is PaymentState.RETURNING
    paying_harness.offer()
    await paying_harness.run(3700, step=300)
    assert (await pay.now(payment)).state is PaymentState.RETURNED


# --- every night ------------------------------------------------------------------------------------


async def test_the_books_of_stars_agree(pay, paying_harness: ShopHarness):
    payment = await star_payment(pay, paying_harness)
    paying_harness.clock.pass_time(3600)
    (found,) = await reconcile_stars(paying_harness.shop, 2 * DAY)
    assert found.is_well
    assert found.looked_at == 1
    await confirm_payment_refund(
        paying_harness.shop, OPERATOR, await ask_back(paying_harness, payment)
    )
    assert (await reconcile_stars(paying_harness.shop, 2 * DAY))[0].is_well
    paying_harness.stars_gateway.failures = [e.PaymentFailure("x")]
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
    assert (await reconcile_stars(paying_harness.shop, 2 * DAY))[
        0
    ].is_well  # a message may be on its way
    paying_harness.clock.pass_time(3600)
    found, _ = await audit_now(paying_harness.shop)
    (stars,) = [it for it in found if it.check is Check.STARS]
    assert len(stars.differences) == 3
    assert await paying_harness.balance() == 0  # nothing repairs money by itself
    held, count, _ = await report_payments(paying_harness.shop)
    assert count == 2
    await take_stars(paying_harness.shop, StarCharge(1, "x", 100, "late"))
    lost = next(p for p in held if p.external_id == "lost")
    await accept_payment(paying_harness.shop, pay.decision(lost))
    await take_stars(paying_harness.shop, StarCharge(1, "x", 100, "lost"))

    assert await paying_harness.balance() == 2 * 15_000
    assert (
        len((await reconcile_stars(paying_harness.shop, 2 * DAY))[0].differences) == 1
    )  # the stranger's
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


async def test_what_telegram_gave_back_unheard_is_booked_at_night(pay, paying_harness: ShopHarness):
    payment = await star_payment(pay, paying_harness)
    paying_harness.clock.pass_time(3600)
    came = paying_harness.stars_gateway.listed[0]
    paying_harness.stars_gateway.listed.append(
        replace(came, back=True, at=paying_harness.clock.now())
    )
    await reconcile_stars(paying_harness.shop, 2 * DAY)

    assert (await pay.now(payment)).state is PaymentState.RETURNED
    assert await paying_harness.balance() == 0


async def test_unheard_stars_that_went_back_are_nobodys_to_decide(pay, paying_harness: ShopHarness):
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


async def test_what_nobody_can_be_asked_about_runs_out_without_a_word(
    pay, paying_harness: ShopHarness
):
    bill = await pay.begin(Method.STARS)
    transfer = await pay.begin(Method.TRANSFER)
    told = paying_harness.sender.payments()
    paying_harness.clock.pass_time(8 * 86400)
    assert await check_due_payments(paying_harness.shop) == 2
    assert await check_due_payments(paying_harness.shop) == 0
    await paying_harness.round()

    for payment in (bill, transfer):
        assert (await pay.now(payment)).state is PaymentState.EXPIRED
        await paying_harness.store.write(
            crediting._lapse, paying_harness.shop, payment.id
        )  # a second sweep
    assert paying_harness.sender.payments() == told
    await pay.stars(bill)  # money that comes all the same
    assert await paying_harness.balance() == bill.asked_minor


async def test_the_audit_sees_a_payment_whose_postings_are_not_there(
    pay, paying_harness: ShopHarness
):
    from sqlalchemy import text

    payment = await pay.begin()
    async with paying_harness.store._writer.begin() as db:
        await db.execute(text("UPDATE payments SET state = 'credited'"))
    found = await audit_books(paying_harness.store, paying_harness.clock)
    (check,) = [it for it in found if it.check is Check.PAYMENTS]

    assert [d.subject for d in check.differences] == [payment.reference]
    assert "credited" in str(check.differences[0])


# --- operators --------------------------------------------------------------------------------------


async def test_large_credits_are_confirmed_by_who_asked_and_soon(paying_harness: ShopHarness):
    paying_harness.set_policy(confirm_above_minor=100_000)
    await paying_harness.customer(1, dinars=0)
    small = await credit_wallet(paying_harness.shop, Credit("a", OPERATOR, 1, 100_000, ""))
    assert (small.action_id, small.balance_minor) == (None, 100_000)
    asked = await credit_wallet(paying_harness.shop, Credit("b", OPERATOR, 1, 100_001, "CCP"))
    assert asked.action_id is not None
    assert await paying_harness.balance() == 100_000
    with pytest.raises(e.NotFound):
        await confirm_credit(paying_harness.shop, 901, asked.action_id)
    assert (
        await confirm_credit(paying_harness.shop, OPERATOR, asked.action_id)
    ).balance_minor == 200_001
    with pytest.raises(e.AlreadyDecided):
        await confirm_credit(paying_harness.shop, OPERATOR, asked.action_id)
    late = await credit_wallet(paying_harness.shop, Credit("c", OPERATOR, 1, 500_000, ""))
    paying_harness.clock.pass_time(3601)
    with pytest.raises(e.AskedTooLongAgo):
        await confirm_credit(paying_harness.shop, OPERATOR, late.action_id)
    with pytest.raises(e.WalletTooSmall) as refused:
        await credit_wallet(paying_harness.shop, Credit("x", OPERATOR, 1, -300_001, ""))
    assert refused.value.missing_minor == 100_000
    taken = await credit_wallet(paying_harness.shop, Credit("d", OPERATOR, 1, -150_000, ""))
    assert taken.action_id is not None
    await books_agree(paying_harness)


async def test_a_day_has_its_cap_for_each_operator_and_ends_at_midnight(
    pay, paying_harness: ShopHarness
):
    paying_harness.set_policy(daily_cap_minor=600_000)
    await paying_harness.customer(1, dinars=0)
    payment = await pay.begin(Method.TRANSFER, 500_000)
    await pay.receipt()
    await accept_payment(paying_harness.shop, pay.decision(payment))
    with pytest.raises(e.CapReached) as refused:
        await credit_wallet(paying_harness.shop, Credit("a", OPERATOR, 1, 100_001, ""))
    assert refused.value.left_minor == 100_000
    await credit_wallet(
        paying_harness.shop, Credit("b", OPERATOR, 1, -100_000, "")
    )  # counts as much
    with pytest.raises(e.CapReached):
        await credit_wallet(paying_harness.shop, Credit("c", OPERATOR, 1, 1, ""))
    await credit_wallet(paying_harness.shop, Credit("d", 901, 1, 600_000, ""))  # another one's day
    paying_harness.clock.pass_time(24 * 3600)
    await credit_wallet(paying_harness.shop, Credit("e", OPERATOR, 1, 600_000, ""))


async def test_the_wallet_shows_holds_and_a_statement_page_by_page(
    pay, paying_harness: ShopHarness
):
    await paying_harness.customer(1, dinars=20_000)
    for number in range(9):
        await paying_harness.credit(1, 10 + number)
    await paying_harness.buy(1)
    first, second = (
        await my_wallet(paying_harness.shop, 1, 0),
        await my_wallet(paying_harness.shop, 1, 1),
    )

    assert (first.pages, len(first.lines), len(second.lines)) == (2, 6, 5)
    assert first.held_minor == PRICE
    assert first.lines[0].kind == "hold"
    assert first.methods == tuple(Method)
    assert (await my_wallet(paying_harness.shop, 1, -3)).page == 0


# --- support ----------------------------------------------------------------------------------------


async def test_a_case_is_open_until_an_operator_settles_it(paying_harness: ShopHarness):
    await paying_harness.customer(1)
    case, order = await open_case(paying_harness.shop, 1)
    assert order is None
    await paying_harness.buy(1)
    again, order = await open_case(paying_harness.shop, 1)
    assert (again.id, order is not None) == (case.id, True)
    await note_message(paying_harness.shop, case, OPERATOR, 55, 1000)
    await note_message(
        paying_harness.shop, case, OPERATOR, 56, 1000
    )  # the same update, worked on again
    assert await has_heard(paying_harness.shop, OPERATOR, 1000)
    assert not await has_heard(paying_harness.shop, 901, 1000)
    assert (await case_of(paying_harness.shop, OPERATOR, 55)).user_id == 1
    assert await case_of(paying_harness.shop, OPERATOR, 56) is None
    assert await case_of(paying_harness.shop, 901, 55) is None
    assert await close_case(paying_harness.shop, key="k", operator_id=OPERATOR, case_id=case.id)
    assert not await close_case(
        paying_harness.shop, key="k2", operator_id=OPERATOR, case_id=case.id
    )
    assert (await open_case(paying_harness.shop, 1))[0].id != case.id


async def test_a_second_word_about_anything_changes_nothing(pay, paying_harness: ShopHarness):
    """Sweeps, presses and two processes come late: each looks at the state under its lock."""

    order = await unpaid_order(paying_harness)
    await cancel_order(paying_harness.shop, 1, order.id)
    await paying_harness.store.write(unpaid_orders._expire, paying_harness.shop, order.id)
    assert (await paying_harness.order(order.id)).state is OrderState.CANCELLED
    payment = await star_payment(pay, paying_harness)
    for late, more in (
        (refunds._complete_refund, ()),
        (refunds._cancel_refund, ("NO",)),
        (refunds._retry_later, ()),
        (top_up._give_up, ()),
        (crediting._ask_again, ()),
    ):
        await paying_harness.store.write(late, paying_harness.shop, payment.id, *more)
    assert (await pay.now(payment)).state is PaymentState.CREDITED
    card = await pay.begin()
    paying_harness.book.cards.pay(card.external_id)
    report = await paying_harness.payment_methods[Method.OCPAY].check(card)
    for _ in range(2):
        await paying_harness.store.write(
            crediting.take_report, paying_harness.shop, card.id, report
        )
    assert await paying_harness.balance() == payment.asked_minor + 200_000
    await books_agree(paying_harness)


async def test_a_customer_is_told_what_an_order_still_lacks(pay, paying_harness: ShopHarness):
    order = await unpaid_order(paying_harness)
    payment = await pay.begin(Method.STARS, 50_000)
    await paying_harness.store.write(lambda tx: tx.payments.change(payment.id, order_id=order.id))
    await pay.stars(payment)
    await paying_harness.round()

    (note,) = [s.note for s in paying_harness.sender.sent if s.note]
    assert note.missing_minor == PRICE - payment.asked_minor
