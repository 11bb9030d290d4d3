"""Nights of a shop whose books are audited, for the tests of what each night finds."""

from bot.domain.audit import Check
from bot.services.operations.day_sums import close_days
from bot.services.operations.nightly_audit import audit_changes
from tests.harness import ShopHarness

SMALL = [Check.STOCK, Check.WAITING]
NIGHT = 86_400


async def night(harness: ShopHarness) -> dict[Check, tuple[str, ...]]:
    """The next night, with the first works of the nightly run; returns what differs."""
    harness.clock.pass_time(NIGHT)
    await close_days(harness.shop)
    return named(await audit_changes(harness.shop))


def named(found) -> dict[Check, tuple[str, ...]]:
    return {one.check: tuple(map(str, one.differences)) for one in found if not one.is_well}


async def is_whole(harness: ShopHarness) -> bool:
    harness.clock.pass_time(NIGHT)
    return [audited.check for audited in await audit_changes(harness.shop)] != SMALL


async def change(harness: ShopHarness, *statements) -> None:
    async with harness.store._writer.begin() as db:
        for statement in statements:
            await db.execute(statement)
