"""Alerts about pictures that Telegram refuses: each is open until somebody has looked, or its product is gone."""

from bot.domain.alerts import AlertKind
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.shop import Shop
from storage.transaction import Transaction


def refusal_key(product_id: int) -> str:
    """The key of the alert about this product's picture."""
    return f"picture:{product_id}"


async def tell_refused(
    tx: Transaction, shop: Shop, product_id: int, title: str, target: str
) -> None:
    about, kind = refusal_key(product_id), AlertKind.PICTURE_REFUSED
    await raise_alert(tx, shop, about, kind, product=title, target=target)


async def close_refusal(tx: Transaction, shop: Shop, product_id: int) -> None:
    """The next refusal counts as new."""
    await resolve_alert(tx, shop, refusal_key(product_id))


async def close_refusals_of_gone(shop: Shop) -> None:
    """Close those of products that no supplier sells any more: nobody can open their pages."""
    async with shop.store.reading() as tx:
        known = {alert.key for alert in await tx.alerts.open_of(AlertKind.PICTURE_REFUSED)}
    gone = known - {refusal_key(product_id) for product_id in shop.shelf.goods}
    if gone:
        await shop.store.write(_close, shop, sorted(gone))


async def _close(tx: Transaction, shop: Shop, keys: list[str]) -> None:
    for key in keys:
        await resolve_alert(tx, shop, key)
