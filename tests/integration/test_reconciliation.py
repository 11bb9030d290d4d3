"""Never bought twice: an order whose answer was lost is looked for in the supplier's list, and bound once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.alerts import AlertKind
from bot.domain.orders import Attention, OrderState
from bot.refusals import required
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.orders.place import recover_interrupted
from bot.services.orders.reconcile import reconcile_lost_orders
from bot.services.orders.refund import ask_refund, confirm_refund
from storage.tables import orders
from tests.database import overwrite
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.order_steps import change_order, report
from tests.integration.readings import only_alert
from tests.vouchers import VoucherHarness

MOMENT = timedelta(microseconds=1)
LOST_AFTER = [
    Fault(FaultKind.STATUS_AFTER, "placeOrder", status=500),
    Fault(FaultKind.STATUS_AFTER, "placeOrder", status=503, code="SERVICE_UNAVAILABLE"),
    Fault(FaultKind.GARBAGE, "placeOrder"),
]


@pytest.mark.parametrize("fault", LOST_AFTER, ids=lambda f: f"{f.kind}-{f.status}")
async def test_an_order_whose_answer_was_lost_is_found_and_delivered(
    harness: ShopHarness, fault: Fault
):
    fault.times = 1
    harness.book.script(fault)
    await harness.customer(1)

    order = await harness.buy(1, 2)
    await harness.run(30)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert len(harness.book.orders) == harness.book.count("placeOrder") == 1
    assert len(harness.sender.codes_of(1)) == 2
    assert len(harness.sender.alerts("outcome_unknown")) == 1
    await books_agree(harness)


async def test_an_order_that_never_reached_the_supplier_waits_for_an_operator(harness: ShopHarness):
    harness.book.script(Fault(FaultKind.HTML, "placeOrder", status=502))
    await harness.customer(1)
    order = await harness.buy(1)

    await harness.run(14 * 60)
    assert harness.sender.alerts("not_found") == []
    await harness.run(2 * 60)

    waiting = await harness.order(order.id)
    assert (waiting.state, waiting.attention) == (OrderState.UNCONFIRMED, Attention.NOT_FOUND)
    assert len(harness.sender.alerts("not_found")) == 1
    assert harness.book.count("placeOrder") == 1
    await books_agree(harness)

    _, _, action = await ask_refund(
        harness.shop, key="r", operator_id=OPERATOR, order_id=order.id, reason="lost"
    )
    assert action is not None
    await confirm_refund(harness.shop, OPERATOR, action)
    assert (await harness.order(order.id)).state is OrderState.REFUNDED
    assert await harness.balance(1) == 50_000_00


async def test_two_equal_orders_lost_at_once_get_an_order_each(harness: ShopHarness):
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder", times=2))
    await harness.customer(1)
    await harness.customer(2)

    first, second = await harness.buy(1), await harness.buy(2)
    await harness.run(30)

    bound = {(await harness.order(o.id)).supplier_order_id for o in (first, second)}
    assert bound == set(harness.book.orders)
    assert len(harness.sender.codes_of(1)) == len(harness.sender.codes_of(2)) == 1
    assert harness.sender.codes_of(1) != harness.sender.codes_of(2)
    await books_agree(harness)


async def test_of_two_equal_lost_orders_with_one_purchase_the_older_gets_it(harness: ShopHarness):
    harness.book.script(
        Fault(FaultKind.STATUS_AFTER, "placeOrder"), Fault(FaultKind.HTML, "placeOrder", status=502)
    )
    await harness.customer(1)
    await harness.customer(2)

    first, second = await harness.buy(1), await harness.buy(2)
    await harness.run(60)

    assert (await harness.order(first.id)).state is OrderState.FULFILLED
    assert (await harness.order(second.id)).state is OrderState.UNCONFIRMED
    await books_agree(harness)


async def test_an_order_of_the_same_kind_that_is_ours_already_is_not_adopted(harness: ShopHarness):
    await harness.customer(1)
    await harness.customer(2)
    await harness.buy(1)
    await harness.run(20)
    harness.book.script(Fault(FaultKind.HTML, "placeOrder", status=504))

    lost = await harness.buy(2)
    await harness.run(60)

    assert (await harness.order(lost.id)).state is OrderState.UNCONFIRMED
    assert harness.sender.codes_of(2) == []


async def test_a_purchase_cut_off_by_the_end_of_the_process_is_found_after_the_restart(
    harness: ShopHarness,
):
    await harness.customer(1)
    order = await harness.buy(1)

    async def interrupted(tx):
        await overwrite(tx, orders, order.id, state=OrderState.PLACING, sent_at=harness.clock.now())

    await harness.store.write(interrupted)

    async def yes() -> bool:
        return True

    request = harness.supplier.build_request(order.purchase, order.id)
    await harness.supplier.buy(request, yes)  # sent, and its answer was lost
    harness.restart()
    await harness.open()

    assert await recover_interrupted(harness.shop) == 1
    await harness.run(30)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert len(harness.book.orders) == 1
    await books_agree(harness)


async def test_the_search_goes_on_while_the_supplier_is_down(harness: ShopHarness):
    harness.book.script(
        Fault(FaultKind.STATUS_AFTER, "placeOrder"), Fault(FaultKind.STATUS, "/list", times=5)
    )
    await harness.customer(1)

    order = await harness.buy(1)
    await harness.run(200)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_a_lost_order_of_another_supplier_changes_no_search(two_suppliers: VoucherHarness):
    """Neither whether the list is asked for, nor from which time on."""
    await two_suppliers.customer(1, dinars=900_000)
    mine, other = await two_suppliers.buy(1), await two_suppliers.buy(1)
    now, early = two_suppliers.clock.now(), two_suppliers.clock.now() - timedelta(hours=1)

    async def lose(order, supplier, sent_at, due_at):
        async with two_suppliers.store._writer.begin() as db:
            values = {"state": OrderState.UNCONFIRMED, "supplier": supplier}
            row = update(orders).where(orders.c.id == order.id)
            await db.execute(row.values(**values, sent_at=sent_at, due_at=due_at))

    spans = []

    async def listed(since, until):
        spans.append(since)
        return ()

    two_suppliers.starship.orders = listed
    await lose(mine, "starship", now, now + timedelta(seconds=1))
    await lose(other, "oneclickdz", early, now)
    assert await reconcile_lost_orders(two_suppliers.shop, "starship") == 0
    assert spans == []
    await lose(mine, "starship", now, now)
    await lose(other, "oneclickdz", early, now + timedelta(seconds=1))
    await reconcile_lost_orders(two_suppliers.shop, "starship")
    assert spans == [now - timedelta(minutes=2)]


async def test_an_equal_purchase_at_another_supplier_delays_no_search(
    two_suppliers: VoucherHarness,
):
    await two_suppliers.customer(1)
    two_suppliers.book.script(Fault(FaultKind.RESET_AFTER, "placeOrder"))
    order, other = await two_suppliers.buy(1), await two_suppliers.buy(1)
    await two_suppliers.place()
    async with two_suppliers.store._writer.begin() as db:  # an equal purchase, at another supplier
        await db.execute(
            update(orders)
            .where(orders.c.id == other.id)
            .values(state=OrderState.PLACING, supplier="starship", supplier_order_id=None)
        )
    two_suppliers.clock.pass_time(2)

    assert await reconcile_lost_orders(two_suppliers.shop, "oneclickdz") == 1
    assert (await two_suppliers.order(order.id)).state is OrderState.HANDLING


async def test_equal_orders_wait_while_one_is_on_its_way(harness: ShopHarness):
    await harness.customer(1)
    lost, flying = await harness.buy(1), await harness.buy(1)
    now = harness.clock.now()
    await change_order(harness, lost.id, state=OrderState.UNCONFIRMED, sent_at=now, due_at=now)
    await change_order(harness, flying.id, state=OrderState.PLACING, sent_at=now)

    async def yes() -> bool:
        return True

    await harness.supplier.buy(harness.supplier.build_request(flying.purchase, flying.id), yes)

    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == 0
    assert (await harness.order(lost.id)).supplier_order_id is None


async def test_an_order_of_another_kind_is_not_adopted(harness: ShopHarness):
    await harness.customer(1)
    await harness.buy(1, label="25 $")
    await harness.place()
    other = next(iter(harness.book.orders.values()))
    lost = await harness.buy(1)
    now = harness.clock.now()
    await change_order(harness, lost.id, state=OrderState.UNCONFIRMED, sent_at=now, due_at=now)
    await change_order(harness, 1, supplier_order_id=None)

    await reconcile_lost_orders(harness.shop, "oneclickdz")

    assert (await harness.order(lost.id)).supplier_order_id is None
    assert other.id in harness.book.orders


async def test_an_order_that_is_found_late_needs_no_operator_any_more(
    harness: ShopHarness,
):
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder"))
    order = await harness.buy(1)
    hidden, harness.book.orders = {}, {}
    await harness.place()
    hidden, harness.book.orders = harness.book.orders, hidden
    await harness.run(960)
    assert (await harness.order(order.id)).attention is Attention.NOT_FOUND
    harness.book.orders = hidden
    harness.clock.pass_time(600)

    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == 1

    after = await harness.order(order.id)
    assert (after.state, after.attention) == (OrderState.HANDLING, None)


async def test_a_failed_list_does_not_count_as_not_found(harness: ShopHarness):
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.HTML, "placeOrder", status=502))
    order = await harness.buy(1)
    await harness.place()
    harness.book.script(Fault(FaultKind.STATUS, "list", times=100, status=503))
    await harness.run(1000)
    assert (await harness.order(order.id)).attention is None


async def test_two_lost_orders_are_both_found_and_counted(harness: ShopHarness):
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder", times=2))
    for _ in range(2):
        await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(1)

    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == 2
    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == 0


async def test_a_lost_answer_is_alerted_and_searched_for_within_a_second(harness: ShopHarness):
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.HTML, "placeOrder", status=502))
    order = await harness.buy(1)
    await harness.place()
    lost = await harness.order(order.id)
    assert (lost.state, lost.attempts) == (OrderState.UNCONFIRMED, 0)
    assert required(lost.due_at) - harness.clock.now() == timedelta(seconds=1)
    await harness.round()
    assert only_alert(harness, AlertKind.OUTCOME_UNKNOWN) == {
        "alert": "outcome_unknown",
        "order": str(order.id),
        "supplier": "oneclickdz",
        "why": "502",
    }
    await harness.run(1000)
    found = only_alert(harness, AlertKind.ORDER_NOT_FOUND)
    assert found["order"] == str(order.id)


@pytest.mark.parametrize(("earlier", "found"), [(None, 1), (timedelta(0), 1), (MOMENT, 0)])
async def test_a_listed_purchase_may_be_ours_from_two_minutes_before_it_was_sent(
    harness: ShopHarness, earlier: timedelta | None, found: int
):
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder"))
    order = await harness.buy(1)
    await harness.place()
    order = await harness.order(order.id)
    at = None if earlier is None else required(order.sent_at) - timedelta(minutes=2) - earlier

    async def listed(_since, _until):
        listed_order = report(order, purchase=order.purchase, ordered_at=at)
        return (replace(listed_order, supplier_order_id="supplier-id"),)

    harness.supplier.orders = listed
    harness.clock.pass_time(2)

    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == found


async def test_an_order_that_ended_while_the_list_was_read_leaves_the_next_look_of_the_others(
    harness: ShopHarness,
):
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder", times=2))
    first, second = [await harness.buy(1) for _ in range(2)]
    await harness.place()
    harness.clock.pass_time(3)

    async def end_and_list(_since, _until):
        await change_order(harness, first.id, state=OrderState.REFUNDED, due_at=None)
        return ()

    harness.supplier.orders = end_and_list
    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == 0

    assert (await harness.order(first.id)).due_at is None
    assert required((await harness.order(second.id)).due_at) > harness.clock.now()
