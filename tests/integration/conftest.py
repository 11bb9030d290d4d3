"""Shops that can be paid, that buy from Starship, or from two suppliers."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import select

from bot.domain.jobs import Job
from bot.domain.payments import Method
from handlers import polling
from storage.store import Store
from storage.tables import closed_days
from tests.bot_harness import LINA, BotHarness
from tests.harness import ShopHarness, books_agree
from tests.integration.audited_nights import NIGHT, night
from tests.integration.payment_steps import Payments
from tests.own_stock import OwnHarness
from tests.sweeps import AT_INTERVALS
from tests.vouchers import VoucherHarness

Step = Callable[[], Awaitable[object]]


@pytest.fixture
def paying_harness(harness: ShopHarness) -> ShopHarness:
    """The harness with every payment method switched on; payments take hours and days."""
    harness.offer()
    harness.leave_out(*AT_INTERVALS)
    return harness


@pytest.fixture
def pay(paying_harness: ShopHarness) -> Payments:
    return Payments(paying_harness)


@pytest.fixture
async def audited(harness: ShopHarness) -> ShopHarness:
    """A shop whose orders of some days ago were found right: delivered, in part, and refunded."""
    harness.book.balance *= 100
    await harness.customer(1, dinars=500_000)
    await harness.customer(2, dinars=500_000)
    for user in (1, 2):
        await harness.buy(user, 2)
        await harness.run(20)
    harness.clock.pass_time(2 * NIGHT)
    assert await night(harness) == {}
    async with harness.store.reading() as tx:
        days = await tx.audit_marks._db.execute(select(closed_days.c.audited))
        assert list(days.scalars()).count(True) > 1
    return harness


@pytest.fixture
def woken(harness: ShopHarness) -> list[Job]:
    """Which jobs commits have woken."""
    harness.woken.clear()
    return harness.woken


@pytest.fixture
def before_next_write(harness: ShopHarness, monkeypatch) -> Callable[[Step], None]:
    """Puts a step between what the shop has read and what it writes next, as another process would."""

    def arrange(step: Step) -> None:
        write = harness.store.write

        async def step_first(work, *args, **named):
            monkeypatch.setattr(harness.store, "write", write)
            await step()
            return await write(work, *args, **named)

        monkeypatch.setattr(harness.store, "write", step_first)

    return arrange


@pytest.fixture
async def voucher_harness(store: Store) -> AsyncIterator[VoucherHarness]:
    """A shop whose only supplier is Starship."""
    made = await VoucherHarness(store).open()
    yield made
    await books_agree(made)
    await made.close()


@pytest.fixture
async def two_suppliers(store: Store) -> AsyncIterator[VoucherHarness]:
    """A shop that buys from OneClickDz and from Starship."""
    made = await VoucherHarness(store, both=True).open()
    yield made
    await books_agree(made)
    await made.close()


@pytest.fixture
async def own(sqlite_store: Store) -> AsyncIterator[OwnHarness]:
    """A shop with nothing but codes of its own."""
    made = OwnHarness(sqlite_store)
    yield await made.open()
    await made.close()


@pytest.fixture
async def chat_shop(sqlite_store: Store) -> AsyncIterator[BotHarness]:
    """A shop in its chats, which can be paid in every way."""
    made = await BotHarness(sqlite_store).open()
    made.offer()
    yield made
    await made.close()


@pytest.fixture
async def stars_shop(sqlite_store: Store) -> AsyncIterator[BotHarness]:
    """A shop in its chats, which takes Stars and which LINA knows; its books must agree at the end."""
    made = await BotHarness(sqlite_store).open()
    made.offer(Method.STARS)
    await made.person(LINA).say("/start")
    await made.pump()
    yield made
    await books_agree(made)
    await made.close()


@pytest.fixture
def polling_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that polling has waited; here it does not."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(round(seconds, 2))

    monkeypatch.setattr(polling, "_sleep", sleep)
    return waited
