"""A photo with a caption as a news: sent as texts are, and stopped where Telegram refuses the photo."""

import pytest

from bot.domain.alerts import AlertKind
from bot.domain.jobs import Job
from bot.domain.news import Letter, NewsState, Totals
from bot.domain.records import Locale
from bot.domain.roles import Role
from bot.errors import BadFile, SendLater, Unreachable
from bot.services.news.drafts import start_news, stop_news, write_letter
from bot.services.news.sending import BATCH, send_news
from tests.harness import OPERATOR, ShopHarness
from tests.integration.news_steps import (
    FIRST,
    news_of,
    outcomes,
    readers,
    say_no,
    see,
    settle,
    write,
)

PHOTO = Letter("Moitié prix", photo="photo-1")
MANAGER, SUPPORT = 901, 902


async def begin(harness: ShopHarness, count: int) -> range:
    """A news with a photo for people who read French, and a text for the others; returns its readers."""
    await say_no(harness, OPERATOR)
    people = await settle(harness, count, "fr")
    draft = await write(harness, {Locale.EN: "Half price"})
    await write_letter(harness.shop, draft.id, OPERATOR, Locale.FR, PHOTO)
    seen = (await see(harness, draft.id)).news
    await start_news(harness.shop, draft.id, OPERATOR, 55, version=seen.version, key="go")
    harness.leave_out(Job.SILENCE, Job.BALANCE, Job.WATCH, Job.REMINDERS)
    return people


async def refuse_twice(harness: ShopHarness) -> None:
    """The photo of the next person, and once more after the pause."""
    for _ in range(2):
        harness.sender.failures = [BadFile("no")]
        await harness.run(25)
        assert harness.sender.failures == []
    await harness.run(10)


async def test_everybody_gets_the_photo_of_their_language_once(harness: ShopHarness):
    english = await settle(harness, 2, "en", FIRST + 500)
    people = await begin(harness, 25)
    harness.sender.failures = [Unreachable()]

    await harness.run(10)

    assert readers(harness) == [*people[1:], *english]
    photos = {s.user_id: s.data["photo"] for s in harness.sender.sent if s.kind == "news"}
    assert {photos[one] for one in people[1:]} == {"photo-1"}
    assert {photos[one] for one in english} == {""}
    assert (await news_of(harness)).totals == Totals(sent=26, blocked=1)


@pytest.mark.parametrize("before", [0, 7, BATCH - 1, BATCH, BATCH + 3])
async def test_a_photo_that_telegram_refuses_stops_the_news_and_nobody_else_is_tried(
    harness: ShopHarness, before
):
    people = await begin(harness, 50)
    send = harness.sender.send_news
    tried: list[int] = []

    async def refuse_from_then_on(customer, letter, product, **named):
        tried.append(customer.id)
        if len(tried) > before:
            raise BadFile("the file in the message is refused")
        await send(customer, letter, product, **named)

    harness.sender.send_news = refuse_from_then_on
    await harness.run(600)

    assert tried == [*people[: before + 1], people[before]], "the same person once more"
    stopped = await news_of(harness)
    assert (stopped.state, stopped.totals) == (
        NewsState.STOPPED,
        Totals(sent=before, failed=1),
    )
    became = dict.fromkeys(people[:before], "sent") | {people[before]: "failed"}
    assert await outcomes(harness) == became
    (alert,) = harness.sender.alerts(AlertKind.NEWS_REFUSED)
    assert (alert["news"], alert["count"]) == ("1", str(before))
    shown = [s for s in harness.sender.sent if s.kind == "progress"][-1]
    assert shown.data["state"] == "stopped"


async def test_one_refusal_of_a_photo_only_holds_it_for_a_while(harness: ShopHarness):
    """Each passing fault of Telegram is followed by the same person's second try; none ends the news."""
    people = await begin(harness, 3)
    send = harness.sender.send_news
    tried: list[tuple[int, float]] = []

    async def refuse_each_first(customer, letter, product, **named):
        tried.append((customer.id, harness.clock.monotonic()))
        if len(tried) % 2:
            raise BadFile("the file in the message is refused")
        await send(customer, letter, product, **named)

    harness.sender.send_news = refuse_each_first
    await harness.run(150)

    assert [one for one, _ in tried] == [person for person in people for _ in range(2)]
    waits = [second[1] - first[1] for first, second in zip(tried[::2], tried[1::2], strict=True)]
    assert min(waits) >= 30
    assert readers(harness) == list(people)
    done = await news_of(harness)
    assert (done.state, done.totals) == (NewsState.DONE, Totals(sent=3))
    assert harness.sender.alerts(AlertKind.NEWS_REFUSED) == []


async def test_a_refused_photo_of_an_earlier_news_counts_for_no_other(harness: ShopHarness):
    await begin(harness, 1)
    harness.sender.failures = [BadFile("no")]
    await send_news(harness.shop)
    await stop_news(harness.shop, 1, OPERATOR, key="stop")
    draft = await write(harness, {Locale.EN: "Half price"})
    await write_letter(harness.shop, draft.id, OPERATOR, Locale.FR, PHOTO)
    seen = (await see(harness, draft.id)).news
    await start_news(harness.shop, seen.id, OPERATOR, None, version=seen.version, key="again")
    harness.sender.failures = [BadFile("no")]

    await harness.run(60)

    assert (await news_of(harness, seen.id)).totals == Totals(sent=1)


async def test_its_alert_is_closed_when_the_next_news_begins(harness: ShopHarness):
    await begin(harness, 5)
    await refuse_twice(harness)
    assert await _is_open(harness)

    draft = await write(harness, {Locale.FR: "Moitié prix"})
    assert await _is_open(harness)
    await start_news(harness.shop, draft.id, OPERATOR, None, version=draft.version, key="again")

    assert not await _is_open(harness)


async def _is_open(harness: ShopHarness) -> bool:
    async with harness.store.reading() as tx:
        return await tx.alerts.is_open("news_refused:1")


async def test_whoever_was_not_tried_may_get_the_next_news_at_once(harness: ShopHarness):
    people = await begin(harness, 5)
    await refuse_twice(harness)

    draft = await write(harness, {Locale.FR: "Moitié prix"})
    await start_news(harness.shop, draft.id, OPERATOR, None, version=draft.version, key="again")
    await harness.run(30)

    assert readers(harness) == list(people)


async def test_whoever_may_write_news_is_alerted_and_nobody_else(harness: ShopHarness):
    await harness.hire(MANAGER, Role.MANAGER)
    await harness.hire(SUPPORT, Role.SUPPORT)
    await say_no(harness, MANAGER, SUPPORT)
    await begin(harness, 3)
    await refuse_twice(harness)

    told = {
        s.user_id
        for s in harness.sender.sent
        if s.kind == "alert" and s.data.get("alert") == AlertKind.NEWS_REFUSED
    }
    assert told == {OPERATOR, MANAGER}


async def test_a_news_that_an_operator_stopped_meanwhile_raises_no_alert(harness: ShopHarness):
    await begin(harness, 3)
    tried: list[int] = []

    async def stop_and_refuse(customer, *_args, **_named):
        tried.append(customer.id)
        if len(tried) == 2:
            await stop_news(harness.shop, 1, OPERATOR, key="stop")
        raise BadFile("no")

    harness.sender.send_news = stop_and_refuse
    await harness.run(60)

    assert (await news_of(harness)).totals == Totals(failed=1)
    assert harness.sender.alerts(AlertKind.NEWS_REFUSED) == []


async def test_a_killed_process_tries_one_more_person_at_most(harness: ShopHarness):
    """The refusal was heard and not stored: whom that batch was for is unknown, and the next one ends it."""
    people = await begin(harness, 50)
    tried: list[int] = []

    async def refuse(customer, *_args, **_named):
        tried.append(customer.id)
        raise BadFile("no")

    class Killed(BaseException):
        pass

    async def die(work, *args, **named):
        if work.__name__ == "_record":
            raise Killed
        return await write_as_usual(work, *args, **named)

    write_as_usual, harness.store.write = harness.store.write, die
    harness.sender.send_news = refuse
    with pytest.raises(Killed):
        await harness.run(5)
    harness.store.write = write_as_usual
    harness.restart()
    harness.sender.send_news = refuse
    await harness.run(60)

    assert tried == [people[0], people[BATCH], people[BATCH]]
    stopped = await news_of(harness)
    assert (stopped.state, stopped.totals) == (
        NewsState.STOPPED,
        Totals(failed=1, unknown=BATCH),
    )
    assert len(harness.sender.alerts(AlertKind.NEWS_REFUSED)) == 1


async def test_a_429_holds_a_photo_as_it_holds_a_text(harness: ShopHarness):
    people = await begin(harness, 3)
    harness.sender.failures = [SendLater(300.0)]
    await send_news(harness.shop)
    await harness.run(290)
    assert readers(harness) == []

    await harness.run(20)

    assert readers(harness) == list(people)
