"""PostgreSQL gives the number of a transaction again that its crash has lost: nobody takes another's commit for theirs."""

import asyncpg
import pytest

from bot.domain.records import Locale
from storage import attempts
from storage.migrate import migrate
from storage.store import Store
from tests.failover.cluster import NO_POSTGRES, Cluster, find_postgres, running_cluster
from tests.fakes import START

pytestmark = pytest.mark.skipif(find_postgres() is None, reason=NO_POSTGRES)


async def crash(cluster: Cluster) -> None:
    """End the server as a crash does; after that others commit, under the numbers that it has lost."""
    await cluster.stop("immediate")
    await cluster.start()
    other = await asyncpg.connect(cluster.url())
    try:
        for _ in range(20):
            async with other.transaction():
                await other.execute("SELECT pg_current_xact_id()")
    finally:
        await other.close()


async def test_a_commit_that_a_crash_has_lost_is_made_again(monkeypatch):
    # The server is ended and started anew within the first attempt: however long that takes here.
    monkeypatch.setattr(attempts, "_OUTAGE_SECONDS", 60.0)
    async with running_cluster() as cluster:
        await cluster.new_database()
        store = Store(cluster.url())
        try:
            await migrate(store)
            runs: list[int] = []

            async def add(tx) -> None:
                runs.append(1)
                await tx.customers.add(7, Locale.EN, START)
                if len(runs) == 1:
                    await crash(cluster)

            await store.write(add)

            assert len(runs) == 2
            async with store.reading() as tx:
                assert await tx.customers.get(7) is not None
        finally:
            await store.close()
