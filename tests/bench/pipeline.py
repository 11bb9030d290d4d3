"""Supplier calls for each order, and how late each learned of its codes, under 120 calls a minute.

Time is simulated: the throttle's waits move the clock, and the supplier's simulator counts its calls.
Every order is accepted already and takes 20 s; all come due together, which is the worst case.
"""

import statistics
import tempfile
from datetime import timedelta
from pathlib import Path

from bot.domain.orders import OrderState
from bot.services.orders.poll import poll_due_orders
from bot.suppliers.throttle import Throttle
from storage.migrate import migrate
from storage.store import Store
from tests.harness import ShopHarness

CEILING = 120
TAKES_SECONDS = 20.0
AIM_CALLS, AIM_LATE_SECONDS = 1.3, 15.0


async def _waiting(count: int, folder: Path) -> ShopHarness:
    store = Store(f"sqlite:///{folder / f'bench-{count}.db'}")
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


async def report() -> None:
    print(
        f"Polling under {CEILING} calls a minute (aim: ≤ {AIM_CALLS} calls an order, ≤ {AIM_LATE_SECONDS:.0f} s late at 1,000)"
    )
    print("  orders   calls/order   one by one   late p50   late max   one by one max")
    with tempfile.TemporaryDirectory() as folder:
        for count in (1, 10, 100, 1000):
            harness = await _waiting(count, Path(folder))
            calls, late = await _poll_until_done(harness, count)
            naive_calls, naive_late = _one_by_one(count)
            print(
                f"  {count:6}   {calls:11.2f}   {naive_calls:10.2f}   {statistics.median(late):6.1f} s"
                f"   {max(late):6.1f} s   {naive_late:8.1f} s"
            )
            await harness.close()
            await harness.store.close()
    met = calls <= AIM_CALLS and max(late) <= AIM_LATE_SECONDS
    print(
        f"  at 1,000: {'met' if met else 'missed'}; placing an order is one call more, and its price question is shared.\n"
    )
