"""The wall clock is set while something is under way: a supplier answers, a purchase is sent, the watch stores."""

from datetime import timedelta

import pytest

from bot.domain.orders import OrderState
from bot.domain.records import CodeMessageKind, SentCodes
from bot.sandbox.supplier.faults import Fault, FaultKind
from bot.services.codes.sent import record_message
from bot.services.operations.clock import ClockWatch, resume_clock
from bot.services.orders.place import recover_interrupted
from bot.services.orders.reconcile import reconcile_lost_orders
from storage.tables import code_messages
from tests.harness import ShopHarness
from tests.integration.order_steps import accepted_order, change_order
from tests.integration.readings import rows

MINUTE, HOUR = 60, 3600
S = OrderState


async def test_a_lost_order_is_searched_for_soon_though_the_clock_was_set_back_meanwhile(
    harness: ShopHarness, monkeypatch: pytest.MonkeyPatch
):
    """When the next search is due is read off the clock that stands then."""
    await harness.customer(1)
    harness.book.script(Fault(FaultKind.SILENCE_BEFORE, "placeOrder", seconds=0.1))
    order = await harness.buy(1)
    await harness.place()
    harness.clock.pass_time(MINUTE)
    orders = harness.supplier.orders

    async def set_back(since, until):
        harness.clock.step(-HOUR)
        return await orders(since, until)

    monkeypatch.setattr(harness.supplier, "orders", set_back)
    await reconcile_lost_orders(harness.shop, "oneclickdz")

    due = (await harness.order(order.id)).due_at
    assert due is not None
    assert due <= harness.clock.now() + timedelta(seconds=MINUTE)


async def test_a_purchase_under_way_is_not_taken_for_interrupted(harness: ShopHarness):
    order = await accepted_order(harness, 1)
    now = harness.clock.now()
    await change_order(harness, order.id, state="placing", supplier_order_id=None, sent_at=now)
    await harness.set_clock(HOUR)
    await harness.set_clock(-2 * HOUR)

    older_than = timedelta(seconds=2 * MINUTE)
    assert await recover_interrupted(harness.shop, older_than=older_than) == 0
    harness.clock.pass_time(2 * MINUTE)
    assert await recover_interrupted(harness.shop, older_than=older_than) == 1


async def test_a_step_that_nothing_was_corrected_for_is_not_noted(
    harness: ShopHarness, monkeypatch: pytest.MonkeyPatch
):
    """It comes while the watch tells something else; the process is killed before its next look."""
    order = await accepted_order(harness, 1)
    await change_order(harness, order.id, due_at=harness.clock.now() + timedelta(minutes=50))
    await ClockWatch(harness.shop).check()
    harness.clock.pass_time(1)
    write, steps = harness.store.write, [-HOUR]

    async def set_back(work, *args, **named):
        if steps:
            harness.clock.step(steps.pop())
        return await write(work, *args, **named)

    monkeypatch.setattr(harness.store, "write", set_back)
    await harness.clock_watch.check()
    monkeypatch.setattr(harness.store, "write", write)
    harness.restart()
    await resume_clock(harness.shop)
    await harness.clock_watch.check()

    changed = await harness.order(order.id)
    assert changed.created_at <= harness.clock.now()
    assert changed.due_at is not None
    assert changed.due_at <= harness.clock.now()


async def test_codes_sent_before_the_clock_was_set_back_are_hidden_as_if_they_were_sent_after_it(
    harness: ShopHarness,
):
    """Their record waited for the storage, and carries the time of before."""
    order = await accepted_order(harness, 1)
    ends = harness.clock.now() + harness.shop.policy.codes_visible_for
    sent = SentCodes(order.id, 1, 77, 1, 1, CodeMessageKind.TEXT, ends, again=False)
    harness.clock.step(-24 * HOUR)

    await harness.store.write(record_message, harness.shop, sent)

    (message,) = await rows(harness, code_messages)
    assert message.hide_at == harness.clock.now() + harness.shop.policy.codes_visible_for
