"""A news to four hundred people, sent by a real process: codes come as fast beside it as without it."""

import statistics
import time
from collections import Counter

import pytest

from bot.sandbox.simulation import Simulation
from bot.sandbox.telegram.chats import Message
from bot.sandbox.telegram.world import Person, text_of
from tests.bot_harness import bare
from tests.e2e.shop import noon_here, settle
from tests.e2e.test_buying_beside_chatter import buy_and_wait

PEOPLE = 400
FIRST = 5_000
PURCHASES = 6
SLOWEST = 1.5  # times the quiet shop's median
TEXT = "Moitié prix *ce* soir <b>seulement</b>"


def told(person: Person, message: Message | None = None) -> str:
    """What a message says as it is now; without one, the newest."""
    shown = person.chat.messages[message["message_id"]] if message else person.screen
    return bare(text_of(shown))


async def press(person: Person, label: str, words: str) -> None:
    await person.press(label)
    await person.until(lambda me: words in told(me))


@pytest.mark.alone
async def test_codes_come_as_fast_beside_a_news_and_everybody_gets_it_once(
    simulation: Simulation, open_shop, shopper, operator, tmp_path
):
    people = [simulation.world.person(FIRST + number, "F", "fr") for number in range(PEOPLE)]
    settle(tmp_path, simulation, range(FIRST, FIRST + PEOPLE), "fr")
    shop = await open_shop(TIME_ZONE=noon_here())
    buyer = await shopper(5)
    quiet = [await buy_and_wait(buyer) for _ in range(PURCHASES)]

    await operator.ask_and_read("/news", "to many customers")
    await press(operator, "New announcement", "in English")
    await press(operator, "Skip English", "in French")
    await operator.say(TEXT)
    await operator.until(lambda me: "in Arabic" in told(me))
    await press(operator, "Skip Arabic", "For everybody")
    await press(operator, "Preview and send", f"to {PEOPLE} people")
    card = operator.screen
    began = time.perf_counter()
    await operator.press("📣 Send")
    await operator.until(lambda _: bool(people[0].inbox))

    beside = [await buy_and_wait(buyer) for _ in range(PURCHASES)]
    reached = sum(bool(person.inbox) for person in people)
    await shop.kill()
    await shop.start()
    await operator.until(lambda me: "has been sent" in told(me, card), 120)
    took = time.perf_counter() - began

    heard = Counter(len(person.inbox) for person in people)
    usual, then = statistics.median(quiet), statistics.median(beside)
    print(
        f"buy to codes: quiet {usual:.2f} s (most {max(quiet):.2f}), beside a news {then:.2f} s "
        f"(most {max(beside):.2f}); {reached} had it by then, {PEOPLE} after {took:.0f} s, "
        f"a kill in between: {heard}"
    )
    assert max(heard) == 1
    assert heard[0] <= 20, "what was on its way when the process was killed"
    assert all(text_of(message) == TEXT for person in people for message in person.inbox)
    assert 0 < reached < PEOPLE, "the purchases were beside it"
    assert then <= SLOWEST * usual
