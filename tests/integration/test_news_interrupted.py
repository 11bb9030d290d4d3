"""News whose sending breaks off: a killed process, a stop, a shop that ends, a storage that fails."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.jobs import Job
from bot.domain.news import NewsState, Totals
from bot.errors import NotLeading, StorageFailure
from bot.jobs import Jobs
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.services.news import sending
from bot.services.news.drafts import stop_news
from bot.services.news.sending import BATCH
from tests.harness import OPERATOR, ShopHarness
from tests.integration.news_steps import FIRST, begin, news_of, outcomes, readers, settle


class Killed(BaseException):
    """The end of the process."""


@pytest.mark.parametrize("step", ["_take", "_record", "_give_up_interrupted", "send", "sent"])
@pytest.mark.parametrize("nth", [1, 2, 7])
async def test_killed_at_any_step_nobody_hears_twice(harness: ShopHarness, monkeypatch, step, nth):
    """Before or after each commit and each message; the next process goes on from the cursor."""
    people = await settle(harness, 50)
    await begin(harness)
    calls = 0
    write, send = harness.store.write, harness.sender.send_news

    async def die_after_commit(work, *args, **named):
        nonlocal calls
        result = await write(work, *args, **named)
        calls += work.__name__ == step
        if work.__name__ == step and calls == nth:
            raise Killed
        return result

    async def die_at_message(customer, letter, product, **_named):
        nonlocal calls
        calls += 1
        if step == "send" and calls == nth:
            raise Killed
        await send(customer, letter, product)
        if step == "sent" and calls == nth:
            raise Killed

    monkeypatch.setattr(harness.store, "write", die_after_commit)
    monkeypatch.setattr(harness.sender, "send_news", die_at_message)
    died = False
    try:
        await harness.run(5)
    except Killed:
        died = True
    monkeypatch.undo()
    harness.restart()
    harness.leave_out(Job.SILENCE, Job.BALANCE, Job.WATCH, Job.REMINDERS)
    await harness.run(5)

    assert max(Counter(readers(harness)).values()) == 1
    done = await news_of(harness)
    assert done.state is NewsState.DONE
    assert done.totals.tried == len(people)
    assert set((await outcomes(harness)).values()) <= {"sent", "unknown"}
    assert done.totals.unknown <= BATCH
    assert died or step in ("_give_up_interrupted", "_take", "_record")
    if died and step == "send":
        assert done.totals.unknown >= 1


async def test_a_killed_process_loses_at_most_one_batch(harness: ShopHarness, monkeypatch):
    await settle(harness, 50)
    await begin(harness)

    async def die(customer, letter, product, **_named):
        raise Killed

    monkeypatch.setattr(harness.sender, "send_news", die)
    with pytest.raises(Killed):
        await harness.run(5)
    monkeypatch.undo()
    harness.restart()
    await harness.run(5)

    assert readers(harness) == list(range(FIRST + BATCH, FIRST + 50))
    assert (await news_of(harness)).totals == Totals(sent=50 - BATCH, unknown=BATCH)


async def test_what_a_stopped_news_left_in_flight_is_unknown(harness: ShopHarness, monkeypatch):
    await settle(harness, 3)
    news = await begin(harness)

    async def die(customer, letter, product, **_named):
        raise Killed

    monkeypatch.setattr(harness.sender, "send_news", die)
    with pytest.raises(Killed):
        await harness.run(5)
    monkeypatch.undo()
    await stop_news(harness.shop, news.id, OPERATOR, key="stop")
    harness.restart()
    await harness.run(5)

    assert readers(harness) == []
    stopped = await news_of(harness)
    assert (stopped.state, stopped.totals) == (NewsState.STOPPED, Totals(unknown=3))


async def test_after_stop_nothing_more_is_sent(harness: ShopHarness):
    await settle(harness, 50)
    news = await begin(harness)
    send = harness.sender.send_news

    async def stop_meanwhile(customer, letter, product, **_named):
        await send(customer, letter, product)
        if len(readers(harness)) == 30:
            await stop_news(harness.shop, news.id, OPERATOR, key="stop")

    harness.sender.send_news = stop_meanwhile
    await harness.run(60)

    assert len(readers(harness)) == 30
    stopped = await news_of(harness)
    assert (stopped.state, stopped.totals) == (NewsState.STOPPED, Totals(sent=30))
    assert set((await outcomes(harness)).values()) == {"sent"}
    assert [s for s in harness.sender.sent if s.kind == "progress"][-1].data["state"] == "stopped"


async def test_a_stop_before_the_next_people_are_taken_takes_none(harness: ShopHarness):
    await settle(harness, 3)
    news = await begin(harness)
    await stop_news(harness.shop, news.id, OPERATOR, key="stop")

    batch = await sending._send_batch(harness.shop, news)

    assert list(batch.people) == []
    assert readers(harness) == []


async def test_a_process_that_does_not_lead_sends_nothing_more(harness: ShopHarness):
    await settle(harness, 5)
    await begin(harness)
    send = harness.sender.send_news

    async def lose_the_lead(customer, letter, product, **_named):
        await send(customer, letter, product)
        harness.shop.lease.end()

    harness.sender.send_news = lose_the_lead
    await harness.run_due(but=set(Job) - {Job.NEWS})

    assert readers(harness) == [FIRST]


async def test_a_storage_that_fails_in_a_batch_costs_nobody_their_news(
    harness: ShopHarness, monkeypatch
):
    people = await settle(harness, 10)
    await begin(harness)
    fails = [True]

    async def fail_after_three(*_args):
        if len(readers(harness)) == 3 and fails:
            fails.clear()
            raise StorageFailure

    monkeypatch.setattr(sending, "_wait_of", fail_after_three)
    await harness.run(10)

    assert readers(harness) == list(people)
    assert (await news_of(harness)).totals == Totals(sent=10)


async def test_a_shop_that_stops_ends_its_batch_and_begins_no_other(harness: ShopHarness):
    await settle(harness, 10 * BATCH)
    await begin(harness)
    send = harness.sender.send_news
    jobs = Jobs(harness.shop, timedelta(seconds=30))

    async def take_a_moment(customer, letter, product, **_named):
        await asyncio.sleep(0.002)
        await send(customer, letter, product)

    harness.sender.send_news = take_a_moment
    jobs.start()
    while len(readers(harness)) < BATCH + 3:
        await asyncio.sleep(0.002)
    await jobs.stop(PATIENCE_SECONDS)

    assert len(readers(harness)) == 2 * BATCH
    assert set((await outcomes(harness)).values()) == {"sent"}


async def test_a_shop_that_is_stopped_amid_a_batch_loses_the_news_of_one_person(
    harness: ShopHarness,
):
    people = await settle(harness, 30)
    await begin(harness)
    send = harness.sender.send_news
    jobs = Jobs(harness.shop, timedelta(seconds=30))
    hangs = asyncio.Event()

    async def hang_at_the_eighth(customer, letter, product, **_named):
        if len(readers(harness)) == 7:
            hangs.set()
            await asyncio.sleep(3600)
        await send(customer, letter, product)

    harness.sender.send_news = hang_at_the_eighth
    jobs.start()
    await hangs.wait()
    await jobs.stop(0.01)

    assert (await news_of(harness)).totals == Totals(sent=7, unknown=1)
    harness.sender.send_news = send
    harness.restart()
    await harness.run(5)
    assert readers(harness) == [one for one in people if one != people[7]]
    assert (await news_of(harness)).totals == Totals(sent=29, unknown=1)


def test_not_leading_is_a_failure_of_the_storage():
    assert issubclass(NotLeading, StorageFailure), "a batch that loses the lead ends as one"
