"""getUpdates waits, confirms and conflicts as the server does it (server sheet 4)."""

import asyncio

import httpx
import pytest

from bot.sandbox.serve import serving
from bot.sandbox.telegram.api import TelegramApi
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from bot.sandbox.telegram.polling import OTHER_POLLER, WEBHOOK_ACTIVE, WEBHOOK_SET
from tests.unit.telegram_simulator.conftest import TOKEN

in_virtual_time = pytest.mark.virtual_time  # but for what goes over sockets
LONGEST = 50  # of a poll, as the server has it: more than a test waits for its answer


async def waiting(call, **values):
    task = asyncio.create_task(call("getUpdates", **values))
    await asyncio.sleep(0.05)
    return task


@pytest.fixture
def pushed(world, lina):
    """The ids of five updates."""

    async def push(count: int = 5) -> list[int]:
        return [await lina.say(f"text {n}") for n in range(count)]

    return push


def ids(updates) -> list[int]:
    return [update["update_id"] for update in updates]


@in_virtual_time
async def test_an_update_ends_the_wait(call, lina):
    """Server sheet 4.7."""
    poll = await waiting(call, timeout=LONGEST)
    said = await lina.say("hello")

    assert ids((await asyncio.wait_for(poll, PATIENCE_SECONDS))["result"]) == [said]


@in_virtual_time
async def test_the_older_waiting_poll_is_cut_at_once_by_one_that_finds_nothing(call):
    """Server sheet 4.3."""
    older = await waiting(call, timeout=LONGEST)
    newer = await waiting(call, timeout=LONGEST, offset=9)

    answer = await asyncio.wait_for(older, PATIENCE_SECONDS)
    assert (answer["error_code"], answer["description"]) == (409, OTHER_POLLER)
    assert not newer.done()
    newer.cancel()


@in_virtual_time
async def test_a_short_poll_cuts_nobody(call):
    """Server sheet 4.3."""
    older = await waiting(call, timeout=LONGEST)

    assert await call.updates(timeout=0, offset=9) == []
    await asyncio.sleep(0.05)
    assert not older.done()
    older.cancel()


@in_virtual_time
async def test_a_newer_poll_that_finds_updates_cuts_nobody(call, world, lina):
    """Server sheet 4.3."""
    older = await waiting(call, timeout=LONGEST)
    world.updates = [{"update_id": 7, "message": {}}]  # the older one has not noticed it yet

    assert len(await call.updates(timeout=20)) == 1
    assert not older.done()
    await world.notify()
    assert (await asyncio.wait_for(older, PATIENCE_SECONDS))["ok"]


@in_virtual_time
async def test_a_second_conflict_within_three_seconds_is_delayed(call, world):
    """Server sheet 4.4."""
    world.polling.conflict_seconds = 0.5
    first = await waiting(call, timeout=LONGEST)
    second = await waiting(call, timeout=LONGEST)
    start = asyncio.get_running_loop().time()
    third = await waiting(call, timeout=LONGEST)
    assert first.done()
    assert not second.done()

    assert (await asyncio.wait_for(second, PATIENCE_SECONDS))["error_code"] == 409
    assert asyncio.get_running_loop().time() - start > 0.3
    third.cancel()


async def test_a_poller_that_died_keeps_nothing_from_the_next_one(world, lina):
    """The server does not notice that the client of a waiting poll has gone (Client.cpp, do_get_updates).

    What came meanwhile was answered to nobody and is not confirmed; the next poll gets it, and no conflict.
    """
    async with serving(TelegramApi(world).app) as url:
        port = int(url.rpartition(":")[2])
        _, dead = await asyncio.open_connection("127.0.0.1", port)
        dead.write(f"GET /bot{TOKEN}/getUpdates?timeout=20 HTTP/1.1\r\nHost: t\r\n\r\n".encode())
        await dead.drain()
        await asyncio.sleep(0.2)
        dead.transport.abort()
        said = [await lina.say("lost to a dead poller"), await lina.say("and this")]
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_SECONDS) as client:
            answer = (await client.get(f"/bot{TOKEN}/getUpdates?timeout=5")).json()
            assert ids(answer["result"]) == said
            polling = asyncio.create_task(
                client.get(f"/bot{TOKEN}/getUpdates?timeout=5&offset={said[-1] + 1}")
            )
            await asyncio.sleep(0.1)
            later = await lina.say("later")
            assert ids((await polling).json()["result"]) == [later]


async def test_the_poll_of_a_dead_client_takes_the_conflict_of_the_next_one(world, lina):
    """Server sheet 4.3: nobody reads that 409, and the living poller waits undisturbed."""
    async with serving(TelegramApi(world).app) as url:
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_SECONDS) as dead:
            with pytest.raises(httpx.ReadTimeout):
                await dead.get(
                    f"/bot{TOKEN}/getUpdates?timeout=20",
                    timeout=httpx.Timeout(PATIENCE_SECONDS, read=0.2),
                )
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_SECONDS) as client:
            polling = asyncio.create_task(client.get(f"/bot{TOKEN}/getUpdates?timeout=5"))
            await asyncio.sleep(0.2)
            said = await lina.say("hello")
            assert ids((await polling).json()["result"]) == [said]


@in_virtual_time
async def test_a_cut_poll_does_not_end_with_updates(call, world, lina):
    """Server sheet 4.4: while its 409 is delayed, what comes goes to the newer poll alone."""
    world.polling.conflict_seconds = 1.2
    first = await waiting(call, timeout=LONGEST)
    second = await waiting(call, timeout=1)  # its own time ends before its 409 comes
    third = await waiting(call, timeout=LONGEST)
    said = await lina.say("hello")

    assert ids((await asyncio.wait_for(third, PATIENCE_SECONDS))["result"]) == [said]
    assert [(await task)["ok"] for task in (first, second)] == [False, False]


async def test_limits_are_clamped(call, pushed):
    """Server sheet 1.9, 4.2: never an error, also for text that is no number."""
    await pushed(3)

    assert len(await call.updates(limit=0)) == 1
    assert len(await call.updates(limit="many", offset=-9)) == 1
    assert len(await call.updates(limit=10**9)) == 3


async def test_a_timeout_over_fifty_seconds_is_fifty(call, world, monkeypatch):
    """Server sheet 4.2."""
    waited = []

    async def wait(_poll, seconds):
        waited.append(seconds)

    monkeypatch.setattr(world.polling, "_wait", wait)
    await call.updates(timeout=1000)
    assert await call.updates(timeout=-3) == []
    assert waited == [50]


@in_virtual_time
async def test_the_same_offset_again_waits_longer_and_takes_one(call, world, pushed):
    """Server sheet 4.6."""
    world.polling.repeated_wait_seconds, world.polling.repeated_at_once_seconds = 0.4, 0.2
    assert await call.updates(timeout=0) == []
    start = asyncio.get_running_loop().time()
    assert await call.updates(timeout=0) == []
    assert asyncio.get_running_loop().time() - start > 0.3

    numbers = await pushed(3)
    assert len(await call.updates(offset=numbers[0])) == 3
    assert len(await call.updates(offset=numbers[0])) == 1
    await asyncio.sleep(0.25)
    assert len(await call.updates(offset=numbers[0])) == 3


async def test_an_offset_forgets_what_is_before_it(call, pushed):
    """Server sheet 4.8."""
    numbers = await pushed()

    assert ids(await call.updates()) == numbers
    assert ids(await call.updates(offset=numbers[2])) == numbers[2:]
    assert ids(await call.updates(offset=0)) == numbers[2:]


async def test_a_negative_offset_keeps_the_last(call, pushed):
    """Server sheet 4.9."""
    numbers = await pushed()

    assert ids(await call.updates(offset=-2)) == numbers[-2:]
    assert ids(await call.updates()) == numbers[-2:]


@pytest.mark.parametrize(("away", "kept"), [(10, 0), (11, 5), (-100_006, 5), (10**6, 5)])
async def test_an_offset_far_away_is_ignored(call, pushed, away, kept):
    """Server sheet 4.10: more than 10 past the newest, or 100,000 before the oldest."""
    numbers = await pushed()

    assert len(await call.updates(offset=numbers[-1] + away)) == kept
    assert len(await call.updates()) == kept


async def test_an_answer_holds_four_megabytes(call, world):
    """Server sheet 4.12."""
    for _ in range(10):
        world.push("message", {"date": int(world.now()), "text": "x" * 500_000})

    assert len(await call.updates()) == 8


@in_virtual_time
async def test_a_webhook_excludes_polling(call, world):
    """Server sheet 4.1, 4.5."""
    poll = await waiting(call, timeout=LONGEST)
    assert (await call("setWebhook", url="https://shop.example/hook"))["ok"]
    assert (await asyncio.wait_for(poll, PATIENCE_SECONDS))["description"] == WEBHOOK_SET

    world.polling.conflict_seconds = 0.3
    start = asyncio.get_running_loop().time()
    answer = await call("getUpdates")
    assert asyncio.get_running_loop().time() - start > 0.2, "the second conflict is delayed too"
    assert (answer["error_code"], answer["description"]) == (409, WEBHOOK_ACTIVE)
    await call("deleteWebhook")
    assert await call.updates() == []


@in_virtual_time
async def test_a_revoked_token_ends_the_wait_with_nothing(call, world):
    """Server sheet 2.3."""
    poll = await waiting(call, timeout=LONGEST)
    await world.revoke()

    assert (await asyncio.wait_for(poll, PATIENCE_SECONDS))["result"] == []
    answer = await call("getUpdates")
    assert (answer["error_code"], answer["description"]) == (401, "Unauthorized")
