"""A wait for an event ends where it is cancelled, also at the moment at which the event comes.

`asyncio.wait_for` of Python 3.11 goes on then: who cancels its task and waits for the end waits for ever.
"""

import asyncio
import re
from pathlib import Path

import pytest

from bot.stopping import Stopping

ROOT = Path(__file__).parents[2]


async def test_a_process_that_waits_for_its_end_can_be_cancelled_as_the_end_comes():
    stopping = Stopping()
    waiting = asyncio.create_task(stopping.wait(30))
    await asyncio.sleep(0.01)

    stopping.set()
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_no_wait_for_an_event_is_bounded_by_wait_for():
    found = [
        path.name
        for room in ("bot", "handlers", "storage")
        for path in (ROOT / room).rglob("*.py")
        if "sandbox" not in path.parts
        and re.search(r"wait_for\(\s*[\w.]+\.wait\(\)", path.read_text())
    ]

    assert found == []
