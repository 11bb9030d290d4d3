"""A supplier that takes its time over many orders keeps no order of another supplier waiting."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.orders import Order, OrderState
from bot.jobs import Jobs
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.services.orders import place
from bot.services.orders.place import find_orders_to_place, refund_overdue_orders
from tests.integration.order_steps import change_order
from tests.vouchers import VoucherHarness

AT_ONE = 18  # more than are placed at one supplier at once
OF_ONE_PRODUCT = 8


@pytest.fixture
async def harness(sqlite_store):
    harness = await VoucherHarness(sqlite_store, both=True).open()
    yield harness
    await harness.close()


async def test_orders_of_every_supplier_are_found_however_many_wait_for_one(
    harness: VoucherHarness, monkeypatch
):
    monkeypatch.setattr(place, "DUE_OF_ONE_SUPPLIER", 2)
    await harness.customer(1, dinars=500_000)
    for _ in range(3):
        await harness.buy(1)
    other = await harness.buy(1, title="Amazon.com", label="25 USD")

    found = await find_orders_to_place(harness.shop)

    assert [order.supplier for order in found] == ["oneclickdz", "oneclickdz", "starship"]
    assert found[-1].id == other.id


async def test_purchases_that_hang_at_one_supplier_leave_the_other_free(harness: VoucherHarness):
    await harness.customer(1, dinars=500_000)
    for _ in range(AT_ONE):
        await harness.buy(1)
    other = await harness.buy(1, title="Amazon.com", label="25 USD")
    asked, hang = [], asyncio.Event()

    async def never(*args, **named):
        asked.append(args)
        await hang.wait()

    harness.supplier.buy = never
    jobs = Jobs(harness.shop, timedelta(seconds=30))

    await jobs._place()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await harness.order(other.id)).state is not OrderState.HANDLING:
            await asyncio.sleep(0.01)

    assert len(asked) == OF_ONE_PRODUCT
    await end(jobs)


async def test_a_product_whose_price_hangs_leaves_places_for_the_others_of_its_supplier(
    harness: VoucherHarness, monkeypatch
):
    await harness.customer(1, dinars=500_000)
    hanging = [await harness.buy(1) for _ in range(AT_ONE)]
    others = [await harness.buy(1, title="Steam USA", label="20 $") for _ in range(AT_ONE)]
    product_id = (await harness.order(hanging[0].id)).purchase.supplier_product_id
    right, asked, hang = harness.supplier.product, [], asyncio.Event()

    async def never_for_one(supplier_product_id, **named):
        if supplier_product_id == product_id:
            asked.append(supplier_product_id)
            await hang.wait()
        return await right(supplier_product_id, **named)

    monkeypatch.setattr(harness.supplier, "product", never_for_one)
    harness.let_prices_age()
    jobs = Jobs(harness.shop, timedelta(seconds=30))

    async with asyncio.timeout(PATIENCE_SECONDS):
        while await _waiting(harness, others):
            await jobs._place()
            await asyncio.sleep(0.01)

    assert len(asked) <= OF_ONE_PRODUCT
    assert await _waiting(harness, hanging) == AT_ONE
    await end(jobs)


async def test_due_orders_of_a_product_that_hangs_hide_no_other_product_of_its_supplier(
    harness: VoucherHarness, monkeypatch
):
    monkeypatch.setattr(place, "DUE_OF_ONE_SUPPLIER", OF_ONE_PRODUCT + 2)
    await harness.customer(1, dinars=500_000)
    hanging = [await harness.buy(1) for _ in range(AT_ONE)]
    other = await harness.buy(1, title="Steam USA", label="20 $")
    right, asked, hang = harness.supplier.buy, [], asyncio.Event()

    async def never_for_one(request, *args):
        if request.purchase != other.purchase:
            asked.append(request)
            await hang.wait()
        return await right(request, *args)

    monkeypatch.setattr(harness.supplier, "buy", never_for_one)
    jobs = Jobs(harness.shop, timedelta(seconds=30))

    async with asyncio.timeout(PATIENCE_SECONDS):
        while await _waiting(harness, [other]):
            await jobs._place()
            await asyncio.sleep(0.01)

    assert len(asked) == OF_ONE_PRODUCT
    assert await _waiting(harness, hanging) == AT_ONE
    await end(jobs)


async def test_an_overdue_order_is_refunded_however_many_became_due_before_it(
    harness: VoucherHarness, monkeypatch
):
    monkeypatch.setattr(place, "_OVERDUE_AT_ONCE", 2)
    await harness.customer(1, dinars=500_000)
    overdue = await harness.buy(1, title="Steam USA", label="20 $")
    harness.clock.pass_time(harness.shop.policy.return_unbought_after.total_seconds())
    await change_order(harness, overdue.id, due_at=harness.clock.now())
    earlier = harness.clock.now() - timedelta(seconds=1)
    for _ in range(3):
        order = await harness.buy(1)
        await change_order(harness, order.id, due_at=earlier)

    await refund_overdue_orders(harness.shop)

    assert (await harness.order(overdue.id)).state is OrderState.REFUNDED


async def _waiting(harness: VoucherHarness, orders: list[Order]) -> int:
    states = [(await harness.order(order.id)).state for order in orders]
    return states.count(OrderState.PAID)


async def end(jobs: Jobs) -> None:
    for task in jobs._tasks:
        task.cancel()
    await asyncio.gather(*jobs._tasks, return_exceptions=True)
