"""The process dies between any two steps of an order; what comes after the next start is right."""

import random
from pathlib import Path

import pytest

from tests.crash.harness import crash
from tests.crash.points import POINTS, STEPS
from tests.crash.scenes import SCENES

JOURNALS = Path(__file__).parents[1] / "integration" / "journals"


def points_on_the_way(scene) -> list[str]:
    """Before and after each write that the scene's journal tells of."""
    written = {
        line.strip()
        for line in (JOURNALS / f"{scene.__name__}.txt").read_text().splitlines()
        if line.startswith("  ") and line.strip() in STEPS
    }
    return sorted(f"{when} {step}" for step in written for when in ("before", "after"))


@pytest.mark.parametrize("scene", SCENES, ids=lambda s: s.__name__)
async def test_a_scene_ends_well_where_the_process_dies_in_it(migrated, scene):
    """At two of its points; `make crash` takes all, in all scenes."""
    for point in random.Random(scene.__name__).sample(points_on_the_way(scene), 2):
        assert (await crash(migrated, scene, point)).died, point


async def test_every_step_of_an_order_has_its_failpoints_and_every_failpoint_is_passed(migrated):
    """A new write, call or message fails this until its points are listed, and so crashed at.

    Each scene ends well where nothing dies, too.
    """
    passed = set()
    for scene in SCENES:
        whole = await crash(migrated, scene, None)
        assert not whole.died
        passed |= whole.passed

    assert passed - set(POINTS) == set(), "steps without a listed failpoint"
    assert set(POINTS) - passed == set(), "failpoints that no scene passes"


async def test_the_campaign_sees_a_guard_that_is_missing(migrated, monkeypatch):
    """The twin: where what was being sent is sent again after a crash, something is bought twice."""
    from bot.domain.orders import OrderState
    from bot.services.orders import place
    from storage.tables import orders
    from tests.database import overwrite

    async def forget(tx, shop, order, why):
        now = shop.clock.now()
        await overwrite(tx, orders, order.id, state=OrderState.PAID, due_at=now, sent_at=None)

    monkeypatch.setattr(place, "mark_unconfirmed", forget)

    with pytest.raises(AssertionError, match="belongs to an order, once"):
        await crash(migrated, SCENES[0], "after supplier.buy")
