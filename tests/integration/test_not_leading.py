"""What a process that does not surely lead leaves undone."""

import asyncio

import pytest

from bot.domain.jobs import Job
from bot.domain.orders import OrderState
from bot.errors import NotLeading
from bot.services.codes.reveal import show_again
from bot.services.orders.place import find_orders_to_place, place_order


async def test_an_intent_that_was_committed_before_a_stand_still_buys_nothing(harness):
    await harness.customer()
    order = await harness.buy()
    harness.shop.lease.end()

    for one in await find_orders_to_place(harness.shop):
        await place_order(harness.shop, one)

    assert harness.book.orders == {}
    assert (await harness.order(order.id)).state is OrderState.PAID
    harness.shop.lease.renew(float("inf"))
    await harness.run(30)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    assert len(harness.book.orders) == 1


async def test_nothing_is_sent_by_a_process_that_may_not_lead(harness):
    await harness.customer()
    order = await harness.buy()
    outbox = [sweep for sweep in harness.sweeps if sweep.job is Job.OUTBOX]
    harness.leave_out(Job.OUTBOX)
    await harness.run(30)
    assert (await harness.order(order.id)).state is OrderState.FULFILLED
    told = len(harness.sender.sent)
    harness.shop.lease.end()
    with pytest.raises(NotLeading):
        await harness.send()
    with pytest.raises(NotLeading):
        await show_again(harness.shop, await harness.customer(dinars=0), order.id)
    assert len(harness.sender.sent) == told

    harness.shop.lease.renew(float("inf"))
    harness.sweeps += outbox
    await harness.run(10)
    assert [sent.kind for sent in harness.sender.sent[told:]].count("codes") == 1


async def test_a_call_of_telegram_waits_for_the_lease(harness):
    """`assemble` gives it to the bot: a press that was under way is answered by whoever leads."""
    lease = harness.shop.lease
    lease.end()
    waiting = asyncio.create_task(lease.wait())
    assert not await is_done(waiting)

    lease.renew(float("inf"))
    assert await is_done(waiting)


async def is_done(task):
    """After some turns of the loop."""
    for _ in range(10):
        await asyncio.sleep(0)
    return task.done()
