"""Sending news to many people: at most once each, whatever happens meanwhile, and after everything else."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.domain.jobs import Job
from bot.domain.news import NewsState, Segment, Totals
from bot.domain.people import Ban
from bot.domain.records import Locale
from bot.errors import (
    NotLeading,
    SendFailure,
    SendLater,
    StorageFailure,
    Undeliverable,
    Unreachable,
)
from bot.jobs import Jobs
from bot.services.messaging.customers import choose_language
from bot.services.news import sending
from bot.services.news.drafts import start_news, stop_news
from bot.services.news.sending import BATCH, news_due, send_news
from bot.services.operations.forgetting import forget_customer
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness
from tests.integration.news_steps import (
    FIRST,
    TEXTS,
    begin,
    news_of,
    outcomes,
    readers,
    say_no,
    settle,
    write,
)

DAY = 86_400


class Killed(BaseException):
    """The end of the process."""


async def test_everybody_gets_it_once_in_their_language(harness: ShopHarness):
    for place, locale in enumerate(Locale):
        await settle(harness, 25, locale, FIRST + 100 * place)

    await begin(harness)
    await harness.run(5)

    assert Counter(readers(harness)) == Counter(
        [n + 100 * p for p in range(3) for n in range(FIRST, FIRST + 25)]
    )
    texts = {s.user_id: s.data["text"] for s in harness.sender.sent if s.kind == "news"}
    assert texts[FIRST + 100] == TEXTS[Locale.FR]
    assert texts[FIRST + 200] == TEXTS[Locale.AR]
    done = await news_of(harness)
    assert (done.state, done.totals, done.cursor) == (NewsState.DONE, Totals(sent=75), 0)
    last = [s for s in harness.sender.sent if s.kind == "progress"][-1]
    assert last.data["state"] == "done"
    assert await news_due(harness.shop) is None


async def test_a_language_without_a_text_gets_nothing(harness: ShopHarness):
    await settle(harness, 3, "fr")
    arabic = await settle(harness, 3, "ar", FIRST + 10)

    await begin(harness, {Locale.AR: "نصف السعر"})
    await harness.run(5)

    assert readers(harness) == list(arabic)


async def test_who_said_no_or_is_banned_or_cannot_be_reached_gets_none(harness: ShopHarness):
    refused, banned, blocked, reader = await settle(harness, 4)
    await say_no(harness, refused)

    async def change(tx):
        await tx.customers.set_ban(banned, Ban(START, "fraud", OPERATOR))
        await tx.customers.set_reachable(blocked, reachable=False)

    await harness.store.write(change)
    await begin(harness)
    await harness.run(5)

    assert readers(harness) == [reader]


async def test_who_says_no_between_the_preview_and_their_turn_gets_none(harness: ShopHarness):
    people = await settle(harness, 5)
    await begin(harness)
    send = harness.sender.send_news

    async def say_no_meanwhile(customer, letter, product, **_named):
        await send(customer, letter, product)
        await say_no(harness, people[3])

    harness.sender.send_news = say_no_meanwhile
    await harness.run(5)

    assert readers(harness) == [people[0], people[1], people[2], people[4]]
    assert people[3] not in await outcomes(harness)
    assert (await news_of(harness)).totals == Totals(sent=4)


async def test_who_changes_their_language_meanwhile_gets_one(harness: ShopHarness):
    people = await settle(harness, 3, "en")
    await begin(harness)
    send = harness.sender.send_news

    async def change_meanwhile(customer, letter, product, **_named):
        await send(customer, letter, product)
        if customer.id == people[0]:
            await choose_language(harness.shop, people[0], Locale.FR)
            await choose_language(harness.shop, people[1], Locale.AR)

    harness.sender.send_news = change_meanwhile
    await harness.run(5)

    assert readers(harness) == list(people)
    assert harness.sender.sent[1].data["text"] == TEXTS[Locale.AR]


async def test_who_changes_to_a_language_without_a_text_gets_none(harness: ShopHarness):
    people = await settle(harness, 2)
    await begin(harness, {Locale.EN: "Half price"})
    send = harness.sender.send_news

    async def change_meanwhile(customer, letter, product, **_named):
        await send(customer, letter, product)
        await choose_language(harness.shop, people[1], Locale.AR)

    harness.sender.send_news = change_meanwhile
    await harness.run(5)

    assert readers(harness) == [people[0]]


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


async def test_a_429_stops_it_for_all_its_seconds_and_loses_nobody(harness: ShopHarness):
    people = await settle(harness, 30)
    await begin(harness)
    send = harness.sender.send_news
    refusals = [SendLater(600.0)]

    async def refuse_once(customer, letter, product, **_named):
        if len(readers(harness)) == 7 and refusals:
            raise refusals.pop()
        await send(customer, letter, product)

    harness.sender.send_news = refuse_once
    await harness.run(590)
    assert len(readers(harness)) == 7
    await harness.run(20)

    assert readers(harness) == list(people)
    assert (await news_of(harness)).totals == Totals(sent=30)


async def test_the_wait_of_a_429_outlives_a_restart(harness: ShopHarness):
    await settle(harness, 2)
    await begin(harness)
    harness.sender.failures = [SendLater(600.0)]
    await harness.run(10)
    harness.restart()
    harness.leave_out(*set(Job) - {Job.NEWS})
    await harness.run(580)
    assert readers(harness) == []
    await harness.run(20)

    assert len(readers(harness)) == 2


async def test_what_becomes_of_each_message_is_counted(harness: ShopHarness):
    people = await settle(harness, 4)
    harness.sender.failures = []
    await begin(harness)
    harness.sender.failures = [Unreachable(), Undeliverable("no"), SendFailure("silence")]
    await harness.run(10)
    assert readers(harness) == [], (
        "silence may be an outage: each try of one costs a person their news"
    )
    await harness.run(60)

    assert readers(harness) == [people[3]]
    done = await news_of(harness)
    assert done.totals == Totals(sent=1, blocked=1, failed=1, unknown=1)
    async with harness.store.reading() as tx:
        blocked = await tx.customers.get(people[0])
    assert blocked is not None
    assert not blocked.reachable


async def test_nobody_gets_two_in_a_day_nor_more_than_the_setting_in_a_week(harness: ShopHarness):
    await settle(harness, 1)

    async def is_sent() -> bool:
        before = len(readers(harness))
        draft = await write(harness)
        await start_news(
            harness.shop, draft.id, OPERATOR, None, version=draft.version, key=f"go:{draft.id}"
        )
        await harness.run(5)
        return len(readers(harness)) > before

    await say_no(harness, OPERATOR)
    assert await is_sent()
    harness.clock.pass_time(DAY - 60)
    assert not await is_sent(), "not a day has passed"
    harness.clock.pass_time(60)
    assert await is_sent()
    harness.clock.pass_time(2 * DAY)
    assert not await is_sent(), "two in this week"
    harness.clock.pass_time(4 * DAY)
    assert await is_sent()
    assert not await is_sent()


async def test_whoever_had_their_turn_has_no_second_one_wherever_the_cursor_stands(
    harness: ShopHarness,
):
    await settle(harness, 30)
    harness.set_policy(news_per_week=7)
    news = await begin(harness)
    harness.sender.failures = [Unreachable(), Undeliverable("no")]
    await send_news(harness.shop)

    async def lose_the_cursor(tx):
        await tx.news.release(news.id, [], back_to=0)
        await tx.customers.set_reachable(FIRST, reachable=True)

    await harness.store.write(lose_the_cursor)
    harness.clock.pass_time(DAY + 60)
    await harness.run(5)

    assert readers(harness) == list(range(FIRST + 2, FIRST + 30))


async def test_two_news_at_once_do_not_add_up(harness: ShopHarness):
    people = await settle(harness, 30)
    first = await begin(harness)
    second = await begin(harness)
    await harness.run(5)

    assert readers(harness) == list(people)
    assert (await news_of(harness, first.id)).totals == Totals(sent=30)
    assert (await news_of(harness, second.id)).totals == Totals()
    assert (await news_of(harness, second.id)).state is NewsState.DONE


@pytest.mark.parametrize("hours", [0, 24])
async def test_who_was_told_something_when_it_began_is_not_told_when_a_day_is_over(
    harness: ShopHarness, hours
):
    """A few may get a news; meanwhile a day is over for many who were told another one."""
    await settle(harness, 60, first=5000)
    await begin(harness)
    await harness.run(5)
    harness.clock.pass_time(DAY - 60)
    few = await settle(harness, 40)
    second = await begin(harness)
    assert second.people == 40
    await send_news(harness.shop)
    harness.clock.pass_time(120 + 3600 * hours)
    await harness.run(5)

    assert readers(harness)[60:] == list(few)
    assert (await news_of(harness, second.id)).state is NewsState.DONE


async def test_who_comes_to_the_shop_after_it_began_gets_none(harness: ShopHarness):
    people = await settle(harness, 45)
    await begin(harness)
    await send_news(harness.shop)
    harness.clock.pass_time(1)
    await settle(harness, 2, first=5000)
    await harness.run(5)

    assert readers(harness) == list(people)


async def test_who_turns_idle_after_it_began_gets_none(harness: ShopHarness):
    await harness.customer(2001, dinars=50_000)
    await harness.buy(2001)
    await harness.run(60)
    people = await settle(harness, 25)
    harness.clock.pass_time(30 * DAY - 120)
    await begin(harness, segment=Segment(is_idle=True))
    await send_news(harness.shop)
    harness.clock.pass_time(600)
    await harness.run(5)

    assert readers(harness) == list(people)


async def test_no_more_are_sent_it_than_were_confirmed_whoever_wants_news_again(
    harness: ShopHarness,
):
    await settle(harness, 60)
    others = await settle(harness, 60, first=5000)
    await say_no(harness, *others)
    await begin(harness)
    await send_news(harness.shop)
    await say_no(harness, *others, wanted=True)
    await harness.run(5)

    assert len(readers(harness)) == 63
    done = await news_of(harness)
    assert (done.state, done.totals.sent) == (NewsState.DONE, 63)


async def test_at_night_it_waits_until_nine(harness: ShopHarness):
    people = await settle(harness, 45)
    harness.clock.moment = START.replace(hour=19, minute=59, second=50)  # ten seconds before nine
    await begin(harness)
    send = harness.sender.send_news

    async def take_a_second(customer, letter, product, **_named):
        await send(customer, letter, product)
        harness.clock.pass_time(1)

    harness.sender.send_news = take_a_second
    await harness.run(3600)
    assert len(readers(harness)) == 10
    assert [s for s in harness.sender.sent if s.kind == "progress"][-1].data["waits"] != "None"
    await harness.run(10 * 3600)
    assert len(readers(harness)) == 10
    await harness.run(2 * 3600)

    assert readers(harness) == list(people)


async def test_a_night_that_a_restart_falls_into_is_waited_for_too(harness: ShopHarness):
    await settle(harness, 1)
    harness.clock.moment = START.replace(hour=22)
    await begin(harness)
    await harness.run(60)
    harness.restart()
    harness.leave_out(*set(Job) - {Job.NEWS})
    await harness.run(3600)
    assert readers(harness) == []

    await harness.run(10 * 3600)
    assert readers(harness) == [FIRST]


async def test_codes_that_are_paid_amid_thousands_of_news_go_before_any_further_one(
    harness: ShopHarness,
):
    """A delivery that is due is sent before the next advert, and the rest goes on."""
    people = await settle(harness, 5_000)
    await harness.customer(7, dinars=50_000)
    await say_no(harness, 7)
    await begin(harness)
    send = harness.sender.send_news

    sent = 0

    async def buy_meanwhile(customer, letter, product, **_named):
        nonlocal sent
        await send(customer, letter, product)
        sent += 1
        if sent == 107:
            await harness.buy(7)
        if sent == 133:  # the supplier has the codes
            harness.clock.pass_time(10)
            await harness.run_due(but={Job.NEWS, Job.OUTBOX})
        if sent == 200:
            await stop_news(harness.shop, 1, OPERATOR, key="stop")

    harness.sender.send_news = buy_meanwhile
    await harness.run(600)

    kinds = [s.kind for s in harness.sender.sent if s.kind in ("news", "codes")]
    assert kinds.index("codes") == 133
    assert readers(harness) == list(people[:200])


async def test_while_the_outbox_has_something_due_nobody_is_taken(harness: ShopHarness):
    await settle(harness, 3)
    await begin(harness)
    await harness.credit(7, 100) if await harness.customer(7) else None

    assert await send_news(harness.shop) == 0
    assert await outcomes(harness) == {}
    await harness.run(10)
    assert len(readers(harness)) == 4, "and the customer who was just credited is one of them"


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


async def test_the_progress_is_shown_every_few_seconds_and_may_fail(harness: ShopHarness):
    await settle(harness, 100)
    await begin(harness)
    send = harness.sender.send_news
    reports: list[str] = []
    harness.shop.items.report = reports.append

    async def take_a_second(customer, letter, product, **_named):
        await send(customer, letter, product)
        harness.clock.pass_time(0.1)
        if len(readers(harness)) == 95:
            harness.sender.failures = [SendFailure("no")] * 9

    async def fail(*_args):
        raise SendFailure("no")

    harness.sender.send_news = take_a_second
    await harness.run(3)
    shown = [s for s in harness.sender.sent if s.kind == "progress"]
    assert 1 <= len(shown) <= 3
    harness.sender.failures = []
    harness.sender.update_news = fail
    await harness.run(10)
    assert "the progress of news 1" in reports[-1]


async def test_nobody_is_shown_the_progress_of_a_news_without_a_message(harness: ShopHarness):
    await settle(harness, 1)
    news = await begin(harness)

    async def forget_message(tx):
        await tx.news.begin(news.id, 999_999, 1, None, harness.clock.now())

    await harness.store.write(forget_message)
    await harness.run(5)

    assert [s.kind for s in harness.sender.sent] == ["news"]


async def test_somebody_who_is_forgotten_meanwhile_leaves_no_row(harness: ShopHarness):
    people = await settle(harness, 2)
    await begin(harness)
    await harness.run(5)

    await forget_customer(harness.shop, people[0], -(2**60 + 5), harness.clock.now())

    assert set(await outcomes(harness)) == {people[1]}
    harness.clock.pass_time(8 * DAY)
    await begin(harness)
    await harness.run(5)
    assert readers(harness) == [*people, people[1]]


async def test_an_idle_shop_reads_nothing_for_news(harness: ShopHarness, monkeypatch):
    assert await send_news(harness.shop) == 0

    def read(*_args, **_named):
        raise AssertionError("the database was read")

    monkeypatch.setattr(harness.store, "reading", read)
    assert await news_due(harness.shop) is None


async def test_who_was_sent_what_is_forgotten_after_two_months(harness: ShopHarness):
    from bot.services.operations.purge import purge_old

    await settle(harness, 2)
    await begin(harness)
    await harness.run(5)
    harness.clock.pass_time(59 * DAY)
    await purge_old(harness.shop)
    assert len(await outcomes(harness)) == 2
    harness.clock.pass_time(2 * DAY)
    await purge_old(harness.shop)

    assert await outcomes(harness) == {}
    assert (await news_of(harness)).totals == Totals(sent=2)


async def test_segments(harness: ShopHarness):
    """Who bought, who has not for 30 days, who has money; two of them together."""
    old, new, rich, poor = 2001, 2002, 2003, 2004
    for user_id in (old, new, rich):
        await harness.customer(user_id, dinars=50_000)
    await harness.customer(poor, dinars=0)
    await harness.buy(old)
    await harness.run(60)
    harness.clock.pass_time(31 * DAY)
    harness.let_prices_age()
    await harness.buy(new)
    await harness.run(60)
    await say_no(harness, OPERATOR)
    product = harness.shop.shelf.denomination(await harness.denomination()).product_id
    node = harness.shop.shelf.tree.brand_of(product)
    assert node is not None

    async def people_of(segment: Segment) -> int:
        return (await write(harness, segment=segment)).shown_people

    assert await people_of(Segment()) == 4
    assert await people_of(Segment(bought=f"p{product}")) == 2
    assert await people_of(Segment(bought=node.category)) == 2
    assert await people_of(Segment(bought="not-sold-any-more")) == 0
    assert await people_of(Segment(bought=f"p{product + 1}")) == 0
    assert await people_of(Segment(is_idle=True)) == 3
    assert await people_of(Segment(bought=f"p{product}", is_idle=True)) == 1
    assert await people_of(Segment(above_minor=0)) == 3
    assert await people_of(Segment(above_minor=4_999_999)) == 1
    assert await people_of(Segment(Locale.FR)) == 0
    assert await people_of(Segment(Locale.EN, above_minor=0)) == 3


async def test_what_they_bought_after_it_is_counted(harness: ShopHarness):
    from bot.services.news.drafts import view_news

    await harness.customer(2001, dinars=50_000)
    await harness.customer(2002, dinars=50_000)
    await harness.run(5)
    news = await begin(harness)
    await harness.run(5)
    order = await harness.buy(2001, quantity=2)
    await harness.run(60)
    assert (await view_news(harness.shop, OPERATOR)).bought == {}
    harness.clock.pass_time(timedelta(days=8).total_seconds())
    harness.let_prices_age()
    await harness.buy(2002)
    await harness.run(60)

    bought = (await view_news(harness.shop, OPERATOR)).bought[news.id]
    assert (bought.people, bought.minor) == (1, 2 * order.unit_price_minor)

    draft = await write(harness)
    async with harness.store.reading() as tx:
        assert (await tx.news.bought(draft)).people == 0


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
    await jobs.stop(10)

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
