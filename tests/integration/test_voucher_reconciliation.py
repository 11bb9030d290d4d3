"""Orders at Starship whose answer was lost: found by repeating the same request, or by its reference."""

import asyncio

import pytest

from bot.domain.orders import Attention, OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.orders import place
from bot.services.orders.poll import poll_due_orders
from bot.services.orders.reconcile import reconcile_lost_orders
from bot.services.selling.access import check_access
from storage.tables import purchase_requests
from tests.sweeps import AT_INTERVALS
from tests.vouchers import VoucherHarness

HOUR = 3600
S = OrderState


@pytest.fixture
def harness(voucher_harness: VoucherHarness) -> VoucherHarness:
    return voucher_harness


@pytest.mark.parametrize(
    "kind", [FaultKind.SILENCE_AFTER, FaultKind.RESET_AFTER, FaultKind.STATUS_AFTER, FaultKind.TORN]
)
async def test_a_lost_answer_is_asked_for_with_the_same_bytes(harness: VoucherHarness, kind):
    await harness.customer(1)
    denomination = await harness.denomination()
    assert denomination
    harness.vouchers.script(Fault(kind, "/orders", seconds=0.5))
    order = await harness.buy(1)
    await harness.run(30)

    assert (await harness.order(order.id)).state is S.FULFILLED
    assert len(harness.vouchers.orders) == 1
    assert harness.vouchers.count("POST /api/v1/orders") == 2


async def test_a_request_that_never_arrived_is_ordered_by_its_repetition(harness: VoucherHarness):
    await harness.customer(1)
    await harness.denomination()
    harness.vouchers.script(Fault(FaultKind.SILENCE_BEFORE, "/orders", seconds=0.5))
    order = await harness.buy(1)
    await harness.run(30)

    assert (await harness.order(order.id)).state is S.FULFILLED
    assert len(harness.vouchers.orders) == 1


async def test_a_key_older_than_a_day_is_never_sent_again(harness: VoucherHarness):
    harness.leave_out(*AT_INTERVALS)
    await harness.customer(1)
    await harness.denomination()
    harness.vouchers.script(Fault(FaultKind.HTML, "/orders", times=10**6, status=502))
    order = await harness.buy(1)
    await harness.run(30)
    harness.clock.pass_time(25 * HOUR)
    asked = harness.vouchers.count("POST /api/v1/orders")
    harness.vouchers.faults.clear()
    await harness.run(3 * HOUR)

    lost = await harness.order(order.id)
    assert (lost.state, lost.attention) == (S.UNCONFIRMED, Attention.NOT_FOUND)
    assert harness.vouchers.count("POST /api/v1/orders") == asked
    assert harness.vouchers.orders == {}


async def test_an_order_whose_key_is_old_is_found_by_its_reference(harness: VoucherHarness):
    await harness.customer(1)
    await harness.denomination()
    harness.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
    first = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(25 * HOUR)
    other = await harness.buy(1)
    await harness.run(120)

    found = await harness.order(first.id)
    assert found.state is S.FULFILLED
    assert (await harness.order(other.id)).state is S.FULFILLED
    assert len(harness.vouchers.orders) == 2
    refs = {o.ref: str(o.id) for o in harness.vouchers.orders.values()}
    assert refs[next(r for r in refs if r.startswith(f"HN-{first.id}-"))] == found.supplier_order_id


async def test_nothing_is_polled_or_searched_where_nothing_waits(harness: VoucherHarness):
    calls = len(harness.vouchers.calls)
    assert await poll_due_orders(harness.shop, "starship") == 0
    assert await reconcile_lost_orders(harness.shop, "starship") == 0
    assert len(harness.vouchers.calls) == calls


async def test_a_repetition_whose_key_is_refused_closes_the_shop_and_bought_nothing(
    harness: VoucherHarness,
):
    await harness.customer(1)
    await harness.denomination()
    harness.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
    order = await harness.buy(1)
    await harness.place()
    harness.vouchers.refused_addresses = True
    harness.clock.pass_time(2)
    assert await reconcile_lost_orders(harness.shop, "starship") == 0
    await harness.run(20)
    assert len(harness.sender.alerts("circuit_open")) == 1
    harness.vouchers.refused_addresses = False
    await check_access(harness.shop, "starship")
    await harness.run(60)

    assert (await harness.order(order.id)).state is S.FULFILLED
    assert len(harness.vouchers.orders) == 1


async def test_an_answer_that_comes_for_an_ended_order_binds_nothing(harness: VoucherHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(6)
    assert not await harness.store.write(place.accept_answer, harness.shop, order.id, "999")
    assert (await harness.order(order.id)).supplier_order_id != "999"


async def lost(harness: VoucherHarness):
    """An order at the supplier, whose answer did not arrive; it is looked for from now on."""
    await harness.customer(1)
    await harness.denomination()
    harness.vouchers.script(Fault(FaultKind.RESET_AFTER, "/orders"))
    order = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(2)
    return order


async def test_two_looks_at_once_bind_a_lost_order_once(harness: VoucherHarness):
    order = await lost(harness)
    looks = (reconcile_lost_orders(harness.shop, "starship") for _ in range(2))
    assert sorted(await asyncio.gather(*looks)) == [0, 1]
    await harness.run(20)

    assert (await harness.order(order.id)).state is S.FULFILLED
    assert len(harness.sender.codes_of(1)) == 1


async def test_an_order_whose_request_is_not_here_is_never_sent_anew(harness: VoucherHarness):
    """Without it there is nothing to repeat, and no reference to know it by: an operator decides."""
    order = await lost(harness)
    async with harness.store._writer.begin() as db:
        await db.execute(purchase_requests.delete())
    await harness.run(1200)

    order = await harness.order(order.id)
    assert (order.state, order.attention) == (S.UNCONFIRMED, Attention.NOT_FOUND)
    assert harness.vouchers.count("POST /api/v1/orders") == 1


async def test_a_silence_is_not_waited_for_once_for_each_lost_order(harness: VoucherHarness):
    for user in range(1, 9):
        await harness.customer(user)
        harness.vouchers.script(Fault(FaultKind.STATUS_AFTER, "/orders"))
        await harness.buy(user)
        await harness.place()
    harness.vouchers.script(Fault(FaultKind.HTML, "", times=10**6, status=502))
    asked = harness.vouchers.count("POST /api/v1/orders")
    harness.clock.pass_time(2)
    await reconcile_lost_orders(harness.shop, "starship")
    # Three are on their way at once; after three failures in a row no more are sent.
    assert asked + 3 <= harness.vouchers.count("POST /api/v1/orders") <= asked + 5
    harness.vouchers.faults.clear()
    await harness.run(200)
    assert len(harness.vouchers.orders) == 8
    for user in range(1, 9):
        assert len(harness.sender.codes_of(user)) == 1
