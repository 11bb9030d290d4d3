"""The supplier's clock differs from ours: lost orders are found all the same, and operators are told."""

from datetime import timedelta

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.orders import OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.orders.reconcile import reconcile_lost_orders
from tests.harness import ShopHarness, books_agree
from tests.integration.order_steps import change_order
from tests.integration.readings import only_alert
from tests.vouchers import VoucherHarness

HOUR, DAY = 3600, 86_400
OFF = [-3 * HOUR, -HOUR, -600, 600, HOUR, 3 * HOUR]
S = OrderState


def set_their_clock(harness: ShopHarness, seconds: float) -> None:
    book = harness.vouchers if isinstance(harness, VoucherHarness) else harness.book
    book.now = lambda: harness.clock.true() + timedelta(seconds=seconds)


@pytest.mark.parametrize("off", OFF)
async def test_a_lost_order_is_found_by_the_suppliers_own_clock(harness: ShopHarness, off: int):
    set_their_clock(harness, off)
    await harness.customer(1)
    await harness.customer(2)
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder", status=500, times=1))
    order = await harness.buy(1)
    await harness.run(40)

    assert (await harness.order(order.id)).state is S.FULFILLED
    assert len(harness.book.orders) == 1
    await books_agree(harness)


@pytest.mark.parametrize("off", OFF)
async def test_an_older_order_of_the_same_kind_is_not_taken_for_a_lost_one(
    harness: ShopHarness, off: int
):
    set_their_clock(harness, off)
    await harness.customer(1)
    bought_elsewhere = await harness.buy(1)
    await harness.run(20)
    await change_order(harness, bought_elsewhere.id, supplier_order_id=None)
    harness.clock.pass_time(1200)
    harness.book.script(Fault(FaultKind.SILENCE_BEFORE, "placeOrder", seconds=0.1, times=1))
    order = await harness.buy(1)
    await harness.run(60)

    assert (await harness.order(order.id)).state is S.UNCONFIRMED


@pytest.mark.parametrize("off", [-3 * HOUR, HOUR, 3 * HOUR])
async def test_before_their_clock_is_known_the_list_is_read_for_more_hours(
    harness: ShopHarness, off: int
):
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder", status=500, times=1))
    set_their_clock(harness, off)
    order = await harness.buy(1)
    await harness.place()
    harness.supplier._client.server_time = None
    harness.clock.pass_time(5)

    assert await reconcile_lost_orders(harness.shop, "oneclickdz") == 1
    assert (await harness.order(order.id)).state is S.HANDLING


@pytest.mark.parametrize("off", OFF)
async def test_starship_is_searched_by_its_own_clock_too(voucher_harness: VoucherHarness, off: int):
    harness = voucher_harness
    await harness.customer(1)
    await harness.denomination()
    set_their_clock(harness, off)
    harness.vouchers.script(Fault(FaultKind.STATUS_AFTER, "/orders", status=500, times=1))
    order = await harness.buy(1)
    await harness.place()
    lost = await harness.order(order.id)
    assert lost.state is S.UNCONFIRMED
    await change_order(harness, order.id, sent_at=harness.clock.now() - timedelta(hours=24))
    harness.clock.pass_time(5)
    calls = harness.vouchers.count("POST /api/v1/orders")

    found = await harness.starship.orders(
        harness.clock.now() - timedelta(minutes=2), harness.clock.now()
    )

    assert harness.vouchers.count("POST /api/v1/orders") == calls
    (one,) = found
    assert one.ordered_at is not None
    assert abs(one.ordered_at - harness.clock.now()) < timedelta(seconds=10)


@pytest.mark.parametrize(
    ("off", "ahead", "by"),
    [(3 * HOUR, "yes", "3:00:00"), (-HOUR, "no", "1:00:00"), (400, "yes", "0:06:40")],
)
async def test_operators_are_told_once_by_how_much_the_clocks_differ(
    harness: ShopHarness, off: int, ahead: str, by: str
):
    set_their_clock(harness, off)
    for _ in range(20):
        await harness.supplier.balance()
        await harness.clock_watch.check()
        harness.clock.pass_time(60)
    await harness.round()

    alert = only_alert(harness, AlertKind.SUPPLIER_CLOCK)
    assert (alert["supplier"], alert["ahead"], alert["by"]) == ("oneclickdz", ahead, by)
    set_their_clock(harness, 1)
    await harness.supplier.balance()
    await harness.clock_watch.check()
    async with harness.store.reading() as tx:
        assert not await tx.alerts.is_open("supplier_clock:oneclickdz")
    set_their_clock(harness, off)
    await harness.supplier.balance()
    await harness.clock_watch.check()
    await harness.round()
    assert len(harness.sender.alerts(AlertKind.SUPPLIER_CLOCK)) == 2


async def test_a_difference_of_seconds_is_told_to_nobody(harness: ShopHarness):
    set_their_clock(harness, 200)
    await harness.supplier.balance()
    await harness.clock_watch.check()
    await harness.round()

    assert harness.sender.alerts(AlertKind.SUPPLIER_CLOCK) == []


async def test_clocks_that_agree_cost_no_write(harness: ShopHarness, monkeypatch):
    await harness.supplier.balance()
    await harness.clock_watch.check()
    written = []
    write = harness.store.write

    async def noting(work, *args, **kwargs):
        written.append(work.__name__)
        return await write(work, *args, **kwargs)

    monkeypatch.setattr(harness.store, "write", noting)
    for _ in range(5):
        harness.clock.pass_time(5)
        await harness.clock_watch.check()

    assert written == []


@pytest.mark.parametrize("step", [-5 * HOUR, -9 * HOUR, -DAY])
async def test_a_request_is_not_repeated_after_its_time_because_our_clock_was_set_back(
    voucher_harness: VoucherHarness, step: int
):
    """Repeated later than the supplier remembers it, the request would buy a second time."""
    harness = voucher_harness
    await harness.customer(1)
    await harness.denomination()
    harness.vouchers.script(Fault(FaultKind.HTML, "/orders", times=10**6, status=502))
    await harness.buy(1)
    await harness.run(30)
    harness.clock.pass_time(10 * HOUR)
    await harness.set_clock(step)
    harness.clock.pass_time(14 * HOUR)
    asked = harness.vouchers.count("POST /api/v1/orders")
    harness.vouchers.faults.clear()

    await harness.run(HOUR)

    assert harness.vouchers.count("POST /api/v1/orders") == asked
