"""Placing a paid order at the supplier: one call, and what each kind of answer does to the order."""

from datetime import timedelta

import pytest

from bot import errors, refusals
from bot.domain.alerts import AlertKind
from bot.domain.jobs import Job
from bot.domain.orders import OrderState, ReturnReason
from bot.errors import StorageFailure
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.messaging.alert_messages import tell_alerts
from bot.services.orders.place import (
    accept_order,
    find_orders_to_place,
    place_order,
    recover_interrupted,
    refund_overdue_orders,
)
from bot.services.orders.refund import ask_refund
from storage.tables import orders
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness, books_agree, send_due_messages
from tests.integration.order_steps import change_order
from tests.integration.readings import only_alert, posting

MOMENT = timedelta(microseconds=1)


async def test_an_order_that_could_not_be_bought_in_time_is_returned(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)
    too_late = refusals.required(order.paid_at) + harness.shop.policy.return_unbought_after
    harness.clock.moment = too_late - MOMENT
    await refund_overdue_orders(harness.shop)
    assert [o.id for o in await find_orders_to_place(harness.shop)] == [order.id]
    harness.clock.moment = too_late
    assert await find_orders_to_place(harness.shop) == []
    await refund_overdue_orders(harness.shop)

    assert (await harness.order(order.id)).return_reason is ReturnReason.SUPPLIER_DOWN


async def test_an_order_that_was_refunded_meanwhile_is_not_bought(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    (due,) = await find_orders_to_place(harness.shop)
    await ask_refund(harness.shop, key="k", operator_id=OPERATOR, order_id=order.id, reason="late")

    await place_order(harness.shop, due)

    assert harness.book.orders == {}
    assert (await harness.order(order.id)).state is OrderState.REFUNDED
    await books_agree(harness)


async def test_an_id_that_another_order_has_is_not_taken_and_the_answer_counts_as_lost(
    harness: ShopHarness,
):
    await harness.customer(1)
    first = await harness.buy(1)
    await harness.place()
    taken = (await harness.order(first.id)).supplier_order_id
    second = await harness.buy(1)

    async def buy(_request, commit_intent):
        await commit_intent()
        return taken

    harness.supplier.buy = buy
    await harness.place()

    after = await harness.order(second.id)
    assert (after.state, after.supplier_order_id) == (OrderState.UNCONFIRMED, None)
    assert after.due_at == harness.clock.now()
    assert (await harness.order(first.id)).supplier_order_id == taken


async def test_an_order_is_not_bound_to_an_id_that_another_has(harness: ShopHarness):
    await harness.customer(1)
    first = await harness.buy(1)
    await harness.place()
    taken = (await harness.order(first.id)).supplier_order_id
    second = await harness.buy(1)

    async def accept(tx, order_id, supplier_order_id):
        order = await tx.orders.locked(order_id)
        return await accept_order(tx, harness.shop, order, supplier_order_id)

    async with harness.store._writer.begin() as db:
        await db.execute(orders.update().where(orders.c.id == second.id).values(state="placing"))

    for _ in range(2):  # while it is being placed, and while its answer counts as lost
        assert not await harness.store.write(accept, second.id, taken)
        after = await harness.order(second.id)
        assert (after.state, after.supplier_order_id) == (OrderState.UNCONFIRMED, None)
    async with harness.store._writer.begin() as db:
        await db.execute(orders.update().where(orders.c.id == second.id).values(state="placing"))
    assert await harness.store.write(accept, second.id, "another")


async def test_a_returned_order_says_when_why_and_by_whom(harness: ShopHarness, woken):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.kind().quantity = 0
    woken.clear()
    await harness.place()
    done = await harness.order(order.id)

    assert (done.state, done.return_reason) == (OrderState.REFUNDED, ReturnReason.SOLD_OUT)
    assert (done.settled_at, done.due_at, done.attention) == (START, None, None)
    posted = await posting(harness, f"return:{order.id}")
    assert (posted.actor, posted.note) == ("shop", "")
    assert Job.OUTBOX in woken
    assert set(woken) <= {Job.OUTBOX, Job.PLACE, Job.POLL, Job.RECONCILE, Job.UNPAID}


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [(400, "ERR_STOCK", "sold_out"), (400, "ERR_VALIDATION", "not_available")],
)
async def test_a_refused_purchase_is_returned_with_its_reason(
    harness: ShopHarness, status, code, reason
):
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.STATUS, "placeOrder", status=status, code=code))
    order = await harness.buy(1)
    await harness.run(2)

    assert (await harness.order(order.id)).return_reason == reason
    if reason == "not_available":
        assert only_alert(harness, AlertKind.REQUEST_REFUSED) == {
            "alert": "request_refused",
            "order": str(order.id),
            "code": code,
            "request": "req-fault",
        }


async def test_a_supplier_that_asks_to_wait_is_asked_after_that_time(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.book.script(
        Fault(
            FaultKind.STATUS, "placeOrder", status=429, code="RATE_LIMIT_EXCEEDED", retry_after=77
        )
    )
    await harness.place()
    waits = await harness.order(order.id)

    assert (waits.state, waits.sent_at) == (OrderState.PAID, None)
    assert refusals.required(waits.due_at) - harness.clock.now() >= timedelta(seconds=76)


@pytest.mark.parametrize(
    ("status", "code", "retry_after"),
    [
        (429, "RATE_LIMIT_EXCEEDED", None),
        (429, "RATE_LIMIT_EXCEEDED", 30),
        (503, "AUTH_UNAVAILABLE", 5),
    ],
)
async def test_a_purchase_that_was_turned_away_for_now_is_sent_again(
    harness: ShopHarness, status, code, retry_after
):
    harness.book.script(
        Fault(FaultKind.STATUS, "placeOrder", status=status, code=code, retry_after=retry_after)
    )
    await harness.customer(1)

    order = await harness.buy(1)
    await harness.run(90)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert harness.book.count("placeOrder") == 2
    assert len(harness.book.orders) == 1


@pytest.mark.parametrize("code", ["ERR_STOCK", "ERR_VALIDATION", "SOMETHING_NEW"])
async def test_a_clear_refusal_returns_the_money(harness: ShopHarness, code: str):
    harness.book.script(Fault(FaultKind.STATUS, "placeOrder", status=400, code=code))
    await harness.customer(1)

    order = await harness.buy(1)
    await harness.run(20)

    assert (await harness.order(order.id)).state is OrderState.REFUNDED
    assert await harness.balance(1) == 50_000_00
    assert len(harness.sender.alerts("request_refused")) == (code != "ERR_STOCK")
    await books_agree(harness)


async def test_a_refusal_without_a_request_id_is_alerted_with_a_dash(harness: ShopHarness):
    await harness.customer(1)

    async def refuse(_request, commit_intent):
        await commit_intent()
        raise errors.RequestRefused("placeOrder", "", 422)

    harness.supplier.buy = refuse
    await harness.buy(1)
    await harness.run(1)

    (told,) = harness.sender.alerts(AlertKind.REQUEST_REFUSED)
    assert (told["code"], told["request"]) == ("422", "-")


async def test_a_lost_answer_without_a_status_is_alerted_as_no_answer(harness: ShopHarness):
    await harness.customer(1)

    async def lose(_request, commit_intent):
        await commit_intent()
        raise errors.OutcomeUnknown("placeOrder", "")

    harness.supplier.buy = lose
    await harness.buy(1)
    await harness.place()
    await tell_alerts(harness.shop)
    await send_due_messages(harness.shop)
    assert [told["why"] for told in harness.sender.alerts(AlertKind.OUTCOME_UNKNOWN)] == [
        "no answer"
    ]


async def test_an_order_interrupted_by_a_failing_disk_is_found_without_a_restart(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)
    await change_order(harness, order.id, state=OrderState.PLACING, sent_at=harness.clock.now())

    assert await recover_interrupted(harness.shop, older_than=timedelta(seconds=90)) == 0
    harness.clock.pass_time(91)
    assert await recover_interrupted(harness.shop, older_than=timedelta(seconds=90)) == 1

    assert (await harness.order(order.id)).state is OrderState.UNCONFIRMED


async def test_an_empty_balance_told_of_an_order_that_counts_as_lost_makes_it_paid_again(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)

    async def refuse_late(_request, commit_intent):
        await commit_intent()
        await change_order(harness, order.id, state=OrderState.UNCONFIRMED)
        raise errors.InsufficientBalance("placeOrder")

    harness.supplier.buy = refuse_late
    await harness.place()

    assert (await harness.order(order.id)).state is OrderState.PAID


async def test_a_key_that_was_refused_meanwhile_sends_nothing(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.supplier._client._refused = errors.AccessRefused("x", "IP_NOT_ALLOWED")

    await place_order(harness.shop, order)  # with the prices that were asked before

    waiting = await harness.order(order.id)
    assert (waiting.state, waiting.sent_at) == (OrderState.PAID, None)
    assert harness.book.count("placeOrder") == 0


@pytest.mark.parametrize(
    "answer",
    [
        "supplier-id",
        errors.OutcomeUnknown("placeOrder"),
        errors.OutOfStock("placeOrder"),
        errors.InsufficientBalance("placeOrder"),
    ],
    ids=["accepted", "lost", "out of stock", "empty balance"],
)
async def test_an_order_that_ended_during_the_purchase_stays_as_it_ended(
    harness: ShopHarness, answer
):
    await harness.customer(1)
    order = await harness.buy(1)

    async def end_and_answer(_request, commit_intent):
        await commit_intent()
        await change_order(harness, order.id, state=OrderState.REFUNDED)
        if isinstance(answer, Exception):
            raise answer
        return answer

    harness.supplier.buy = end_and_answer
    before = await harness.balance()
    await harness.place()

    ended = await harness.order(order.id)
    assert (ended.state, ended.supplier_order_id) == (OrderState.REFUNDED, None)
    assert (ended.due_at, ended.return_reason) == (None, None)
    assert await harness.balance() == before


@pytest.mark.parametrize(
    "failure",
    [errors.SupplierUnavailable("checkProduct"), errors.UnknownAtSupplier("checkProduct")],
)
async def test_an_order_that_ended_during_the_price_question_stays_as_it_ended(
    harness: ShopHarness, failure: errors.SupplierFailure
):
    await harness.customer(1)
    order = await harness.buy(1)

    async def end_and_fail(*_args, **_named):
        await change_order(harness, order.id, state=OrderState.REFUNDED, due_at=None)
        raise failure

    harness.let_prices_age()
    harness.supplier.product = end_and_fail
    await harness.place()

    ended = await harness.order(order.id)
    assert (ended.state, ended.attempts) == (OrderState.REFUNDED, 0)
    assert (ended.due_at, ended.return_reason) == (None, None)


async def test_an_order_that_was_accepted_meanwhile_is_not_recovered(
    harness: ShopHarness, before_next_write
):
    await harness.customer(1)
    order = await harness.buy(1)
    await change_order(harness, order.id, state=OrderState.PLACING, sent_at=START)
    before_next_write(lambda: change_order(harness, order.id, state=OrderState.HANDLING))

    await recover_interrupted(harness.shop)

    assert (await harness.order(order.id)).state is OrderState.HANDLING


async def test_placing_an_order_that_has_ended_does_nothing(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(20)
    ended = await harness.order(order.id)

    await place_order(harness.shop, order)

    assert await harness.order(order.id) == ended
    assert len(harness.book.orders) == 1
    await books_agree(harness)


async def test_an_answer_that_could_not_be_stored_is_stored_when_the_storage_works_again(
    harness: ShopHarness, monkeypatch
):
    await harness.customer(1)
    order = await harness.buy(1)
    right, failures = harness.store.write, [1, 2, 3]

    async def full(work, *args, **named):
        if work.__name__ == "accept_answer" and failures:
            failures.pop()
            raise StorageFailure("disk full")
        return await right(work, *args, **named)

    monkeypatch.setattr(harness.store, "write", full)
    await harness.place()

    assert (await harness.order(order.id)).state is OrderState.HANDLING
    assert len(harness.book.orders) == 1


async def test_an_answer_that_cannot_be_stored_for_two_minutes_is_searched_for(
    harness: ShopHarness, monkeypatch
):
    await harness.customer(1)
    order = await harness.buy(1)
    right, begun = harness.store.write, harness.clock.now()

    async def full(work, *args, **named):
        if work.__name__ == "accept_answer":
            raise StorageFailure("disk full")
        return await right(work, *args, **named)

    with monkeypatch.context() as away:
        away.setattr(harness.store, "write", full)
        with pytest.raises(StorageFailure):
            await harness.place()
    assert harness.clock.now() - begun >= timedelta(minutes=1, seconds=50)
    assert (await harness.order(order.id)).state is OrderState.PLACING
    await recover_interrupted(harness.shop)
    await harness.run(30)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert len(harness.book.orders) == 1
