"""The process dies between any two steps of an order; what comes after the next start is right."""

import random

import pytest

from tests.crash.harness import crash
from tests.crash.points import POINTS
from tests.crash.scenes import SCENES


@pytest.fixture(scope="session")
def passed_by_scene():
    return {}


@pytest.mark.parametrize("scene", SCENES, ids=lambda s: s.__name__)
async def test_a_scene_without_a_crash_ends_well(migrated, scene):
    result = await crash(migrated, scene, None)

    assert not result.died
    assert result.passed


async def test_every_step_of_an_order_has_its_failpoints_and_every_failpoint_is_passed(migrated):
    """A new write, call or message fails this until its points are listed, and so crashed at."""
    passed = set()
    for scene in SCENES:
        passed |= (await crash(migrated, scene, None)).passed

    assert passed - set(POINTS) == set(), "steps without a listed failpoint"
    assert set(POINTS) - passed == set(), "failpoints that no scene passes"


def some(points, share, seed):
    return sorted(random.Random(seed).sample(points, max(1, len(points) // share)))


@pytest.mark.parametrize("point", some(POINTS, 5, seed=5))
async def test_a_crash_at_a_failpoint_loses_nothing(migrated, point):
    """A fifth of the points, in the first scene that passes each; `make crash` takes all, in all scenes."""
    for scene in SCENES:
        if (await crash(migrated, scene, point)).died:
            return
    pytest.fail(f"no scene passes {point}")


async def test_the_campaign_sees_a_guard_that_is_missing(migrated, monkeypatch):
    """The twin: where what was being sent is sent again after a crash, something is bought twice."""
    from bot.domain.orders import OrderState
    from bot.services import place

    async def forget(tables, shop, order, why):
        await tables.orders.change(
            order.id, state=OrderState.PAID, due_at=shop.clock.now(), sent_at=None
        )

    monkeypatch.setattr(place, "lose_order", forget)

    with pytest.raises(AssertionError, match="belongs to an order, once"):
        await crash(migrated, SCENES[0], "after supplier.buy")
