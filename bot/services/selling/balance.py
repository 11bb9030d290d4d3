"""Our balance at a supplier: a warning when it is low, a pause of selling below the floor."""

from datetime import datetime, timedelta

from bot.domain.orders import OrderState
from bot.domain.records import AlertKind
from bot.domain.supplier import Environment
from bot.errors import AccessRefused, SupplierFailure
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.selling.access import pause_for_access
from bot.services.shop import Shop
from storage.transaction import Transaction

_CHECK_EVERY = timedelta(minutes=2)
_CHECK_EVERY_WHILE_EMPTY = timedelta(seconds=10)


async def check_balance(shop: Shop, supplier: str, *, force: bool = False) -> int | None:
    """Read the balance where it is due and act on it; minor units, None where it was not read.

    `force` reads it before it is due, but not while our key is refused.
    """
    async with shop.store.reading() as tx:
        due_at = await balance_due(tx, shop, supplier)
    if due_at is None or (due_at > shop.clock.now() and not force):
        return None
    try:
        balance = await shop.suppliers[supplier].balance()
    except SupplierFailure as failure:
        if isinstance(failure, AccessRefused):
            await pause_for_access(shop, supplier, failure)
        return None
    await shop.store.write(_apply_balance, shop, supplier, balance)
    return balance


async def balance_due(tx: Transaction, shop: Shop, supplier: str) -> datetime | None:
    """When the balance has to be read again; None while our key is refused."""
    account = await tx.suppliers.account(supplier)
    if account.paused_for_access:
        return None
    if account.balance_at is None:
        return shop.clock.now()
    return account.balance_at + (
        _CHECK_EVERY_WHILE_EMPTY if account.paused_for_balance else _CHECK_EVERY
    )


async def _apply_balance(tx: Transaction, shop: Shop, supplier: str, balance: int) -> None:
    """Store the balance, warn, and pause or resume selling.

    Selling resumes where the balance reaches the floor and pays for the oldest order that waits.
    """
    now = shop.clock.now()
    account = await tx.suppliers.account(supplier)
    await tx.suppliers.update_account(supplier, balance_minor=balance, balance_at=now)
    if account.environment is Environment.SANDBOX and not account.paused_for_balance:
        return  # a sandbox takes no money, so its balance means nothing
    await _warn(tx, shop, supplier, balance)
    waiting = await tx.orders.oldest_unbought(supplier)
    needed = waiting.unit_cost_minor * waiting.quantity if waiting else 0
    below_floor = (
        account.environment is not Environment.SANDBOX and balance < shop.policy.balance_floor_minor
    )
    if account.paused_for_balance and not below_floor and balance >= needed:
        await tx.suppliers.update_account(supplier, paused_for_balance=False)
        await resolve_alert(tx, shop, empty_alert_key(supplier))
        await tx.orders.make_due(OrderState.PAID, supplier, now)
    elif below_floor and not account.paused_for_balance:
        await tx.suppliers.update_account(supplier, paused_for_balance=True)


def empty_alert_key(supplier: str) -> str:
    """The key of the alert about a balance that did not pay for an order."""
    return f"balance_empty:{supplier}"


async def _warn(tx: Transaction, shop: Shop, supplier: str, balance: int) -> None:
    key = f"balance_low:{supplier}"
    if balance < max(shop.policy.balance_alert_minor, shop.policy.balance_floor_minor):
        paused = balance < shop.policy.balance_floor_minor
        await raise_alert(
            tx,
            shop,
            key,
            AlertKind.BALANCE_LOW,
            supplier=supplier,
            balance=balance,
            paused="yes" if paused else "no",
        )
    else:
        await resolve_alert(tx, shop, key)
