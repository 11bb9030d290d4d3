"""Which message of the outbox is sent first, and what holds up no other."""

import asyncio
from datetime import timedelta

from bot.clock import SystemClock
from bot.domain.outbox import OutboxKind, OutboxRow
from bot.errors import SendLater
from bot.jobs import Jobs
from bot.services.operations.outbox import Sending, find_messages_to_send
from tests.harness import ShopHarness
from tests.integration.outbox_steps import add_news, bought, kinds
from tests.patience import until


async def test_messages_to_one_person_keep_their_order(harness: ShopHarness):
    await add_news(harness, "first", 1)
    await bought(harness, 1)
    await add_news(harness, "last", 1)

    await harness.run(5)

    assert [s.kind for s in harness.sender.sent if s.user_id == 1][-2:] == ["codes", "credited"]


async def test_codes_do_not_wait_behind_postponed_news_of_their_owner(harness: ShopHarness):
    await harness.customer(1, dinars=0)
    await add_news(harness, "first", 1)
    harness.sender.failures = [SendLater(600)]
    await harness.round()
    assert harness.sender.failures == []
    await bought(harness, 1)

    await harness.run(5)

    told = [s.kind for s in harness.sender.sent if s.user_id == 1]
    assert "codes" in told
    assert "credited" not in told
    await harness.run(600)
    assert "credited" in [s.kind for s in harness.sender.sent if s.user_id == 1]


async def test_news_without_end_takes_no_place_of_codes(harness: ShopHarness):
    for number in range(50):
        await harness.customer(100 + number, dinars=0)
        await add_news(harness, f"news {number}", 100 + number)
    await bought(harness, 1)
    sending = Sending(lambda: 0.0)

    found = await find_messages_to_send(harness.shop, sending)

    assert len(found) < 50
    assert OutboxKind.ORDER_PROGRESS in kinds(found, 1) or OutboxKind.ORDER_RESULT in kinds(
        found, 1
    )
    assert await find_messages_to_send(harness.shop, sending) == []  # each is begun once


async def test_codes_overtake_news_that_has_been_on_its_way_for_a_second(harness: ShopHarness):
    now = 0.0
    sending = Sending(lambda: now)
    await harness.customer(1, dinars=0)
    await add_news(harness, "slow", 1)
    (news,) = [r for r in await find_messages_to_send(harness.shop, sending) if r.user_id == 1]
    await harness.store.write(_add_result, harness, 1)

    assert await find_messages_to_send(harness.shop, sending) == []
    now = 1.5
    assert kinds(await find_messages_to_send(harness.shop, sending), 1) == [OutboxKind.ORDER_RESULT]
    assert news.kind is OutboxKind.CREDITED


async def test_where_all_places_are_taken_nothing_is_begun(harness: ShopHarness):
    sending = Sending(lambda: 0.0)
    await add_news(harness, "one more", 1)
    for number in range(1_000, 1_008):
        sending.begin(OutboxRow(number, number, OutboxKind.ALERT, None, {}, 0))

    assert await find_messages_to_send(harness.shop, sending) == []
    sending.end(sending.rows[1_000])
    assert kinds(await find_messages_to_send(harness.shop, sending), 1) == [OutboxKind.CREDITED]


async def _add_result(tx, harness: ShopHarness, user_id: int) -> None:
    await tx.outbox.add(f"r{user_id}", user_id, OutboxKind.ORDER_RESULT, harness.clock.now())


async def test_a_message_that_failed_too_often_no_longer_holds_up_the_later_ones(
    harness: ShopHarness,
):
    await bought(harness, 1)
    send = harness.sender.send_codes

    async def broken(*_args, **_kwargs):
        raise KeyError

    harness.sender.send_codes = broken
    await harness.run(5)
    await add_news(harness, "later", 1)
    await harness.run(5)
    assert "credited" not in [s.kind for s in harness.sender.sent if s.user_id == 1][1:]

    await harness.run(60)

    assert "credited" in [s.kind for s in harness.sender.sent if s.user_id == 1][1:]
    harness.sender.send_codes = send


async def test_a_slow_message_holds_up_no_other_in_the_running_shop(harness: ShopHarness):
    await bought(harness, 1, 2)
    hangs, send = asyncio.Event(), harness.sender.send_codes

    async def slow_for_one(customer, *args, **kwargs):
        if customer.id == 1:
            await hangs.wait()
        return await send(customer, *args, **kwargs)

    harness.sender.send_codes = slow_for_one
    harness.shop.clock = SystemClock()
    jobs = Jobs(harness.shop, timedelta(seconds=30))
    jobs._started = True  # of all sweeps, this one alone runs
    await jobs._run(next(sweep for sweep in jobs._sweeps if sweep.name == "outbox"))
    await until(lambda: harness.sender.codes_of(2))
    await news_is_sent_meanwhile(harness)

    assert harness.sender.codes_of(1) == []
    hangs.set()
    await until(lambda: harness.sender.codes_of(1))
    jobs._started = False
    await asyncio.gather(*jobs._tasks)


async def news_is_sent_meanwhile(harness: ShopHarness) -> None:
    """A message that falls due while another one hangs is sent."""
    await harness.customer(3, dinars=0)
    await add_news(harness, "meanwhile", 3)
    await until(lambda: [s for s in harness.sender.sent if s.user_id == 3])
