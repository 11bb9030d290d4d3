"""The outgoing rate limiter: notifications leave room for answers, which wait for the limit alone."""

import asyncio
import time

from handlers.rate_limiter import CAN_WAIT, OutgoingRateLimiter


async def send(limiter, *, patient, endpoint="sendMessage"):
    async def call(*_args, **_kwargs):
        return time.monotonic()

    return await limiter.process_request(call, (), {}, endpoint, {}, CAN_WAIT if patient else None)


async def test_messages_that_can_wait_keep_below_the_limit():
    limiter, began = OutgoingRateLimiter(5), time.monotonic()

    times = await asyncio.gather(*(send(limiter, patient=True) for _ in range(12)))

    assert max(times) - began > 1.9  # five at once, five after a second, two after another
    for at in times:
        assert sum(at <= other < at + 0.9 for other in times) <= 5


async def test_answers_go_at_once_and_count():
    limiter, began = OutgoingRateLimiter(3, 20), time.monotonic()
    answers = await asyncio.gather(*(send(limiter, patient=False) for _ in range(10)))
    assert max(answers) - began < 0.5
    assert await send(limiter, patient=True) - began > 0.9


async def test_answers_beyond_the_limit_of_a_second_go_in_the_next_second_and_before_notifications():
    limiter, began = OutgoingRateLimiter(2, 5), time.monotonic()

    notifications = asyncio.gather(*(send(limiter, patient=True) for _ in range(3)))
    times = await asyncio.gather(*(send(limiter, patient=False) for _ in range(8)))

    assert sum(at - began < 0.5 for at in times) == 3  # with two notifications, five
    assert max(times) - began < 1.5
    assert max(await notifications) > max(times)


async def test_calls_that_send_no_message_neither_count_nor_wait():
    limiter = OutgoingRateLimiter(1)
    for endpoint in ("editMessageText", "answerCallbackQuery", "sendChatAction"):
        for _ in range(3):
            await send(limiter, patient=True, endpoint=endpoint)
    began = time.monotonic()
    assert await send(limiter, patient=True) - began < 0.5


async def test_a_notification_waits_for_a_limited_time_behind_answers(monkeypatch):
    monkeypatch.setattr("handlers.rate_limiter._LONGEST_WAIT_SECONDS", 0.3)
    limiter = OutgoingRateLimiter(1, 100)
    for _ in range(50):
        await send(limiter, patient=False)
    began = time.monotonic()
    assert await send(limiter, patient=True) - began < 1.0
