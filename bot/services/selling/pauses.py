"""Standing still: nothing new is sold while there is a reason, until an operator ends it."""

from bot.domain.records import ActionKind, PauseReason
from bot.domain.supplier import Environment
from bot.errors import SellingPaused
from bot.services.shop import Shop
from storage.transaction import Transaction


async def check_open(tx: Transaction, shop: Shop, supplier: str) -> Environment:
    """Whether anything new may be sold from this supplier: what its key buys. Raises SellingPaused.

    Orders that are paid already go on.
    """
    account = await tx.suppliers.account(supplier)
    closed = supplier not in shop.suppliers or not account.selling
    if closed or account.environment is None or await tx.operators.pauses():
        raise SellingPaused
    return account.environment


async def pause_selling(tx: Transaction, shop: Shop, reason: PauseReason) -> bool:
    """True where it was not paused for this yet."""
    return await tx.operators.pause(reason, shop.clock.now())


async def resume_selling(shop: Shop, *, key: str, operator_id: int) -> bool:
    """An operator has looked and sells again; False where nothing was paused."""
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
