"""Pauses by hand as tests make them, in one call for the whole conversation."""

from bot.domain.pauses import Ending, PauseScope
from bot.domain.records import PauseReason
from bot.services.selling.hand_pauses import (
    confirm_pause,
    draft_pause,
    lift_pause,
    say_paid,
    say_until,
    say_why,
)
from bot.services.shop import Shop
from tests.harness import OPERATOR


async def draft(
    shop: Shop,
    scope: PauseScope = PauseScope.SHOP,
    target: str = "",
    *,
    waits: bool = False,
    ending: Ending = Ending.OPEN,
    reason: PauseReason = PauseReason.PRICES,
) -> int:
    """A pause that only has to be confirmed; returns its id. `waits`: what is paid waits too."""
    pause_id = (await draft_pause(shop, scope, target, OPERATOR)).pause.id
    await say_why(shop, pause_id, OPERATOR, reason)
    await say_until(shop, pause_id, OPERATOR, ending)
    await say_paid(shop, pause_id, OPERATOR, waits=waits)
    return pause_id


async def confirm(shop: Shop, pause_id: int) -> None:
    await confirm_pause(shop, pause_id, OPERATOR, key=f"pause:{pause_id}")


async def lift(shop: Shop, pause_id: int, operator_id: int = OPERATOR) -> bool:
    return await lift_pause(shop, pause_id, operator_id, key=f"lift:{pause_id}")
