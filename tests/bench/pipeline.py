"""From the supplier's final word to the codes on the screen, and supplier calls for each order.

The first is `hanout run` between simulators, in real time: so many orders a minute that the budget of calls is not what
they wait for. The second is simulated: the throttle's waits move the clock, and the supplier's simulator counts its
calls; every order is accepted already and takes 20 s, and all come due together, which is the worst case.
"""

import asyncio
import random
import statistics
import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.orders import OrderState
from bot.sandbox.simulation import OPERATOR_ID, Simulation, open_simulation
from bot.sandbox.telegram.world import Person, buttons
from bot.services.orders.poll import poll_due_orders
from bot.suppliers.throttle import Throttle
from storage.migrate import migrate
from tests.bench.presses import _offers, _press_and_wait, _shop, _walk_of
from tests.bench.rows import Row, print_rows
from tests.database import store_at
from tests.harness import ShopHarness

BUYERS, EVERY_SECONDS = 24, 2.0
TAKES_BETWEEN_SECONDS = (3.0, 25.0)  # an order, at the supplier
AIM_CODES_SECONDS = 1.2
_LONGEST_SECONDS = 60.0
_SEED = 1

CEILING = 120
TAKES_SECONDS = 20.0
AIM_CALLS, AIM_LATE_SECONDS = 1.3, 15.0


async def _waiting(count: int, folder: Path) -> ShopHarness:
    store = store_at(folder / f"bench-{count}.db")
    await migrate(store)
    harness = await ShopHarness(store).open()
    harness.book.calls_per_minute = 1_000_000
    harness.book.handling_seconds = TAKES_SECONDS
    harness.kind().quantity = count + 10
    harness.book.balance *= 1000
    value = await harness.denomination()
    await harness.customer(1, dinars=9_000_000)
    for _ in range(count):
        await harness.buy(1)
    while OrderState.PAID in [(await harness.order(n)).state for n in (1, count)]:
        await harness.place()
        harness.clock.pass_time(0.01)
    assert value
    ready = harness.clock.now() + timedelta(seconds=TAKES_SECONDS)
    for order in harness.book.orders.values():
        order.ready_at = ready
    harness.book.calls.clear()
    harness.supplier._client.throttle = Throttle.per_minute(harness.clock, CEILING)
    return harness


async def _poll_until_done(harness: ShopHarness, count: int) -> tuple[float, list[float]]:
    ready = next(iter(harness.book.orders.values())).ready_at
    done = 0
    while done < count:
        done += await poll_due_orders(harness.shop, "oneclickdz")
        harness.clock.pass_time(1.0)
    late = []
    for number in range(1, count + 1):
        settled = (await harness.order(number)).settled_at
        assert settled is not None
        late.append(max(0.0, (settled - ready).total_seconds()))
    calls = [c for c in harness.book.calls if "checkOrder" in c.what or "/list" in c.what]
    return len(calls) / count, late


def _one_by_one(count: int) -> tuple[float, float]:
    """Each order asked every 5 s through the same budget: calls an order, and the last one's delay."""
    per_second = CEILING * 0.8 / 60
    rounds = max(5.0, count / per_second)
    calls = TAKES_SECONDS / rounds + 1
    return calls if rounds > 5 else TAKES_SECONDS / 5 + 1, rounds


@dataclass
class _Words:
    """Of each buyer: seconds from the supplier's final word to the codes; and what it took."""

    late: list[float] = field(default_factory=list)
    calls_per_minute: float = 0.0


async def _final_words() -> _Words:
    chance, found = random.Random(_SEED), _Words()
    with tempfile.TemporaryDirectory() as name:
        async with open_simulation() as simulation, _shop(simulation, Path(name)):
            walk, _ = await _walk_of(simulation)
            buyers = [await _with_money(simulation, 3000 + n) for n in range(BUYERS)]
            simulation.book.calls.clear()
            began = asyncio.get_running_loop().time()
            found.late = await asyncio.gather(
                *(
                    _buy(simulation, buyer, walk, number * EVERY_SECONDS, chance)
                    for number, buyer in enumerate(buyers)
                )
            )
            minutes = (asyncio.get_running_loop().time() - began) / 60
            found.calls_per_minute = len(simulation.book.calls) / minutes
    return found


async def _with_money(simulation: Simulation, user_id: int) -> Person:
    person, operator = simulation.world.person(user_id, "Lina", "en"), OPERATOR_ID
    await person.say("/start")
    await person.until(lambda me: bool(me.inbox), 30)
    await simulation.world.person(operator).ask_and_read(f"/credit {user_id} 20000", "✓", 30)
    return person


async def _buy(
    simulation: Simulation, person: Person, walk: list[str], after: float, chance: random.Random
) -> float:
    """Seconds from the final word about this person's order to its codes on their screen."""
    await asyncio.sleep(after)
    for data in walk:
        await _press_and_wait(person, data)
    await person.until(_offers("Buy"), 30)
    buy = next(b for b in buttons(person.screen) if "Buy" in b["text"])
    simulation.book.handling_seconds = chance.uniform(*TAKES_BETWEEN_SECONDS)
    await person.forge(buy["callback_data"], person.screen)
    await person.until(lambda me: bool(me.codes()), _LONGEST_SECONDS)
    return (simulation.book.now() - _ready(simulation, person.codes())).total_seconds()


def _ready(simulation: Simulation, codes: list[str]) -> datetime:
    """When the order with these codes was ready at the supplier."""
    return next(
        order.ready_at
        for order in simulation.book.orders.values()
        if any(text in codes for card in order.cards for text in card.values())
    )


async def _report_final_words() -> list[Row]:
    print(
        f"From the supplier's final word to the codes: {BUYERS} orders, one each {EVERY_SECONDS:.0f} s",
        flush=True,
    )
    words = await _final_words()
    print(
        f"  most {max(words.late):.1f} s, least {min(words.late):.1f} s; {words.calls_per_minute:.0f} of "
        f"{CEILING} calls a minute"
    )
    median = statistics.median(words.late)
    rows = [Row("final word to codes: p50", median, AIM_CODES_SECONDS, "s")]
    print_rows(rows)
    return rows


async def report() -> list[Row]:
    return [*await _report_final_words(), *await _report_polls()]


async def _report_polls() -> list[Row]:
    print(f"Polling under {CEILING} calls a minute", flush=True)
    print("  orders   calls/order   one by one   late p50   late max   one by one max", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for count in (1, 10, 100, 1000):
            harness = await _waiting(count, Path(folder))
            calls, late = await _poll_until_done(harness, count)
            naive_calls, naive_late = _one_by_one(count)
            print(
                f"  {count:6}   {calls:11.2f}   {naive_calls:10.2f}   {statistics.median(late):6.1f} s"
                f"   {max(late):6.1f} s   {naive_late:8.1f} s",
                flush=True,
            )
            await harness.close()
            await harness.store.close()
    rows = [
        Row("1,000 orders at once: polls an order", calls, AIM_CALLS),
        Row("1,000 orders at once: the last one's delay", max(late), AIM_LATE_SECONDS, "s"),
    ]
    print_rows(rows)
    return rows


if __name__ == "__main__":
    asyncio.run(report())
