"""One reading of a supplier's list serves the orders that are due and those that are due within seconds."""

from datetime import datetime, timedelta

from bot.domain.orders import Order, OrderState
from bot.refusals import required
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.sandbox.supplier.vouchers import Outcome
from bot.services.orders.poll import poll_due_orders
from tests.harness import ShopHarness
from tests.integration.order_steps import change_order
from tests.vouchers import VoucherHarness


def polls(harness: ShopHarness) -> tuple[int, int]:
    return harness.book.count("/list"), harness.book.count("checkOrder")


async def accepted(harness: ShopHarness, *due_in: float, seconds: float = 60.0) -> list[Order]:
    """Orders that the supplier has for so long, due in so many seconds each."""
    await harness.customer(1, dinars=900_000)
    harness.book.handling_seconds = seconds
    orders = [await harness.buy(1) for _ in due_in]
    await harness.place()
    harness.clock.pass_time(10)
    for order, wait in zip(orders, due_in, strict=True):
        await change_order(harness, order.id, due_at=after(harness, wait))
    return [await harness.order(order.id) for order in orders]


def after(harness: ShopHarness, seconds: float) -> datetime:
    return harness.clock.now() + timedelta(seconds=seconds)


async def due_times(harness: ShopHarness, orders: list[Order]) -> list[float]:
    dues = [required((await harness.order(order.id)).due_at) for order in orders]
    return [(due - harness.clock.now()).total_seconds() for due in dues]


async def test_an_order_that_is_due_within_seconds_is_looked_for_in_the_list(harness: ShopHarness):
    orders = await accepted(harness, 0, 5, 5.001)

    await poll_due_orders(harness.shop, "oneclickdz")

    assert polls(harness) == (1, 0)
    assert await due_times(harness, orders) == [5, 5, 5.001]


async def test_what_ended_is_settled_before_it_is_due(harness: ShopHarness):
    orders = await accepted(harness, 0, 4, seconds=9)

    assert await poll_due_orders(harness.shop, "oneclickdz") == 2

    assert polls(harness) == (1, 0)
    states = {(await harness.order(order.id)).state for order in orders}
    assert states == {OrderState.FULFILLED}


async def test_an_order_alone_is_polled_by_itself_and_only_when_it_is_due(harness: ShopHarness):
    await accepted(harness, 4)
    await poll_due_orders(harness.shop, "oneclickdz")
    assert polls(harness) == (0, 0)

    harness.clock.pass_time(4)
    await poll_due_orders(harness.shop, "oneclickdz")
    assert polls(harness) == (0, 1)


async def test_an_order_that_is_polled_rarely_is_not_polled_early(harness: ShopHarness):
    orders = await accepted(harness, 0, 3, seconds=10**5)
    long_ago = harness.clock.now() - timedelta(seconds=600)
    await change_order(harness, orders[1].id, accepted_at=long_ago)

    await poll_due_orders(harness.shop, "oneclickdz")

    assert polls(harness) == (0, 1)
    assert await due_times(harness, orders) == [5, 3]


async def test_an_order_that_is_not_in_the_list_yet_waits_until_it_is_due(harness: ShopHarness):
    orders = await accepted(harness, 0, 4)
    there = harness.book.orders.pop(required(orders[1].supplier_order_id))

    await poll_due_orders(harness.shop, "oneclickdz")
    assert polls(harness) == (1, 0)
    assert await due_times(harness, orders) == [5, 4]

    harness.book.orders[there.id] = there
    await harness.run(80)
    assert (await harness.order(orders[1].id)).state is OrderState.FULFILLED


async def test_an_order_that_is_accepted_while_the_list_waits_for_its_call_is_looked_for_too(
    harness: ShopHarness,
):
    orders = await accepted(harness, 0, 0, seconds=10**5)
    read = harness.supplier.orders

    async def waiting(since, until):
        orders.append(await harness.buy(1))
        await harness.place()
        harness.clock.pass_time(20)
        return await read(since, until)

    harness.supplier.orders = waiting
    await poll_due_orders(harness.shop, "oneclickdz")

    assert polls(harness) == (1, 0)
    assert await due_times(harness, orders) == [5, 5, 5]


async def test_a_list_that_fails_postpones_what_is_due_and_nothing_else(harness: ShopHarness):
    orders = await accepted(harness, 0, 4)
    harness.book.script(Fault(FaultKind.STATUS, "list", times=1, status=503))

    await poll_due_orders(harness.shop, "oneclickdz")

    assert polls(harness) == (1, 1)
    assert await due_times(harness, orders) == [5, 4]


async def test_a_list_without_codes_is_read_for_what_is_due_alone(voucher_harness: VoucherHarness):
    harness, orders = voucher_harness, []
    await harness.customer(1)
    for _ in range(2):
        harness.next(Outcome.PENDING)
        orders.append(await harness.buy(1))
        await harness.place()
    for order, wait in zip(orders, (0, 1), strict=True):
        await change_order(harness, order.id, due_at=after(harness, wait))

    await poll_due_orders(harness.shop, "starship")

    assert await due_times(harness, orders[1:]) == [1]
