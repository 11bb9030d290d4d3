"""A refused key stops every call at once; five bad tries would have our address blocked."""

from bot.domain.orders import OrderState
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.access import check_access, forget_access, renew_access
from tests.stage import Stage


def _key(stage: Stage):
    return next(iter(stage.book.keys.values()))


async def test_the_first_refusal_stops_all_calls_and_alerts_once(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    _key(stage).enabled = False

    await stage.run(300, step=5)

    assert stage.book.bad_keys == 1
    assert len(stage.sender.alerts("circuit_open")) == 1
    assert (await stage.order(order.id)).state is OrderState.PAID


async def test_an_operators_try_opens_the_shop_again(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    _key(stage).enabled = False
    await stage.run(60, step=5)

    assert (await check_access(stage.shop, "oneclickdz")).paused_for_access
    _key(stage).enabled = True
    assert not (await check_access(stage.shop, "oneclickdz")).paused_for_access
    await stage.run(30)

    assert (await stage.order(order.id)).state is OrderState.FULFILLED


async def test_a_key_refused_at_the_purchase_bought_nothing(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    stage.book.script(Fault(FaultKind.STATUS, "placeOrder", status=403, code="IP_NOT_ALLOWED"))

    await stage.run(30)

    assert (await stage.order(order.id)).state is OrderState.PAID
    assert len(stage.sender.alerts("circuit_open")) == 1
    await check_access(stage.shop, "oneclickdz")
    await stage.run(30)
    assert (await stage.order(order.id)).state is OrderState.FULFILLED


async def test_a_refusal_while_polling_or_searching_stops_the_calls_too(stage: Stage):
    await stage.customer(1)
    order = await stage.buy(1)
    await stage.place()
    stage.book.script(
        Fault(FaultKind.STATUS, "checkOrder", status=401, code="INVALID_ACCESS_TOKEN")
    )
    await stage.run(10)
    assert len(stage.sender.alerts("circuit_open")) == 1

    await check_access(stage.shop, "oneclickdz")
    stage.book.script(
        Fault(FaultKind.STATUS_AFTER, "placeOrder"),
        Fault(FaultKind.STATUS, "/list", status=401, code="ERR_AUTH"),
    )
    lost = await stage.buy(1)
    await stage.run(30)

    assert len(stage.sender.alerts("circuit_open")) == 2
    await check_access(stage.shop, "oneclickdz")
    await stage.run(700, step=5)
    assert (await stage.order(order.id)).state is OrderState.FULFILLED
    assert (await stage.order(lost.id)).state is OrderState.FULFILLED


async def test_a_refusal_of_the_balance_is_a_refusal(stage: Stage):
    stage.book.script(Fault(FaultKind.STATUS, "balance", status=403, code="API_DISABLED"))

    await stage.run(10)

    assert len(stage.sender.alerts("circuit_open")) == 1


async def test_a_blocked_address_asks_once_after_the_block(stage: Stage):
    stage.book.script(Fault(FaultKind.STATUS, "balance", status=403, code="IP_BLOCKED"))
    await stage.run(10)
    calls = len(stage.book.calls)

    for _ in range(10):
        await renew_access(stage.shop, "oneclickdz")
    assert len(stage.book.calls) == calls
    stage.clock.pass_time(17 * 60)
    await renew_access(stage.shop, "oneclickdz")
    await renew_access(stage.shop, "oneclickdz")

    assert [c.what for c in stage.book.calls[calls:]] == ["GET /v3/validate"]


async def test_a_read_only_key_sells_nothing(stage: Stage):
    _key(stage).scope = "READ-ONLY"

    account = await check_access(stage.shop, "oneclickdz")
    await stage.round()

    assert account.paused_for_access
    assert [a["code"] for a in stage.sender.alerts("circuit_open")] == ["READ-ONLY"]


async def test_a_supplier_that_never_answered_is_asked_again(stage: Stage):
    await forget_access(stage.shop)
    stage.book.script(Fault(FaultKind.STATUS, "validate"))

    assert (await check_access(stage.shop, "oneclickdz")).environment is None
    await renew_access(stage.shop, "oneclickdz")

    async with stage.store.reading() as tables:
        assert (await tables.operators.account("oneclickdz")).selling
