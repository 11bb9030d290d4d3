"""The short form of `make failover`: each trial once, with a few people. Where there is no PostgreSQL it is skipped."""

from collections.abc import AsyncIterator

import pytest

from tests.failover.cluster import NO_POSTGRES, Cluster, find_postgres, running_cluster
from tests.failover.outcomes import SHORT
from tests.failover.trials import PROCESSES, REFUSALS, STORAGE, play, play_in_one

HAVE_BOUNDS = ("one file twice",)  # of time

pytestmark = pytest.mark.skipif(find_postgres() is None, reason=NO_POSTGRES)


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    async with running_cluster() as made:
        yield made


@pytest.mark.alone
@pytest.mark.parametrize("trials", [PROCESSES, STORAGE], ids=["processes", "storage"])
async def test_a_shop_on_two_machines_survives(trials, cluster):
    found = await play_in_one(trials, cluster, SHORT, 1)

    assert found.met, "\n".join((found.line(), *found.said))


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.alone] * (name in HAVE_BOUNDS)) for name in REFUSALS],
)
async def test_what_may_not_run_together_is_refused_in_words(name, cluster):
    found = await play(name, cluster, SHORT, 1)

    assert found.met, "\n".join((found.line(), *found.said))
