"""A database that neither answers nor fails is given up after some seconds, whatever the driver waits for."""

import asyncio

import pytest
from sqlalchemy import text

from bot.errors import StorageOutage
from bot.sandbox.telegram.person import PATIENCE_SECONDS
from storage import leader_lock
from storage.leader_lock import AdvisoryLock
from storage.store import Store
from tests.integration.test_storage_outages import needs_postgres
from tests.patience import until

NEVER = text("SELECT pg_sleep(20)")
ASKED = text(
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hanout leader asks'"
    " AND state = 'active' AND starts_with(query, 'SELECT pg_sleep')"
)


async def never(*_args: object) -> None:
    await asyncio.Event().wait()


async def until_taken(lock: AdvisoryLock) -> None:
    """The server may not have heard yet that whoever held it before is gone."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await lock.take():
            await asyncio.sleep(0.05)


@pytest.fixture
def quick(monkeypatch, store: Store) -> Store:
    needs_postgres(store)
    monkeypatch.setattr(store, "_limit_seconds", 0.3)
    return store


async def test_a_transaction_that_hangs_is_given_up_and_the_next_one_works(
    quick: Store, monkeypatch
):
    with pytest.raises(StorageOutage):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await quick.write(never)

    monkeypatch.setattr(quick, "_limit_seconds", PATIENCE_SECONDS)
    async with quick.reading() as tx:
        assert await tx.leader.get() is None


async def test_a_reading_that_hangs_is_given_up_and_the_next_one_works(quick: Store, monkeypatch):
    with pytest.raises(StorageOutage):
        async with asyncio.timeout(PATIENCE_SECONDS), quick.reading():
            await never()

    monkeypatch.setattr(quick, "_limit_seconds", PATIENCE_SECONDS)
    await quick.write(lambda tx: tx.leader.get())


async def test_the_leaders_lock_asks_again_on_a_new_connection(store: Store, monkeypatch):
    needs_postgres(store)
    lock = AdvisoryLock(store.url, "hanout leader x", lambda: None)
    await until_taken(lock)
    monkeypatch.setattr(leader_lock, "_ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(leader_lock, "_HOLDS", NEVER)

    with pytest.raises(StorageOutage):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await lock.hold()

    monkeypatch.setattr(leader_lock, "_ANSWER_SECONDS", PATIENCE_SECONDS)
    await until_taken(lock)
    await lock.release()


async def test_the_lock_released_during_a_question_is_an_outage_to_who_asks(
    store: Store, monkeypatch
):
    needs_postgres(store)
    lock = AdvisoryLock(store.url, "hanout leader asks", lambda: None)
    await until_taken(lock)
    monkeypatch.setattr(leader_lock, "_OTHERS", NEVER)

    async def is_asked() -> bool:
        async with store.reading() as tx:
            return bool((await tx.customers._db.execute(ASKED)).scalar_one())

    asking = asyncio.ensure_future(lock.is_standby_able())
    await until(is_asked)
    await lock.release()

    with pytest.raises(StorageOutage):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asking


async def test_whoever_stands_by_sees_whether_the_lock_is_free(store: Store):
    needs_postgres(store)
    leader, standby = (AdvisoryLock(store.url, f"hanout leader {n}", lambda: None) for n in "xy")
    await until_taken(leader)
    assert not await standby.is_free()
    await leader.release()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await standby.is_free():
            await asyncio.sleep(0.05)
    await standby.release()
