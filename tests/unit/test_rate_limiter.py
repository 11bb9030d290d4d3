"""The order of outgoing calls: classes, shares of people, and what a 429 closes."""

import asyncio
from datetime import timedelta

import pytest
from telegram.error import RetryAfter, TelegramError

from handlers.closures import Closures
from handlers.edge import told_wait, wait_of
from handlers.outgoing_queue import Bucket, OutgoingQueue
from handlers.priorities import Cause, Priority, caused_by, current_cause
from handlers.rate_limiter import OutgoingRateLimiter

pytestmark = pytest.mark.virtual_time

DELIVERY, PRESS, TEXT, NEWS = Priority.DELIVERY, Priority.PRESS, Priority.TEXT, Priority.NEWS
ADVERT = Priority.ADVERT


def now() -> float:
    return asyncio.get_running_loop().time()


class Calls:
    """Makes calls through a limiter, and notes when and in which order they went out."""

    def __init__(self, limiter: OutgoingRateLimiter) -> None:
        self.limiter = limiter
        self.began = now()
        self.sent: list[tuple[Priority, int, float]] = []
        self.refusals: list[float] = []
        self.takes = 0.0

    async def make(self, priority: Priority, chat: int = 1, endpoint="sendMessage", person=None):
        async def call(*_args, **_kwargs):
            self.sent.append((priority, chat, now() - self.began))
            await asyncio.sleep(self.takes)
            if self.refusals:
                raise RetryAfter(timedelta(seconds=self.refusals.pop(0)))
            return True

        with caused_by(Cause(priority, chat if person is None else person)):
            return await self.limiter.process_request(
                call, (), {}, endpoint, {"chat_id": chat}, None
            )

    def order(self) -> list[Priority]:
        return [priority for priority, _, _ in self.sent]

    def times(self) -> list[float]:
        return [at for _, _, at in self.sent]


@pytest.fixture
async def calls() -> Calls:
    return Calls(OutgoingRateLimiter(rate=20, burst=4))


async def test_all_messages_together_keep_below_the_rate_and_its_burst(calls):
    await asyncio.gather(*(calls.make(PRESS, chat) for chat in range(30)))

    assert max(calls.times()) > 1.2  # 26 after the burst, twenty a second
    for at in calls.times():
        assert sum(at <= other < at + 0.9 for other in calls.times()) <= 4 + 18 + 1


async def test_what_waits_goes_out_by_class_and_not_by_its_age(calls):
    for chat in range(4):
        await calls.make(DELIVERY, chat)  # the burst is used up
    first = [asyncio.create_task(calls.make(NEWS, n)) for n in range(5)]
    await asyncio.sleep(0)
    later = [
        asyncio.create_task(calls.make(priority, 100 + n))
        for n, priority in enumerate([TEXT] * 4 + [PRESS] * 4 + [DELIVERY] * 4)
    ]
    await asyncio.gather(*first, *later)

    waited = calls.order()[4:]
    assert waited == sorted(waited)


async def test_codes_find_a_place_at_once_beside_people_who_write_without_end():
    calls = Calls(OutgoingRateLimiter(rate=20, burst=4, share_rate=100))
    writers = [asyncio.create_task(calls.make(TEXT, n % 30)) for n in range(100)]
    await asyncio.sleep(0.5)
    began = now()
    await calls.make(DELIVERY, 999)
    assert now() - began < 0.3
    for writer in writers:
        writer.cancel()
    await asyncio.gather(*writers, return_exceptions=True)


async def test_one_who_floods_spends_only_their_own_share():
    calls = Calls(OutgoingRateLimiter(rate=10, burst=4, share_rate=2))
    flood = [asyncio.create_task(calls.make(TEXT, 1)) for _ in range(40)]
    await asyncio.sleep(0.3)

    began = now()
    await asyncio.gather(*(calls.make(TEXT, chat) for chat in (2, 3, 4)))

    assert now() - began < 0.6  # they were served longest ago: never behind the flood
    await asyncio.sleep(1.0)
    assert sum(chat == 1 for _, chat, _ in calls.sent) <= 5 + 2 * 2
    for task in flood:
        task.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


async def test_the_share_is_that_of_the_writer_whoever_gets_the_message(calls):
    """Ten customers write to support: the operator's chat is not one person who writes ten times."""
    await asyncio.gather(*(calls.make(TEXT, 900, person=n) for n in range(10)))

    assert max(calls.times()) < 1.0


async def test_the_answer_to_a_checkout_is_never_queued_nor_closed(calls):
    calls.refusals = [30]
    with pytest.raises(RetryAfter):
        await calls.make(NEWS, 1)
    waiting = [asyncio.create_task(calls.make(PRESS, n)) for n in range(2, 40)]
    await asyncio.sleep(0)
    began = now()

    await calls.make(PRESS, 1, "answerPreCheckoutQuery")

    assert now() - began < 0.3
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.parametrize(
    ("told", "answered"), [(told_wait(TelegramError("Too Many Requests")), True), (8.0, False)]
)
async def test_a_checkout_is_answered_again_while_its_payer_still_waits(calls, told, answered):
    """Each call takes some time itself, so what is waited for has to end well before the ten seconds."""
    calls.refusals, calls.takes = [told], 0.2

    if answered:
        assert await calls.make(PRESS, 1, "answerPreCheckoutQuery")
        assert max(calls.times()) < 8.0
    else:
        with pytest.raises(RetryAfter):
            await calls.make(PRESS, 1, "answerPreCheckoutQuery")


async def test_edits_wait_for_nobody_and_news_makes_room_for_them(calls):
    for _ in range(40):
        await calls.make(PRESS, 1, "editMessageText")
    assert max(calls.times()) < 1.0  # in turns they would take two seconds

    before = now()
    await calls.make(TEXT, 2)
    assert now() - before < 0.1
    await calls.make(NEWS, 3)
    assert now() - before > 0.3


async def test_news_is_not_put_off_for_ever(monkeypatch):
    monkeypatch.setattr("handlers.outgoing_queue._NEWS_WAITS_SECONDS", 0.3)
    calls = Calls(OutgoingRateLimiter(rate=10, burst=4, share_rate=100))
    flood = [asyncio.create_task(calls.make(TEXT, n % 5)) for n in range(100)]
    await asyncio.sleep(0)

    await asyncio.wait_for(calls.make(NEWS, 999), 1.0)

    for task in flood:
        task.cancel()
    await asyncio.gather(*flood, return_exceptions=True)


async def test_an_answer_waits_as_long_as_telegram_says_and_is_sent_once_more(calls):
    calls.refusals = [0.4]

    assert await calls.make(TEXT, 1)

    first, second = calls.times()
    assert 0.4 <= second - first < 2.0


async def test_an_answer_that_is_refused_twice_is_given_up(calls):
    calls.refusals = [0.1, 0.1, 0.1]

    with pytest.raises(RetryAfter):
        await calls.make(PRESS, 1)

    assert len(calls.sent) == 2


@pytest.mark.parametrize(("priority", "seconds"), [(TEXT, 61), (PRESS, 600), (NEWS, 1)])
async def test_what_is_too_long_for_an_answer_and_whatever_the_outbox_sends_is_raised_at_once(
    calls, priority, seconds
):
    calls.refusals = [seconds]

    with pytest.raises(RetryAfter):
        await calls.make(priority, 1)
    with pytest.raises(RetryAfter) as refused:  # the chat is closed: nothing is even tried
        await calls.make(priority, 1)

    assert len(calls.sent) == 1
    assert seconds - 1 < wait_of(refused.value) <= seconds
    assert max(calls.times()) < 0.5


async def test_the_wait_of_one_chat_is_not_that_of_another(calls):
    calls.refusals = [30]
    with pytest.raises(RetryAfter):
        await calls.make(DELIVERY, 1)

    assert await calls.make(DELIVERY, 2)
    assert await calls.make(TEXT, 3)
    assert max(calls.times()) < 0.5


async def test_edits_to_a_closed_chat_wait_too(calls):
    calls.refusals = [0.3]
    with pytest.raises(RetryAfter):
        await calls.make(DELIVERY, 1)

    await calls.make(PRESS, 1, "editMessageText")

    assert calls.times()[-1] >= 0.3


async def test_a_call_without_a_chat_waits_once_as_well(calls):
    calls.refusals = [0.2]

    async def answer_press():
        async def call():
            calls.sent.append((PRESS, 0, now() - calls.began))
            if calls.refusals:
                raise RetryAfter(timedelta(seconds=calls.refusals.pop()))

        with caused_by(Cause(PRESS, 1)):
            await calls.limiter.process_request(call, (), {}, "answerCallbackQuery", {}, None)

    await answer_press()

    assert calls.times()[1] - calls.times()[0] >= 0.2


async def test_messages_that_wait_when_their_chat_is_closed_go_when_it_opens(calls):
    calls.refusals = [0.5]
    results = await asyncio.gather(
        *(calls.make(priority, 1) for priority in (TEXT, PRESS)), return_exceptions=True
    )

    assert results == [True, True]
    assert len(calls.sent) == 3
    assert calls.times()[-1] >= 0.5


async def test_the_class_given_with_a_call_wins_over_that_of_the_update():
    seen: list[Priority] = []
    limiter = OutgoingRateLimiter()
    limiter._queue.wait = lambda priority, *_: _note(seen, priority)

    async def call():
        return True

    for given in (None, DELIVERY, NEWS):
        with caused_by(Cause(TEXT, 1)):
            await limiter.process_request(call, (), {}, "sendMessage", {"chat_id": 1}, given)

    assert seen == [TEXT, DELIVERY, NEWS]
    assert current_cause() == Cause()


async def _note(seen, priority):
    seen.append(priority)


def test_a_bucket_fills_at_its_rate_up_to_its_burst_and_never_by_a_clock_that_stands():
    bucket = Bucket(rate=2, burst=3)
    assert bucket.level(0.0) == 3

    for _ in range(3):
        bucket.take(0.0)

    assert bucket.ready_at(0.0, 1.0) == 0.5
    assert (bucket.level(0.0), bucket.level(1.0), bucket.level(60.0)) == (0, 2, 3)


async def test_a_caller_who_leaves_takes_no_turn():
    queue = OutgoingQueue(Closures(), rate=10, burst=4)
    for chat in range(3):
        await queue.wait(PRESS, chat, chat)
    leaves = [asyncio.create_task(queue.wait(PRESS, 9, 9)) for _ in range(20)]
    await asyncio.sleep(0)
    for task in leaves:
        task.cancel()
    await asyncio.gather(*leaves, return_exceptions=True)

    began = now()
    await queue.wait(PRESS, 10, 10)

    assert now() - began == pytest.approx(0.1)  # one call at ten a second
    queue.close()


async def test_adverts_go_where_fewer_than_ten_messages_went_out_in_the_last_second():
    calls = Calls(OutgoingRateLimiter())
    adverts = [asyncio.create_task(calls.make(ADVERT, chat)) for chat in range(40)]
    await asyncio.sleep(1.5)
    for chat in range(100, 112):
        await calls.make(PRESS, chat)
    await asyncio.gather(*adverts)

    at = [(priority, when) for priority, _, when in calls.sent]
    for priority, when in at:
        before = [other for _, other in at if when - 1.0 < other < when]
        assert priority is not ADVERT or len(before) < 10


async def test_an_advert_waits_for_whatever_else_waits(calls):
    others = [
        asyncio.create_task(calls.make(priority, chat))
        for chat, priority in enumerate([NEWS, TEXT, PRESS, DELIVERY] * 6)
    ]
    advert = asyncio.create_task(calls.make(ADVERT, 999))
    await asyncio.gather(advert, *others)

    assert calls.order()[-1] is ADVERT


async def test_an_advert_never_grows_old_into_a_higher_class():
    calls = Calls(OutgoingRateLimiter(rate=10, burst=4, share_rate=100))
    flood = [asyncio.create_task(calls.make(TEXT, n % 5)) for n in range(100)]
    await asyncio.sleep(0)
    advert = asyncio.create_task(calls.make(ADVERT, 999))
    await asyncio.sleep(8)

    assert ADVERT not in calls.order()
    for task in flood:
        task.cancel()
    await asyncio.wait_for(advert, 3)
    await asyncio.gather(*flood, return_exceptions=True)


async def test_presses_and_codes_are_as_fast_beside_adverts_as_without_them():
    calls = Calls(OutgoingRateLimiter())
    adverts = [asyncio.create_task(calls.make(ADVERT, chat)) for chat in range(200)]
    longest = 0.0
    for chat in range(1000, 1020):
        await asyncio.sleep(0.37)
        for priority in (DELIVERY, PRESS):
            before = now()
            await calls.make(priority, chat)
            longest = max(longest, now() - before)
    for task in adverts:
        task.cancel()
    await asyncio.gather(*adverts, return_exceptions=True)

    assert calls.order().count(ADVERT) > 20
    assert longest < 0.05


async def test_a_429_for_an_advert_is_raised_at_once(calls):
    calls.refusals = [300]
    with pytest.raises(RetryAfter):
        await calls.make(ADVERT, 1)

    with pytest.raises(RetryAfter) as refused:
        await calls.make(ADVERT, 1)
    assert wait_of(refused.value) > 290
