"""A rush: 40 buyers within 24 s on 24 products, 120 calls a minute, a supplier that takes 20 s for an order.

Real jobs, real time, SQLite on disk. Each buyer opens a product, whose prices are asked where they are old, looks at it
for some seconds, and buys one code. Three rushes, each of its own seed, run at once in shops of their own.
"""

import asyncio
import contextlib
import random
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.code_messages import CodeMessage
from bot.domain.orders import Order
from bot.domain.records import Customer
from bot.jobs import Jobs
from bot.services.catalogue import browse
from bot.services.catalogue.refresh import refresh_product
from bot.services.orders.checkout import buy
from bot.services.orders.quote import make_quote
from bot.suppliers.throttle import Throttle
from storage.migrate import migrate
from storage.store import Store
from tests.fakes import HarnessClock, RecordingSender
from tests.harness import ShopHarness

SEEDS = (1, 2, 3)
BUYERS, WITHIN_SECONDS, PRODUCTS = 40, 24.0, 24
CEILING = 120
TAKES_SECONDS = 20.0
LOOKS_SECONDS = (2.0, 6.0)  # from the prices to Buy: at least, at most
AIM_CALLS, AIM_MEDIAN_SECONDS = 1.9, 32.0
_LONGEST_SECONDS = 300.0


class _RunningClock(SystemClock, HarnessClock):
    """The system's time, where a harness has a clock that tests move."""


class _TimedSender(RecordingSender):
    """Notes when each customer got codes."""

    def __init__(self) -> None:
        super().__init__()
        self.got: dict[int, float] = {}

    async def send_codes(
        self, customer: Customer, order: Order, code_message: CodeMessage, *, again: bool
    ) -> int:
        self.got.setdefault(customer.id, time.monotonic())
        return await super().send_codes(customer, order, code_message, again=again)


@dataclass
class Rush:
    """What one rush took. `waits`: seconds from Buy to the codes, of each buyer who got some."""

    calls: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    @property
    def an_order(self) -> float:
        return self.calls.total() / BUYERS


async def _open(folder: Path, seed: int) -> ShopHarness:
    store = Store(f"sqlite:///{folder / f'rush-{seed}.db'}")
    await migrate(store)
    harness = ShopHarness(store)
    harness.clock = _RunningClock()
    harness.sender = _TimedSender()
    harness.book.now = harness.clock.now
    harness.book.balance *= 1000
    for product in (p for category in harness.book.categories for p in category.products):
        for kind in product.denominations:
            kind.quantity = 1000
    harness.supplier = harness._adapter(next(iter(harness.book.keys)))
    harness.restart()
    await harness.open()
    for number in range(1, BUYERS + 1):
        await harness.customer(number, dinars=500_000)
    harness.book.calls.clear()
    harness.book.handling_seconds = TAKES_SECONDS
    harness.book.calls_per_minute = CEILING
    harness.supplier._client.throttle = Throttle.per_minute(harness.clock, CEILING)
    return harness


class _Crowd:
    def __init__(self, harness: ShopHarness, seed: int) -> None:
        self._harness, self._shop = harness, harness.shop
        self._chance = random.Random(seed)
        ids = sorted(p.id for p in harness.shop.shelf.products.values())
        self._products = self._chance.sample(ids, PRODUCTS)
        self._asking: dict[int, asyncio.Task[None]] = {}
        self.bought: dict[int, float] = {}

    async def come(self) -> None:
        arrivals = sorted(self._chance.uniform(0, WITHIN_SECONDS) for _ in range(BUYERS))
        plans = [
            (n, at, self._chance.choice(self._products), self._chance.uniform(*LOOKS_SECONDS))
            for n, at in enumerate(arrivals, 1)
        ]
        await asyncio.gather(*(self._visit(*plan) for plan in plans))

    async def _visit(self, buyer: int, at: float, product_id: int, looks: float) -> None:
        await asyncio.sleep(at)
        if browse.view_product(self._shop, product_id).stale:
            await self._ask(product_id)
        await asyncio.sleep(looks)
        values = self._shop.shelf.of_product(product_id)
        view = await make_quote(self._shop, buyer, values[buyer % len(values)].id, 1)
        self.bought[buyer] = time.monotonic()
        await buy(self._shop, buyer, view.quote.id, None)

    async def _ask(self, product_id: int) -> None:
        """As the product's screen does: who opens it while it is being asked waits for that."""
        if product_id not in self._asking:
            self._asking[product_id] = asyncio.create_task(refresh_product(self._shop, product_id))
        await asyncio.shield(self._asking[product_id])


async def measure(harness: ShopHarness, seed: int) -> Rush:
    sender = harness.sender
    assert isinstance(sender, _TimedSender)
    jobs = Jobs(harness.shop, timedelta(seconds=70))
    jobs.start()
    crowd = _Crowd(harness, seed)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_SECONDS):
            await crowd.come()
            while len(sender.got) < BUYERS:
                await asyncio.sleep(0.1)
    found = Rush(
        Counter(_kind(call.what) for call in harness.book.calls),
        [sender.got[buyer] - at for buyer, at in crowd.bought.items() if buyer in sender.got],
    )
    await jobs.stop(2.0)
    await harness.close()
    await harness.store.close()
    return found


def _kind(what: str) -> str:
    return what.split("/v3/")[1].removeprefix("gift-cards/").split("/")[0]


async def report() -> None:
    print(
        f"A rush: {BUYERS} buyers within {WITHIN_SECONDS:.0f} s on {PRODUCTS} products, {CEILING} calls a minute, "
        f"{TAKES_SECONDS:.0f} s an order (aim: ≤ {AIM_CALLS} calls an order, median wait ≤ {AIM_MEDIAN_SECONDS:.0f} s)"
    )
    with tempfile.TemporaryDirectory() as folder:
        opened = [await _open(Path(folder), seed) for seed in SEEDS]
        rushes = await asyncio.gather(*map(measure, opened, SEEDS))
    print("  seed   calls/order   wait p50      p90    worst   without codes   calls")
    for seed, rush in zip(SEEDS, rushes, strict=True):
        tenths = statistics.quantiles(rush.waits, n=10)
        kinds = ", ".join(f"{kind} {count}" for kind, count in rush.calls.most_common())
        print(
            f"  {seed:4}   {rush.an_order:11.2f}   {statistics.median(rush.waits):6.1f} s"
            f"   {tenths[8]:4.1f} s   {max(rush.waits):4.1f} s   {BUYERS - len(rush.waits):13}   {kinds}"
        )
    met = all(
        len(rush.waits) == BUYERS
        and rush.an_order <= AIM_CALLS
        and statistics.median(rush.waits) <= AIM_MEDIAN_SECONDS
        for rush in rushes
    )
    print(f"  {'met' if met else 'missed'}\n")


if __name__ == "__main__":
    asyncio.run(report())
