"""What a 429 closes: one chat, and all of them only as a guess that is tried every few seconds."""

import asyncio
from datetime import timedelta

import pytest
from telegram.error import RetryAfter

from handlers.closures import Closures
from handlers.priorities import Cause, Priority, caused_by
from handlers.rate_limiter import OutgoingRateLimiter

pytestmark = pytest.mark.virtual_time

DELIVERY, PRESS, TEXT, NEWS = Priority.DELIVERY, Priority.PRESS, Priority.TEXT, Priority.NEWS
HOUR = 3600.0


def now() -> float:
    return asyncio.get_running_loop().time()


class Telegram:
    """Takes calls through a limiter; `refused` holds chats and the seconds they are told."""

    def __init__(self) -> None:
        self.limiter = OutgoingRateLimiter()
        self.refused: dict[int, float] = {}
        self.everybody = 0.0
        self.tried: list[int] = []

    async def make(self, chat: int, priority=PRESS, endpoint="sendMessage") -> bool:
        async def call():
            self.tried.append(chat)
            seconds = self.refused.get(chat, self.everybody)
            if seconds:
                raise RetryAfter(timedelta(seconds=seconds))
            return True

        with caused_by(Cause(priority, chat)):
            return await self.limiter.process_request(
                call, (), {}, endpoint, {"chat_id": chat}, None
            )

    async def refuse(self, *chats: int, seconds: float = HOUR) -> None:
        self.refused |= dict.fromkeys(chats, seconds)
        done = await asyncio.gather(*map(self.make, chats), return_exceptions=True)
        assert [type(one) for one in done] == [RetryAfter] * len(chats)


@pytest.fixture
async def telegram():
    made = Telegram()
    yield made
    await made.limiter.shutdown()


@pytest.mark.parametrize("seconds", [40, 300, 3600])
@pytest.mark.parametrize(
    "chats", [(-1001, -1002), (-1001, 8), (7, 8), tuple(range(-30, 0))], ids=str
)
@pytest.mark.parametrize("endpoint", ["sendMessage", "editMessageText"])
async def test_chats_that_are_told_to_wait_hold_up_nobody_else_for_long(
    telegram, chats, seconds, endpoint
):
    """Two groups that were flooded on purpose closed the shop for a minute, or for an hour."""
    await telegram.refuse(*chats, seconds=seconds)
    began = now()

    assert await telegram.make(3, endpoint=endpoint)

    assert now() - began < (1.3 if chats == (7, 8) else 0.3)


async def test_the_chats_themselves_stay_closed_as_long_as_they_were_told(telegram):
    await telegram.refuse(7, 8, -1001)
    await telegram.make(3)
    tried = len(telegram.tried)

    for chat in (7, 8, -1001):
        with pytest.raises(RetryAfter):
            await telegram.make(chat)

    assert len(telegram.tried) == tried


async def test_a_success_ends_the_guess_for_all_who_wait_at_once(telegram):
    await telegram.refuse(7, 8)
    waiting = [
        asyncio.create_task(telegram.make(chat, endpoint=endpoint))
        for chat, endpoint in ((3, "sendMessage"), (4, "sendMessage"), (5, "editMessageText"))
    ]
    await asyncio.sleep(0.05)
    assert not any(task.done() for task in waiting)

    await telegram.make(9, DELIVERY)

    assert await asyncio.wait_for(asyncio.gather(*waiting), 0.3) == [True] * 3


async def test_only_one_call_at_a_time_tries_whether_all_are_closed(telegram):
    telegram.everybody = 50.0
    waiting = [asyncio.create_task(telegram.make(chat)) for chat in (7, 8)]
    await asyncio.sleep(0.05)
    waiting += [asyncio.create_task(telegram.make(chat)) for chat in range(20, 40)]
    waiting.append(asyncio.create_task(telegram.make(40, endpoint="editMessageText")))

    await asyncio.sleep(1.4)
    assert len(telegram.tried) == 3
    telegram.everybody = 0.0
    done, _ = await asyncio.wait(waiting, timeout=4)

    assert (
        len([one for one in done if one.result()]) == len(waiting) - 3
    )  # 3 have waits of their own
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


def test_groups_say_nothing_about_other_chats():
    closures = Closures()

    for group in range(-50, 0):
        assert not closures.note(group, HOUR, now=10.0)
    assert not closures.note(7, HOUR, now=10.5)

    assert closures.opens_at(-50, PRESS) == 10.0 + HOUR
    assert closures.opens_at(3, PRESS) == 0.0


def test_the_guess_is_never_longer_than_the_shortest_wait_and_tried_ever_more_rarely():
    closures = Closures()
    assert not closures.note(1, 600, now=10.0)
    assert closures.note(2, 30, now=11.0)

    tried = []
    while (at := closures.opens_at(3, PRESS)) < 41.0:
        tried.append(at)
        closures.note_attempt(at)
        assert closures.note(100 + len(tried), 600, at)

    assert tried == [12.0, 14.0, 17.0, 22.0, 27.0, 32.0, 37.0]
    assert closures.opens_at(1, PRESS) == 610.0
    assert (closures.opens_at(1, DELIVERY), closures.opens_at(3, DELIVERY)) == (0.0, 0.0)


def test_a_call_that_was_on_its_way_before_does_not_end_the_guess():
    closures = Closures()
    closures.note(1, 600, now=10.0)
    closures.note(2, 600, now=11.0)

    assert not closures.note_success(3, began=10.9)
    assert not closures.note_success(-1001, began=11.5)
    assert closures.opens_at(4, PRESS) == 12.0
    assert closures.note_success(3, began=11.5)

    assert closures.opens_at(4, PRESS) == 0.0
    assert not closures.note(1, 600, now=12.0)  # what was told before the success is settled


def test_one_chat_that_is_told_twice_or_two_long_apart_close_nobody_else():
    closures = Closures()

    for chat, now in ((1, 10.0), (1, 10.5), (2, 13.0)):
        assert not closures.note(chat, 5, now)

    assert closures.opens_at(3, PRESS) == 0.0
