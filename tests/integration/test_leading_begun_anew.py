"""A leader whose database goes away while it begins: whoever looks after its lock ends, and it is begun anew."""

import asyncio

from bot import leading
from bot.errors import StorageOutage
from bot.status import Phase
from tests.integration.test_leading import process

__all__ = ["process"]


async def test_who_looks_after_the_lock_ends_as_the_lock_is_let_go(process, monkeypatch):
    failures = [StorageOutage("away")]

    async def prepare() -> None:
        await asyncio.sleep(0.02)  # who looks after the lock is at work
        if failures:
            raise failures.pop()

    async def release() -> None:
        process.lock.held = False
        process.doubt.set()  # as the end of its connection does

    monkeypatch.setattr(leading, "_LOOK_SECONDS", 30.0)
    monkeypatch.setattr(process, "_prepare", prepare)
    monkeypatch.setattr(process.lock, "release", release)

    await asyncio.wait_for(process.lead(), 10)

    assert process.status.phase is Phase.LEADING
