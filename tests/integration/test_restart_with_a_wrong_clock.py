"""The shop is restarted while its wall clock is wrong: what was skipped before the stop ends nothing after it."""

import contextlib
from datetime import timedelta

import pytest

from bot.domain.orders import Order, OrderState
from bot.errors import StorageFailure
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.operations import clock
from bot.services.operations.clock import resume_clock
from tests.harness import ShopHarness, books_agree
from tests.integration.payment_steps import unpaid_order

MINUTE, HOUR, DAY = 60, 3600, 86_400
SECOND = timedelta(seconds=1)
S = OrderState


async def orders_that_wait(harness: ShopHarness) -> tuple[Order, Order]:
    """One that waits for its money, and a paid one that nobody sells for the moment."""
    unpaid = await unpaid_order(harness)
    await harness.customer(3)
    paid = await harness.buy(3)
    harness.let_prices_age()
    harness.book.script(Fault(FaultKind.STATUS, "checkProduct", status=503, times=10**6))
    await harness.supplier.balance()
    await harness.run(MINUTE)
    return unpaid, paid


async def states(harness: ShopHarness, orders: tuple[Order, Order]) -> list[OrderState]:
    return [(await harness.order(order.id)).state for order in orders]


async def restart(harness: ShopHarness, *, answered: bool = True, stopped: float = 5) -> None:
    """A new process after so many seconds; `answered`: the supplier has, so its clock is known."""
    harness.clock.pass_time(stopped)
    harness.restart()
    await resume_clock(harness.shop)
    for supplier in harness.shop.suppliers.values():
        supplier._client.server_time = None  # type: ignore[attr-defined]
    if answered:
        await harness.supplier.balance()
    await harness.clock_watch.check()
    await harness.run(30)


WAITING = [S.AWAITING_PAYMENT, S.PAID]


@pytest.mark.parametrize("answered", [True, False])
async def test_a_restart_while_the_clock_is_a_day_ahead_ends_nothing(
    paying_harness: ShopHarness, answered: bool
):
    harness = paying_harness
    orders = await orders_that_wait(harness)
    await harness.set_clock(25 * HOUR)
    await harness.run(10)

    await restart(harness, answered=answered)
    assert await states(harness, orders) == WAITING
    await restart(harness, answered=answered)
    assert await states(harness, orders) == WAITING

    await harness.set_clock(-25 * HOUR)
    await harness.run(MINUTE)
    await restart(harness, answered=answered)
    assert await states(harness, orders) == WAITING
    await books_agree(harness)


@pytest.mark.parametrize(
    "steps",
    [
        (-HOUR,),
        (-DAY, 25 * HOUR),
        (HOUR, 24 * HOUR, -DAY),
        (13 * HOUR, 13 * HOUR),
        (-HOUR, 2 * DAY),
    ],
)
async def test_several_steps_with_a_restart_after_each_end_nothing(
    paying_harness: ShopHarness, steps: tuple[int, ...]
):
    harness = paying_harness
    orders = await orders_that_wait(harness)

    for step in (*steps, -sum(steps)):
        await harness.set_clock(step)
        await harness.run(20)
        await restart(harness)
        assert await states(harness, orders) == WAITING
    harness.book.faults.clear()
    await harness.run(10 * MINUTE)

    assert await states(harness, orders) == [S.AWAITING_PAYMENT, S.FULFILLED]
    await books_agree(harness)


async def test_a_clock_that_was_put_right_while_the_shop_was_closed_ends_nothing(
    paying_harness: ShopHarness,
):
    harness = paying_harness
    orders = await orders_that_wait(harness)
    await harness.set_clock(25 * HOUR)
    await harness.run(10)
    harness.clock.step(-25 * HOUR)
    await restart(harness)

    assert await states(harness, orders) == WAITING


async def test_a_step_that_no_check_has_seen_before_the_stop_ends_nothing(
    paying_harness: ShopHarness,
):
    harness = paying_harness
    orders = await orders_that_wait(harness)
    await harness.clock_watch.check()
    harness.clock.step(25 * HOUR)
    await restart(harness)

    assert await states(harness, orders) == WAITING


async def test_orders_end_in_their_time_though_the_clock_stays_ahead_over_restarts(
    paying_harness: ShopHarness,
):
    """Running time counts, and stops that the supplier's clock confirms, however often it restarts."""
    harness = paying_harness
    orders = await orders_that_wait(harness)
    await harness.set_clock(25 * HOUR)
    await harness.run(10)
    lives_until = harness.shop.policy.return_unbought_after.total_seconds()
    began = harness.clock.monotonic()
    while harness.clock.monotonic() - began < lives_until - 30 * MINUTE:
        assert await states(harness, orders) == WAITING
        await restart(harness, stopped=10 * MINUTE)
        await harness.run(5 * MINUTE)
        await harness.clock_watch.check()
    for _ in range(3):
        await restart(harness, stopped=10 * MINUTE)

    assert await states(harness, orders) == [S.AWAITING_PAYMENT, S.REFUNDED]
    await books_agree(harness)


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("ahead", [HOUR, 30 * DAY])
async def test_a_clock_that_goes_back_further_than_it_was_ahead_ends_nothing(
    paying_harness: ShopHarness, ahead: int, restarts: bool
):
    """Stamps from before the first step are moved back by the whole second one."""
    harness = paying_harness
    orders = await orders_that_wait(harness)

    await harness.set_clock(ahead)
    await harness.run(10)
    await harness.set_clock(-2 * ahead)
    if restarts:
        await restart(harness)
    await harness.run(HOUR)

    assert await states(harness, orders) == WAITING
    await harness.run(HOUR + 10 * MINUTE)
    assert await states(harness, orders) == [S.AWAITING_PAYMENT, S.REFUNDED], "after its two hours"


async def test_a_step_is_noted_together_with_what_was_corrected_for_it(
    paying_harness: ShopHarness, monkeypatch: pytest.MonkeyPatch
):
    """The ends were shortened, and the process was killed before it could store anything else."""
    harness = paying_harness
    unpaid = await unpaid_order(harness)
    await harness.clock_watch.check()
    write = harness.store.write

    async def nothing_else(work, *args, **named):
        if work is not clock._act_on_steps:
            raise StorageFailure("killed")
        return await write(work, *args, **named)

    monkeypatch.setattr(harness.store, "write", nothing_else)
    with contextlib.suppress(StorageFailure):
        await harness.set_clock(-DAY)
    monkeypatch.setattr(harness.store, "write", write)

    harness.clock.step(2 * DAY)
    await restart(harness)

    assert (await harness.order(unpaid.id)).state is S.AWAITING_PAYMENT


async def test_a_step_that_was_stored_without_an_answer_moves_no_stamp_twice(
    paying_harness: ShopHarness, monkeypatch: pytest.MonkeyPatch
):
    """It is acted on again, together with the next one: moved twice, the orders would look a day older."""
    harness = paying_harness
    orders = await orders_that_wait(harness)
    write = harness.store.write

    async def answer_is_lost(work, *args, **named):
        await write(work, *args, **named)
        raise StorageFailure("committed")

    monkeypatch.setattr(harness.store, "write", answer_is_lost)
    with pytest.raises(StorageFailure):
        await harness.set_clock(-DAY)
    monkeypatch.setattr(harness.store, "write", write)
    before = [(await harness.order(order.id)).created_at for order in orders]

    harness.clock.pass_time(3)
    await harness.set_clock(-HOUR)
    await harness.run(MINUTE)

    moved = [(await harness.order(order.id)).created_at for order in orders]
    assert [was - now for was, now in zip(before, moved, strict=True)] == [HOUR * SECOND] * 2
    assert await states(harness, orders) == WAITING
