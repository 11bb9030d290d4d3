"""The short form of `make failover`: each trial once, with a few people. Where there is no PostgreSQL it is skipped."""

import pytest

from tests.failover.cluster import NO_POSTGRES, find_postgres, running_cluster
from tests.failover.outcomes import SHORT
from tests.failover.trials import TRIALS, play

pytestmark = pytest.mark.skipif(find_postgres() is None, reason=NO_POSTGRES)


@pytest.mark.long
async def test_the_shop_survives_its_processes_and_its_storage():
    async with running_cluster() as cluster:
        found = [await play(name, cluster, SHORT, 1) for name in TRIALS]

    missed = [outcome for outcome in found if not outcome.met]
    assert not missed, "\n".join(line for o in missed for line in (o.line(), *o.said))
