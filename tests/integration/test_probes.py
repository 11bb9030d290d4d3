"""`/livez` and `/readyz`: what a leader, a standby and a shop in trouble answer."""

import contextlib

import httpx
import pytest

from bot.errors import StorageFailure
from bot.monitoring.readiness import Readiness
from bot.monitoring.server import Probes
from bot.status import Phase, Status
from tests.harness import ShopHarness


class Watched:
    """A shop whose probes are asked; its clock is moved by the test."""

    def __init__(self, store) -> None:
        self.status, self.store, self.seconds = Status(), store, 1000.0
        readiness = Readiness(store, self.status, lambda: self.seconds, poll_seconds=90.0)
        self.probes = Probes(readiness)

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
    return Watched(harness.store)


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


async def test_a_leader_that_has_never_polled_has_as_long_from_its_start(watched):
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


async def test_a_database_that_hangs_is_told_within_the_limit(watched, monkeypatch):
    import asyncio

    monkeypatch.setattr("bot.monitoring.readiness.DATABASE_SECONDS", 0.05)
    slow = Watched(watched.store)
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
