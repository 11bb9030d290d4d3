"""What our key may do at a supplier, and the pause of selling while the key is refused."""

from datetime import datetime, timedelta

from bot.domain.alerts import AlertKind
from bot.domain.records import SupplierAccount
from bot.domain.supplier import Environment, KeyInfo
from bot.errors import AccessRefused, SupplierFailure
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.shop import Shop
from storage.transaction import Transaction

# The supplier's lock-out after refused keys lasts 15 minutes (OneClickDz "Validate Token"), so a key
# that is asked about more rarely never leads to one.
_ASK_AGAIN_AFTER_SECONDS = 16 * 60.0


def _alert_key(supplier: str) -> str:
    return f"circuit_open:{supplier}"


async def check_access(shop: Shop, supplier: str) -> SupplierAccount:
    """Ask a supplier about our key and store the answer; returns the account as it is then.

    Selling from that supplier is paused while the key is refused, disabled or read-only. Where the
    supplier does not answer the last known answer stays.
    """
    try:
        key = await shop.suppliers[supplier].validate()
    except AccessRefused as refusal:
        await pause_for_access(shop, supplier, refusal)
    except SupplierFailure:
        pass  # the last known answer stays
    else:
        await shop.store.write(_save_key, shop, supplier, key)
    async with shop.store.reading() as tx:
        return await tx.suppliers.account(supplier)


async def _save_key(tx: Transaction, shop: Shop, supplier: str, key: KeyInfo) -> None:
    usable = key.enabled and key.may_buy
    await tx.suppliers.update_account(
        supplier, environment=key.environment, paused_for_access=not usable
    )
    if usable:
        await resolve_alert(tx, shop, _alert_key(supplier))
    else:
        code = "READ-ONLY" if key.enabled else "DISABLED"
        await _tell(tx, shop, supplier, code)


async def _tell(tx: Transaction, shop: Shop, supplier: str, code: str) -> None:
    kind = AlertKind.CIRCUIT_OPEN
    await raise_alert(tx, shop, _alert_key(supplier), kind, supplier=supplier, code=code)


async def is_sandbox(tx: Transaction, shop: Shop) -> bool:
    """Whether this is a test shop: a sandbox key is known, and no production key."""
    return await environment_of(tx, shop) is Environment.SANDBOX


async def environment_of(tx: Transaction, shop: Shop) -> Environment | None:
    """Of what kind the suppliers' keys are; None before one of them is known.

    A shop with one production key buys for real. The own stock has no key and says nothing beside
    others; where it is alone, its codes are sold for real.
    """
    keys = [name for name, supplier in shop.suppliers.items() if supplier.policy.has_account]
    if not keys:
        return Environment.PRODUCTION
    kinds = {(await tx.suppliers.account(name)).environment for name in keys}
    for kind in (Environment.PRODUCTION, Environment.SANDBOX):
        if kind in kinds:
            return kind
    return None


async def renew_access(shop: Shop, supplier: str) -> None:
    """Ask about our key again where it is due (`access_due`)."""
    async with shop.store.reading() as tx:
        due_at = await access_due(tx, shop, supplier)
    if due_at is not None and due_at <= shop.clock.now():
        await check_access(shop, supplier)


async def access_due(tx: Transaction, shop: Shop, supplier: str) -> datetime | None:
    """When the supplier has to be asked about our key; None where the key is known.

    A refusal is asked about again by itself: a block of our address ends, and an allow-list or an
    account is put right without a word to the shop.
    """
    refused_at = shop.suppliers[supplier].refused_at
    if refused_at is None:
        account = await tx.suppliers.account(supplier)
        return shop.clock.now() if account.environment is None else None
    left = refused_at + _ASK_AGAIN_AFTER_SECONDS - shop.clock.monotonic()
    return shop.clock.now() + timedelta(seconds=left)


async def forget_access(shop: Shop) -> None:
    """Forget at start what is known of the keys: the settings may have other keys now."""
    for supplier in shop.suppliers:
        await shop.store.write(_forget, shop, supplier)


async def _forget(tx: Transaction, shop: Shop, supplier: str) -> None:
    await tx.suppliers.update_account(supplier, environment=None, paused_for_access=False)
    await resolve_alert(tx, shop, _alert_key(supplier))


async def pause_for_access(shop: Shop, supplier: str, refusal: AccessRefused) -> None:
    """Pause selling from a supplier that refused our key, and alert the operators."""
    await shop.store.write(_pause, shop, supplier, refusal.code or str(refusal.status))


async def _pause(tx: Transaction, shop: Shop, supplier: str, code: str) -> None:
    await tx.suppliers.update_account(supplier, paused_for_access=True)
    await _tell(tx, shop, supplier, code)
