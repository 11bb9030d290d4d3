"""Sending news to many people: at most once each, whatever happens meanwhile, and after everything else."""

from collections import Counter
from datetime import timedelta

from bot.domain.jobs import Job
from bot.domain.news import NewsState, Totals
from bot.domain.records import Locale
from bot.errors import SendFailure, SendLater, Undeliverable, Unreachable
from bot.services.news.drafts import stop_news
from bot.services.news.sending import news_due, send_news
from bot.services.operations.forgetting import forget_customer
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness
from tests.integration.news_steps import (
    DAY,
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
