"""An operator fills a wallet by hand, or takes a mistake back; large sums are confirmed first."""

from dataclasses import dataclass

from bot.domain import ledger
from bot.domain.records import ActionKind, OutboxKind
from bot.errors import AlreadyDecided, NotFound, WalletTooSmall
from bot.ports import Tables
from bot.services.awaiting import go_on
from bot.services.customers import find_customer
from bot.services.limits import check_cap, check_fresh, needs_confirmation
from bot.services.shelf import required
from bot.services.shop import Shop


@dataclass(frozen=True, slots=True)
class Credit:
    """`key` names the operator's message, so that the same one twice credits once."""

    key: str
    operator_id: int
    user_id: int
    amount_minor: int
    note: str


@dataclass(frozen=True, slots=True)
class Credited:
    """`action_id` set: nothing moved yet, it is to be confirmed; else `balance_minor` is the new one."""

    user_id: int
    amount_minor: int
    balance_minor: int
    action_id: int | None = None


async def credit_wallet(shop: Shop, wish: Credit) -> Credited:
    """Post the credit and tell the customer, or ask first where the sum is large.

    Raises UnknownCustomer, AlreadyDecided, CapReached, and WalletTooSmall where more would be taken
    than is there.
    """
    done = await shop.store.write(_ask, shop, wish)
    shop.wake("send")
    return done


async def _ask(tables: Tables, shop: Shop, wish: Credit) -> Credited:
    await find_customer(shop, tables, wish.user_id)
    await check_cap(tables, shop, wish.operator_id, wish.amount_minor)
    asks = needs_confirmation(shop, wish.amount_minor)
    action_id = await tables.operators.add_action(
        key=wish.key,
        operator_id=wish.operator_id,
        kind=ActionKind.CREDIT,
        target=str(wish.user_id),
        amount_minor=wish.amount_minor,
        note=wish.note,
        done=not asks,
        now=shop.clock.now(),
    )
    if action_id is None:
        raise AlreadyDecided
    if asks:
        balance = await tables.ledger.balance(ledger.wallet(wish.user_id))
        if balance + wish.amount_minor < 0:
            raise WalletTooSmall(-wish.amount_minor - balance)
        return Credited(wish.user_id, wish.amount_minor, balance, action_id)
    return await _credit(tables, shop, wish)


async def confirm_credit(shop: Shop, operator_id: int, action_id: int) -> Credited:
    """Carry out a credit that was asked. Raises NotFound, AlreadyDecided, AskedTooLongAgo, CapReached."""
    done = await shop.store.write(_confirm, shop, operator_id, action_id)
    shop.wake("send")
    return done


async def _confirm(tables: Tables, shop: Shop, operator_id: int, action_id: int) -> Credited:
    action = required(await tables.operators.action(action_id, operator_id))
    if action.kind is not ActionKind.CREDIT:
        raise NotFound
    check_fresh(shop, action)
    await check_cap(tables, shop, operator_id, action.amount_minor)
    await tables.operators.decide(action_id, shop.clock.now())
    wish = Credit(
        f"action:{action_id}", operator_id, int(action.target), action.amount_minor, action.note
    )
    return await _credit(tables, shop, wish)


async def _credit(tables: Tables, shop: Shop, wish: Credit) -> Credited:
    now = shop.clock.now()
    posting = ledger.credit(f"credit:{wish.key}", wish.user_id, wish.amount_minor, wish.note)
    await tables.ledger.post(posting, now, f"operator:{wish.operator_id}")
    balance = await tables.ledger.balance(ledger.wallet(wish.user_id))
    told = {"amount": str(wish.amount_minor), "balance": str(balance), "note": wish.note}
    await tables.outbox.add(
        f"credited:{wish.key}", wish.user_id, OutboxKind.CREDITED, now, data=told
    )
    await go_on(tables, shop, wish.user_id)
    return Credited(wish.user_id, wish.amount_minor, balance)
