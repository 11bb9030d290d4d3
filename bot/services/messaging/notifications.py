"""Putting a word about an order into the outbox, once for each thing that there is to say."""

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
) -> None:
    now = shop.clock.now()
    await tx.outbox.add(key, order.user_id, kind, now, order_id=order.id, data=data)


async def notify_result(tx: Transaction, shop: Shop, order: Order, *, again: str = "") -> None:
    await _tell(tx, shop, order, f"result:{order.id}{again}", OutboxKind.ORDER_RESULT)


async def notify_part(tx: Transaction, shop: Shop, order: Order, delivered: int) -> None:
    """Some codes came, and more may follow; `delivered` sets one part apart from the next."""
    await _tell(tx, shop, order, f"part:{order.id}:{delivered}", OutboxKind.ORDER_PART)


async def notify_progress(tx: Transaction, shop: Shop, order: Order, step: str) -> None:
    """Have the status message show the order's present state, once for each step."""
    key, kind = f"progress:{order.id}:{step}", OutboxKind.ORDER_PROGRESS
    await _tell(tx, shop, order, key, kind, {"step": step})


async def notify_expiry(
    tx: Transaction, shop: Shop, order: Order, expires_at: datetime, days: int
) -> None:
    """Its codes expire: once for each of the days before that its customer is told."""
    key, data = f"expires:{order.id}:{days}", {"expires_at": expires_at.isoformat()}
    await _tell(tx, shop, order, key, OutboxKind.EXPIRY, data)
