"""Banning a customer, and ending that: asked first, then done. Nobody loses money or codes by it."""

from dataclasses import dataclass, replace

from bot.domain.actions import ActionKind, OperatorAction
from bot.domain.ledger import wallet
from bot.domain.people import Ban
from bot.refusals import AlreadyDecided, NotBannable, NotFound, required
from bot.services.messaging.customers import find_customer
from bot.services.shop import Shop
from bot.services.standing import standing_of
from bot.services.wallet.limits import check_fresh
from bot.services.wallet.unpaid_orders import cancel_unpaid_orders
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class BanQuestion:
    """What a ban would do, or its end; money in minor units. `unpaid`: orders that wait for money."""

    action_id: int
    user_id: int
    is_ban: bool
    reason: str
    unpaid: int
    held_minor: int
    balance_minor: int


async def ask_ban(
    shop: Shop, user_id: int, reason: str, *, key: str, operator_id: int
) -> BanQuestion:
    """Ask whether to ban a customer. Raises UnknownCustomer, AlreadyDecided for one who is banned
    or a second call with this key, and NotBannable for an operator."""
    return await shop.store.write(_ask, shop, ActionKind.BAN, user_id, reason, key, operator_id)


async def ask_unban(shop: Shop, user_id: int, *, key: str, operator_id: int) -> BanQuestion:
    """Ask whether to serve a customer again. Raises as `ask_ban` does."""
    return await shop.store.write(_ask, shop, ActionKind.UNBAN, user_id, "", key, operator_id)


async def _ask(
    tx: Transaction,
    shop: Shop,
    kind: ActionKind,
    user_id: int,
    reason: str,
    key: str,
    operator_id: int,
) -> BanQuestion:
    await find_customer(shop, tx, user_id)
    await _check(tx, shop, kind, user_id)
    action_id = await tx.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=kind,
        target=str(user_id),
        note=reason,
        done=False,
        now=shop.clock.now(),
    )
    if action_id is None:
        raise AlreadyDecided
    return BanQuestion(
        action_id,
        user_id,
        kind is ActionKind.BAN,
        reason,
        len(await tx.orders.locked_unpaid(user_id)),
        await tx.ledger.reserved(user_id),
        await tx.ledger.balance(wallet(user_id)),
    )


async def _check(tx: Transaction, shop: Shop, kind: ActionKind, user_id: int) -> None:
    is_banned = await tx.customers.lock_ban(user_id) is not None
    if is_banned is (kind is ActionKind.BAN):
        raise AlreadyDecided
    if await standing_of(tx, shop, user_id) is not None:
        raise NotBannable


async def confirm_ban(shop: Shop, operator_id: int, action_id: int) -> OperatorAction:
    """Do what was asked with `ask_ban` or `ask_unban`; a second call raises AlreadyDecided.

    Orders that wait for money are cancelled, and their customer is told as ever. Raises NotFound,
    AskedTooLongAgo, NotBannable.
    """
    action = await shop.store.write(_confirm, shop, operator_id, action_id)
    known = shop.customers.get(int(action.target))
    if known is not None:
        shop.customers[known.id] = replace(known, banned=action.kind is ActionKind.BAN)
    return action


async def _confirm(tx: Transaction, shop: Shop, operator_id: int, action_id: int) -> OperatorAction:
    action = required(await tx.operators.action(action_id, operator_id))
    if action.kind not in (ActionKind.BAN, ActionKind.UNBAN):
        raise NotFound
    check_fresh(shop, action)
    user_id, now = int(action.target), shop.clock.now()
    await _check(tx, shop, action.kind, user_id)
    ban = Ban(now, action.note, operator_id) if action.kind is ActionKind.BAN else None
    await tx.customers.set_ban(user_id, ban)
    words = ("served", "banned") if ban else ("banned", "served")
    await tx.operators.decide(action_id, now, *words)
    if ban:
        await tx.lock_money(user_id)
        await cancel_unpaid_orders(tx, shop, user_id)
    return action
