"""Messages from the outbox: sent until they arrive, in parts where there is too much for one."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.domain.jobs import Job
from bot.domain.orders import OrderState
from bot.domain.outbox import OutboxKind
from bot.domain.schedule import SENDS_BEFORE_ALERT, SENDS_IN_ORDER
from bot.errors import SendFailure, SendLater, StorageOutage, Undeliverable, Unreachable
from bot.services.messaging.customers import ensure_customer
from bot.services.operations.outbox import (
    Sending,
    find_messages_to_send,
    retry_messages,
    send_message,
)
from bot.services.orders import poll
from tests.harness import OPERATOR, ShopHarness
from tests.integration.outbox_steps import add_news, bought
from tests.sweeps import AT_INTERVALS


async def test_a_customer_who_comes_back_after_blocking_gets_the_codes(harness: ShopHarness):
    await harness.customer(1)
    await harness.run(1)
    order = await harness.buy(1)
    harness.sender.failures = [Unreachable()]
    await harness.run(20)
    assert harness.sender.codes_of(1) == []
    await harness.run(60)
    assert harness.sender.codes_of(1) == []

    await ensure_customer(harness.shop, 1, "en")
    await harness.run(1)

    assert len(harness.sender.codes_of(1)) == order.quantity


async def test_a_message_is_sent_again_after_a_time_out_and_after_a_flood_wait(
    harness: ShopHarness,
):
    await harness.customer(1)
    await harness.run(1)
    await harness.buy(1)
    harness.sender.failures = [SendFailure(), SendLater(7), SendFailure()]

    await harness.run(40)

    assert len(harness.sender.codes_of(1)) == 1


async def test_a_message_that_telegram_refuses_is_given_up_and_alerted(harness: ShopHarness):
    await harness.customer(1)
    await harness.run(1)
    order = await harness.buy(1)
    harness.sender.failures = [Undeliverable("bad")]

    await harness.run(20)

    assert [a["order"] for a in harness.sender.alerts("message_dead")] == [str(order.id)]
    assert (await harness.order(order.id)).state is OrderState.FULFILLED


@pytest.mark.parametrize("screen_works", [True, False])
async def test_codes_that_telegram_refuses_are_pointed_at_on_the_screen_of_the_order(
    harness: ShopHarness, screen_works: bool
):
    await bought(harness, 1)
    harness.sender.failures, harness.sender.statuses = [Undeliverable("bad")], []
    show, shown = harness.sender.update_status, []

    async def update_status(customer, order, waiting, *, alone=False):
        shown.append((customer.id, order.state, waiting, alone))
        if not screen_works:
            raise SendFailure
        await show(customer, order, waiting, alone=alone)

    harness.sender.update_status = update_status
    await harness.run(20)

    assert shown == [(1, OrderState.FULFILLED, None, True)]
    assert harness.sender.codes_of(1) == []
    assert len(harness.sender.alerts("message_dead")) == 1
    assert harness.sender.alerts("item_failing") == []


async def test_news_that_telegram_refuses_changes_no_screen(harness: ShopHarness):
    await bought(harness, 1)
    await harness.run(20)
    order = await harness.order(1)
    data = {"expires_at": (harness.clock.now() + timedelta(days=7)).isoformat()}
    await harness.store.write(
        lambda tx: tx.outbox.add(
            "r", 1, OutboxKind.EXPIRY, harness.clock.now(), order_id=order.id, data=data
        )
    )
    harness.sender.failures, harness.sender.statuses = [Undeliverable("bad")], []

    await harness.run(20)

    assert harness.sender.statuses == []
    assert len(harness.sender.alerts("message_dead")) == 1


async def test_forty_five_codes_come_as_one_document_and_thirty_in_two_messages(
    harness: ShopHarness,
):
    harness.set_policy(max_quantity=60)
    harness.kind().quantity = 200
    await harness.customer(1, dinars=500_000)

    for quantity, messages in ((45, 1), (30, 2)):
        before = len(harness.sender.sent)
        await harness.buy(1, quantity)
        await harness.run(20)
        sent = [s for s in harness.sender.sent[before:] if s.kind == "codes"]
        assert len(sent) == messages
        assert sum(len(s.codes) for s in sent) == quantity


async def test_a_message_about_nothing_and_an_alert_that_is_refused_are_given_up(
    harness: ShopHarness,
):
    await harness.customer(1, dinars=0)
    await harness.store.write(
        lambda t: t.outbox.add("x", 1, OutboxKind.ORDER_RESULT, harness.clock.now())
    )
    await harness.store.write(
        lambda t: t.outbox.add(
            "y", OPERATOR, OutboxKind.ALERT, harness.clock.now(), data={"alert": "balance_low"}
        )
    )

    harness.sender.failures = [Undeliverable("no")]
    await harness.round()
    await harness.run(5)

    async with harness.store.reading() as tx:
        assert await tx.outbox.due_news(harness.clock.now(), 10) == []


async def test_a_delivery_that_broke_off_goes_on_with_the_part_that_is_missing(
    harness: ShopHarness,
):
    harness.set_policy(max_quantity=60)
    harness.kind().quantity = 100
    await harness.customer(1, dinars=500_000)
    await harness.round()
    await harness.buy(1, 30)
    await harness.place()
    harness.clock.pass_time(5)
    await poll.poll_due_orders(harness.shop, "oneclickdz")
    send, parts = harness.sender.send_codes, []

    async def second_fails(customer, order, code_message, *, again):
        parts.append(code_message.part)
        if parts == [0, 1]:
            raise SendFailure
        return await send(customer, order, code_message, again=again)

    harness.sender.send_codes = second_fails
    await harness.run(10)

    assert parts == [0, 1, 1]
    assert len(set(harness.sender.codes_of(1))) == len(harness.sender.codes_of(1)) == 30


async def test_what_failed_is_tried_at_once_when_telegram_is_back(harness: ShopHarness):
    await harness.customer(1, dinars=0)
    await add_news(harness, "waits", 1)
    harness.sender.failures += [SendFailure()] * 5
    await harness.run(30)
    sent = len(harness.sender.sent)

    assert await retry_messages(harness.shop) == 1
    await harness.run_due()

    assert len(harness.sender.sent) == sent + 1
    assert await retry_messages(harness.shop) == 0


async def test_a_message_that_cannot_be_handled_stops_no_other_and_is_told_once(
    harness: ShopHarness,
):
    await bought(harness, 1, 2)
    harness.leave_out(*AT_INTERVALS)
    send, tries = harness.sender.send_codes, []

    async def broken_for_one(customer, *args, **kwargs):
        if customer.id == 1:
            tries.append(harness.clock.now())
            raise KeyError("a row that no code foresaw")
        return await send(customer, *args, **kwargs)

    harness.sender.send_codes = broken_for_one
    await harness.run(10)
    assert len(harness.sender.codes_of(2)) == 1
    assert harness.sender.alerts("message_dead") == []

    await harness.run(3600 * 5)

    waits = [later - earlier for earlier, later in pairwise(tries)]
    assert len(tries) > SENDS_IN_ORDER
    assert waits == sorted(waits)
    assert waits[-1] >= timedelta(minutes=15)
    assert len(harness.sender.alerts("message_dead")) == 1

    harness.sender.send_codes = send
    await harness.run(3600)
    assert len(harness.sender.codes_of(1)) == 1


async def test_telegram_away_for_some_minutes_raises_no_alert_about_a_message(harness: ShopHarness):
    await bought(harness, 1)
    harness.leave_out(*AT_INTERVALS)
    harness.sender.failures = [SendFailure() for _ in range(SENDS_BEFORE_ALERT - 1)]

    await harness.run(3600)

    assert harness.sender.failures == []
    assert len(harness.sender.codes_of(1)) == 1
    assert harness.sender.alerts("message_dead") == []


async def test_a_storage_that_fails_while_a_message_is_sent_counts_no_try_of_it(
    harness, monkeypatch
):
    await harness.customer()
    await harness.run(1)
    order = await harness.buy()
    harness.leave_out(Job.OUTBOX)
    await harness.run(30)
    (row,) = await find_messages_to_send(harness.shop, Sending(harness.clock.monotonic))
    assert row.order_id == order.id
    reading = harness.store.reading

    def away(**_options):
        raise StorageOutage("away")

    monkeypatch.setattr(harness.store, "reading", away)
    for _ in range(3):
        with pytest.raises(StorageOutage):
            await send_message(harness.shop, row)
    monkeypatch.setattr(harness.store, "reading", reading)

    (again,) = await find_messages_to_send(harness.shop, Sending(harness.clock.monotonic))
    assert (again.id, again.attempts) == (row.id, 0)
