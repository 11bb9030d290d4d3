"""Waiting for what a test is about as long as a slow machine may need, and no longer than it takes."""

import asyncio
from collections.abc import Callable
from inspect import isawaitable

from bot.sandbox.telegram.person import PATIENCE_SECONDS


async def until(is_so: Callable[[], object], every_seconds: float = 0.005) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found = is_so()
            if isawaitable(found):
                found = await found
            if found:
                return
            await asyncio.sleep(every_seconds)
