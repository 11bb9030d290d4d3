"""Figures with the sums of closed days are those of the orders themselves, whatever happens to these."""

import asyncio
import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select

from bot.domain.orders import OrderState
from bot.domain.periods import Span
from bot.domain.statistics import Stats
from bot.services.operations.day_sums import close_days
from bot.services.operations.nightly import run_nightly
from bot.services.operations.reports import report_stats
from bot.services.orders.refund import ask_refund, confirm_refund
from storage.repositories import day_sums as repository
from storage.repositories.day_sums import day_of
from storage.tables import closed_days, day_sums, orders, quotes
from tests.database import overwrite
from tests.fakes import START
from tests.harness import OPERATOR, ShopHarness
from tests.integration.order_steps import change_order

DAY = timedelta(days=1)
_STEPS = 25


class RollBack(Exception):
    pass


async def by_orders(harness: ShopHarness, since: datetime | None) -> Stats:
    """The figures where no day is closed: every order is read."""
    found: list[Stats] = []

    async def work(tx) -> None:
        await tx.day_sums._db.execute(delete(closed_days))
        found.append(await tx.statistics.stats(since))
        raise RollBack

    with pytest.raises(RollBack):
        await harness.store.write(work)
    return found[0]


async def by_sums(harness: ShopHarness, since: datetime | None) -> Stats:
    async with harness.store.reading(long=True) as tx:
        return await tx.statistics.stats(since)


async def days_closed(harness: ShopHarness) -> set[int]:
    async with harness.store.reading() as tx:
        return set((await tx.day_sums._db.execute(select(closed_days.c.day))).scalars())


async def a_delivered_order(harness: ShopHarness, quantity: int = 1) -> int:
    order = await harness.buy(1, quantity=quantity)
    await harness.run(20)
    return order.id


async def give_back(harness: ShopHarness, order_id: int, key: str) -> None:
    """An operator makes a delivered code good, or returns what the order holds."""
    _, _, action = await ask_refund(
        harness.shop, key=key, operator_id=OPERATOR, order_id=order_id, reason="bad"
    )
    if action is not None:
        await confirm_refund(harness.shop, OPERATOR, action)


class Life:
    """Steps that the shop, its operators, its clock or somebody with a console may take."""

    def __init__(self, harness: ShopHarness, seed: int) -> None:
        self.harness, self.chance, self.made = harness, random.Random(seed), 0

    async def step(self) -> str:
        name = self.chance.choice(
            ("deliver", "wait", "late", "give_back", "by_hand", "moves", "night", "night", "comes")
        )
        await getattr(self, f"_{name}")()
        return name

    async def _any(self) -> int:
        async with self.harness.store.reading() as tx:
            ids = (
                await tx.day_sums._db.execute(select(orders.c.id).order_by(orders.c.id))
            ).scalars()
            return self.chance.choice(list(ids))

    async def _deliver(self) -> None:
        await a_delivered_order(self.harness, self.chance.randint(1, 3))

    async def _wait(self) -> None:
        self.harness.clock.pass_time(self.chance.choice((3600, 40_000, 86_400, 250_000)))

    async def _late(self) -> None:
        """Bought on one day, delivered days later."""
        order = await self.harness.buy(1)
        await self.harness.place()
        self.harness.clock.pass_time(3 * 86_400)
        await close_days(self.harness.shop)
        await self.harness.run(20)
        assert (await self.harness.order(order.id)).state is OrderState.FULFILLED

    async def _give_back(self) -> None:
        self.made += 1
        await give_back(self.harness, await self._any(), f"r{self.made}")

    async def _by_hand(self) -> None:
        changed = self.chance.choice(
            (
                {"cost_minor": self.chance.randint(1, 10**6)},
                {"product_title": self.chance.choice("ABC")},
                {"denomination_label": self.chance.choice("XYZ")},
                {"supplier": self.chance.choice(("oneclickdz", "starship"))},
                {"state": OrderState.PARTIAL},
                {"delivered_quantity": 0},
            )
        )
        await change_order(self.harness, await self._any(), **changed)

    async def _moves(self) -> None:
        """To another day: before all others, just before midnight of UTC, or into the future."""
        now = self.harness.clock.now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        at = self.chance.choice(
            (
                now - self.chance.randint(0, 12) * DAY,
                midnight - timedelta(days=4, milliseconds=1),
                midnight - 4 * DAY,
                now + 3 * DAY,
            )
        )
        await change_order(self.harness, await self._any(), created_at=at)

    async def _night(self) -> None:
        await close_days(self.harness.shop)

    async def _comes(self) -> None:
        """An order of days ago that was not there: by a clock that was set back, or by hand."""

        async def work(tx) -> None:
            quote = await self._copy_of_last(tx, quotes)
            at = self.harness.clock.now() - 5 * DAY
            await self._copy_of_last(
                tx, orders, quote_id=quote, supplier_order_id=None, created_at=at
            )

        await self.harness.store.write(work)

    async def _copy_of_last(self, tx, table, **changes: object) -> int:
        db = tx.day_sums._db
        row = (await db.execute(select(table).order_by(table.c.id.desc()).limit(1))).one()
        values = {**row._mapping, **changes}
        del values["id"]
        return (await db.execute(insert(table).values(values).returning(table.c.id))).scalar_one()


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.later) for n in (1, 2))])
async def test_sums_and_orders_say_the_same_whatever_happens(harness: ShopHarness, seed):
    await harness.customer(1, dinars=5_000_000)
    harness.book.balance *= 1000
    await a_delivered_order(harness)
    life, taken, most = Life(harness, seed), [], 0

    for _ in range(_STEPS):
        taken.append(await life.step())
        now = harness.clock.now()
        for since in (None, now - 7 * DAY, now.replace(hour=0, minute=0)):
            assert await by_sums(harness, since) == await by_orders(harness, since), taken
        most = max(most, len(await days_closed(harness)))

    assert most > 3


async def test_a_night_closes_what_is_over_and_leaves_the_last_day_open(harness: ShopHarness):
    await run_nightly(harness.shop)  # a new shop waits for its first night
    await harness.customer(1)
    await a_delivered_order(harness)
    harness.clock.pass_time(3 * 86_400)

    await run_nightly(harness.shop)

    first = day_of(START)
    assert await days_closed(harness) == {first, first + 1}
    assert await close_days(harness.shop) == 0


async def test_closed_days_are_read_by_their_sums_and_again_by_their_orders_once_one_changes(
    harness: ShopHarness,
):
    await harness.customer(1)
    order_id = await a_delivered_order(harness)
    harness.clock.pass_time(3 * 86_400)
    await close_days(harness.shop)

    async def tamper(tx) -> None:
        await tx.day_sums._db.execute(day_sums.update().values(codes=99))

    await harness.store.write(tamper)
    assert (await report_stats(harness.shop, Span.ALL)).codes == 99

    await change_order(harness, order_id, attempts=5)  # of which no sum is made
    assert (await report_stats(harness.shop, Span.ALL)).codes == 99

    await change_order(harness, order_id, cost_minor=1)
    stats = await report_stats(harness.shop, Span.ALL)
    assert (stats.codes, stats.cost_minor) == (1, 1)
    assert await close_days(harness.shop) == 1
    assert await report_stats(harness.shop, Span.ALL) == stats


async def test_a_change_of_any_figure_opens_the_day(harness: ShopHarness):
    await harness.customer(1)
    order_id = await a_delivered_order(harness)
    harness.clock.pass_time(3 * 86_400)
    changes: dict[str, object] = {
        "supplier": "starship",
        "state": OrderState.PARTIAL,
        "product_title": "Another",
        "denomination_label": "20 $",
        "unit_price_minor": 170_000,
        "delivered_quantity": 0,
        "cost_minor": 5,
        "created_at": START - 3 * DAY,
    }

    for column, value in changes.items():
        await close_days(harness.shop)
        before = await by_sums(harness, None)
        await change_order(harness, order_id, **{column: value})
        after = await by_sums(harness, None)
        assert after == await by_orders(harness, None), column
        assert after != before or column == "created_at"


async def test_with_many_days_open_all_orders_are_read(harness: ShopHarness, monkeypatch):
    monkeypatch.setattr(repository, "_MOST_RANGES", 1)
    await harness.customer(1)
    orders_of_days = []
    for _ in range(3):
        orders_of_days.append(await a_delivered_order(harness))
        harness.clock.pass_time(86_400)
    harness.clock.pass_time(86_400)
    await close_days(harness.shop)
    await change_order(harness, orders_of_days[1], cost_minor=5)

    assert await by_sums(harness, None) == await by_orders(harness, None)


async def test_an_order_that_is_open_with_some_of_its_codes_took_no_time_yet(harness: ShopHarness):
    await harness.customer(1, dinars=500_000)
    made = [await a_delivered_order(harness) for _ in range(3)]
    for order_id in made[:2]:
        await change_order(harness, order_id, settled_at=None, state=OrderState.HANDLING)

    for span in Span:
        found = await report_stats(harness.shop, span)
        assert found.median_seconds == found.p95_seconds
        assert found.median_seconds


async def test_a_long_reading_sees_one_snapshot(harness: ShopHarness):
    await harness.customer(1, dinars=500_000)
    async with harness.store.reading(long=True) as tx:
        before = await tx.statistics.stats(None)
        await a_delivered_order(harness)
        assert await tx.statistics.stats(None) == before


async def test_a_shop_without_orders_has_no_day_to_close(harness: ShopHarness):
    assert await close_days(harness.shop) == 0


async def test_a_day_whose_order_is_being_changed_stays_open(harness: ShopHarness):
    if harness.store.url.get_backend_name() == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    await harness.customer(1)
    order_id = await a_delivered_order(harness)
    harness.clock.pass_time(3 * 86_400)
    changed, done = asyncio.Event(), asyncio.Event()

    async def change(tx) -> None:
        await overwrite(tx, orders, order_id, cost_minor=7)
        changed.set()
        await done.wait()

    changing = asyncio.create_task(harness.store.write(change))
    await changed.wait()
    closed_meanwhile = await close_days(harness.shop)
    done.set()
    await changing

    assert closed_meanwhile == 1  # the day after it, which nobody touches
    assert await close_days(harness.shop) == 1
    assert (await by_sums(harness, None)).cost_minor == 7
