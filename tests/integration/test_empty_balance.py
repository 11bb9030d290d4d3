"""The supplier balance runs out: orders wait, operators hear of it once, and it heals by itself."""

from decimal import Decimal

import pytest

from bot.domain.orders import OrderState, ReturnReason
from bot.errors import SellingPaused
from bot.services.operations.reports import report_balances
from bot.services.selling.balance import check_balance
from tests.harness import ShopHarness, books_agree


async def test_an_order_waits_for_the_top_up_and_goes_on_by_itself(harness: ShopHarness):
    harness.book.balance = Decimal(10)
    await harness.customer(1)
    order = await harness.buy(1)

    await harness.run(60)

    assert (await harness.order(order.id)).state is OrderState.PAID
    assert len(harness.sender.alerts("balance_empty")) == 1
    assert ("held" in [step for _, step in harness.sender.statuses]) is True
    with pytest.raises(SellingPaused):
        await harness.buy(1)
    harness.book.top_up(100_000)
    await harness.run(40)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    await harness.buy(1)
    await books_agree(harness)


async def test_an_order_that_waits_too_long_is_returned(harness: ShopHarness):
    harness.book.balance = Decimal(10)
    await harness.customer(1)
    order = await harness.buy(1)

    await harness.run(2 * 3600 + 120, step=30)

    done = await harness.order(order.id)
    assert (done.state, done.return_reason) == (OrderState.REFUNDED, ReturnReason.SUPPLIER_DOWN)
    assert await harness.balance(1) == 50_000_00
    assert len(harness.sender.alerts("balance_empty")) == 1
    assert harness.book.count("placeOrder") < 5
    await books_agree(harness)


async def test_a_low_balance_is_told_once_for_each_crossing(harness: ShopHarness):
    harness.book.balance = Decimal(4000)
    await harness.run(600, step=30)
    assert len(harness.sender.alerts("balance_low")) == 1

    harness.book.balance = Decimal(400_000)
    await harness.run(300, step=30)
    harness.book.balance = Decimal(4000)
    await harness.run(300, step=30)

    assert len(harness.sender.alerts("balance_low")) == 2


async def test_at_the_floor_selling_pauses_and_above_it_resumes(harness: ShopHarness):
    harness.set_policy(balance_floor_minor=10_000_00)
    await harness.customer(1)
    harness.book.balance = Decimal(9_000)
    await check_balance(harness.shop, "oneclickdz", force=True)

    with pytest.raises(SellingPaused):
        await harness.buy(1)
    harness.book.balance = Decimal(50_000)
    await harness.run(30)

    await harness.buy(1)


async def test_a_sandbox_balance_says_nothing(sandbox_harness: ShopHarness):
    sandbox_harness.book.balance = Decimal(0)
    sandbox_harness.set_policy(balance_floor_minor=10_000_00)
    await sandbox_harness.customer(1)

    await sandbox_harness.run(300, step=30)
    order = await sandbox_harness.buy(1)
    await sandbox_harness.run(20)

    assert (await sandbox_harness.order(order.id)).state is OrderState.FULFILLED
    assert sandbox_harness.sender.alerts("balance") == []


async def test_the_balance_report_counts_what_waits_and_how_long_it_lasts(harness: ShopHarness):
    await harness.customer(1)
    await harness.buy(1, 2)
    await harness.run(20)
    waiting = await harness.buy(1, 3)

    report = (await report_balances(harness.shop))[0]

    assert report.fresh
    assert report.reserved_minor == waiting.unit_cost_minor * 3
    assert report.per_day_minor == waiting.unit_cost_minor * 2
    assert report.days_left == pytest.approx(
        (report.account.balance_minor - report.reserved_minor) / report.per_day_minor
    )


async def test_the_last_known_balance_is_shown_while_the_supplier_is_down(harness: ShopHarness):
    await check_balance(harness.shop, "oneclickdz", force=True)
    harness.book.faults.clear()
    from bot.sandbox.supplier.faults import Fault, FaultKind

    harness.book.script(Fault(FaultKind.STATUS, "balance", times=9))

    report = (await report_balances(harness.shop))[0]

    assert (report.fresh, report.account.balance_minor) == (False, 500_000_00)
    assert report.days_left is None
