"""Messages about an order, put into the outbox.

Each function adds one message for each event: its key is unique, so a second call adds nothing.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.orders import Order
from bot.domain.records import OutboxKind
from bot.services.shop import Shop
from storage.transaction import Transaction


async def _tell(
    tx: Transaction,
    shop: Shop,
    order: Order,
    key: str,
    kind: OutboxKind,
    data: Mapping[str, str] | None = None,
) -> bool:
    now = shop.clock.now()
    return await tx.outbox.add(key, order.user_id, kind, now, order_id=order.id, data=data)


async def notify_result(tx: Transaction, shop: Shop, order: Order, *, again: str = "") -> None:
    """Tell the customer how an order ended; `again` distinguishes a second result of one order."""
    await _tell(tx, shop, order, f"result:{order.id}{again}", OutboxKind.ORDER_RESULT)


async def notify_part(tx: Transaction, shop: Shop, order: Order, delivered: int) -> None:
    """Queue the codes that came of an order that stays open; `delivered`, the codes so far, is in the key."""
    await _tell(tx, shop, order, f"part:{order.id}:{delivered}", OutboxKind.ORDER_PART)


async def notify_progress(tx: Transaction, shop: Shop, order: Order, step: str) -> None:
    """Update the status message to the order's present state, once for each step."""
    key, kind = f"progress:{order.id}:{step}", OutboxKind.ORDER_PROGRESS
    await _tell(tx, shop, order, key, kind, {"step": step})


async def notify_held(tx: Transaction, shop: Shop, order: Order) -> None:
    """Say in the status message that an operator looks at the order, once."""
    await notify_progress(tx, shop, order, "operator")


async def notify_expiry(
    tx: Transaction, shop: Shop, order: Order, expires_at: datetime, days: int
) -> bool:
    """Remind the customer that codes expire; `days` before the expiry is part of the key."""
    key, data = f"expires:{order.id}:{days}", {"expires_at": expires_at.isoformat()}
    return await _tell(tx, shop, order, key, OutboxKind.EXPIRY, data)
