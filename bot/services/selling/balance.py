"""Our balance at a supplier: a warning when it is low, a pause of selling below the floor."""

from datetime import datetime, timedelta

from bot.domain.alerts import AlertKind
from bot.domain.orders import Order, OrderState
from bot.domain.records import SupplierAccount
from bot.domain.schedule import due_after
from bot.domain.supplier import Environment
from bot.errors import AccessRefused, SupplierFailure
from bot.refusals import required
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.selling.access import pause_for_access
from bot.services.shop import Shop
from storage.transaction import Transaction

_CHECK_EVERY = timedelta(minutes=2)
_CHECK_EVERY_WHILE_EMPTY = timedelta(seconds=5)


async def check_balance(shop: Shop, supplier: str, *, force: bool = False) -> int | None:
    """Read the balance where it is due and act on it; minor units.

    None where it was not read, or limits nothing.

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
    if balance is None:
        await shop.store.write(_lift_limit, shop, supplier)
    else:
        await shop.store.write(_apply_balance, shop, supplier, balance)
    return balance


async def _lift_limit(tx: Transaction, shop: Shop, supplier: str) -> None:
    """Our account is paid later: what it says it holds limits no order, and needs no alert."""
    now = shop.clock.now()
    account = await tx.suppliers.account(supplier)
    await tx.suppliers.update_account(supplier, balance_minor=None, balance_at=now)
    if account.paused_for_balance:
        await tx.suppliers.update_account(supplier, paused_for_balance=False)
    for key in (short_alert_key(supplier), low_alert_key(supplier)):
        await resolve_alert(tx, shop, key)
    was_limited = account.balance_minor is not None
    # What waits all the same was refused by the supplier, and this reading has not changed that.
    if was_limited or await tx.orders.oldest_unbought(supplier) is None:
        await resolve_alert(tx, shop, empty_alert_key(supplier))
    if was_limited:  # orders may have waited for it
        await tx.orders.make_due(OrderState.PAID, supplier, now)


async def balance_due(tx: Transaction, shop: Shop, supplier: str) -> datetime | None:
    """When the balance has to be read again; None while our key is refused, and where there is none."""
    account = await tx.suppliers.account(supplier)
    if account.paused_for_access or not shop.suppliers[supplier].policy.has_account:
        return None
    waits = account.paused_for_balance or await _dearest_is_short(tx, account)
    wait = _CHECK_EVERY_WHILE_EMPTY if waits else _CHECK_EVERY
    return due_after(account.balance_at, wait, shop.clock.now())


async def _dearest_is_short(tx: Transaction, account: SupplierAccount) -> bool:
    """Whether a paid order waits because it costs more than the balance."""
    if account.balance_minor is None or account.environment is not Environment.PRODUCTION:
        return False
    return await tx.statistics.dearest_unbought_minor(account.supplier) > account.balance_minor


async def is_beyond_balance(tx: Transaction, order: Order) -> bool:
    """Whether an order costs more than the whole balance that is known: it is not worth a call."""
    account = await tx.suppliers.account(order.supplier)
    if account.environment is not Environment.PRODUCTION or account.balance_minor is None:
        return False
    return order.unit_cost_minor * order.quantity > account.balance_minor


async def free_balance(tx: Transaction, supplier: str) -> int | None:
    """What the known balance leaves for new orders, in minor units; None where it limits nothing.

    Paid orders that are not bought, and those that were bought since the balance was read, claim
    their cost.
    """
    account = await tx.suppliers.account(supplier)
    known = account.balance_minor is not None and account.balance_at is not None
    if account.environment is not Environment.PRODUCTION or not known:
        return None
    claimed = await tx.statistics.claimed_cost_minor(supplier, required(account.balance_at))
    return required(account.balance_minor) - claimed


def short_alert_key(supplier: str) -> str:
    """The key of the alert about a balance that is too low for what a customer wants."""
    return f"balance_short:{supplier}"


async def _apply_balance(tx: Transaction, shop: Shop, supplier: str, balance: int) -> None:
    """Store the balance, warn, and pause or resume selling.

    Selling pauses below the floor alone; an order that is too large waits by itself, and is tried
    again when the balance pays for it.
    """
    now = shop.clock.now()
    account = await tx.suppliers.account(supplier)
    await tx.suppliers.update_account(supplier, balance_minor=balance, balance_at=now)
    if account.environment is Environment.SANDBOX and not account.paused_for_balance:
        return  # a sandbox takes no money, so its balance means nothing
    await _warn(tx, shop, supplier, balance)
    below_floor = (
        account.environment is not Environment.SANDBOX and balance < shop.policy.balance_floor_minor
    )
    if account.paused_for_balance is not below_floor:
        await tx.suppliers.update_account(supplier, paused_for_balance=below_floor)
    rose = account.balance_minor is not None and balance > account.balance_minor
    if rose:
        await resolve_alert(tx, shop, short_alert_key(supplier))
    is_more = rose or account.paused_for_balance
    waiting = await tx.orders.oldest_unbought(supplier)
    if below_floor or (waiting and balance < waiting.unit_cost_minor * waiting.quantity):
        return
    # What was tried already may have been refused with this very balance: it has to be bought first.
    if is_more or waiting is None or not waiting.attempts:
        await resolve_alert(tx, shop, empty_alert_key(supplier))
    if is_more:
        await tx.orders.make_due(OrderState.PAID, supplier, now)


def empty_alert_key(supplier: str) -> str:
    """The key of the alert about a balance that did not pay for an order."""
    return f"balance_empty:{supplier}"


def low_alert_key(supplier: str) -> str:
    """The key of the alert about a balance below BALANCE_ALERT or BALANCE_FLOOR."""
    return f"balance_low:{supplier}"


async def _warn(tx: Transaction, shop: Shop, supplier: str, balance: int) -> None:
    key = low_alert_key(supplier)
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
