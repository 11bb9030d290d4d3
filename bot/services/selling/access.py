"""The supplier's door: what our key may do, and standing still when it is refused."""

from datetime import datetime, timedelta

from bot.domain.records import AlertKind, SupplierAccount
from bot.domain.supplier import Environment, KeyInfo
from bot.errors import AccessRefused, SupplierFailure
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.shop import Shop
from storage.transaction import Transaction

_BLOCK_LASTS = timedelta(minutes=16)  # OneClickDz "Validate Token": 15 minutes


def _alert_key(supplier: str) -> str:
    return f"circuit_open:{supplier}"


async def check_access(shop: Shop, supplier: str) -> SupplierAccount:
    """Ask what our key is; selling from there stands still while it is refused or may not buy."""
    try:
        key = await shop.suppliers[supplier].validate()
    except AccessRefused as refusal:
        await pause_for_access(shop, supplier, refusal)
    except SupplierFailure:
        pass  # the last known answer stands
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
    """Whether nothing here is real: a key for tests is known, and none for real purchases."""
    kinds = {(await tx.suppliers.account(name)).environment for name in shop.suppliers}
    return Environment.SANDBOX in kinds and Environment.PRODUCTION not in kinds


async def renew_access(shop: Shop, supplier: str) -> None:
    """Ask again where nobody has answered yet, or once the block of our address has run out.

    Any other refusal stays until an operator asks: each try with a bad key counts towards a block.
    """
    async with shop.store.reading() as tx:
        due_at = await access_due(tx, shop, supplier)
    if due_at is not None and due_at <= shop.clock.now():
        await check_access(shop, supplier)


async def access_due(tx: Transaction, shop: Shop, supplier: str) -> datetime | None:
    """When the supplier has to be asked what our key is; None where it is known, or refused for good."""
    refusal = shop.suppliers[supplier].refusal
    if refusal is None:
        account = await tx.suppliers.account(supplier)
        return shop.clock.now() if account.environment is None else None
    if refusal != "IP_BLOCKED":
        return None
    since = await tx.alerts.opened_at(_alert_key(supplier))
    return since and since + _BLOCK_LASTS


async def forget_access(shop: Shop) -> None:
    """At start: keys may be others, so what the last ones were counts no more."""
    for supplier in shop.suppliers:
        await shop.store.write(_forget, shop, supplier)


async def _forget(tx: Transaction, shop: Shop, supplier: str) -> None:
    await tx.suppliers.update_account(supplier, environment=None, paused_for_access=False)
    await resolve_alert(tx, shop, _alert_key(supplier))


async def pause_for_access(shop: Shop, supplier: str, refusal: AccessRefused) -> None:
    """The supplier refused our key: nothing is sold from there until it is good again."""
    await shop.store.write(_pause, shop, supplier, refusal.code or str(refusal.status))


async def _pause(tx: Transaction, shop: Shop, supplier: str, code: str) -> None:
    await tx.suppliers.update_account(supplier, paused_for_access=True)
    await _tell(tx, shop, supplier, code)
