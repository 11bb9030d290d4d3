"""What happens behind the counter: somebody is asked to work here, and the day is told when it ends."""

from datetime import timedelta

from bot.domain.roles import Role
from bot.services.messaging.customers import ensure_customer
from bot.services.operations.staffing import Appointment, accept_role, appoint
from tests.harness import OPERATOR, ShopHarness

_KARIM = 77


async def somebody_joins_the_team_and_the_day_is_told(harness: ShopHarness) -> None:
    shop = harness.shop
    soon = harness.clock.now().astimezone(shop.policy.time_zone) + timedelta(minutes=1)
    harness.set_policy(closing_at=soon.time().replace(microsecond=0))
    await ensure_customer(shop, _KARIM, "fr")
    wanted = Appointment("asked", OPERATOR, _KARIM, Role.MANAGER, 500_000)
    member = await appoint(shop, wanted)
    await harness.run(5)
    await accept_role(shop, _KARIM, member.invitation, key="accepted")
    await harness.run(90)
