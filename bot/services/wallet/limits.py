"""Limits of one operator: large amounts are confirmed, and a daily cap bounds the sum."""

from datetime import datetime, time, timedelta
from typing import Final

from bot.domain.records import MONEY_ACTIONS, OperatorAction
from bot.errors import AlreadyDecided, AskedTooLongAgo, CapReached
from bot.services.shop import Shop
from storage.transaction import Transaction

_CONFIRM_WITHIN: Final = timedelta(hours=1)


def needs_confirmation(shop: Shop, amount_minor: int) -> bool:
    """Whether an amount, in either direction, is above CONFIRM_ABOVE."""
    return abs(amount_minor) > shop.policy.confirm_above_minor


async def check_cap(tx: Transaction, shop: Shop, operator_id: int, amount_minor: int) -> None:
    """Raises CapReached where the amount would exceed OPERATOR_DAILY_CAP of a TIME_ZONE day."""
    cap = shop.policy.daily_cap_minor
    if not cap:
        return
    local = shop.clock.now().astimezone(shop.policy.time_zone)
    midnight = datetime.combine(local.date(), time(), shop.policy.time_zone)
    moved = await tx.operators.moved_since(operator_id, MONEY_ACTIONS, midnight)
    if moved + abs(amount_minor) > cap:
        raise CapReached(max(0, cap - moved))


def check_fresh(shop: Shop, action: OperatorAction) -> None:
    """Check that an action can still be confirmed. Raises AlreadyDecided, AskedTooLongAgo."""
    if action.done:
        raise AlreadyDecided
    if shop.clock.now() - action.at > _CONFIRM_WITHIN:
        raise AskedTooLongAgo
