"""A buyer beside thirty people who write a text a second: their codes come as in a quiet shop."""

import asyncio
import statistics
import time
from collections import Counter

import pytest

from bot.sandbox.simulation import Simulation
from bot.sandbox.telegram.world import Person
from tests.e2e.shop import Shopper

CHATTERERS = 30
PURCHASES = 5
SLOWEST = 1.5  # times the quiet shop's median


async def buy_and_wait(shopper: Shopper) -> float:
    """Seconds from the press on Buy to the message with the codes."""
    await shopper.to_confirm(1)
    before = len(shopper.me.codes())
    walk = shopper.me.chat.messages[shopper.walk]
    began = time.perf_counter()
    await shopper.me.press(shopper.words.plain("button-buy"), walk)
    await shopper.me.until(lambda me: len(me.codes()) > before)
    return time.perf_counter() - began


async def chatter(person: Person, number: int) -> None:
    """One text a second, whether or not the last one was answered."""
    await asyncio.sleep(number / CHATTERERS)
    while True:
        await person.say("psn" if number % 2 else "is anybody there")
        await asyncio.sleep(1)


@pytest.mark.alone
async def test_codes_come_as_fast_beside_thirty_who_write_a_text_a_second(
    simulation: Simulation, open_shop, shopper
):
    await open_shop()
    buyer = await shopper(5)
    quiet = [await buy_and_wait(buyer) for _ in range(PURCHASES)]
    people = [simulation.world.person(100 + n, "C", "en") for n in range(CHATTERERS)]
    chatting = [asyncio.create_task(chatter(person, n)) for n, person in enumerate(people)]
    await asyncio.sleep(8)  # the burst is used up, and answers wait

    beside = [await buy_and_wait(buyer) for _ in range(PURCHASES)]

    answered = sum(bool(person.inbox) for person in people)
    for task in chatting:
        task.cancel()
    await asyncio.gather(*chatting, return_exceptions=True)
    usual, then = statistics.median(quiet), statistics.median(beside)
    sent = Counter(int(at) for at, name, _ in simulation.world.calls if name.startswith("send"))
    print(
        f"buy to codes: quiet {usual:.2f} s (most {max(quiet):.2f}), beside {CHATTERERS} who write "
        f"{then:.2f} s (most {max(beside):.2f}); messages in a second, most {max(sent.values())}"
    )
    assert then <= SLOWEST * usual
    assert answered == CHATTERERS
    assert max(sent.values()) <= 30
