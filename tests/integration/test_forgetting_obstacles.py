"""What has to end before a customer is forgotten, and what comes too late."""

from datetime import timedelta

import pytest

from bot.domain.payments import Doubt, Method, PaymentReport, PaymentState, Rejection, ReportStatus
from bot.domain.people import Obstacles, is_pseudonym
from bot.domain.records import CodeMessageKind, SentCodes
from bot.refusals import AskedTooLongAgo, CustomerForgotten, NotReturnable, required
from bot.services.messaging.customers import ensure_customer, mark_unreachable
from bot.services.messaging.support import take_question
from bot.services.operations.forgetting import find_obstacles, forget_customer
from bot.services.payments.decisions import accept_payment, reject_payment
from bot.services.payments.provider_checks import take_report
from bot.services.payments.refunds import ask_payment_refund, record_chargeback
from bot.services.payments.stars import take_stars
from bot.services.payments.stars_reconciliation import reconcile_stars
from storage.tables import codes
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.forgetting_steps import NADIA, PSEUDONYM, empty_wallet, forget, history
from tests.integration.readings import rows

# --- what has to end first ----------------------------------------------------------------------------


async def test_money_in_the_wallet_is_not_lost(harness: ShopHarness):
    await harness.customer(NADIA, dinars=30)

    assert await forget(harness) == Obstacles(balance_minor=3_000)

    assert await harness.balance(NADIA) == 3_000


async def test_open_orders_and_payments_and_codes_on_their_way_hinder(paying_harness, pay):
    harness = paying_harness
    await harness.customer(NADIA, dinars=1_770)
    await harness.buy(NADIA)
    found = await forget(harness)
    assert (found.orders, found.balance_minor) == (1, await harness.balance(NADIA))

    async def block(tx):
        await mark_unreachable(tx, harness.shop, NADIA)

    await harness.place()
    harness.leave_out(*[s.job for s in harness.sweeps if s.name == "outbox"])
    await harness.run(30)
    await empty_wallet(harness)
    assert await forget(harness) == Obstacles(codes_on_their_way=True)
    await harness.store.write(block)
    await harness.send()
    assert await forget(harness) == Obstacles(codes_on_their_way=True), "they wait for them"
    await ensure_customer(harness.shop, NADIA, "en")
    await harness.send()
    payment = await pay.begin(Method.TRANSFER, user=NADIA)
    assert await forget(harness) == Obstacles(payments=1)
    await pay.receipt("r", user=NADIA)
    assert await forget(harness) == Obstacles(payments=1)
    await reject_payment(harness.shop, pay.decision(payment), Rejection.NOT_RECEIVED)
    await empty_wallet(harness)

    assert await forget(harness) == Obstacles()


async def test_what_is_sent_and_not_recorded_and_an_operator_hinder(harness: ShopHarness):
    await harness.customer(NADIA, dinars=0)
    now = harness.clock.now()
    sent = SentCodes(1, NADIA, 5, 0, 1, CodeMessageKind.TEXT, now, again=False)
    harness.shop.unrecorded.codes.add(sent)
    assert (await find_obstacles(harness.shop, NADIA)).codes_on_their_way
    harness.shop.unrecorded.codes.discard(sent)

    assert await find_obstacles(harness.shop, OPERATOR) == Obstacles(is_owner=True)
    assert Obstacles(is_owner=True).any
    assert not Obstacles().any


async def test_a_used_confirmation_forgets_nothing_of_who_came_back_and_bought(
    harness: ShopHarness,
):
    await harness.customer(NADIA, dinars=0)
    asked_at = harness.clock.now()
    assert not (await forget_customer(harness.shop, NADIA, next(PSEUDONYM), asked_at)).any
    harness.clock.pass_time(60)
    await harness.customer(NADIA, dinars=20_000)
    order = await harness.buy(NADIA)
    await harness.run(20)

    with pytest.raises(AskedTooLongAgo):
        await forget_customer(harness.shop, NADIA, next(PSEUDONYM), asked_at)
    assert (await harness.order(order.id)).user_id == NADIA
    assert [row.key_id for row in await rows(harness, codes)] != [""]


async def test_what_comes_up_between_the_look_and_the_press_hinders(
    harness: ShopHarness, before_next_write
):
    await harness.customer(NADIA, dinars=0)

    async def pays():
        await harness.credit(NADIA, 5)

    before_next_write(pays)

    assert await forget(harness) == Obstacles(balance_minor=500)


# --- what comes too late ------------------------------------------------------------------------------


async def test_money_that_a_provider_reports_later_waits_for_an_operator(paying_harness, pay):
    harness = paying_harness
    payment = await pay.begin(Method.OCPAY, user=NADIA)
    harness.clock.pass_time(4 * 86400)
    await harness.run(60)
    assert (await pay.now(payment)).state is PaymentState.EXPIRED
    assert await forget(harness) == Obstacles()
    report = PaymentReport(ReportStatus.CONFIRMED, payment.external_id, 200_000, sandbox=False)

    for _ in range(2):
        await harness.store.write(take_report, harness.shop, payment.id, report)
    await harness.run(30)

    held = await pay.now(payment)
    assert (held.state, held.reason) == (PaymentState.HELD, Doubt.FORGOTTEN)
    assert await harness.balance(held.user_id) == 0
    assert harness.sender.alerts("payment_held")
    with pytest.raises(CustomerForgotten):
        await accept_payment(harness.shop, pay.decision(held))
    await ensure_customer(harness.shop, NADIA, "en")
    await harness.credit(NADIA, 2_000)
    await reject_payment(harness.shop, pay.decision(held), Rejection.OTHER, "credited elsewhere")
    assert (await pay.now(payment)).state is PaymentState.REJECTED
    await books_agree(harness)


async def test_stars_that_come_later_are_the_new_customers(paying_harness, pay):
    harness = paying_harness
    bill = await pay.begin(Method.STARS, user=NADIA)
    harness.clock.pass_time(4 * 86400)
    await harness.run(60)
    await forget(harness)
    charge = harness.stars_gateway.pay(bill, "late")

    for _ in range(2):  # Telegram says it again
        await ensure_customer(harness.shop, NADIA, "en")
        await take_stars(harness.shop, charge)

    assert await harness.balance(NADIA) == bill.asked_minor
    harness.clock.pass_time(3600)
    (found,) = await reconcile_stars(harness.shop, timedelta(days=2))
    assert found.is_well
    await books_agree(harness)


async def test_a_payment_of_before_is_booked_once_and_may_be_taken_back(paying_harness, pay):
    harness = paying_harness
    await history(harness, pay)
    await forget(harness)
    async with harness.store.reading() as tx:
        paid = required(await tx.payments.by_external_id(Method.STARS, "charge-of-nadia"))
    assert is_pseudonym(paid.user_id)
    await ensure_customer(harness.shop, NADIA, "en")
    charge = harness.stars_gateway.pay(paid, "charge-of-nadia")
    await take_stars(harness.shop, charge)
    assert await harness.balance(NADIA) == 0
    with pytest.raises(NotReturnable):
        await ask_payment_refund(harness.shop, key="k", operator_id=OPERATOR, payment_id=paid.id)

    await record_chargeback(harness.shop, Method.STARS, "charge-of-nadia")
    await harness.run(60)

    async with harness.store.reading() as tx:
        assert await tx.ledger.balance("losses") == -paid.paid_minor
    assert [s.user_id for s in harness.sender.sent if is_pseudonym(s.user_id)] == []
    assert not harness.shop.items.troubles
    await books_agree(harness)


async def test_a_question_that_no_operator_has_read_yet_is_not_copied(harness: ShopHarness):
    await harness.customer(NADIA, dinars=0)
    await take_question(harness.shop, NADIA, [71])
    await forget(harness)

    await harness.send()

    assert [s for s in harness.sender.sent if s.kind in ("case", "copies")] == []
