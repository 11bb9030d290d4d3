"""A simulation with a shop on it; after every test, the shop's folder must hold no code in clear."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from inspect import iscoroutinefunction
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sandbox.simulation import OPERATOR_ID, Simulation, open_simulation
from bot.sandbox.telegram.world import Person
from tests.e2e.payer import Payer
from tests.e2e.shop import Shopper, ShopProcess, credit, leaks

OpenShop = Callable[..., Awaitable[ShopProcess]]

ALL_WAYS = {
    "PAYMENT_METHODS": "transfer,ocpay,stars,chargily",
    "TRANSFER_INSTRUCTIONS_FR": r"CCP 00 1234567890 clé 12\nNom : Hanout",
    "STARS_DINARS": "2",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for all of them: a browser is started once, and lives on it."""
    for item in items:
        if iscoroutinefunction(getattr(item, "function", None)) and "tests/e2e" in item.nodeid:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(loop_scope="session")
async def simulation() -> AsyncIterator[Simulation]:
    async with open_simulation() as made:
        yield made


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> bool:
    """Whether this test's processes are measured by coverage."""
    return request.node.get_closest_marker("measured") is not None


@pytest_asyncio.fixture(loop_scope="session")
async def open_shop(
    simulation: Simulation, tmp_path: Path, migrated: Path, measured: bool
) -> AsyncIterator[OpenShop]:
    shops: list[ShopProcess] = []
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copy(migrated, tmp_path / "data" / "hanout.db")  # the demo starts on nothing

    async def start(*, from_shell: bool = False, **settings: str) -> ShopProcess:
        shop = ShopProcess(simulation, tmp_path, measured=measured, **settings)
        shops.append(shop)
        # The operator's chat is there first: a menu for a chat that Telegram does not know is refused.
        operator = simulation.world.person(OPERATOR_ID, "Operator", "en")
        simulation.world.chat(OPERATOR_ID)
        await shop.start(from_shell=from_shell)
        await operator.ask_and_read("/start", "Gift-card codes")
        return shop

    yield start
    for shop in shops:
        if shop.process is not None and shop.process.returncode is None:
            assert await shop.stop() == 0
        assert "Traceback" not in shop.log
    # A replayed press is answered a second time, which Telegram refuses and the shop ignores.
    assert [r for r in simulation.world.refused if "query is too old" not in r] == []
    assert leaks(tmp_path, simulation.book.codes() + simulation.vouchers.codes()) == []


@pytest.fixture
def operator(simulation: Simulation) -> Person:
    return simulation.world.person(OPERATOR_ID, "Operator", "en")


@pytest_asyncio.fixture(loop_scope="session")
async def shopper(simulation: Simulation, operator: Person) -> Callable[..., Awaitable[Shopper]]:
    async def come(user_id: int = 5, locale: str = "en", dinars: int = 50_000) -> Shopper:
        made = Shopper(simulation.world.person(user_id, "Lina", locale))
        await made.enter()
        if dinars:
            await credit(operator, user_id, dinars)
            await made.me.reads("👛")
        return made

    return come


@pytest.fixture
def pay_shop(open_shop):
    return lambda **settings: open_shop(**{**ALL_WAYS, **settings})


@pytest.fixture
def payer(simulation):
    async def make(user_id: int = 5, locale: str = "en") -> Payer:
        made = Payer(simulation.world.person(user_id, "Lina", locale))
        await made.enter()
        return made

    return make
