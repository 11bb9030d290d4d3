"""The wall clock is set to another time while the shop runs: nothing stands still, nothing ends early."""

from datetime import timedelta

import pytest

from bot import refusals
from bot.domain.alerts import AlertKind
from bot.domain.payments import Method, PaymentState
from bot.domain.records import PauseReason
from bot.domain.schedule import LONGEST_WAIT_SECONDS
from bot.errors import StorageFailure
from bot.refusals import QuoteExpired
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.catalogue.refresh import catalogue_due, is_stale
from bot.services.operations.purge import purge_old
from bot.services.orders.checkout import buy
from bot.services.orders.poll import poll_due_orders
from bot.services.orders.quote import make_quote
from bot.services.orders.reconcile import reconcile_lost_orders
from bot.services.payments.refunds import refund_due_payments
from bot.services.selling.balance import balance_due
from bot.services.selling.pauses import pause_selling
from storage.tables import code_messages, payments
from tests.database import overwrite
from tests.harness import ShopHarness, books_agree
from tests.integration.clock_steps import DAY, HOUR, MINUTE, YEAR, S
from tests.integration.order_steps import accepted_order, change_order
from tests.integration.payment_steps import check_bill, unpaid_order
from tests.integration.readings import only_alert, rows
from tests.integration.updates import inbox_of, queued, raw_text, text_update

STEPS = [-MINUTE, -HOUR, -DAY, HOUR, 25 * HOUR, YEAR, -YEAR]


@pytest.mark.parametrize("step", STEPS)
async def test_who_buys_before_during_or_after_a_step_gets_the_codes_in_time(
    harness: ShopHarness, step: int
):
    for user in (1, 2, 3):
        await harness.customer(user)
    await harness.run(5)
    await harness.buy(1)
    await harness.run(1)  # it is at the supplier, and asked about in some seconds
    await harness.set_clock(step)
    await harness.buy(2)
    await harness.run(20)

    assert [len(harness.sender.codes_of(user)) for user in (1, 2)] == [1, 1]
    await harness.set_clock(-step)
    await harness.buy(3)
    await harness.run(20)
    assert len(harness.sender.codes_of(3)) == 1
    assert harness.sender.masked == []
    await books_agree(harness)


@pytest.mark.parametrize("step", [-HOUR, -DAY])
async def test_work_that_is_due_later_than_its_rule_allows_is_due_now(
    harness: ShopHarness, step: int
):
    """By the rule alone, though nobody has noticed the step."""
    order = await accepted_order(harness, 1)
    assert order.due_at is not None
    harness.clock.pass_time(10)
    await change_order(harness, order.id, due_at=harness.clock.now() + timedelta(seconds=20))
    harness.clock.step(step)

    assert await poll_due_orders(harness.shop, "oneclickdz") == 1
    async with harness.store.reading() as tx:
        due = await tx.outbox.earliest_due(harness.clock.now())
    assert due == harness.clock.now()
    await harness.send()
    assert len(harness.sender.codes_of(1)) == 1


async def test_a_due_time_that_its_rule_allows_is_waited_for(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    later = harness.clock.now() + timedelta(seconds=LONGEST_WAIT_SECONDS)
    await change_order(harness, order.id, due_at=later)

    assert await poll_due_orders(harness.shop, "oneclickdz") == 0
    async with harness.store.reading() as tx:
        assert await tx.orders.earliest_due(S.HANDLING, harness.clock.now()) == later


async def test_refunds_and_lost_orders_too_are_due_by_that_rule(pay, paying_harness: ShopHarness):
    harness = paying_harness
    payment = await pay.begin(Method.STARS, 300_000)
    await pay.stars(payment)
    ahead = harness.clock.now() + timedelta(hours=25)

    async def refund_later(tx):
        await overwrite(tx, payments, payment.id, state="returning", due_at=ahead)

    await harness.store.write(refund_later)
    assert await refund_due_payments(harness.shop) == 1
    order = await accepted_order(harness, 1)
    await change_order(harness, order.id, state="unconfirmed", supplier_order_id=None, due_at=ahead)
    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == 1


async def test_a_step_back_of_a_minute_delays_nothing_by_a_minute(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    await change_order(harness, order.id, due_at=harness.clock.now() + timedelta(seconds=2))
    await harness.set_clock(-MINUTE)

    assert await poll_due_orders(harness.shop, "oneclickdz") == 0  # it is not ready yet
    changed = await harness.order(order.id)
    assert changed.due_at is not None
    assert changed.due_at <= harness.clock.now() + timedelta(seconds=10)
    assert changed.paid_at is not None
    assert changed.paid_at <= harness.clock.now()
    await harness.run(15)
    assert len(harness.sender.codes_of(1)) == 1


async def test_what_was_being_written_at_a_step_is_made_due_once_more(harness: ShopHarness):
    await harness.set_clock(-MINUTE)
    order = await accepted_order(harness, 1)
    late = harness.clock.now() + timedelta(seconds=62)  # read the clock before, written now
    await change_order(harness, order.id, due_at=late)

    harness.clock.pass_time(5)
    await harness.clock_watch.check()
    assert (await harness.order(order.id)).due_at == harness.clock.now()
    await change_order(harness, order.id, due_at=late)
    await harness.clock_watch.check()
    assert (await harness.order(order.id)).due_at == late


async def test_an_end_that_was_being_written_at_a_step_is_shortened_once_more(harness: ShopHarness):
    await accepted_order(harness, 1)
    await harness.run(15)
    await harness.set_clock(-DAY)

    (message,) = await rows(harness, code_messages)
    late = harness.clock.now() + timedelta(days=2)  # read off the clock before, written now
    await harness.store.write(lambda tx: overwrite(tx, code_messages, message.id, hide_at=late))
    harness.clock.pass_time(5)
    await harness.clock_watch.check()

    (message,) = await rows(harness, code_messages)
    assert message.hide_at <= harness.clock.now() + timedelta(days=1)


@pytest.mark.parametrize("ahead", [25 * HOUR, YEAR])
async def test_a_clock_that_is_ahead_for_a_moment_ends_nothing(
    pay, paying_harness: ShopHarness, ahead: int
):
    harness = paying_harness
    harness.set_policy(price_shared_for=timedelta(0))  # what waits for a price stays paid
    unpaid = await unpaid_order(harness)
    bill = await pay.begin(Method.STARS, order=unpaid.id)
    transfer = await pay.begin(Method.TRANSFER, order=unpaid.id)
    await harness.customer(2)
    await harness.buy(2)
    await harness.run(10)
    await harness.customer(3)
    harness.book.script(Fault(FaultKind.STATUS, "", status=503, times=10**6))
    paid = await harness.buy(3)
    inbox = inbox_of(harness.shop)
    await inbox.receive([raw_text(1)])
    queued(inbox)
    inbox.finish(text_update(1))
    await inbox.flush()
    await harness.run(60)

    await harness.set_clock(ahead)
    await harness.run(30)
    await purge_old(harness.shop)
    await inbox.receive([raw_text(1)])
    assert queued(inbox) == [], "a handled update is remembered"
    await check_bill(harness, bill)
    await harness.set_clock(-ahead)
    harness.book.faults.clear()
    await harness.run(60)

    assert (await harness.order(unpaid.id)).state is S.AWAITING_PAYMENT
    assert (await harness.order(paid.id)).state is S.FULFILLED
    assert (await pay.now(transfer)).state is PaymentState.OPEN
    assert harness.sender.masked == [], "the codes of user 2 stand for a day"
    assert [s.kind for s in harness.sender.sent if s.kind in ("returned", "ended")] == []
    steps = harness.sender.alerts(AlertKind.CLOCK_STEPPED)
    assert [(a["ahead"], a["by"]) for a in steps] == [
        ("yes", f"{ahead // 3600}:00:00"),
        ("no", f"{ahead // 3600}:00:00"),
    ]


async def test_what_has_its_end_still_ends_in_time(pay, paying_harness: ShopHarness):
    harness = paying_harness
    unpaid = await unpaid_order(harness)
    bill = await pay.begin(Method.STARS, order=unpaid.id)
    await harness.run(60)
    await harness.set_clock(25 * HOUR)
    await harness.set_clock(-25 * HOUR)
    await harness.run(HOUR)
    with pytest.raises(refusals.NotFound):
        await check_bill(harness, bill)
    harness.clock.pass_time(22 * HOUR + 40 * MINUTE)
    await harness.run(10 * MINUTE)
    assert (await harness.order(unpaid.id)).state is S.AWAITING_PAYMENT
    await harness.run(15 * MINUTE)

    assert (await harness.order(unpaid.id)).state is S.EXPIRED


@pytest.mark.parametrize("ahead", [25 * HOUR, YEAR])
async def test_a_clock_that_stays_ahead_ends_nothing_before_its_time_and_everything_then(
    paying_harness: ShopHarness, ahead: int
):
    harness = paying_harness
    unpaid = await unpaid_order(harness)
    await harness.customer(2)
    await harness.store.write(pause_selling, harness.shop, PauseReason.AUDIT)
    await harness.set_clock(ahead)
    harness.clock.pass_time(23 * HOUR - MINUTE)
    await harness.run(MINUTE)
    assert (await harness.order(unpaid.id)).state is S.AWAITING_PAYMENT

    harness.clock.pass_time(HOUR)
    await harness.run(MINUTE)

    assert (await harness.order(unpaid.id)).state is S.EXPIRED


async def test_a_paid_order_that_nobody_sells_is_refunded_after_its_time_and_not_before(
    harness: ShopHarness,
):
    harness.set_policy(price_shared_for=timedelta(0))  # what waits for a price stays paid
    await harness.customer(1)
    await harness.denomination()
    harness.book.script(Fault(FaultKind.STATUS, "", status=503, times=10**6))
    order = await harness.buy(1)
    await harness.run(30 * MINUTE)
    await harness.set_clock(25 * HOUR)
    harness.clock.pass_time(70 * MINUTE)
    await harness.run(10 * MINUTE)
    assert (await harness.order(order.id)).state is S.PAID

    await harness.run(12 * MINUTE)

    assert (await harness.order(order.id)).state is S.REFUNDED


async def test_a_first_start_a_year_ahead_leaves_nothing_for_a_year(
    paying_harness: ShopHarness,
):
    harness = paying_harness
    harness.clock.step(YEAR)
    harness.restart()
    await harness.open()
    await harness.round()
    unpaid = await unpaid_order(harness)
    await harness.customer(2)
    await harness.buy(2)
    await harness.run(60)
    product = harness.shop.shelf.product(unpaid.product_id)
    await harness.set_clock(-YEAR)

    assert is_stale(harness.shop, product)
    async with harness.store.reading() as tx:
        assert await catalogue_due(tx, harness.shop, "oneclickdz") == harness.clock.now()
        assert await balance_due(tx, harness.shop, "oneclickdz") == harness.clock.now()
    assert (await harness.order(unpaid.id)).created_at <= harness.clock.now()
    harness.clock.pass_time(DAY + HOUR - MINUTE)
    await harness.run(MINUTE)
    assert (await harness.order(unpaid.id)).state is S.EXPIRED
    assert len(harness.sender.masked) == 1, "codes are hidden a day later, and not in a year"


async def test_a_price_that_was_promised_by_another_clock_is_asked_for_again(
    harness: ShopHarness,
):
    await harness.customer(1)
    value = await harness.denomination()
    old = await make_quote(harness.shop, 1, value, 1)
    await harness.set_clock(-HOUR)

    with pytest.raises(QuoteExpired):
        await buy(harness.shop, 1, old.quote.id, 7)
    new = await make_quote(harness.shop, 1, value, 1)
    order, _ = await buy(harness.shop, 1, new.quote.id, 7)
    assert order.state is S.PAID


async def test_a_failure_of_before_a_step_is_shared_with_no_order_after_it(harness: ShopHarness):
    await harness.customer(1)
    await harness.denomination()
    harness.book.script(Fault(FaultKind.STATUS, "checkProduct", status=503, times=1))
    await harness.buy(1)
    await harness.round()
    await harness.set_clock(-DAY)
    await harness.run(20)

    assert len(harness.sender.codes_of(1)) == 1


async def test_slewing_is_silent(harness: ShopHarness):
    for _ in range(100):
        harness.clock.pass_time(5)
        await harness.set_clock(0.0025)
    await harness.round()

    assert harness.sender.alerts(AlertKind.CLOCK_STEPPED) == []


async def test_a_step_that_cannot_be_stored_is_acted_on_later(harness: ShopHarness, monkeypatch):
    order = await accepted_order(harness, 1)
    await change_order(harness, order.id, due_at=harness.clock.now() + timedelta(seconds=50))
    write = harness.store.write

    async def full(*_args, **_named):
        raise StorageFailure("full")

    monkeypatch.setattr(harness.store, "write", full)
    with pytest.raises(StorageFailure):
        await harness.set_clock(-MINUTE)
    monkeypatch.setattr(harness.store, "write", write)
    await harness.clock_watch.check()
    await harness.round()

    assert only_alert(harness, AlertKind.CLOCK_STEPPED)["by"] == "0:01:00"
