"""Turns: a lock for each key, which exists while somebody needs it."""

import asyncio

import pytest

from bot.errors import SendLater
from bot.services.turns import Turns

pytestmark = pytest.mark.virtual_time


async def test_what_is_done_for_one_key_is_done_in_the_order_it_was_begun():
    turns, done = Turns(), list[str]()

    async def act(name: str) -> None:
        async with turns.of("key"):
            done.append(f"{name} begins")
            await asyncio.sleep(1)
            done.append(f"{name} ends")

    await asyncio.gather(*map(act, "abc"))

    assert done == [f"{name} {what}" for name in "abc" for what in ("begins", "ends")]
    assert turns.users("key") == 0


async def test_who_has_no_patience_left_is_told_to_come_later_and_leaves_the_turn_to_others():
    turns = Turns()

    async with turns.of("key"):
        with pytest.raises(SendLater):
            async with turns.of("key", patience=1):
                pytest.fail("two at once")
        assert turns.users("key") == 1
        async with turns.of("another"):
            pass

    async with turns.of("key", patience=1):
        assert turns.users("key") == 1
    assert turns.users("key") == 0
