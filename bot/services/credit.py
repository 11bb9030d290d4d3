"""An operator fills a wallet by hand, or takes a mistake back."""

from bot.domain import ledger
from bot.domain.records import ActionKind, OutboxKind
from bot.errors import AlreadyDecided
from bot.ports import Tables
from bot.services.customers import find_customer
from bot.services.shop import Shop


async def credit_wallet(
    shop: Shop, *, key: str, operator_id: int, user_id: int, amount_minor: int, note: str
) -> int:
    """Post the credit and tell the customer; returns the new balance.

    `key` names the operator's message: the same one twice credits once (AlreadyDecided). Raises
    UnknownCustomer, and WalletTooSmall where more would be taken than is there.
    """
    balance = await shop.store.write(
        _credit,
        shop,
        key=key,
        operator_id=operator_id,
        user_id=user_id,
        amount_minor=amount_minor,
        note=note,
    )
    shop.wake("send")
    return balance


async def _credit(
    tables: Tables,
    shop: Shop,
    *,
    key: str,
    operator_id: int,
    user_id: int,
    amount_minor: int,
    note: str,
) -> int:
    now = shop.clock.now()
    await find_customer(shop, tables, user_id)
    if not await tables.ledger.post(
        ledger.credit(f"credit:{key}", user_id, amount_minor, note), now, f"operator:{operator_id}"
    ):
        raise AlreadyDecided
    await tables.operators.add_action(
        key=key,
        operator_id=operator_id,
        kind=ActionKind.CREDIT,
        target=str(user_id),
        amount_minor=amount_minor,
        note=note,
        done=True,
        now=now,
    )
    balance = await tables.ledger.balance(ledger.wallet(user_id))
    told = {"amount": str(amount_minor), "balance": str(balance), "note": note}
    await tables.outbox.add(f"credited:{key}", user_id, OutboxKind.CREDITED, now, data=told)
    return balance
