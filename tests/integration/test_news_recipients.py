"""Who gets a news and who gets none: languages, segments, wishes, and what they got before."""

import pytest

from bot.domain.news import NewsState, Segment, Totals
from bot.domain.people import Ban
from bot.domain.records import Locale
from bot.errors import Undeliverable, Unreachable
from bot.services.messaging.customers import choose_language
from bot.services.news.drafts import start_news
from bot.services.news.sending import send_news
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
