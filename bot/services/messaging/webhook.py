"""Telling the operators that Telegram cannot deliver updates to the webhook."""

from typing import Final

from bot.domain.alerts import AlertKind
from bot.services.messaging.alerts import raise_alert, resolve_alert
from bot.services.shop import Shop
from storage.transaction import Transaction

_FAILING: Final = "webhook_failing"


async def tell_webhook_failing(shop: Shop, reason: str, count: int) -> None:
    """Alert the operators, with Telegram's reason and how many updates wait.

    A second call changes nothing until `end_webhook_failing`. Raises StorageFailure.
    """
    await shop.store.write(_tell, shop, reason, count)


async def _tell(tx: Transaction, shop: Shop, reason: str, count: int) -> None:
    kind = AlertKind.WEBHOOK_FAILING
    await raise_alert(tx, shop, _FAILING, kind, reason=reason, count=count)


async def end_webhook_failing(shop: Shop) -> None:
    """Close that alert, if it is open. Raises StorageFailure."""
    await shop.store.write(resolve_alert, shop, _FAILING)
