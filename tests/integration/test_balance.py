"""The supplier balance: warned when low, orders wait while it is empty, and selling resumes by itself."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.jobs import Job
from bot.domain.orders import OrderState, ReturnReason
from bot.refusals import QuantityOutOfRange, SellingPaused, required
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.operations.reports import report_balances
from bot.services.orders.refund import ask_refund
from bot.services.selling.balance import check_balance
from storage.tables import alerts
from tests.harness import OPERATOR, ShopHarness, books_agree
from tests.integration.readings import only_alert, rows
from tests.vouchers import VoucherHarness


async def test_an_order_waits_for_the_top_up_and_goes_on_by_itself(harness: ShopHarness):
    harness.book.balance = Decimal(10)
    await harness.customer(1)
    order = await harness.buy(1)

    await harness.run(60)

    assert (await harness.order(order.id)).state is OrderState.PAID
    assert len(harness.sender.alerts("balance_empty")) == 1
    assert harness.sender.stages(order.id) == ["held"]
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

    await harness.run(
        300
    )  # an empty balance is read every few seconds: not for all of the two hours
    harness.clock.pass_time(2 * 3600 - 360)
    await harness.run(180)

    done = await harness.order(order.id)
    assert (done.state, done.return_reason) == (OrderState.REFUNDED, ReturnReason.SUPPLIER_DOWN)
    assert await harness.balance(1) == 50_000_00
    assert len(harness.sender.alerts("balance_empty")) == 1
    assert harness.book.count("placeOrder") < 5
    await books_agree(harness)


async def test_a_low_balance_is_told_once_for_each_crossing(harness: ShopHarness):
    harness.book.balance = Decimal(4000)
    await harness.run(600)
    assert len(harness.sender.alerts("balance_low")) == 1

    harness.book.balance = Decimal(400_000)
    await harness.run(300)
    harness.book.balance = Decimal(4000)
    await harness.run(300)

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


async def test_a_sandbox_balance_is_never_alerted(sandbox_harness: ShopHarness):
    sandbox_harness.book.balance = Decimal(0)
    sandbox_harness.set_policy(balance_floor_minor=10_000_00)
    await sandbox_harness.customer(1)

    await sandbox_harness.run(300)
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
        (required(report.account.balance_minor) - report.reserved_minor) / report.per_day_minor
    )


async def test_the_last_known_balance_is_shown_while_the_supplier_is_down(harness: ShopHarness):
    await check_balance(harness.shop, "oneclickdz", force=True)
    harness.book.script(Fault(FaultKind.STATUS, "balance", times=9))

    report = (await report_balances(harness.shop))[0]

    assert (report.fresh, report.account.balance_minor) == (False, 500_000_00)
    assert report.days_left is None


async def _later(value):
    return value


@pytest.mark.parametrize(("minor", "paused"), [(500_000, None), (499_999, "no"), (99, "yes")])
async def test_a_low_balance_is_told_with_its_figures(
    harness: ShopHarness, minor: int, paused: str | None
):
    harness.set_policy(balance_alert_minor=500_000, balance_floor_minor=100)
    harness.supplier.balance = lambda: _later(minor)
    await check_balance(harness.shop, "oneclickdz", force=True)
    await harness.round()

    told = [dict(alert) for alert in harness.sender.alerts(AlertKind.BALANCE_LOW)]
    expected = {
        "alert": "balance_low",
        "supplier": "oneclickdz",
        "balance": str(minor),
        "paused": paused,
    }
    assert told == ([] if paused is None else [expected])
    async with harness.store.reading() as tx:
        account = await tx.suppliers.account("oneclickdz")
    assert account.paused_for_balance is (paused == "yes")


async def test_a_balance_is_read_again_after_two_minutes(harness: ShopHarness):
    assert await check_balance(harness.shop, "oneclickdz") is not None
    harness.clock.pass_time(120 - 1)
    assert await check_balance(harness.shop, "oneclickdz") is None
    harness.clock.pass_time(1)
    assert await check_balance(harness.shop, "oneclickdz") is not None


async def test_an_empty_balance_is_told_again_only_after_ten_minutes(harness: ShopHarness):
    await harness.customer(1)
    told = []
    for minutes in (0, 5, 6):
        harness.clock.pass_time(minutes * 60)
        harness.book.balance *= 0
        order = await harness.buy(1)
        await harness.place()
        await harness.round()
        told.append(len(harness.sender.alerts(AlertKind.BALANCE_EMPTY)))
        harness.book.top_up(100_000)
        harness.clock.pass_time(timedelta(seconds=11).total_seconds())
        await check_balance(harness.shop, "oneclickdz")
        await harness.run(10)
        assert (await harness.order(order.id)).state is OrderState.FULFILLED

    assert told == [1, 1, 2]


async def test_an_empty_balance_is_told_with_what_the_order_costs(harness: ShopHarness):
    await harness.customer(1)
    harness.book.balance *= 0
    order = await harness.buy(1, quantity=2)
    await harness.run(1)
    empty = only_alert(harness, AlertKind.BALANCE_EMPTY)
    cost = (await harness.order(order.id)).unit_cost_minor * 2
    assert (empty["order"], empty["cost"]) == (str(order.id), str(cost))
    assert "balance_empty:oneclickdz" in {row.key for row in await rows(harness, alerts)}


async def test_an_order_too_large_for_the_balance_waits_alone_and_small_ones_are_sold(
    harness: ShopHarness,
):
    await harness.customer(1)
    large = await harness.buy(1, quantity=5)
    cost = large.unit_cost_minor
    harness.book.balance = Decimal(3 * cost) / 100
    await harness.place()
    assert (await harness.order(large.id)).state is OrderState.PAID
    async with harness.store.reading() as tx:
        assert (await tx.suppliers.account("oneclickdz")).selling

    await harness.customer(2)
    with pytest.raises(SellingPaused):  # what waits claims all of the balance
        await harness.buy(2)
    await ask_refund(
        harness.shop, key="k", operator_id=OPERATOR, order_id=large.id, reason="too large"
    )
    small = await harness.buy(2)
    with pytest.raises(QuantityOutOfRange) as refused:
        await harness.buy(2, quantity=3)
    assert refused.value.maximum == 2
    await harness.run(30)

    assert (await harness.order(small.id)).state is OrderState.FULFILLED
    assert len(harness.sender.alerts(AlertKind.BALANCE_SHORT)) == 1


@pytest.mark.parametrize(("minor", "selling"), [(999, False), (1_000, True)])
async def test_a_balance_at_its_floor_sells(harness: ShopHarness, minor, selling):
    harness.set_policy(balance_floor_minor=1_000)

    async def balance():
        return minor

    harness.supplier.balance = balance
    harness.woken.clear()
    await check_balance(harness.shop, "oneclickdz", force=True)
    async with harness.store.reading() as tx:
        account = await tx.suppliers.account("oneclickdz")
    assert account.paused_for_balance is not selling
    assert Job.PLACE not in harness.woken


async def test_a_paused_sandbox_sells_again_with_any_balance(sandbox_harness: ShopHarness):
    harness = sandbox_harness
    harness.set_policy(balance_floor_minor=1_000, balance_alert_minor=1_000)

    async def balance():
        return 0

    async def paused(tx):
        await tx.suppliers.update_account("oneclickdz", paused_for_balance=True)

    harness.supplier.balance = balance
    harness.woken.clear()
    await check_balance(harness.shop, "oneclickdz", force=True)
    assert harness.woken == []
    await harness.store.write(paused)
    await check_balance(harness.shop, "oneclickdz", force=True)

    assert Job.PLACE in harness.woken
    async with harness.store.reading() as tx:
        assert not (await tx.suppliers.account("oneclickdz")).paused_for_balance


async def test_a_wallet_that_is_paid_later_limits_no_order(voucher_harness: VoucherHarness):
    """What it says it holds is what we owe, or nothing: sales go on, and no alert is about it."""
    harness = voucher_harness
    harness.vouchers.balance = Decimal(0)
    harness.set_policy(balance_floor_minor=100)
    await harness.customer(1)
    assert await check_balance(harness.shop, "starship", force=True) == 0
    with pytest.raises(SellingPaused):
        await harness.buy(1)

    harness.vouchers.balance = Decimal(10_000)
    harness.vouchers.script(Fault(FaultKind.EDITED, "wallets", times=10**6, edit=paid_later))
    for _ in range(2):
        assert await check_balance(harness.shop, "starship", force=True) is None
    order = await harness.buy(1)
    await harness.run(60)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    (report,) = await report_balances(harness.shop)
    assert (report.account.balance_minor, report.account.paused_for_balance) == (None, False)
    async with harness.store.reading() as tx:
        assert not await tx.alerts.is_open("balance_low:starship")


def paid_later(wallets):
    return [{**wallet, "type": "postpaid", "amount": 0} for wallet in wallets]


@pytest.mark.parametrize("is_paid_later", [True, False])
async def test_a_wallet_that_is_refused_whatever_it_holds_is_told_and_tried_ever_more_rarely(
    voucher_harness: VoucherHarness, is_paid_later: bool
):
    harness = voucher_harness
    refusal = Fault(FaultKind.STATUS, "/orders", times=10**6, status=400, code="NO_BALANCE")
    if is_paid_later:
        harness.vouchers.script(Fault(FaultKind.EDITED, "wallets", times=10**6, edit=paid_later))
    harness.vouchers.script(refusal)
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(60)

    async with harness.store.reading() as tx:
        assert await tx.alerts.is_open("balance_empty:starship")
    await harness.run(540)
    only_alert(harness, AlertKind.BALANCE_EMPTY)
    assert harness.vouchers.count("/orders") <= 25

    harness.vouchers.faults.remove(refusal)
    await harness.run(180)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    async with harness.store.reading() as tx:
        assert not await tx.alerts.is_open("balance_empty:starship")
