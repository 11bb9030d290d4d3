"""What the shop says by itself leaves room for answers; answers wait for nothing but the limit itself."""

import asyncio
import time

from handlers.rate_limiter import CAN_WAIT, OutgoingRateLimiter


async def send(pace, *, patient, endpoint="sendMessage"):
    async def call(*_args, **_kwargs):
        return time.monotonic()

    return await pace.process_request(call, (), {}, endpoint, {}, CAN_WAIT if patient else None)


async def test_messages_that_can_wait_keep_below_the_limit():
    pace, began = OutgoingRateLimiter(5), time.monotonic()

    times = await asyncio.gather(*(send(pace, patient=True) for _ in range(12)))

    assert max(times) - began > 1.9  # five at once, five after a second, two after another
    for at in times:
        assert sum(at <= other < at + 0.9 for other in times) <= 5


async def test_answers_go_at_once_and_count():
    pace, began = OutgoingRateLimiter(3, 20), time.monotonic()
    answers = await asyncio.gather(*(send(pace, patient=False) for _ in range(10)))
    assert max(answers) - began < 0.5
    assert await send(pace, patient=True) - began > 0.9


async def test_more_answers_than_a_second_takes_go_in_the_next_and_before_the_news():
    pace, began = OutgoingRateLimiter(2, 5), time.monotonic()

    news = asyncio.gather(*(send(pace, patient=True) for _ in range(3)))
    times = await asyncio.gather(*(send(pace, patient=False) for _ in range(8)))

    assert sum(at - began < 0.5 for at in times) == 3  # with two of the news, five
    assert max(times) - began < 1.5
    assert max(await news) > max(times)


async def test_what_is_no_message_neither_counts_nor_waits():
    pace = OutgoingRateLimiter(1)
    for endpoint in ("editMessageText", "answerCallbackQuery", "sendChatAction"):
        for _ in range(3):
            await send(pace, patient=True, endpoint=endpoint)
    began = time.monotonic()
    assert await send(pace, patient=True) - began < 0.5


async def test_nothing_waits_for_ever_behind_a_flood_of_answers(monkeypatch):
    monkeypatch.setattr("handlers.rate_limiter._LONGEST_WAIT_SECONDS", 0.3)
    pace = OutgoingRateLimiter(1, 100)
    for _ in range(50):
        await send(pace, patient=False)
    began = time.monotonic()
    assert await send(pace, patient=True) - began < 1.0
