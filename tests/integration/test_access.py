"""A refused key stops every call at once: five bad tries would have our address blocked."""

import pytest

from bot import errors
from bot.domain.alerts import AlertKind
from bot.domain.jobs import Job
from bot.domain.orders import OrderState
from bot.domain.supplier import Environment, KeyInfo
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.selling.access import (
    check_access,
    forget_access,
    is_sandbox,
    pause_for_access,
    renew_access,
)
from bot.services.selling.balance import check_balance
from tests.harness import ShopHarness
from tests.integration.readings import only_alert, refuse_key_twice
from tests.vouchers import VoucherHarness


def _key(harness: ShopHarness):
    return next(iter(harness.book.keys.values()))


async def test_three_refusals_in_a_row_stop_all_calls_and_alert_once(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    _key(harness).enabled = False

    await harness.run(300)

    assert harness.book.bad_keys == 3
    assert len(harness.sender.alerts("circuit_open")) == 1
    assert (await harness.order(order.id)).state is OrderState.PAID


async def test_selling_resumes_when_an_operator_checks_a_good_key(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    _key(harness).enabled = False
    await harness.run(60)

    assert (await check_access(harness.shop, "oneclickdz")).paused_for_access
    _key(harness).enabled = True
    assert not (await check_access(harness.shop, "oneclickdz")).paused_for_access
    await harness.run(30)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_a_key_refused_at_the_purchase_bought_nothing(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    fault = Fault(FaultKind.STATUS, "", status=403, code="IP_NOT_ALLOWED", times=3)
    harness.book.script(fault)

    await harness.run(60)

    assert (await harness.order(order.id)).state is OrderState.PAID
    assert len(harness.sender.alerts("circuit_open")) == 1
    assert len(harness.book.orders) == 0
    await check_access(harness.shop, "oneclickdz")
    await harness.run(30)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED


async def test_one_refusal_of_a_purchase_delays_it_and_closes_nothing(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.book.script(Fault(FaultKind.STATUS, "placeOrder", status=403, code="IP_NOT_ALLOWED"))

    await harness.run(60)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert len(harness.book.orders) == 1
    assert harness.sender.alerts("circuit_open") == []


@pytest.mark.parametrize("status", [403, 404])
async def test_a_page_of_a_firewall_refunds_nobody_and_closes_nothing(
    harness: ShopHarness, status: int
):
    await harness.customer(1)
    order = await harness.buy(1)
    harness.book.script(Fault(FaultKind.HTML, "checkProduct", status=status, times=3))

    await harness.run(120)

    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert harness.sender.alerts("circuit_open") == []


async def test_a_refusal_while_polling_or_searching_stops_the_calls_too(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.place()
    await refuse_key_twice(harness)
    harness.book.script(
        Fault(FaultKind.STATUS, "checkOrder", status=401, code="INVALID_ACCESS_TOKEN")
    )
    await harness.run(10)
    assert len(harness.sender.alerts("circuit_open")) == 1

    await check_access(harness.shop, "oneclickdz")
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder"))
    lost = await harness.buy(1)
    await harness.place()
    await refuse_key_twice(harness)
    harness.book.script(Fault(FaultKind.STATUS, "", status=401, code="ERR_AUTH"))
    await harness.run(60)

    assert len(harness.sender.alerts("circuit_open")) == 2
    await check_access(harness.shop, "oneclickdz")
    await harness.run(700)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert (await harness.order(lost.id)).state is OrderState.FULFILLED


async def test_a_refusal_of_the_balance_is_a_refusal(harness: ShopHarness):
    await refuse_key_twice(harness)
    harness.book.script(Fault(FaultKind.STATUS, "balance", status=403, code="API_DISABLED"))

    await harness.run(10)

    assert len(harness.sender.alerts("circuit_open")) == 1


async def test_a_blocked_address_asks_once_after_the_block(harness: ShopHarness):
    await refuse_key_twice(harness)
    harness.book.script(Fault(FaultKind.STATUS, "balance", status=403, code="IP_BLOCKED"))
    await harness.run(10)
    calls = len(harness.book.calls)

    for _ in range(10):
        await renew_access(harness.shop, "oneclickdz")
    assert len(harness.book.calls) == calls
    harness.clock.pass_time(17 * 60)
    await renew_access(harness.shop, "oneclickdz")
    await renew_access(harness.shop, "oneclickdz")

    assert [c.what for c in harness.book.calls[calls:]] == ["GET /v3/validate"]


async def test_a_read_only_key_sells_nothing(harness: ShopHarness):
    _key(harness).scope = "READ-ONLY"

    account = await check_access(harness.shop, "oneclickdz")
    await harness.round()

    assert account.paused_for_access
    assert [a["code"] for a in harness.sender.alerts("circuit_open")] == ["READ-ONLY"]


async def test_a_supplier_that_never_answered_is_asked_again(harness: ShopHarness):
    await forget_access(harness.shop)
    harness.book.script(Fault(FaultKind.STATUS, "validate"))

    assert (await check_access(harness.shop, "oneclickdz")).environment is None
    await renew_access(harness.shop, "oneclickdz")

    async with harness.store.reading() as tx:
        assert (await tx.suppliers.account("oneclickdz")).selling


async def test_a_blocked_address_is_tried_again_after_sixteen_minutes(
    harness: ShopHarness,
):
    await refuse_key_twice(harness)
    harness.book.script(Fault(FaultKind.STATUS, "balance", status=403, code="IP_BLOCKED"))
    await check_balance(harness.shop, "oneclickdz")
    harness.clock.pass_time(16 * 60 - 1)
    await renew_access(harness.shop, "oneclickdz")
    assert harness.supplier.refusal == "IP_BLOCKED"
    harness.clock.pass_time(1)
    await renew_access(harness.shop, "oneclickdz")

    assert harness.supplier.refusal is None


@pytest.mark.parametrize(
    ("enabled", "may_buy", "code"),
    [(True, False, "READ-ONLY"), (False, True, "DISABLED"), (False, False, "DISABLED")],
)
async def test_a_key_that_may_not_buy_or_is_switched_off_sells_nothing(
    harness: ShopHarness, enabled: bool, may_buy: bool, code: str
):
    async def validate():
        return KeyInfo(Environment.PRODUCTION, enabled, may_buy)

    harness.supplier.validate = validate
    account = await check_access(harness.shop, "oneclickdz")
    await harness.round()

    assert account.paused_for_access
    assert [dict(a) for a in harness.sender.alerts("circuit_open")] == [
        {"alert": "circuit_open", "supplier": "oneclickdz", "code": code}
    ]


async def test_a_refusal_without_a_code_is_told_by_its_status(harness: ShopHarness):
    await pause_for_access(harness.shop, "oneclickdz", errors.AccessRefused("x", "", 403))
    await harness.round()
    assert only_alert(harness, AlertKind.CIRCUIT_OPEN)["code"] == "403"


async def test_one_real_supplier_makes_a_real_shop(sqlite_store):
    harness = await VoucherHarness(sqlite_store, both=True, kind="test").open()
    async with harness.store.reading() as tx:
        kinds = [(await tx.suppliers.account(n)).environment for n in harness.shop.suppliers]
        assert not await is_sandbox(tx, harness.shop)
    assert len(set(kinds)) == 2
    await harness.close()


async def test_a_shop_with_a_sandbox_key_alone_is_a_sandbox(sandbox_harness: ShopHarness):
    async with sandbox_harness.store.reading() as tx:
        assert await is_sandbox(tx, sandbox_harness.shop)


async def test_a_shop_with_two_real_keys_is_no_sandbox(two_suppliers: VoucherHarness):
    async with two_suppliers.store.reading() as tx:
        assert not await is_sandbox(tx, two_suppliers.shop)


async def test_an_address_that_stays_blocked_is_asked_about_once_and_then_after_a_pause(
    harness: ShopHarness,
):
    """The refusal must not wake the very job that asked: it would ask again without end."""
    for _ in range(2):
        harness.book.script(Fault(FaultKind.STATUS, "validate", status=403, code="IP_BLOCKED"))
    await check_access(harness.shop, "oneclickdz")
    harness.clock.pass_time(16 * 60)
    harness.woken.clear()

    await renew_access(harness.shop, "oneclickdz")

    assert harness.supplier.refusal == "IP_BLOCKED"
    assert Job.ACCESS not in harness.woken


async def test_a_refused_key_is_asked_about_again_by_itself(harness: ShopHarness):
    _key(harness).enabled = False
    await check_access(harness.shop, "oneclickdz")
    asked = harness.book.count("validate")
    for _ in range(2):
        harness.clock.pass_time(16 * 60)
        for _ in range(3):
            await renew_access(harness.shop, "oneclickdz")
    assert harness.supplier.refusal == "INVALID_ACCESS_TOKEN"
    assert harness.book.count("validate") == asked + 2

    _key(harness).enabled = True
    harness.clock.pass_time(16 * 60)
    await renew_access(harness.shop, "oneclickdz")

    assert harness.supplier.refusal is None
    async with harness.store.reading() as tx:
        assert (await tx.suppliers.account("oneclickdz")).selling
