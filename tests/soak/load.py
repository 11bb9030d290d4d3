"""A thousand customers at thirty messages a second, with a thousand orders pending at the supplier."""

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.clock import SystemClock
from bot.sandbox.simulation import OPERATOR_ID, Simulation, open_simulation
from bot.sandbox.supplier.api import SupplierApi
from bot.sandbox.telegram.world import Person, buttons
from bot.services.operations.audit import audit_books
from bot.services.orders.checkout import buy
from bot.services.orders.place import find_orders_to_place, place_order
from bot.services.orders.quote import make_quote
from bot.vault import AesVault, parse_keys
from storage.migrate import migrate
from storage.store import Store
from tests.e2e.shop import ShopProcess
from tests.fakes import HarnessClock
from tests.harness import ShopHarness

_FIRST = 10_000
_PATIENCE_SECONDS = 30.0
_AT_ONCE = 60  # people in the shop: each of them waits for their turn to say something
_LONG = 10**6


@dataclass
class Figures:
    messages: int = 0
    unanswered: int = 0
    bought: int = 0
    latencies: list[float] = field(default_factory=list)
    memory_mib: list[int] = field(default_factory=list)
    most_calls_a_minute: int = 0
    refused_by_supplier: int = 0
    most_sent_a_second: int = 0
    refused_by_telegram: int = 0
    differences: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        cuts = statistics.quantiles(self.latencies, n=100)
        return [
            f"messages: {self.messages}, unanswered within {_PATIENCE_SECONDS:.0f} s: {self.unanswered}",
            f"orders bought meanwhile: {self.bought}",
            (
                f"latency ms p50 {cuts[49] * 1000:.0f}, p95 {cuts[94] * 1000:.0f}, "
                f"p99 {cuts[98] * 1000:.0f}, most {max(self.latencies) * 1000:.0f}"
            ),
            (
                f"memory MiB at start {self.memory_mib[0]}, at end {self.memory_mib[-1]}, "
                f"most {max(self.memory_mib)}"
            ),
            (
                f"supplier calls in a minute, most: {self.most_calls_a_minute} of 120, "
                f"refused for that: {self.refused_by_supplier}"
            ),
            (
                f"Telegram messages in a second, most: {self.most_sent_a_second} of 30, "
                f"refused: {self.refused_by_telegram}"
            ),
            f"differences in the books, and what waits too long: {self.differences}",
        ]


def _put_back(person: Person, free: list[Person]) -> Callable[[object], None]:
    """For the end of a person's visit: they may come again."""
    return lambda _visit: free.append(person)


class Crowd:
    """People who come and go, together never faster than `rate` messages a second."""

    def __init__(
        self, simulation: Simulation, people: list[Person], rate: float, seed: int
    ) -> None:
        self._street = simulation
        self._people = people
        self._gap = 1 / rate
        self._next = time.monotonic()
        self._chance = random.Random(seed)
        self.figures = Figures()

    async def _pace(self) -> None:
        self._next = max(self._next + self._gap, time.monotonic())
        await asyncio.sleep(self._next - time.monotonic())

    async def keep_coming(self, until: float) -> None:
        visits: set[asyncio.Task[None]] = set()
        free = list(self._people)
        self._chance.shuffle(free)
        while time.monotonic() < until:
            while len(visits) < _AT_ONCE and free:
                person = free.pop(0)
                task = asyncio.create_task(self._visit(person))
                visits.add(task)
                task.add_done_callback(_put_back(person, free))
            done, visits = await asyncio.wait(visits, return_when=asyncio.FIRST_COMPLETED)
            for visit in done:
                visit.result()
        await asyncio.gather(*visits)

    async def _visit(self, me: Person) -> None:
        await self._say(
            me, self._chance.choice(("/start", "/start", "/start", "/orders", "/wallet"))
        )
        for step in ("brand:", "prod:", "den:", "qty:"):
            if not await self._press(me, step):
                return
        if self._chance.random() < 0.12 and await self._press(me, "buy:"):
            self.figures.bought += 1

    async def _say(self, me: Person, text: str) -> None:
        await self._pace()
        newest, began = max(me.chat.messages, default=0), time.monotonic()
        await me.say(text)
        await self._measure(me, began, lambda p: any(m["message_id"] > newest + 1 for m in p.inbox))

    async def _press(self, me: Person, start: str) -> bool:
        data = [
            b["callback_data"]
            for m in me.inbox[-2:]
            for b in buttons(m)
            if b.get("callback_data", "").startswith(start)
        ]
        if not data:
            return False
        await self._pace()
        began = time.monotonic()
        query = await me.forge(self._chance.choice(data))
        return await self._measure(me, began, lambda _: query.answer is not None)

    async def _measure(self, me: Person, began: float, seen) -> bool:
        self.figures.messages += 1
        try:
            await me.until(seen, _PATIENCE_SECONDS)
        except TimeoutError:
            self.figures.unanswered += 1
            return False
        self.figures.latencies.append(time.monotonic() - began)
        return True


async def load(
    folder: Path, *, customers: int, pending: int, rate: float, seconds: float, seed: int
) -> Figures:
    async with open_simulation() as simulation:
        shop = ShopProcess(simulation, folder)
        people = await _fill(simulation, shop, customers, pending)
        await shop.start()
        await simulation.world.person(OPERATOR_ID, "Operator", "en").ask_and_read("/start", "Gift")
        crowd = Crowd(simulation, people, rate, seed)
        memory = asyncio.create_task(_watch_memory(shop, crowd.figures))
        await crowd.keep_coming(time.monotonic() + seconds)
        memory.cancel()
        await asyncio.sleep(min(60, seconds))
        assert await shop.stop() == 0
        await _look(simulation, shop, crowd.figures)
    return crowd.figures


async def _fill(
    simulation: Simulation, shop: ShopProcess, customers: int, pending: int
) -> list[Person]:
    """Customers with money, and orders that the supplier will not finish while we look."""
    shop.folder.mkdir(exist_ok=True)
    store = Store(shop.settings["DATABASE_URL"])
    await migrate(store)
    harness = await _harness(simulation, shop, store).open()
    simulation.book.balance *= 1000
    simulation.book.calls_per_minute = _LONG
    for category in simulation.book.categories:
        for kind in (kind for good in category.products for kind in good.denominations):
            kind.quantity = _LONG
    usual, simulation.book.handling_seconds = simulation.book.handling_seconds, _LONG
    value, people = await harness.denomination(), []
    for number in range(customers):
        people.append(simulation.world.person(_FIRST + number, "C", ("en", "fr", "ar")[number % 3]))
        simulation.world.chat(_FIRST + number)  # they have written before
        await harness.customer(_FIRST + number, dinars=100_000, locale=people[-1].language_code)
        if number < pending:
            view = await make_quote(harness.shop, people[-1].id, value, 1)
            await buy(harness.shop, people[-1].id, view.quote.id, None)
    while due := await find_orders_to_place(harness.shop):
        for order in due:
            await place_order(harness.shop, order)
    simulation.book.handling_seconds = usual
    simulation.book.calls_per_minute = None
    simulation.book.calls.clear()
    await harness.close()
    await store.close()
    return people


class _RunningClock(SystemClock, HarnessClock):
    """The system's time, where a harness has a clock that tests move."""


def _harness(simulation: Simulation, shop: ShopProcess, store: Store) -> ShopHarness:
    """The same shop's services, on its own database and supplier, before it opens."""
    harness = ShopHarness(store)
    harness.book, harness.api, harness.clock = (
        simulation.book,
        SupplierApi(simulation.book),
        _RunningClock(),
    )
    harness.supplier = harness._adapter(shop.settings["ONECLICKDZ_API_KEY"])
    harness.vault = AesVault(parse_keys(shop.settings["HANOUT_KEYS"]))
    harness.restart()
    return harness


async def _watch_memory(shop: ShopProcess, figures: Figures) -> None:
    assert shop.process is not None
    while True:
        status = Path(f"/proc/{shop.process.pid}/status").read_text()
        resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        figures.memory_mib.append(int(resident.split()[1]) // 1024)
        await asyncio.sleep(1)


async def _look(simulation: Simulation, shop: ShopProcess, figures: Figures) -> None:
    at = [call.at.timestamp() for call in simulation.book.calls]
    figures.most_calls_a_minute = _most_within(at, 60)
    figures.refused_by_supplier = sum(call.response == "429" for call in simulation.book.calls)
    sent = [when for when, method, _ in simulation.world.calls if method.startswith("send")]
    figures.most_sent_a_second = max(Counter(int(when) for when in sent).values(), default=0)
    refused = [r for r in simulation.world.refused if "query is too old" not in r]
    figures.refused_by_telegram = len(refused)
    store = Store(shop.settings["DATABASE_URL"])
    found = await audit_books(store, SystemClock())
    await store.close()
    figures.differences = [str(d) for it in found for d in it.differences]


def _most_within(instants: list[float], seconds: float) -> int:
    most = first = 0
    for last, instant in enumerate(instants):
        while instant - instants[first] > seconds:
            first += 1
        most = max(most, last - first + 1)
    return most
