"""The supplier's door: what our key may do, and standing still when it is refused."""

from datetime import timedelta

from bot.domain.records import AlertKind, SupplierAccount
from bot.domain.supplier import KeyInfo
from bot.errors import AccessRefused, SupplierFailure
from bot.ports import Tables
from bot.services.alerts import raise_alert, settle_alert
from bot.services.shop import Shop

_ALERT = "circuit_open"
_BLOCK_LASTS = timedelta(minutes=16)  # OneClickDz "Validate Token": 15 minutes


async def check_access(shop: Shop) -> SupplierAccount:
    """Ask what the key is; selling stands still while it is refused or may not buy."""
    try:
        key = await shop.supplier.validate()
    except AccessRefused as refusal:
        await close_shop_for_access(shop, refusal)
    except SupplierFailure:
        pass  # the last known answer stands
    else:
        await shop.store.write(_keep, shop, key)
    async with shop.store.reading() as tables:
        return await tables.operators.account(shop.supplier.name)


async def _keep(tables: Tables, shop: Shop, key: KeyInfo) -> None:
    usable = key.enabled and key.may_buy
    await tables.operators.set_account(
        shop.supplier.name, environment=str(key.environment), paused_for_access=not usable
    )
    if usable:
        await settle_alert(tables, shop, _ALERT)
    else:
        await raise_alert(
            tables,
            shop,
            _ALERT,
            AlertKind.CIRCUIT_OPEN,
            code="READ-ONLY" if key.enabled else "DISABLED",
        )


async def renew_access(shop: Shop) -> None:
    """Ask again where nobody has answered yet, or once the block of our address has run out.

    Any other refusal stays until an operator asks: each try with a bad key counts towards a block.
    """
    async with shop.store.reading() as tables:
        account = await tables.operators.account(shop.supplier.name)
        since = await tables.operators.alert_opened_at(_ALERT)
    blocked = shop.supplier.refusal == "IP_BLOCKED"
    over = since is not None and shop.clock.now() - since >= _BLOCK_LASTS
    if (account.environment is None and shop.supplier.refusal is None) or (blocked and over):
        await check_access(shop)


async def forget_access(shop: Shop) -> None:
    """At start: the key may be another one, so what the last one was counts no more."""
    await shop.store.write(_forget, shop)


async def _forget(tables: Tables, shop: Shop) -> None:
    await tables.operators.set_account(
        shop.supplier.name, environment=None, paused_for_access=False
    )
    await settle_alert(tables, shop, _ALERT)


async def close_shop_for_access(shop: Shop, refusal: AccessRefused) -> None:
    await shop.store.write(_close, shop, refusal.code or str(refusal.status))


async def _close(tables: Tables, shop: Shop, code: str) -> None:
    await tables.operators.set_account(shop.supplier.name, paused_for_access=True)
    await raise_alert(tables, shop, _ALERT, AlertKind.CIRCUIT_OPEN, code=code)
