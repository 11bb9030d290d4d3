"""Pauses of selling: nothing new is sold while there is a reason, until an operator resumes."""

from bot.domain.records import ActionKind, PauseReason
from bot.domain.supplier import Environment
from bot.errors import SellingPaused
from bot.services.shop import Shop
from storage.transaction import Transaction


async def check_open(tx: Transaction, shop: Shop, supplier: str) -> Environment:
    """Check that this supplier may be sold from; returns the environment of its key.

    Raises SellingPaused. Orders that are paid already are bought all the same.
    """
    account = await tx.suppliers.account(supplier)
    closed = supplier not in shop.suppliers or not account.selling
    if closed or account.environment is None or await tx.operators.pauses():
        raise SellingPaused
    return account.environment


async def pause_selling(tx: Transaction, shop: Shop, reason: PauseReason) -> bool:
    """Pause selling; False where it was paused for this reason already."""
    return await tx.operators.pause(reason, shop.clock.now())


async def resume_selling(shop: Shop, *, key: str, operator_id: int) -> bool:
    """End all pauses; False where there was none."""
    return await shop.store.write(_resume, shop, key, operator_id)


async def _resume(tx: Transaction, shop: Shop, key: str, operator_id: int) -> bool:
    reasons = await tx.operators.pauses()
    if not await tx.operators.resume():
        return False
    await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.RESUME,
        target=" ".join(sorted(reasons)),
        now=shop.clock.now(),
    )
    return True
