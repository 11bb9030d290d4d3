"""Asking for accepted orders: one by one or in a list, and when each is asked for next."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import errors, refusals
from bot.domain.alerts import AlertKind
from bot.domain.orders import Attention, OrderState
from bot.domain.supplier import SupplierStatus
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.orders.poll import poll_due_orders
from bot.services.orders.reconcile import reconcile_lost_orders
from bot.services.selling.access import forget_access
from storage.tables import orders
from tests.harness import ShopHarness
from tests.integration.order_steps import change_order, report
from tests.integration.readings import only_alert, refuse_key_twice
from tests.vouchers import VoucherHarness

S = SupplierStatus


@pytest.mark.parametrize(
    ("answers", "asked_for", "attempts"),
    [
        ("FFFFF", 3, [1, 1, 1, 0, 0]),
        ("FHFFH", 5, [1, 0, 1, 1, 0]),
        ("FFEFF", 5, [1, 1, 0, 1, 1]),
        ("FFHFFFH", 6, [1, 1, 0, 1, 1, 1, 0]),
    ],
)
async def test_three_failures_in_a_row_postpone_the_rest_and_an_answer_starts_the_count_again(
    harness: ShopHarness, answers: str, asked_for: int, attempts: list[int]
):
    """F fails, H is still being handled, E ends its order; the list fails, so each is asked for."""
    await harness.customer(1, dinars=900_000)
    orders = [await harness.buy(1) for _ in answers]
    await harness.place()
    harness.clock.pass_time(5)
    asked = []

    async def no_list(_since, _until):
        raise errors.SupplierUnavailable("list", "")

    async def answer(supplier_order_id, _purchase):
        asked.append(supplier_order_id)
        order = await harness.order(orders[len(asked) - 1].id)
        assert order.supplier_order_id == supplier_order_id
        if answers[len(asked) - 1] == "F":
            raise errors.SupplierUnavailable("checkOrder", "")
        ended = answers[len(asked) - 1] == "E"
        status = SupplierStatus.FULFILLED if ended else SupplierStatus.HANDLING
        return report(order, status, "A" if ended else "", final=ended)

    harness.supplier.orders, harness.supplier.order = no_list, answer

    assert await poll_due_orders(harness.shop, "oneclickdz") == answers.count("E")

    assert len(asked) == asked_for
    assert [(await harness.order(order.id)).attempts for order in orders] == attempts


async def test_an_id_that_is_unknown_for_fifteen_minutes_needs_an_operator(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()

    async def unknown(_supplier_order_id, _purchase):
        raise errors.UnknownAtSupplier("checkOrder")

    harness.supplier.order = unknown
    for seconds, attention in ((900 - 1, None), (1, Attention.NOT_FOUND)):
        harness.clock.pass_time(seconds)
        await change_order(harness, order.id, due_at=harness.clock.now())
        await poll_due_orders(harness.shop, "oneclickdz")
        assert (await harness.order(order.id)).attention is attention


async def test_an_order_whose_id_is_unknown_is_alerted_once_and_still_ends(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.book.script(
        Fault(FaultKind.STATUS, "checkOrder", times=10**9, status=404, code="NOT_FOUND")
    )
    await harness.run(800)
    assert (await harness.order(order.id)).attention is None

    await harness.run(300)

    assert (await harness.order(order.id)).attention is Attention.NOT_FOUND
    assert len(harness.sender.alerts("not_found")) == 1
    harness.book.faults.clear()
    await harness.run(200)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert (await harness.order(order.id)).attention is None


async def test_an_order_that_cannot_be_asked_for_holds_up_no_other(harness: ShopHarness):
    await harness.customer(1)
    await harness.customer(2)
    bad = await harness.buy(1)
    await harness.place()
    supplier_id = (await harness.order(bad.id)).supplier_order_id
    for path in (f"checkOrder/{supplier_id}", "list"):
        harness.book.script(Fault(FaultKind.STATUS, path, times=10**9))
    good = await harness.buy(2)

    await harness.run(30)

    assert (await harness.order(good.id)).state is OrderState.FULFILLED
    assert (await harness.order(bad.id)).state is OrderState.HANDLING


async def test_a_list_that_does_not_work_holds_up_no_order(harness: ShopHarness):
    for user in range(1, 6):
        await harness.customer(user)
    orders = [await harness.buy(user) for user in range(1, 6)]
    harness.book.script(Fault(FaultKind.STATUS, "list", times=10**9))

    await harness.run(40)

    states = [(await harness.order(order.id)).state for order in orders]
    assert set(states) == {OrderState.FULFILLED}


async def test_after_three_failures_no_other_order_is_asked_for(harness: ShopHarness):
    for user in range(1, 7):
        await harness.customer(user)
        await harness.buy(user)
    await harness.place()
    harness.clock.pass_time(2)
    harness.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    calls = len(harness.book.calls)

    await poll_due_orders(harness.shop, "oneclickdz")

    assert len(harness.book.calls) - calls == 4  # the list, and three orders


async def test_a_key_that_is_refused_while_listing_stops_all_calls(harness: ShopHarness):
    for user in (1, 2):
        await harness.customer(user)
        await harness.buy(user)
    await harness.place()
    harness.clock.pass_time(2)
    await refuse_key_twice(harness)
    harness.book.script(Fault(FaultKind.STATUS, "list", status=401, code="INVALID_ACCESS_TOKEN"))
    calls = len(harness.book.calls)

    assert await poll_due_orders(harness.shop, "oneclickdz") == 0
    await harness.run(30)

    assert len(harness.book.calls) - calls == 1
    assert [a["alert"] for a in harness.sender.alerts()] == ["circuit_open"]


async def test_an_alert_of_an_unknown_id_names_the_order(harness: ShopHarness):
    await harness.customer(1)
    harness.book.handling_seconds = 10_000
    order = await harness.buy(1)
    await harness.place()
    harness.book.script(
        Fault(FaultKind.STATUS, "checkOrder", times=999, status=404, code="NOT_FOUND")
    )
    await harness.run(1100)
    assert only_alert(harness, AlertKind.ORDER_NOT_FOUND)["order"] == str(order.id)


async def test_failed_checks_make_the_next_ones_rarer(harness: ShopHarness):
    harness.book.handling_seconds = 10_000
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    waits = []
    harness.book.script(Fault(FaultKind.HTML, "checkOrder", times=7, status=502))
    for _ in range(8):
        harness.clock.moment = refusals.required((await harness.order(order.id)).due_at)
        await poll_due_orders(harness.shop, "oneclickdz")
        now = await harness.order(order.id)
        wait = refusals.required(now.due_at) - harness.clock.now()
        waits.append((wait.total_seconds(), now.attempts))

    assert waits == [(5, 1), (5, 2), (8, 3), (16, 4), (32, 5), (60, 6), (60, 7), (5, 0)]


async def test_orders_in_a_list_wait_as_long_as_a_single_one(harness: ShopHarness):
    harness.book.handling_seconds = 10_000
    await harness.customer(1)
    orders = [await harness.buy(1) for _ in range(3)]
    await harness.place()
    harness.clock.pass_time(2)
    assert await poll_due_orders(harness.shop, "oneclickdz") == 0
    for order in orders:
        now = await harness.order(order.id)
        wait = refusals.required(now.due_at) - harness.clock.now()
        assert (wait, now.attempts) == (timedelta(seconds=5), 0)
    harness.clock.pass_time(6)
    for there in harness.book.orders.values():
        there.ready_at = harness.clock.now()
    assert await poll_due_orders(harness.shop, "oneclickdz") == 3


async def test_a_refused_key_counts_as_a_failed_attempt_of_every_order(harness: ShopHarness):
    harness.book.handling_seconds = 10_000
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(2)
    await refuse_key_twice(harness)
    harness.book.script(Fault(FaultKind.STATUS, "checkOrder", status=401, code="ERR_AUTH"))
    await poll_due_orders(harness.shop, "oneclickdz")
    assert (await harness.order(order.id)).attempts == 1
    await harness.round()
    assert only_alert(harness, AlertKind.CIRCUIT_OPEN)["code"] == "ERR_AUTH"
    await forget_access(harness.shop)
    async with harness.store.reading() as tx:
        account = await tx.suppliers.account("oneclickdz")
        assert (account.environment, account.paused_for_access) == (None, False)
        assert not await tx.alerts.is_open("circuit_open:oneclickdz")


async def test_orders_ended_by_the_list_and_by_single_answers_are_counted_together(
    harness: ShopHarness,
):
    await harness.customer(1, dinars=900_000)
    placed = [await harness.buy(1) for _ in range(3)]
    await harness.place()
    first, *others = [await harness.order(order.id) for order in placed]
    spans, answers = [], iter("BC")

    async def listed(since, until):
        spans.append((since, until))
        return (report(first, S.FULFILLED, "A", final=True),)

    async def ask(there, _purchase):
        order = next(order for order in others if order.supplier_order_id == there)
        return report(order, S.FULFILLED, next(answers), final=True)

    harness.supplier.orders, harness.supplier.order = listed, ask
    harness.clock.pass_time(5)

    assert await poll_due_orders(harness.shop, "oneclickdz") == 3
    margin = timedelta(minutes=2)
    assert spans == [(refusals.required(first.accepted_at) - margin, harness.clock.now() + margin)]


async def test_orders_of_one_supplier_are_asked_for_nowhere_else(two_suppliers: VoucherHarness):
    asked: dict[str, list[str]] = {name: [] for name in two_suppliers.shop.suppliers}
    for name, supplier in two_suppliers.shop.suppliers.items():

        async def ask(there, _purchase, name=name):
            asked[name].append(there)
            raise errors.SupplierUnavailable("order", "")

        async def listed(_since, _until, name=name):
            asked[name].append("list")
            return ()

        supplier.order, supplier.orders = ask, listed
    await two_suppliers.customer(1)
    order = await two_suppliers.buy(1)
    await two_suppliers.place()
    async with two_suppliers.store._writer.begin() as db:
        await db.execute(
            update(orders).values(state=OrderState.HANDLING, due_at=two_suppliers.clock.now())
        )
    assert await poll_due_orders(two_suppliers.shop, "starship") == 0
    async with two_suppliers.store._writer.begin() as db:
        await db.execute(update(orders).values(state=OrderState.UNCONFIRMED))
    assert await reconcile_lost_orders(two_suppliers.shop, "starship") == 0

    assert order.supplier == "oneclickdz"
    assert asked["starship"] == []


async def test_an_order_that_the_supplier_does_not_know_yet_is_asked_for_again(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    hidden = dict(harness.book.orders)
    harness.book.orders.clear()

    await harness.run(10)
    assert (await harness.order(order.id)).state is OrderState.HANDLING
    harness.book.orders.update(hidden)
    await harness.run(30)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_orders_missing_from_the_list_are_asked_for_one_by_one(harness: ShopHarness):
    for user in (1, 2, 3):
        await harness.customer(user)
        await harness.buy(user)
    await harness.place()
    for theirs in harness.book.orders.values():
        theirs.placed_at -= timedelta(days=1)

    await harness.run(20)

    assert harness.book.count("checkOrder") >= 3
    assert len(harness.sender.codes_of(3)) == 1


async def test_orders_beyond_those_that_are_asked_for_one_by_one_come_first_in_the_next_run(
    harness: ShopHarness,
):
    """Where the list fails, twenty are asked for; the failures of these say nothing of the others."""
    await harness.customer(1, dinars=900_000)
    for _ in range(22):
        await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(2)
    harness.book.script(Fault(FaultKind.STATUS, "list", times=9, status=500))
    async with harness.store.reading() as tx:
        before = await tx.orders.due(OrderState.HANDLING, harness.clock.now(), 99, "oneclickdz")
    last = before[-1]
    await poll_due_orders(harness.shop, "oneclickdz")

    assert len(before) == 22
    now = await harness.order(last.id)
    assert now.attempts == last.attempts
    assert refusals.required(now.due_at) > harness.clock.now()


async def test_an_order_that_ended_while_the_list_was_read_leaves_the_next_look_of_the_others(
    harness: ShopHarness,
):
    await harness.customer(1)
    placed = [await harness.buy(1) for _ in range(2)]
    await harness.place()
    first, second = [await harness.order(order.id) for order in placed]
    harness.clock.pass_time(3)

    async def end_and_list(_since, _until):
        await change_order(harness, first.id, state=OrderState.REFUNDED, due_at=None)
        return report(first), report(second)

    harness.supplier.orders = end_and_list
    assert await poll_due_orders(harness.shop, "oneclickdz") == 0

    assert (await harness.order(first.id)).due_at is None
    assert refusals.required((await harness.order(second.id)).due_at) > harness.clock.now()


async def test_an_order_that_ended_while_its_answer_broke_is_not_polled_again(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(5)

    async def end_and_break(_supplier_order_id, _purchase):
        await change_order(harness, order.id, state=OrderState.REFUNDED, due_at=None)
        raise KeyError

    async def no_list(_since, _until):
        raise errors.SupplierUnavailable("list", "")

    harness.supplier.orders, harness.supplier.order = no_list, end_and_break
    assert await poll_due_orders(harness.shop, "oneclickdz") == 0

    ended = await harness.order(order.id)
    assert (ended.state, ended.due_at, ended.attempts) == (OrderState.REFUNDED, None, 0)
