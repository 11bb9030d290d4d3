"""Many may ask for a reading: it runs once at a time, and nobody waits without end."""

import asyncio
import gc

import pytest

from bot.monitoring.single_reading import SingleReading
from bot.sandbox.telegram.person import PATIENCE_SECONDS

pytestmark = pytest.mark.virtual_time


class Database:
    def __init__(self) -> None:
        self.runs, self.answers = 0, asyncio.Event()
        self.trouble: Exception | None = None

    async def read(self) -> int:
        self.runs += 1
        await self.answers.wait()
        if self.trouble is not None:
            raise self.trouble
        return self.runs


async def test_two_who_ask_at_once_share_one_reading():
    database = Database()
    reading = SingleReading(database.read, 5)
    both = asyncio.gather(reading.read(), reading.read())
    await asyncio.sleep(0)
    database.answers.set()

    assert tuple(await both) == (1, 1)
    assert await reading.read() == 2


async def test_a_slow_reading_is_given_up_and_not_begun_again_beside_itself():
    database = Database()
    reading = SingleReading(database.read, 0.01)

    for _ in range(3):
        with pytest.raises(TimeoutError):
            await reading.read()

    assert database.runs == 1
    database.answers.set()
    reading._limit_seconds = PATIENCE_SECONDS
    assert await reading.read() == 1, "of the reading that ran on"
    assert await reading.read() == 2


async def test_what_a_reading_raises_is_raised_and_the_next_one_is_begun(caplog):
    database = Database()
    database.trouble = OSError("gone")
    reading = SingleReading(database.read, 0.01)
    with pytest.raises(TimeoutError):
        await reading.read()
    database.answers.set()  # it fails when nobody waits any more
    await asyncio.sleep(0.01)

    with pytest.raises(OSError, match="gone"):
        await reading.read()
    database.trouble = None
    assert await reading.read() == 3
    del reading
    gc.collect()
    assert "never retrieved" not in caplog.text


async def test_who_waits_while_the_end_comes_gets_no_result():
    reading = SingleReading(Database().read, 5)
    waiting = asyncio.create_task(reading.read())
    await asyncio.sleep(0)

    await reading.close()

    with pytest.raises(TimeoutError):
        await waiting


async def test_the_end_cancels_a_reading_that_still_runs():
    database = Database()
    reading = SingleReading(database.read, 0.01)
    with pytest.raises(TimeoutError):
        await reading.read()

    await reading.close()

    assert len(asyncio.all_tasks()) == 1
    await reading.close()
    await SingleReading(database.read, 1).close()
