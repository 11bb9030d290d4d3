"""The process dies between any two steps of an order; what comes after the next start is right."""

import random

import pytest

from tests.crash.harness import crash
from tests.crash.points import POINTS
from tests.crash.scenes import SCENES


@pytest.mark.parametrize("scene", SCENES, ids=lambda s: s.__name__)
async def test_a_scene_ends_well_whether_the_process_dies_in_it_or_not(migrated, scene):
    """Two of the points that it passes; `make crash` takes all, in all scenes."""
    whole = await crash(migrated, scene, None)

    assert not whole.died
    for point in random.Random(scene.__name__).sample(sorted(whole.passed), 2):
        assert (await crash(migrated, scene, point)).died, point


async def test_every_step_of_an_order_has_its_failpoints_and_every_failpoint_is_passed(migrated):
    """A new write, call or message fails this until its points are listed, and so crashed at."""
    passed = set()
    for scene in SCENES:
        passed |= (await crash(migrated, scene, None)).passed

    assert passed - set(POINTS) == set(), "steps without a listed failpoint"
    assert set(POINTS) - passed == set(), "failpoints that no scene passes"


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
