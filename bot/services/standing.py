"""What somebody may do at this moment: read from the rows at each press, and kept nowhere.

Owners are in ADMIN_IDS and in no row, so their rights cost no look at the database.
"""

from bot.domain.roles import OWNER, Right, Standing
from bot.services.shop import Shop
from storage.transaction import Transaction


async def standing_of(
    tx: Transaction, shop: Shop, user_id: int, *, locked: bool = False
) -> Standing | None:
    """Somebody's role and cap; None for customers and for whoever has not accepted yet.

    `locked`: nobody changes it, and nothing else is counted towards its cap, until the transaction
    ends; to be called after any wallet is locked.
    """
    if user_id in shop.policy.admin_ids:
        if locked:
            await tx.team.lock_owner(user_id)
        return OWNER
    member = await (tx.team.locked(user_id) if locked else tx.team.member(user_id))
    return member.standing if member else None


async def rights_of(shop: Shop, user_id: int) -> frozenset[Right]:
    """All that somebody may do; nothing for a customer."""
    if user_id in shop.policy.admin_ids:
        return OWNER.rights
    async with shop.store.reading() as tx:
        standing = await standing_of(tx, shop, user_id)
    return standing.rights if standing else frozenset()


async def may(shop: Shop, user_id: int, right: Right) -> bool:
    """Whether somebody has a right at this moment."""
    return right in await rights_of(shop, user_id)


async def who_may(tx: Transaction, shop: Shop, right: Right) -> list[int]:
    """Everybody with a right, by their ids; the owners always."""
    members = {
        member.user_id
        for member in await tx.team.members()
        if member.standing is not None and right in member.standing.rights
    }
    return sorted(members | shop.policy.admin_ids)
