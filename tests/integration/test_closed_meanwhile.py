"""A shop that was closed for days, or whose clock was set meanwhile: what is old ends, and nothing ends early."""

from datetime import timedelta

from bot.domain.alerts import AlertKind
from bot.services.operations.clock import ClockWatch, resume_clock
from tests.fakes import START
from tests.harness import ShopHarness
from tests.integration.clock_steps import DAY, HOUR, S
from tests.integration.order_steps import accepted_order, change_order
from tests.integration.payment_steps import unpaid_order
from tests.integration.readings import only_alert


async def closed_for(harness: ShopHarness, seconds: float, step: float = 0.0) -> None:
    """The shop is stopped for a while, in which the wall clock may be set as well."""
    await harness.clock_watch.check()
    harness.clock.pass_time(seconds)
    harness.clock.step(step)
    harness.restart()
    await resume_clock(harness.shop)


async def test_a_shop_that_was_closed_for_two_days_ends_what_is_old_when_the_supplier_answers(
    paying_harness: ShopHarness,
):
    harness = paying_harness
    unpaid = await unpaid_order(harness)
    await closed_for(harness, 2 * DAY)
    await harness.run(30)
    assert (await harness.order(unpaid.id)).state is S.AWAITING_PAYMENT, "no second clock yet"

    await harness.supplier.balance()
    await harness.clock_watch.check()
    await harness.run(30)

    assert (await harness.order(unpaid.id)).state is S.EXPIRED
    assert harness.sender.alerts(AlertKind.CLOCK_STEPPED) == []


async def test_a_shop_whose_clock_is_ahead_after_a_stop_ends_nothing(
    paying_harness: ShopHarness,
):
    harness = paying_harness
    unpaid = await unpaid_order(harness)
    await harness.supplier.balance()
    await closed_for(harness, 60, 25 * HOUR)
    await harness.supplier.balance()
    await harness.clock_watch.check()
    await harness.run(600)

    assert (await harness.order(unpaid.id)).state is S.AWAITING_PAYMENT
    assert only_alert(harness, AlertKind.SUPPLIER_CLOCK)["by"] == "25:00:00"


async def test_a_clock_that_was_set_back_while_the_shop_was_closed_is_noticed(
    harness: ShopHarness,
):
    order = await accepted_order(harness, 1)
    await change_order(harness, order.id, due_at=harness.clock.now() + timedelta(seconds=50))
    await closed_for(harness, 60, -HOUR)
    await harness.clock_watch.check()
    await harness.run(15)

    assert len(harness.sender.codes_of(1)) == 1
    assert only_alert(harness, AlertKind.CLOCK_STEPPED)["by"] == "0:59:00"


async def test_the_first_start_knows_no_stop(harness: ShopHarness):
    await resume_clock(harness.shop)
    await ClockWatch(harness.shop).check()

    async with harness.store.reading() as tx:
        noted = await tx.clocks.noted(START)
        assert await tx.runs.last("alive") == START
    assert noted.known["oneclickdz"][0] == START
    assert [span.began for span in noted.spans] == [START]


async def test_the_shop_notes_once_a_minute_that_it_is_alive(harness: ShopHarness):
    for seconds, noted in ((0, 0), (59, 0), (1, 60), (30, 60)):
        harness.clock.pass_time(seconds)
        await harness.clock_watch.check()
        async with harness.store.reading() as tx:
            assert await tx.runs.last("alive") == START + timedelta(seconds=noted)
