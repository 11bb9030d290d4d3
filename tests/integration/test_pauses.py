"""Selling is paused for a reason, until an operator resumes."""

from bot.domain.records import PauseReason
from bot.services.selling.pauses import pause_selling, resume_selling
from storage.tables import operator_actions
from tests.harness import OPERATOR, ShopHarness
from tests.integration.readings import rows


async def test_resuming_is_recorded_with_the_reasons_of_the_pause(harness: ShopHarness):
    await harness.store.write(pause_selling, harness.shop, PauseReason.AUDIT)

    assert await resume_selling(harness.shop, key="a", operator_id=OPERATOR)

    (action,) = await rows(harness, operator_actions)
    assert (action.target, action.amount_minor, action.note, action.done) == ("audit", 0, "", True)
