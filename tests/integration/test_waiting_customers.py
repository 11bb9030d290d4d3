"""What the status message of a waiting order says as time passes, and how often it is edited."""

from datetime import timedelta

from bot.domain.orders import OrderState, Stage
from bot.domain.waiting import Usual
from bot.errors import SendFailure
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.operations.customer_reports import my_order, my_orders
from bot.services.operations.watch import watch_waiting_orders
from bot.services.orders.waiting import usual_time, waiting_of
from bot.services.usual_times import UsualTimes
from storage.tables import outbox
from tests.harness import ShopHarness
from tests.integration.order_steps import change_order
from tests.integration.readings import rows

HOUR = 3600
OTHER = {"title": "Xbox Game Pass Ultimate", "label": "15 $"}


async def history(harness: ShopHarness, count: int, seconds: float, **which: str) -> None:
    """So many orders that took that long; customer 9 buys them."""
    await harness.customer(9, dinars=1_000_000)
    kept, harness.book.handling_seconds = harness.book.handling_seconds, seconds
    for _ in range(count):
        await harness.buy(9, 1, **which)
    await harness.run(seconds + 60)
    harness.book.handling_seconds = kept
    harness.shop.usual_times = UsualTimes()
    harness.sender.statuses.clear()
    harness.sender.sent.clear()


async def test_the_usual_time_comes_from_the_products_own_orders(harness: ShopHarness):
    await history(harness, 5, 20.0)
    await history(harness, 8, 2.0, **OTHER)
    await harness.customer(1)
    order = await harness.buy(1)

    usual = await usual_time(harness.shop, order)

    assert usual is not None
    assert 20 <= usual.median_seconds <= 40


async def test_of_a_product_that_few_have_bought_the_suppliers_orders_tell(harness: ShopHarness):
    await history(harness, 6, 10.0, **OTHER)
    await harness.customer(1)
    order = await harness.buy(1)

    usual = await usual_time(harness.shop, order)

    assert usual is not None
    assert 10 <= usual.median_seconds <= 25


async def test_where_nothing_was_sold_yet_no_time_is_promised(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)

    waiting = await waiting_of(harness.shop, order)

    assert waiting is not None
    assert (waiting.stage, waiting.usual) == (Stage.WAITING, None)


async def test_the_figures_are_read_once_in_ten_minutes(harness: ShopHarness):
    reads = []

    async def read() -> Usual:
        reads.append(1)
        return Usual(5, 9)

    times = harness.shop.usual_times
    for now in (0.0, 1.0, 599.0, 600.0, 601.0):
        assert await times.get(1, now, read) == Usual(5, 9)
    assert len(reads) == 2
    for product in range(3000):
        await times.get(product, 700.0, read)
    assert len(times._known) == 2000


async def test_an_order_past_its_usual_time_says_so_once(harness: ShopHarness):
    await history(harness, 6, 5.0)
    harness.book.handling_seconds = 10**6
    await harness.customer(1)
    order = await harness.buy(1)

    await harness.run(28)
    assert harness.sender.stages(order.id) == []
    await harness.run(4)
    assert harness.sender.stages(order.id) == ["slow"]
    await harness.run(500)

    assert harness.sender.stages(order.id) == ["slow"]


async def test_a_product_that_takes_minutes_is_not_called_slow_within_them(harness: ShopHarness):
    await history(harness, 6, 400.0)
    harness.book.handling_seconds = 10**6
    await harness.customer(1)
    order = await harness.buy(1)

    await harness.run(390)
    assert harness.sender.stages(order.id) == []
    await harness.run(120)

    assert harness.sender.stages(order.id) == ["slow"]


async def test_a_search_of_a_moment_is_no_news_and_a_longer_one_is_told_with_its_end(
    harness: ShopHarness,
):
    harness.book.handling_seconds = 200.0
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder"))
    short = await harness.buy(1)
    await harness.run(60)
    assert harness.sender.stages(short.id) == []
    harness.book.script(Fault(FaultKind.STATUS_AFTER, "placeOrder"))
    harness.book.script(Fault(FaultKind.STATUS, "list", times=4))
    long = await harness.buy(1)

    await harness.run(120)

    assert (await harness.order(long.id)).state is OrderState.HANDLING
    assert harness.sender.stages(long.id) == ["searching", "waiting"]


async def test_an_order_that_waits_for_the_balance_says_so_until_it_is_bought(
    harness: ShopHarness,
):
    harness.book.balance *= 0
    harness.book.handling_seconds = 100.0
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(60)
    assert harness.sender.stages(order.id) == ["held"]
    harness.book.top_up(100_000)

    await harness.run(60)

    assert harness.sender.stages(order.id) == ["held", "waiting"]


async def test_a_restart_loses_no_stage_and_repeats_none(harness: ShopHarness):
    harness.book.handling_seconds = 10**6
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(100)
    harness.restart()
    harness.clock.pass_time(250)

    await harness.run(5)
    assert harness.sender.stages(order.id) == ["slow"]
    harness.restart()
    await harness.run(60)

    assert harness.sender.stages(order.id) == ["slow"]


async def test_clock_steps_neither_make_an_order_slow_nor_forget_it(harness: ShopHarness):
    harness.book.handling_seconds = 10**6
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(20)
    await harness.set_clock(2 * HOUR)
    await harness.run(60)
    assert harness.sender.stages(order.id) == []
    await harness.set_clock(-3 * HOUR)
    await harness.run(60)
    assert harness.sender.stages(order.id) == []

    await harness.run(300)

    assert harness.sender.stages(order.id) == ["slow"]


async def test_an_order_that_has_ended_meanwhile_is_left_alone(harness: ShopHarness):
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(20)
    assert (await harness.order(order.id)).tell_at is None
    await change_order(harness, order.id, tell_at=harness.clock.now())
    before = len(await rows(harness, outbox))

    await watch_waiting_orders(harness.shop, "oneclickdz")

    assert len(await rows(harness, outbox)) == before


async def test_the_list_and_the_order_say_the_same(harness: ShopHarness):
    harness.book.handling_seconds = 10**6
    await harness.customer(1)
    order = await harness.buy(1)
    await harness.run(400)

    view = await my_order(harness.shop, 1, order.id)
    mine = await my_orders(harness.shop, 1, 0)

    assert view.waiting == mine.waiting[order.id]
    assert view.waiting is not None
    assert view.waiting.stage is Stage.SLOW


async def test_the_edit_is_tried_again_alone_after_the_codes_were_sent(
    harness: ShopHarness, monkeypatch
):
    await harness.customer(1)
    order = await harness.buy(1)
    show, tries = harness.sender.update_status, []

    async def fails_twice(customer, shown, waiting, *, alone=False):
        tries.append(shown.state)
        if len(tries) < 3:
            raise SendFailure
        await show(customer, shown, waiting, alone=alone)

    monkeypatch.setattr(harness.sender, "update_status", fails_twice)
    await harness.run(60)

    assert tries == [OrderState.FULFILLED] * 3
    assert len([s for s in harness.sender.sent if s.kind == "codes"]) == 1
    assert [shown.id for shown, _ in harness.sender.statuses] == [order.id]


async def test_many_waiting_orders_are_looked_at_by_their_due_times_alone(harness: ShopHarness):
    harness.book.handling_seconds = 10**6
    await harness.customer(1, dinars=1_000_000)
    orders = [await harness.buy(1) for _ in range(20)]
    await harness.run(350)
    assert {stage for order in orders for stage in harness.sender.stages(order.id)} == {"slow"}
    edits = len(harness.sender.statuses)
    async with harness.store.reading() as tx:
        assert await tx.orders.earliest_to_tell("oneclickdz", harness.clock.now()) is None

    await harness.run(timedelta(minutes=4).total_seconds())

    assert len(harness.sender.statuses) == edits == 20
