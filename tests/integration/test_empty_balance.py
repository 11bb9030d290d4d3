"""The supplier balance runs out: orders wait, operators hear of it once, and it heals by itself."""

from decimal import Decimal

import pytest

from bot.domain.orders import OrderState, ReturnReason
from bot.errors import SellingPaused
from bot.services.balance import check_balance
from bot.services.report import report_balances
from tests.stage import Stage, books_agree


async def test_an_order_waits_for_the_top_up_and_goes_on_by_itself(stage: Stage):
    stage.book.balance = Decimal(10)
    await stage.customer(1)
    order = await stage.buy(1)

    await stage.run(60)

    assert (await stage.order(order.id)).state is OrderState.PAID
    assert len(stage.sender.alerts("balance_empty")) == 1
    assert ("held" in [step for _, step in stage.sender.statuses]) is True
    with pytest.raises(SellingPaused):
        await stage.buy(1)
    stage.book.top_up(100_000)
    await stage.run(40)

    assert (await stage.order(order.id)).state is OrderState.FULFILLED
    await stage.buy(1)
    await books_agree(stage)


async def test_an_order_that_waits_too_long_is_returned(stage: Stage):
    stage.book.balance = Decimal(10)
    await stage.customer(1)
    order = await stage.buy(1)

    await stage.run(2 * 3600 + 120, step=30)

    done = await stage.order(order.id)
    assert (done.state, done.return_reason) == (OrderState.REFUNDED, ReturnReason.SUPPLIER_DOWN)
    assert await stage.balance(1) == 50_000_00
    assert len(stage.sender.alerts("balance_empty")) == 1
    assert stage.book.count("placeOrder") < 5
    await books_agree(stage)


async def test_a_low_balance_is_told_once_for_each_crossing(stage: Stage):
    stage.book.balance = Decimal(4000)
    await stage.run(600, step=30)
    assert len(stage.sender.alerts("balance_low")) == 1

    stage.book.balance = Decimal(400_000)
    await stage.run(300, step=30)
    stage.book.balance = Decimal(4000)
    await stage.run(300, step=30)

    assert len(stage.sender.alerts("balance_low")) == 2


async def test_at_the_floor_selling_pauses_and_above_it_resumes(stage: Stage):
    stage.set_policy(balance_floor_minor=10_000_00)
    await stage.customer(1)
    stage.book.balance = Decimal(9_000)
    await check_balance(stage.shop, "oneclickdz", force=True)

    with pytest.raises(SellingPaused):
        await stage.buy(1)
    stage.book.balance = Decimal(50_000)
    await stage.run(30)

    await stage.buy(1)


async def test_a_sandbox_balance_says_nothing(sandbox_stage: Stage):
    sandbox_stage.book.balance = Decimal(0)
    sandbox_stage.set_policy(balance_floor_minor=10_000_00)
    await sandbox_stage.customer(1)

    await sandbox_stage.run(300, step=30)
    order = await sandbox_stage.buy(1)
    await sandbox_stage.run(20)

    assert (await sandbox_stage.order(order.id)).state is OrderState.FULFILLED
    assert sandbox_stage.sender.alerts("balance") == []


async def test_the_balance_report_counts_what_waits_and_how_long_it_lasts(stage: Stage):
    await stage.customer(1)
    await stage.buy(1, 2)
    await stage.run(20)
    waiting = await stage.buy(1, 3)

    report = (await report_balances(stage.shop))[0]

    assert report.fresh
    assert report.reserved_minor == waiting.unit_cost_minor * 3
    assert report.per_day_minor == waiting.unit_cost_minor * 2
    assert report.days_left == pytest.approx(
        (report.account.balance_minor - report.reserved_minor) / report.per_day_minor
    )


async def test_the_last_known_balance_is_shown_while_the_supplier_is_down(stage: Stage):
    await check_balance(stage.shop, "oneclickdz", force=True)
    stage.book.faults.clear()
    from bot.sandbox.supplier.faults import Fault, FaultKind

    stage.book.script(Fault(FaultKind.STATUS, "balance", times=9))

    report = (await report_balances(stage.shop))[0]

    assert (report.fresh, report.account.balance_minor) == (False, 500_000_00)
    assert report.days_left is None
