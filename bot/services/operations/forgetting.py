"""Forgetting a customer who asks for it: a pseudonym takes the place of their Telegram id.

The books stay complete and agree, orders and payments keep their numbers, and nothing leads from
them to the person. See docs/decisions/0084.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.actions import ActionKind
from bot.domain.people import Obstacles
from bot.domain.schedule import is_recent
from bot.errors import SendFailure, Undeliverable, Unreachable, VaultFailure
from bot.refusals import AskedTooLongAgo, NotFound
from bot.services.codes.reveal import hide_for_good
from bot.services.items import Item, ItemKind
from bot.services.shop import Shop
from storage.transaction import Transaction

_MAY_CONFIRM_FOR: Final = timedelta(hours=1)
_BY_THEMSELVES: Final = 0  # no operator
_READ_AT_ONCE: Final = 100  # messages of codes


async def find_obstacles(shop: Shop, user_id: int) -> Obstacles:
    """What has to end before a customer can be forgotten."""
    async with shop.store.reading() as tx:
        return await _obstacles(tx, shop, user_id)


async def _obstacles(tx: Transaction, shop: Shop, user_id: int) -> Obstacles:
    found = await tx.forgetting.obstacles(user_id)
    unrecorded = any(sent.user_id == user_id for sent in shop.unrecorded.codes)
    return Obstacles(
        found.balance_minor,
        found.orders,
        found.payments,
        found.codes_on_their_way or unrecorded,
        is_owner=user_id in shop.policy.admin_ids,
    )


async def forget_customer(
    shop: Shop, user_id: int, pseudonym: int, asked_at: datetime
) -> Obstacles:
    """Forget a customer who was asked at `asked_at` whether they mean it; `pseudonym` is a new one.

    Returns what hinders it; nothing was changed then. Messages that still show codes are hidden
    first, as far as Telegram allows: while it does not answer, that hinders too, and what is hidden
    by then stays so. A second call with the same `asked_at` forgets what the press
    itself has stored of them meanwhile. Raises AskedTooLongAgo.
    """
    if not is_recent(asked_at, shop.clock.now(), _MAY_CONFIRM_FOR):
        raise AskedTooLongAgo
    async with shop.store.reading() as tx:
        # A question of before they were forgotten the first time says nothing of what they bought since.
        if await tx.forgetting.has_come_back(user_id, asked_at):
            raise AskedTooLongAgo
    obstacles = await find_obstacles(shop, user_id)
    if obstacles.any:
        return obstacles
    if not await _hide_codes(shop, user_id):
        return Obstacles(codes_shown=True)
    obstacles = await shop.store.write(_forget, shop, user_id, pseudonym, asked_at)
    if not obstacles.any:
        _forget_in_memory(shop, user_id)
    return obstacles


async def _hide_codes(shop: Shop, user_id: int) -> bool:
    """Hide all messages of codes that can be; False where one may be hidden in a moment.

    What Telegram refuses for good, because the chat or the message is gone, hinders nobody.
    """
    after = 0
    while True:
        async with shop.store.reading() as tx:
            shown = await tx.codes.visible_to(user_id, after, _READ_AT_ONCE)
        for message in shown:
            try:
                await hide_for_good(shop, message.id)
            except Unreachable:  # neither can the others in that chat
                return True
            except (Undeliverable, VaultFailure, NotFound) as failure:
                shop.items.report(f"a message of codes stays as it is: {type(failure).__name__}")
            except SendFailure:
                return False
            after = message.id
        if not shown:
            return True


async def _forget(
    tx: Transaction, shop: Shop, user_id: int, pseudonym: int, asked_at: datetime
) -> Obstacles:
    """In one transaction: locks are taken in the order of all others, the customer's row first."""
    since = await tx.forgetting.lock(user_id)
    if since is None:
        return Obstacles()
    await tx.lock_money(user_id)
    obstacles = await _obstacles(tx, shop, user_id)
    if obstacles.any:
        return obstacles
    now = shop.clock.now()
    await tx.forgetting.rename(user_id, pseudonym, shop.policy.default_locale, now)
    if since <= asked_at:  # else a second press has made them a customer again
        await tx.operators.add_action(
            key=f"forget:{pseudonym}",
            operator_id=_BY_THEMSELVES,
            kind=ActionKind.FORGET,
            target=str(pseudonym),
            now=now,
        )
    return obstacles


def _forget_in_memory(shop: Shop, user_id: int) -> None:
    shop.customers.pop(user_id, None)
    shop.items.troubles.pop(Item(ItemKind.PAY, user_id), None)
