"""`/livez` and `/readyz`: what a leader, a standby and a shop in trouble answer."""

import asyncio
import contextlib

import httpx
import pytest

from bot.errors import StorageFailure
from bot.monitoring.metrics import Metrics
from bot.monitoring.readiness import Readiness
from bot.monitoring.scrape import Scrape
from bot.monitoring.server import Probes
from bot.status import Phase, Status
from tests.harness import ShopHarness


class Watched:
    """A shop whose probes are asked; its clock is moved by the test."""

    def __init__(self, harness: ShopHarness) -> None:
        shop = harness.shop
        self.status, self.store, self.seconds = Status(), shop.store, 1000.0
        readiness = Readiness(shop.store, self.status, lambda: self.seconds, poll_seconds=90.0)
        self.metrics = Metrics(shop.suppliers)
        scrape = Scrape(self.metrics, shop.store, shop.suppliers, self.status, shop.clock.now, 90.0)
        self.probes = Probes(readiness, scrape)

    def lead(self) -> None:
        self.status.phase, self.status.migrated = Phase.LEADING, True
        self.status.last_poll = self.seconds

    async def get(self, path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.probes.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://watched") as client:
            return await client.get(path)

    async def ready(self) -> tuple[int, dict]:
        answer = await self.get("/readyz")
        return answer.status_code, answer.json()


@pytest.fixture
def watched(harness: ShopHarness):
    return Watched(harness)


async def test_a_leader_that_polls_is_ready(watched):
    watched.lead()
    watched.seconds += 12.34

    assert await watched.ready() == (
        200,
        {
            "ready": True,
            "phase": "leading",
            "database": True,
            "migrated": True,
            "last_poll_seconds": 12.3,
            "wrong": [],
        },
    )


@pytest.mark.parametrize("phase", [Phase.STARTING, Phase.SUSPENDED, Phase.STOPPING])
async def test_a_shop_that_cannot_work_now_says_which_phase_it_is_in(watched, phase):
    watched.lead()
    watched.status.phase = phase

    status, answer = await watched.ready()

    assert (status, answer["wrong"]) == (503, [f"the shop is {phase}"])


async def test_a_standby_is_ready_though_it_neither_polls_nor_migrates(watched):
    watched.status.phase = Phase.STANDING_BY
    watched.seconds += 1_000_000

    status, answer = await watched.ready()

    assert (status, answer["last_poll_seconds"], answer["migrated"]) == (200, None, False)


async def test_a_leader_whose_last_poll_is_old_is_not_ready(watched):
    watched.lead()
    watched.seconds += 90
    assert (await watched.ready())[0] == 200
    watched.seconds += 1

    status, answer = await watched.ready()

    assert (status, answer["wrong"]) == (503, ["the last good poll is 91 s old"])


async def test_a_leader_that_has_never_polled_has_as_long_from_its_beginning(watched):
    watched.status.phase = Phase.STANDING_BY
    assert (await watched.ready())[0] == 200
    watched.seconds += 1_000_000
    watched.lead()
    watched.status.last_poll = None
    assert (await watched.ready())[0] == 200
    watched.seconds += 91

    status, answer = await watched.ready()

    assert (status, answer["wrong"]) == (503, ["no poll has succeeded yet"])


async def test_a_leader_on_a_database_of_an_older_version_is_not_ready(watched):
    watched.lead()
    watched.status.migrated = False

    assert (await watched.ready())[1]["wrong"] == ["the database is not migrated"]


@pytest.mark.parametrize("failure", [StorageFailure("canary: /srv/secret"), ConnectionResetError()])
async def test_a_database_that_fails_is_told_without_its_words(watched, monkeypatch, failure):
    @contextlib.asynccontextmanager
    async def fail():
        raise failure
        yield

    watched.lead()
    monkeypatch.setattr(watched.store, "reading", fail)

    for phase in (Phase.LEADING, Phase.STANDING_BY):
        watched.status.phase = phase
        status, answer = await watched.ready()
        assert (status, answer["database"]) == (503, False)
        assert answer["wrong"] == [f"the database fails ({type(failure).__name__})"]


async def test_a_database_that_hangs_is_told_within_the_limit(watched, harness, monkeypatch):
    monkeypatch.setattr("bot.monitoring.readiness.DATABASE_SECONDS", 0.05)
    slow = Watched(harness)
    slow.lead()

    @contextlib.asynccontextmanager
    async def hang():
        await asyncio.Event().wait()
        yield

    monkeypatch.setattr(watched.store, "reading", hang)

    status, answer = await slow.ready()

    assert (status, answer["database"]) == (503, False)
    assert "does not answer" in answer["wrong"][0]
    assert (await slow.get("/livez")).text == "ok\n"
    await slow.probes.close()


async def test_nothing_else_is_served(watched):
    assert (await watched.get("/")).status_code == 404
    assert (await watched.get("/livez")).status_code == 200


def values(text: str) -> dict[str, float]:
    """The samples of a scrape by name and labels, as they are written."""
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


async def scrape(watched: Watched) -> dict[str, float]:
    answer = await watched.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return values(answer.text)


async def test_a_scrape_tells_orders_money_and_the_phase(watched, harness):
    watched.lead()
    await harness.customer(1, dinars=50_000)
    order = await harness.buy(1)
    harness.store.subscribe(watched.metrics.count_ended)

    told = await scrape(watched)

    assert told['hanout_orders{state="paid",supplier="oneclickdz"}'] == 1
    assert told['hanout_orders{state="unconfirmed",supplier="oneclickdz"}'] == 0
    assert told["hanout_escrow_minor"] == order.total_minor
    assert told["hanout_wallets_minor"] == 5_000_000 - order.total_minor
    assert told['hanout_phase{phase="leading"}'] == 1
    assert told['hanout_phase{phase="stopping"}'] == 0
    assert told['hanout_supplier_circuit_open{supplier="oneclickdz"}'] == 0
    assert told['hanout_orders_ended_total{outcome="fulfilled",supplier="oneclickdz"}'] == 0
    assert "hanout_last_poll_age_seconds" in told
    assert told["hanout_last_poll_limit_seconds"] == 90
    assert not [name for name in told if "_created" in name]

    await harness.run(30)
    told = await scrape(watched)
    assert told['hanout_orders_ended_total{outcome="fulfilled",supplier="oneclickdz"}'] == 1
    assert told['hanout_orders{state="paid",supplier="oneclickdz"}'] == 0
    assert told['hanout_supplier_balance_minor{supplier="oneclickdz"}'] > 0


async def test_a_scrape_goes_on_without_the_storage(watched, monkeypatch):
    @contextlib.asynccontextmanager
    async def fail():
        raise StorageFailure("canary")
        yield

    monkeypatch.setattr(watched.store, "reading", fail)

    told = await scrape(watched)

    assert told["hanout_storage_readable"] == 0
    assert "hanout_wallets_minor" not in told
    assert "hanout_last_poll_age_seconds" not in told  # none was good yet


async def test_a_refused_key_shows_as_an_open_circuit_without_calls_left(watched, harness):
    from bot.errors import AccessRefused

    harness.supplier._client.open_circuit(AccessRefused("validate", "INVALID", 401))
    harness.supplier._client.throttle.block(5)

    told = await scrape(watched)

    assert told['hanout_supplier_circuit_open{supplier="oneclickdz"}'] == 1
    assert told['hanout_supplier_calls_left{supplier="oneclickdz"}'] == 0
