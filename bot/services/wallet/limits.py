"""Limits of one operator: large amounts are confirmed, and a daily cap bounds the sum."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from bot.domain.actions import MONEY_ACTIONS, ActionKind, OperatorAction
from bot.domain.roles import CAPPED_ACTIONS, RIGHT_TO_MOVE
from bot.refusals import AlreadyDecided, AskedTooLongAgo, CapReached, NotFound, required
from bot.services.shop import Shop
from bot.services.standing import standing_of
from storage.transaction import Transaction

_CONFIRM_WITHIN: Final = timedelta(hours=1)


def needs_confirmation(shop: Shop, amount_minor: int) -> bool:
    """Whether an amount, in either direction, is above CONFIRM_ABOVE."""
    return abs(amount_minor) > shop.policy.confirm_above_minor


async def check_cap(
    tx: Transaction, shop: Shop, operator_id: int, kind: ActionKind, amount_minor: int
) -> None:
    """Raises CapReached where the amount would exceed a cap of a TIME_ZONE day, NotFound where the
    operator may not do this at all any more.

    The caps are OPERATOR_DAILY_CAP, for whatever anybody moves, and a member's own, for what counts
    towards it. The operator is locked: what their other device does meanwhile is counted too.
    """
    standing = required(await standing_of(tx, shop, operator_id, locked=True))
    if RIGHT_TO_MOVE[kind] not in standing.rights:
        raise NotFound
    overall = shop.policy.daily_cap_minor
    caps: list[tuple[int, Sequence[ActionKind]]] = [(overall, MONEY_ACTIONS)] if overall else []
    capped = CAPPED_ACTIONS[standing.role]
    if kind in capped:
        caps.append((standing.cap_minor, sorted(capped)))
    local = shop.clock.now().astimezone(shop.policy.time_zone)
    midnight = datetime.combine(local.date(), time(), shop.policy.time_zone)
    for cap, kinds in caps:
        moved = await tx.operators.moved_since(operator_id, kinds, midnight)
        if moved + abs(amount_minor) > cap:
            raise CapReached(max(0, cap - moved))


async def leave_undone(shop: Shop, operator_id: int, action_id: int, *kinds: ActionKind) -> None:
    """The answer "no" to a question of these kinds, which keeps nothing.

    Raises AlreadyDecided where it was done before, so that nobody reads that nothing was; NotFound for a question of
    another kind or operator.
    """
    async with shop.store.reading() as tx:
        action = required(await tx.operators.action(action_id, operator_id))
    if action.kind not in kinds:
        raise NotFound
    if action.done:
        raise AlreadyDecided


def check_fresh(shop: Shop, action: OperatorAction) -> None:
    """Check that an action can still be confirmed. Raises AlreadyDecided, AskedTooLongAgo."""
    if action.done:
        raise AlreadyDecided
    if shop.clock.now() - action.at > _CONFIRM_WITHIN:
        raise AskedTooLongAgo
