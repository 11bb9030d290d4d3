"""Orders that take long and suppliers that are silent: who is told, when, and how often."""

from bot.domain.alerts import AlertKind
from bot.domain.orders import Stage
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.messaging.alerts import down_alert_key
from bot.services.operations.watch import SilenceWatch, watch_waiting_orders
from bot.services.selling.balance import check_balance
from tests.harness import ShopHarness
from tests.integration.order_steps import accepted_order
from tests.integration.readings import only_alert


async def test_orders_still_stuck_after_a_silence_are_alerted(harness: ShopHarness):
    harness.book.handling_seconds = 10**6
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(5)
    harness.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    await harness.run(1200)
    assert [a["alert"] for a in harness.sender.alerts()] == ["supplier_down"]
    harness.book.faults.clear()

    await harness.run(1300)

    assert [a["alert"] for a in harness.sender.alerts()] == ["supplier_down", "orders_stuck"]


async def test_while_a_supplier_is_silent_no_order_is_alerted_as_stuck(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    harness.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    await harness.run(900)

    async with harness.store.reading() as tx:
        assert await tx.alerts.is_open(down_alert_key("oneclickdz"))
        assert not await tx.alerts.is_open("orders_stuck:oneclickdz")
    assert (await harness.order(order.id)).alerted_stuck is False


async def test_a_silence_and_its_end_are_each_written_once(harness: ShopHarness, monkeypatch):
    harness.book.script(Fault(FaultKind.HTML, "", times=10**9, status=502))
    for _ in range(3):
        await check_balance(harness.shop, "oneclickdz", force=True)
        harness.clock.pass_time(61)
    watch = SilenceWatch(harness.shop, "oneclickdz")
    writes = []
    write = harness.store.write

    async def counted(work, *args):
        writes.append(work)
        return await write(work, *args)

    async def writes_of_two_looks() -> int:
        writes.clear()
        with monkeypatch.context() as patched:
            patched.setattr(harness.store, "write", counted)
            for _ in range(2):
                await watch.check()
        return len(writes)

    assert await writes_of_two_looks() == 1
    harness.book.faults.clear()
    await check_balance(harness.shop, "oneclickdz", force=True)
    assert await writes_of_two_looks() == 1


async def test_orders_stuck_one_after_the_other_are_told_ten_minutes_apart(harness: ShopHarness):
    harness.book.handling_seconds = 10_000
    await harness.customer(1)
    await harness.buy(1)
    await harness.run(120)
    await harness.buy(1)

    await harness.run(14 * 60)
    assert [a["orders"] for a in harness.sender.alerts("stuck")] == ["#1"]
    await harness.run(8 * 60)

    assert [a["orders"] for a in harness.sender.alerts("stuck")] == ["#1", "#2"]


async def test_slow_and_stuck_orders_are_told_with_their_numbers_once(harness: ShopHarness):
    harness.book.handling_seconds = 10_000
    await harness.customer(1, dinars=500_000)
    orders = [await harness.buy(1) for _ in range(12)]
    await harness.place()
    harness.clock.pass_time(601)
    await watch_waiting_orders(harness.shop, "oneclickdz")
    await harness.round()
    stuck = only_alert(harness, AlertKind.ORDERS_STUCK)

    assert (stuck["count"], stuck["more"]) == ("12", "7")
    assert stuck["orders"] == ", ".join(f"#{order.id}" for order in orders[:5])
    for order in orders:
        assert (await harness.order(order.id)).stage is Stage.SLOW
